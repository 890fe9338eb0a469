#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""Have CRIU dump a process with all objects, restore it, and see what they make of it.

test_restore.py SCRIPT PROGRAM [CASE...]

SCRIPT is scripts/criu, PROGRAM that of watcher.cpp. Ends with 77 and says why if there is no CRIU
that works here.
"""

import os
import shutil
import signal
import sys
import unittest

from support import Process, adopt_orphans, find_criu, poll

adopt_orphans()
CRIU = find_criu(sys.argv[1])
PROGRAM = sys.argv[2]

ONE_SHOT = 0x80000000
EXCLUDE_UNLINKED = 0x04000000
NUMBER = 0x34D71D6


def changes(lines):
    """The changes of the tree among lines, without the name of the object."""
    return [line[len("tree ") :].strip() for line in lines if line.startswith("tree ")]


class Restored(unittest.TestCase):
    def start(self, prepare=lambda process: None):
        process = Process(CRIU, PROGRAM, prepare)
        self.addCleanup(process.__exit__)
        return process

    def expect_rescan(self, process):
        """Wait for the rescan that the tree watcher starts by itself; its changes."""
        process.expect("tree rescan_begin dir ")
        return changes(process.expect("tree rescan_end dir "))

    def expect_equal_trees(self, process):
        poll(lambda: process.replayed_tree() == process.tree_on_disk(),
             lambda: f"replayed {process.replayed_tree()}, on disk {process.tree_on_disk()}")

    def test_nothing_happens_and_nothing_is_used(self):
        process = self.start(lambda p: (p.write("files/f"), p.write("files/list", "f\nmissing\n", "w")))
        process.expect("second 1")
        process.dump()
        process.restore()
        self.assertEqual(self.expect_rescan(process), [])
        # The timers of the context go on.
        process.expect("second 2")
        process.expect_idle()
        # The set is woken by its own events only.
        self.assertEqual([l for l in process.lines() if l.startswith(("file ", "set "))], [])
        process.signal(signal.SIGUSR1)
        self.assertEqual(process.expect_start("state "), "state next 4 restores 0 1 1 notices 111")
        # Again, with everything that the first time has left behind.
        process.write("tree/new")
        process.expect("tree created file new")
        shutil.rmtree(process.path("images"))
        os.mkdir(process.path("images"))
        process.dump()
        process.restore()
        self.assertEqual(self.expect_rescan(process), [])
        process.expect_idle()
        self.expect_equal_trees(process)

    def test_a_set(self):
        process = self.start()
        before = process.instances()[0]
        self.assertEqual(sorted(before), [2, 3, NUMBER])
        process.dump()
        process.replace("set/a")
        process.write("set/lost")
        process.restore()
        lost = {n for n, mask in process.instances()[0].items() if mask != before[n]}
        print("CRIU changed the masks of", sorted(lost))
        os.chmod(process.path("set/a"), 0o600)
        process.expect(f"set restored same 2 replaced 1 moved 0 gone 0 repaired {len(lost)} foreign 0")
        self.assertEqual(process.expect("set 3 attrib "), ["set overflow"])
        after = process.instances()[0]
        self.assertEqual(after, before)
        self.assertTrue(after[NUMBER] & ONE_SHOT)
        self.assertTrue(after[2] & EXCLUDE_UNLINKED)
        process.signal(signal.SIGUSR1)
        process.expect("state next 4 restores 1 1 1 notices 111")
        # It is told once that the object was replaced.
        process.signal(signal.SIGUSR2)
        process.expect("set revalidated same 3 replaced 0 moved 0 gone 0 repaired 0 foreign 0")
        os.chmod(process.path("set/b"), 0o600)
        process.expect(f"set {NUMBER} attrib ")
        process.expect(f"set {NUMBER} ignored ")
        os.mkdir(process.path("set/new"))
        process.expect("set 2 create new")

    def test_a_tree(self):
        def prepare(process):
            for name in ("keeps", "replaced", "grows/deep", "many"):
                os.makedirs(process.path("tree/" + name))
            for n in range(200):
                os.mkdir(process.path(f"tree/many/{n}"))
            for name in ("same", "written", "renamed", "replaced", "gone", "replaced/old",
                         "keeps/replaced", "grows/deep/written"):
                process.write("tree/" + name + ".f")

        process = self.start(prepare)
        self.expect_equal_trees(process)
        before = process.instances()[1]
        self.assertEqual(len(before), 206)
        process.dump()
        process.write("tree/written.f")
        process.write("tree/grows/deep/written.f")
        os.rename(process.path("tree/renamed.f"), process.path("tree/now.f"))
        process.replace("tree/replaced.f")
        process.replace("tree/keeps/replaced.f")
        os.unlink(process.path("tree/gone.f"))
        os.makedirs(process.path("tree/new/deeper"))
        process.write("tree/new/deeper/file")
        # A different directory, on which CRIU puts the watch.
        os.rename(process.path("tree/replaced"), process.path("tree before"))
        os.mkdir(process.path("tree/replaced"))
        process.write("tree/replaced/new.f")
        process.restore()
        self.assertEqual(sorted(self.expect_rescan(process)), sorted([
            "modified file written.f", "modified file grows/deep/written.f",
            "removed file renamed.f", "created file now.f", "modified file replaced.f",
            "modified file keeps/replaced.f", "removed file gone.f", "created dir new",
            "created dir new/deeper", "created file new/deeper/file", "removed dir replaced",
            "created dir replaced", "created file replaced/new.f"]))
        self.expect_equal_trees(process)
        after = process.instances()[1]
        self.assertEqual(set(after.values()), set(before.values()))
        self.assertEqual(len(after), 208)
        process.write("tree/replaced/more")
        process.write("tree/new/deeper/more")
        process.expect("tree created file replaced/more")
        process.expect("tree created file new/deeper/more")
        self.expect_equal_trees(process)
        process.expect_idle()

    def test_a_tree_whose_inodes_are_all_different(self):
        def prepare(process):
            os.makedirs(process.path("tree/d/e"))
            process.write("tree/d/e/old")

        process = self.start(prepare)
        process.dump()
        os.rename(process.path("tree"), process.path("before"))
        shutil.copytree(process.path("before"), process.path("tree"))
        process.write("tree/d/new")
        process.restore()
        # The files may have other contents; nothing is lost or found.
        self.assertEqual(sorted(self.expect_rescan(process)), [
            "created file d/new", "modified file d/e/old", "modified file file"])
        process.write("tree/d/e/more")
        process.expect("tree created file d/e/more")
        self.expect_equal_trees(process)

    def test_files(self):
        def prepare(process):
            names = ("same", "written", "replaced", "each")
            for name in names:
                process.write("files/" + name)
            for name in ("one", "two"):
                os.mkdir(process.path("files/" + name))
                process.write(f"files/{name}/f", name)
            os.symlink("one", process.path("files/link"))
            process.write("files/list", "\n".join((*names, "link/f", "new", "d/missing")) + "\n", "w")

        process = self.start(prepare)
        process.dump()
        process.write("files/written")
        process.replace("files/replaced")
        # As long as before, and not newer.
        stat = os.stat(process.path("files/each"))
        process.replace("files/each", "x")
        os.utime(process.path("files/each"), ns=(stat.st_atime_ns, stat.st_mtime_ns))
        process.write("files/new")
        os.mkdir(process.path("files/d"))
        process.restore()
        # Without an event after the restore.
        expected = ["appeared new", "changed each", "changed replaced", "changed written"]

        def reported():
            found = sorted(l[len("file ") :] for l in process.lines() if l.startswith("file "))
            return found if len(found) >= len(expected) else None

        self.assertEqual(poll(reported, "files"), expected)
        process.new_lines()
        for name in ("replaced", "new", "d/missing", "same"):
            process.write("files/" + name, "more")
            process.expect("file " + ("appeared " if name == "d/missing" else "changed ") +
                           os.path.basename(name))
        os.symlink("two", process.path("files/tmp"))
        os.rename(process.path("files/tmp"), process.path("files/link"))
        process.expect("file changed f")
        process.expect_idle()

    def test_an_overflow_is_pending(self):
        with open("/proc/sys/fs/inotify/max_queued_events", encoding="utf-8") as file:
            limit = int(file.read())
        if limit > 200000:
            self.skipTest(f"max_queued_events is {limit}")
        process = self.start(lambda p: p.write("tree/other"))
        process.signal(signal.SIGSTOP)
        names = [process.path("tree/file"), process.path("tree/other")]
        for n in range(limit + 1):
            os.utime(names[n % 2])
        process.write("tree/lost")
        process.dump()
        process.write("tree/later")
        process.restore()
        process.signal(signal.SIGCONT)
        found = self.expect_rescan(process)
        self.assertIn("created file lost", found)
        self.assertIn("created file later", found)
        self.expect_equal_trees(process)
        process.expect_idle()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
