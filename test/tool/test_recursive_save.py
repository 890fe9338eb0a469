#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Trees: --save and --restore with -r. The lines of the runs, applied one after the other to what
was there before the first, give what is there after the last."""

import json
import os
import signal
import subprocess

import support
from test_recursive_storms import make_source
from tree_support import Replay, SaveCase, on_disk, path_of


class Ending(SaveCase):
    def test_signals(self):
        os.mkdir(self.at("d"))
        self.write(self.at("d", "f"))
        for number in (signal.SIGINT, signal.SIGTERM):
            watch = self.watch("-r", "--save", self.file, self.tree)
            watch.process.send_signal(number)
            self.assertEqual(watch.wait(), (0, [], b""))
            self.assertEqual(self.lines_of(), ["dir d", "file f", "root " + self.tree])
            os.unlink(self.file)

    def test_timeout(self):
        result = support.run("-rj", "-t", "0.5", "--save", self.file, self.tree)
        self.assertEqual((result.returncode, result.stderr), (2, b""))
        self.assertEqual(self.lines_of(), ["root " + self.tree])

    def test_reader_goes_away(self):
        watch = self.watch("-r", "--save", self.file, self.tree)
        watch.process.stdout.close()
        _, errors = watch.process.communicate(timeout=support.DEADLINE)
        self.assertEqual((watch.process.returncode, errors), (0, b""))
        self.assertEqual(self.lines_of(), ["root " + self.tree])

    def test_what_the_first_run_told(self):
        watch = self.watch("-rj", "--save", self.file, self.tree)
        self.write(self.at("f"))
        self.assertEqual(len(watch.finish()), 3)
        self.assertEqual(self.lines_of(), ["file f", "root " + self.tree])
        self.assertEqual(self.restored(), [])

    def test_not_after_an_error(self):
        missing = self.at("missing")
        self.assert_refused(support.run("-r", "--save", self.file, self.tree, missing),
                            f"cannot watch: {missing}: No such file or directory")
        with open("/dev/full", "wb") as full:
            self.assertEqual(support.run("-r", "--save", self.file, self.tree,
                                         stdout=full).returncode, 1)
        self.assertEqual(os.listdir(self.directory), ["tree"])

    def test_not_before_all_is_watched(self):
        for number in range(1000):
            os.mkdir(self.at(str(number)))
        self.write(self.file, b"old")
        result = support.run("-rj", "-t", "0.000001", "--save", self.file, self.tree)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (2, b"", b""))
        self.assertEqual(self.content(), b"old")

    def test_target(self):
        os.symlink("tree/real", self.file)
        self.save()
        self.assertEqual(os.readlink(self.file), "tree/real")
        self.assertEqual(self.lines_of(), ["root " + self.tree])
        self.assertEqual(os.listdir(self.tree), ["real"])
        result = support.run("-rj", "-t", "0.5", "--save", "/dev/stdout", self.at())
        ready, _, text = result.stdout.partition(b"\n")
        self.assertEqual(ready, b'{"ready":true,"watches":1}')
        self.assertEqual(self.lines_of(text), ["file real", "root " + self.at().rstrip("/")])

    def test_target_that_cannot_be_written(self):
        for target, why in ((self.path("no", "x"), "No such file or directory"),
                            (self.tree, "Is a directory"),
                            ("/dev/full", "No space left on device")):
            result = support.run("-rj", "-t", "0.5", "--save", target, self.tree)
            self.assertEqual((result.returncode, result.stdout, result.stderr.decode()),
                             (1, b'{"ready":true,"watches":1}\n',
                              f"asio-watch: cannot save: {target}: {why}\n"))
        self.assertEqual(os.listdir(self.directory), ["tree"])


class Restoring(SaveCase):
    def test_same_numbers(self):
        for names in (("a", "b"), ("c",)):
            os.makedirs(self.at(*names))
        watch = self.watch("-rj", "--save", self.file, self.tree)
        os.rmdir(self.at("c"))
        os.mkdir(self.at("d"))
        self.write(self.at("d", "f"))
        while self.at("d", "f").encode() not in watch.line():
            pass
        known = support.kernel_watches(watch.process.pid)
        watch.finish()
        text = self.content()
        for _ in range(3):
            watch = self.watch("-rj", "--restore", self.file, "--save", self.file)
            self.assertEqual(watch.ready, b'{"ready":true,"watches":4}')
            self.assertEqual(support.kernel_watches(watch.process.pid), known)
            self.assertEqual(watch.finish(), [b'{"change":"rescan_begin"}',
                                              b'{"change":"rescan_end"}'])
            # All but the time and the order.
            self.assertEqual(sorted(self.content().splitlines()[2:-1]),
                             sorted(text.splitlines()[2:-1]))

    def test_goes_on(self):
        os.mkdir(self.at("d"))
        self.save()
        os.rename(self.at("d"), self.at("e"))
        watch = self.watch("-rj", "-e", "created,renamed", "--restore", self.file)
        self.assertEqual(json.loads(watch.line()),
                         {"change": "renamed", "type": "dir", "old_path": self.at("d"),
                          "path": self.at("e"), "synthetic": True})
        self.write(self.at("e", "f"))
        self.assertEqual(watch.finish(), [
            json.dumps({"change": "created", "type": "file", "path": self.at("e", "f")},
                       separators=(",", ":")).encode()])

    def test_plain(self):
        self.save()
        os.mkdir(self.at("d"))
        watch = self.watch("-r", "--restore", self.file)
        self.assertEqual([watch.ready, *watch.finish()],
                         [b"ready, 2 watches", b"rescan_begin",
                          b"created,dir,synthetic  " + self.at("d").encode(), b"rescan_end"])

    def test_from_a_pipe(self):
        self.save()
        result = support.run("-rj", "-t", "0.5", "--restore", "/dev/stdin", input=self.content())
        self.assertEqual((result.returncode, result.stdout.splitlines()[0], result.stderr),
                         (2, b'{"ready":true,"watches":1}', b""))

    def test_relative_root(self):
        # It is where it was, wherever the program is started.
        subprocess.run([support.PROGRAM, "-r", "-t", "0.5", "--save", self.file, "./tree/"],
                       cwd=self.directory, check=False, stdout=subprocess.DEVNULL)
        self.write(self.at("f"))
        change, = self.restored()
        self.assertEqual((change["change"], change["path"]), ("created", "./tree/f"))
        other = self.make_directory("other")
        os.mkdir(os.path.join(other, "tree"))
        self.assert_refused(support.run("-r", "--restore", self.file, "./tree", cwd=other),
                            f"cannot watch: ./tree: is in the snapshot, as {self.directory}/./tree")

    def test_root_is_gone(self):
        self.write(self.at("f"))
        self.save()
        os.rename(self.tree, self.path("elsewhere"))
        changes = self.restored("--save", self.file)
        self.assertEqual([(change["change"], change["path"]) for change in changes],
                         [("removed", self.at("f")), ("root_lost", self.tree)])
        # It is still waited for, also by the next one.
        self.assertEqual(self.restored(), [])
        os.rename(self.path("elsewhere"), self.tree)
        self.assertEqual([(change["change"], change["path"]) for change in self.restored()],
                         [("root_found", self.tree), ("created", self.at("f"))])
        watch = self.watch("-rj", "--restore", self.file)
        os.unlink(self.at("f"))
        self.assertIn(b'"root_found"', b"".join(watch.finish()))

    def test_paths(self):
        trees = [self.make_directory(name) for name in ("one", "two", "three")]
        self.save(trees[0])
        for tree in trees:
            self.write(os.path.join(tree, "f"))
        changes = [json.loads(line) for line in self.run_once(
            "--existing", "--restore", self.file, "--save", self.file, trees[1],
            trees[0] + "/", trees[1])]
        self.assertEqual([(change["change"], change["path"]) for change in changes
                          if "path" in change],
                         [("created", trees[0] + "/f"), ("existing", trees[1] + "/f")])
        self.assertEqual(self.lines_of(), ["file f", "file f", "root " + trees[0],
                                           "root " + trees[1]])
        missing = self.path("missing")
        self.assert_refused(support.run("-r", "--restore", self.file, missing, trees[2]),
                            f"cannot watch: {missing}: No such file or directory")

    def test_root_around_and_within(self):
        os.makedirs(self.at("a", "b"))
        self.save(self.at("a"))
        os.mkdir(self.at("c"))
        lines = self.run_once("--restore", self.file, "--save", self.file, "-e",
                              "created,removed", self.at("a", "b"), self.tree)
        self.assertEqual(lines, [])
        self.write(self.at("a", "b", "f"))
        self.assertEqual([change["path"] for change in self.restored()], [self.at("a", "b", "f")])

    def test_excluded(self):
        for name in ("cache", "src"):
            os.mkdir(self.at(name))
            self.write(self.at(name, "f"))
        replay = Replay(on_disk(self.tree))
        self.save()
        for arguments in (("-x", "cache"), ()):
            lines = self.run_once("--restore", self.file, "--save", self.file,
                                  *arguments)
            for line in lines:
                replay.apply(line)
            self.assertEqual(os.fsencode(self.at("cache", "f")) in replay.entries, not arguments)
        self.assertEqual(replay.entries, on_disk(self.tree))

    def test_timeout(self):
        for number in range(1000):
            os.mkdir(self.at(str(number)))
        self.save()
        text = self.lines_of()
        result = support.run("-rj", "-e", "created", "-t", "0.000001", "--restore", self.file,
                             "--save", self.file)
        self.assertEqual((result.returncode, result.stdout.count(b"\n"), result.stderr),
                         (2, 1, b""))
        self.assertEqual(self.lines_of(), text)
        self.assertEqual(self.restored(), [])

    def test_nothing_is_watched(self):
        self.write_snapshot()
        result = support.run("-rj", "--restore", self.file)
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (0, b'{"ready":true,"watches":0}\n', b""))
        self.assertEqual(support.run("-r", "--restore", self.file).stderr,
                         b"asio-watch: no watch is left\n")
        result = support.run("-rj", "-n1", "--restore", self.file)
        self.assertEqual((result.returncode, result.stderr),
                         (1, b"asio-watch: no watch is left: 0 of 1 events came\n"))
        watch = self.watch("-rj", "--restore", self.file, self.tree)
        self.assertEqual(watch.ready, b'{"ready":true,"watches":1}')
        self.assertEqual(watch.finish(), [])


class Refused(SaveCase):
    def assert_cannot(self, why, *arguments):
        self.assert_refused(support.run("-rj", "--restore", self.file, *arguments),
                            f"cannot restore: {self.file}: {why}")

    def test_missing(self):
        self.assert_cannot("No such file or directory", "/")

    def test_garbage(self):
        for text, why in ((b"", "line 1: text of a snapshot ends too soon"),
                          (b"hello\n", "line 1: text is not that of a snapshot"),
                          (b"asio-inotify tree 2\n", "line 1: snapshot is of a later version"),
                          (b"asio-inotify tree 1\ntime x\n",
                           "line 2: text is not that of a snapshot")):
            self.write(self.file, text)
            self.assert_cannot(why, self.tree)

    def test_damaged(self):
        self.write(self.at("f"))
        self.save()
        text = self.content()
        for size in range(0, len(text), 7):
            self.write(self.file, text[:size])
            line = text[:size].count(b"\n") + 1
            self.assert_cannot(f"line {line}: text of a snapshot ends too soon")
        self.write(self.file, text.replace(b"name=f", b"name=g"))
        self.assert_cannot("line 5: text is not that of a snapshot")

    def test_other_kind(self):
        support.run("-t", "0.5", "--save", self.file, self.tree)
        self.assert_cannot("line 1: snapshot is one of single watches, which does not go with "
                           "--recursive", self.tree)
        self.save()
        self.assert_refused(support.run("-j", "--restore", self.file),
                            f"cannot restore: {self.file}: line 1: snapshot is one of trees, "
                            "which goes with --recursive")

    def test_entry_twice(self):
        self.write_snapshot("root at=/tmp name=/tmp", "file 1 name=f", "file 1 name=f")
        self.assert_cannot("line 5: text is not that of a snapshot")

    def test_nothing_is_saved(self):
        self.write(self.file, b"x")
        self.assertEqual(support.run("-r", "--restore", self.file, "--save",
                                     self.path("y")).returncode, 1)
        self.assertEqual(sorted(os.listdir(self.directory)), ["snapshot", "tree"])


class Replays(SaveCase):
    """Runs with changes during and between them."""

    SCRIPTS = (
        "mv d1 e1; rm -r d2; mkdir -p n/m; echo x >n/m/f; echo y >>d0/f0",
        "rm d0/f1; mkdir d0/f1; touch d0/f1/g; mv d1 d0/f1; rm -r e1; echo x >e1",
        "mv d3 d4; mv d4 d3; mv d3/d3 d4; ln d0/f2 d0/link; chmod 600 d0/f3; ln -s d0 s",
        "rm -r d5; cp -a d6 d5; mv d6 d7; mkdir d6; mv d7/d6 d6",
        "mv d8 $OUT/out; mkdir d8; mv $OUT/out d8; printf x >d8/out/f0; rm -r d9",
        "mv d0/f4 t; mv d0/f5 d0/f4; mv t d0/f5; mv d10 d1/x; rm n/m/f; rmdir n/m; echo z >n/m",
        # Renames that can be nothing else, whatever inodes the new files get.
        "mv d11 d12; mv d0/f6 d0/renamed",
    )

    def run_through(self, between, within):
        make_source(self.tree, 12, 8)
        # Whatever a script misses is not what is tested.
        scripts = [f"({part.strip()}) 2>&1 || :" for script in self.SCRIPTS
                   for part in script.split(";")]
        replay = Replay(on_disk(self.tree))
        watch = self.watch("-rj", "--save", self.file, self.tree)
        while scripts:
            if within:
                self.shell(scripts.pop(0))
            for line in watch.finish():
                replay.apply(line)
            if not within:
                self.assertEqual(self.content().count(b"\n") - 4, len(replay.entries))
            for _ in range(between):
                if scripts:
                    self.shell(scripts.pop(0))
            watch = self.watch("-rj", "--restore", self.file, "--save", self.file)
        lines = watch.finish()
        changes = [replay.apply(line) for line in lines]
        self.assertEqual(replay.entries, on_disk(self.tree))
        return changes

    def test_each_step_between(self):
        self.run_through(1, False)

    def test_all_between(self):
        changes = self.run_through(1000, False)
        self.assertGreater(len(changes), 20)
        self.assertTrue(any(change["change"] == "renamed" for change in changes), changes)

    def test_in_turn(self):
        self.run_through(2, True)

    def test_killed(self):
        # The next run restores the snapshot of the run before.
        make_source(self.tree)
        replay = Replay(on_disk(self.tree))
        self.save()
        watch = self.watch("-rj", "--restore", self.file, "--save", self.file)
        self.shell("mv d1 x; rm -r d2")
        while b'"removed"' not in watch.line():
            pass
        watch.kill()
        for line in self.run_once("--restore", self.file):
            replay.apply(line)
        self.assertEqual(replay.entries, on_disk(self.tree))

    def test_names(self):
        tree = os.fsencode(self.tree)
        names = [b"a\nb", b"\xff", b'"\\', b"\x1b[31m", b"\xc3\xa4", b"x" * 255]
        for name in names[::2]:
            os.mkdir(os.path.join(tree, name))
        self.save()
        for name in names[::2]:
            os.rmdir(os.path.join(tree, name))
        for name in names[1::2]:
            self.write(os.path.join(tree, name))
        changes = self.restored()
        self.assertEqual({(change["change"], os.path.basename(path_of(change)))
                          for change in changes},
                         {("removed", name) for name in names[::2]} |
                         {("created", name) for name in names[1::2]})
