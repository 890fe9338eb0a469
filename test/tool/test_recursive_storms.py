#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Trees: -r while programs that people use work in them. What is printed, applied in its order to
what was there, gives what is there."""

import json
import os
import shutil
import signal

import support
from tree_support import Replay, TreeCase, on_disk


def make_source(root, directories=20, files=10):
    """A tree with some depth."""
    for number in range(directories):
        path = os.path.join(root, *(f"d{digit}" for digit in str(number)))
        os.makedirs(path, exist_ok=True)
        for name in range(files):
            with open(os.path.join(path, f"f{name}"), "w", encoding="ascii") as file:
                file.write(f"{number} {name}\n")


class Programs(TreeCase):
    def setUp(self):
        super().setUp()
        self.source = self.make_directory("source")

    def test_git(self):
        if not shutil.which("git"):
            support.skip("there is no git")
        make_source(self.source)
        git = ("git -c user.name=n -c user.email=e -c init.defaultBranch=main "
               "-c core.hooksPath=/dev/null ")
        environment = f"export HOME={self.directory} GIT_CONFIG_NOSYSTEM=1; "
        self.shell(environment + "cd $OUT/source; " + git + "init -q .; git add .; " + git +
                   "commit -qm one; git checkout -q -b other; git mv d1 e1; git rm -qr d2; "
                   "echo x >>d0/f0; git add .; " + git + "commit -qm two; git checkout -q main")
        changes = self.assert_exact(
            environment + "git clone -q $OUT/source c; cd c; git checkout -q other; "
            "git checkout -q main; git gc -q; cd ..; rm -rf c")
        self.assertGreater(len(changes), 500)

    def test_tar(self):
        make_source(self.source)
        self.shell("tar cf $OUT/t.tar -C $OUT/source .")
        changes = self.assert_exact("tar xf $OUT/t.tar; tar xf $OUT/t.tar")
        self.assertGreater(len(changes), 200)

    def test_copy_and_remove(self):
        make_source(self.source)
        self.assert_exact("cp -a $OUT/source a; cp -a a b; mv a/d1 b/x; mv b c; rm -r a; "
                          "mv c $OUT/outside; mv $OUT/outside d")
        self.assert_exact("rm -r d")

    def test_quick_directories(self):
        changes = self.assert_exact(
            "for i in $(seq 100); do mkdir -p $i/a/b; echo x >$i/a/b/f; done; "
            "for i in $(seq 50); do rm -r $i; mv $((i + 50)) $i; done")
        self.assertGreater(len(changes), 200)

    def test_editors(self):
        self.write(self.at("f"), b"one\n")
        os.mkdir(self.at("d"))
        # A backup, a new file under the old name, no backup any more.
        self.assert_exact("mv f f~; echo two >f; chmod 600 f; rm f~")
        # A new file that takes the place.
        changes = self.what(self.assert_exact("echo three >.f.tmp; mv .f.tmp f",
                                              "-e", "created,renamed,removed"))
        self.assertEqual(changes, [("created", ".f.tmp"), ("renamed", ".f.tmp", "f")])
        changes = self.what(self.assert_exact("sed -i s/three/four/ f",
                                              "-e", "created,renamed,removed"))
        self.assertEqual([change[0] for change in changes], ["created", "renamed"])
        self.assertEqual(changes[1][2], "f")
        # In place.
        changes = self.what(self.assert_exact("echo five >f", "-e", "created,renamed,removed,"
                                              "closed_write"))
        self.assertEqual(changes, [("closed_write", "f")])


class Existing(TreeCase):
    def test_as_find_sees_it(self):
        # The tree changes all the time while the program starts; what it says in the end is right.
        make_source(self.tree, 200, 3)
        os.symlink("/", self.at("link"))
        os.mkfifo(self.at("fifo"))
        watch = self.watch("-rj", "--existing", self.tree)
        self.shell("mv d1 x; mv d2 $OUT; cp -a x y; rm -r x/d5; mkdir -p z/z/z; touch z/z/z/f")
        replay = Replay({})
        changes = [replay.apply(line) for line in watch.finish()]
        self.assertEqual(replay.entries, on_disk(self.tree))
        self.assertGreater(sum(change["change"] == "existing" for change in changes), 500)


class Overflow(TreeCase):
    def test_rescan(self):
        with open("/proc/sys/fs/inotify/max_queued_events", encoding="ascii") as limit:
            records = int(limit.read())
        if records > 20000:
            support.skip("the kernel's queue is too long to fill it")
        make_source(self.tree, 20, 3)
        replay = Replay(on_disk(self.tree))
        watch = self.watch("-rj", "--stats", self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        # Of two files in turn, as equal events in a row are one.
        for number in range(records + 10):
            os.chmod(self.at("d0", f"f{number % 2}"), 0o600)
        self.shell("mv d1 x; rm -r x/d5; mkdir -p z/z/z; touch z/z/z/f; echo y >>d2/f0")
        watch.process.send_signal(signal.SIGCONT)
        lines = []
        while not lines or b"rescan_end" not in lines[-1]:
            lines.append(watch.line())
        watch.process.terminate()
        code, rest, errors = watch.wait()
        self.assertEqual((code, json.loads(errors)["overflows"]), (0, 1))
        changes = [replay.apply(line) for line in lines + rest]
        self.assertEqual(replay.entries, on_disk(self.tree))
        at = [change["change"] for change in changes].index("rescan_begin")
        self.assertEqual(changes[at], {"change": "rescan_begin"})
        self.assertEqual(json.loads(lines[-1]), {"change": "rescan_end"})
        found = changes[at + 1:len(lines) - 1]
        self.assertTrue(all(change.get("synthetic") for change in found), found)
        self.assertIn({"change": "modified", "type": "file", "path": self.at("d2", "f0"),
                       "synthetic": True}, found)
