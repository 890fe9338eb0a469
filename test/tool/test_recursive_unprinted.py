#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Trees: changes that a run of -r has found and not printed, because of -n or because its output was
closed. The next run prints them."""

import fcntl
import json
import os
import signal
import subprocess

import support
from test_recursive_storms import make_source
from tree_support import Replay, SaveCase, on_disk, path_of

F_SETPIPE_SZ = 1031


class Lines(SaveCase):
    def check(self, replay, lines):
        for line in lines:
            replay.apply(line)
        self.assertEqual(replay.entries, on_disk(self.tree))

    def test_events(self):
        watch = self.watch("-rj", "-n2", "--save", self.file, self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        self.shell("mkdir d; mkdir d/e; mv d f; echo y >g")
        watch.process.send_signal(signal.SIGCONT)
        replay = Replay({})
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors), (0, 2, b""))
        for line in lines:
            replay.apply(line)
        self.assertLess(len(replay.entries), 3)
        self.check(replay, self.run_once("--restore", self.file, "--save",
                                         self.file))
        self.assertEqual(self.restored(), [])

    def test_one_directory(self):
        # They are found at once, and more than are wanted.
        watch = self.watch("-rj", "-n4", "--save", self.file, self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        self.shell("mkdir d; for i in 1 2 3 4 5 6 7 8 9; do mkdir d/$i; echo x >d/$i/f; done")
        watch.process.send_signal(signal.SIGCONT)
        replay = Replay({})
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors), (0, 4, b""))
        for line in lines:
            replay.apply(line)
        self.assertEqual(len(replay.entries), 4)
        self.check(replay, self.run_once("--restore", self.file))

    def test_moved_into_what_is_gone(self):
        # All of it is found before it is quiet.
        for name in ("d", "e"):
            os.makedirs(self.at(name, "x"))
        self.write(self.at("f"))
        replay = Replay(on_disk(self.tree))
        watch = self.watch("-rj", "-n1", "--settle", "100", "--save", self.file, self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        self.shell("mkdir g; mv f d; mv e d; mv d $OUT; mkdir e; echo x >e/x")
        watch.process.send_signal(signal.SIGCONT)
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors), (0, 1, b""))
        replay.apply(lines[0])
        self.check(replay, self.run_once("--restore", self.file))

    def test_existing(self):
        make_source(self.tree)
        replay = Replay({})
        result = support.run("-rj", "-n50", "--existing", "--save", self.file, self.tree)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        for line in result.stdout.splitlines()[1:]:
            replay.apply(line)
        self.assertEqual(len(replay.entries), 50)
        self.check(replay, self.run_once("--restore", self.file))

    def test_some_at_a_time(self):
        make_source(self.tree, 12, 3)
        replay = Replay(on_disk(self.tree))
        self.save()
        self.shell("mv d1 x; rm -r d2; mkdir -p z/z; echo x >z/f; echo y >d0/f0; rm -r d3; "
                   "echo z >d3; mv d4/f1 d4/f2; mv x/f0 d5/f0; ln -s z link; mkdir d6/n")
        for runs in range(200):
            result = support.run("-rj", "-n3", "-t", "2", "--restore", self.file, "--save",
                                 self.file, "-e", "created,removed,renamed,exchanged")
            self.assertEqual(result.stderr, b"")
            for line in result.stdout.splitlines()[1:]:
                replay.apply(line)
            if result.returncode != 0:
                break
        self.assertGreater(runs, 2)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(replay.entries, on_disk(self.tree))

    def test_written_files_some_at_a_time(self):
        # More than a batch has, so that runs end in the middle of the comparison.
        names = [f"d{number % 5}/f{number}" for number in range(5000)]
        make_source(self.tree, 5, 0)
        for name in names:
            self.write(self.at(name))
        self.save()
        for name in names:
            self.write(self.at(name), b"other")
        printed = []
        for _ in range(20):
            result = support.run("-rj", "-n400", "-t", "1", "--restore", self.file, "--save",
                                 self.file, "-e", "modified")
            self.assertEqual(result.stderr, b"")
            printed += [path_of(json.loads(line)) for line in result.stdout.splitlines()[1:]]
            if result.returncode != 0:
                break
        self.assertEqual(result.returncode, 2)
        self.assertEqual(sorted(printed), sorted(os.fsencode(self.at(name)) for name in names))

    def test_reader_goes_away(self):
        # More than a pipe holds, of which some lines are read.
        make_source(self.tree, 30, 30)
        replay = Replay(on_disk(self.tree))
        self.save()
        self.shell("mv d1 x; mv d2 y; rm -r d3; mv d4 z; mv x/f3 d6/f4; mv d7/f1 d8; "
                   "mkdir n; mv d8 n; for i in $(seq 2000); do : >n/$i; done")
        read_end, write_end = os.pipe()
        fcntl.fcntl(write_end, F_SETPIPE_SZ, 4096)
        process = subprocess.Popen([support.PROGRAM, "-rj", "--restore", self.file, "--save",
                                    self.file], stdout=write_end, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        os.close(write_end)
        with open(read_end, "rb", buffering=0) as reader:
            output = b""
            while output.count(b"\n") < 500:
                output += reader.read(4096)
            # The lines in the pipe count as printed.
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED)
            os.set_blocking(read_end, False)
            output += reader.read(65536) or b""
        process.send_signal(signal.SIGCONT)
        _, errors = process.communicate(timeout=support.DEADLINE)
        self.assertEqual((process.returncode, errors), (0, b""))
        for line in output[:output.rindex(b"\n")].splitlines()[1:]:
            replay.apply(line)
        lines = self.run_once("--restore", self.file)
        self.assertGreater(len(lines), 100)
        self.check(replay, lines)
