#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Trees: -r, each line of it."""

import ctypes
import json
import os
import pty
import re
import signal
import subprocess
import time

import support
from tree_support import TreeCase, on_disk, path_of


def change(what, kind, path, **more):
    """A line as the contract has it."""
    old_path = {"old_path": more.pop("old_path")} if "old_path" in more else {}
    return json.dumps({"change": what, "type": kind, **old_path, "path": path, **more},
                      separators=(",", ":"), ensure_ascii=False).encode()


def exchange(one, other):
    """rename(2) in both directions at once."""
    result = ctypes.CDLL(None, use_errno=True).renameat2(
        -100, os.fsencode(one), -100, os.fsencode(other), 2)
    if result != 0:
        support.skip("this filesystem does not exchange")


class Lines(TreeCase):
    def watch_changes(self, *arguments):
        return self.watch("-rj", "-e", "existing,created,removed,renamed,exchanged,root_lost,"
                          "root_found", "--existing", *arguments, self.tree)

    def test_ready_tells_the_watches(self):
        os.makedirs(self.at("a", "b"))
        self.write(self.at("f"))
        for option in ("-r", "--recursive"):
            watch = self.watch(option, "-j", self.tree)
            self.assertEqual(watch.ready, b'{"ready":true,"watches":3}')
            self.assertEqual(watch.finish(), [])

    def test_each_kind(self):
        watch = self.watch("-rj", self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        self.write(self.at("f"))
        os.chmod(self.at("f"), 0o600)
        os.rename(self.at("f"), self.at("g"))
        self.write(self.at("h"), b"")
        os.rename(self.at("h"), self.at("g"))
        os.unlink(self.at("g"))
        watch.process.send_signal(signal.SIGCONT)
        self.assertEqual(watch.finish(), [
            change("created", "file", self.at("f")),
            change("modified", "file", self.at("f")),
            change("closed_write", "file", self.at("f")),
            change("attributes", "file", self.at("f")),
            change("renamed", "file", self.at("g"), old_path=self.at("f")),
            change("created", "file", self.at("h")),
            change("closed_write", "file", self.at("h")),
            change("renamed", "file", self.at("g"), old_path=self.at("h"), replaced=True),
            change("removed", "file", self.at("g"))])

    def test_directories(self):
        watch = self.watch_changes()
        os.mkdir(self.at("a"))
        self.assertEqual(watch.line(), change("created", "dir", self.at("a")))
        os.rename(self.at("a"), self.at("b"))
        self.assertEqual(watch.line(),
                         change("renamed", "dir", self.at("b"), old_path=self.at("a")))
        self.write(self.at("b", "f"))
        self.assertEqual(json.loads(watch.line())["path"], self.at("b", "f"))
        os.rename(self.at("b"), self.path("outside"))
        self.assertEqual(watch.line(), change("removed", "dir", self.at("b")))
        os.rename(self.path("outside"), self.at("c"))
        self.assertEqual(watch.finish(), [
            change("created", "dir", self.at("c")),
            change("created", "file", self.at("c", "f"), synthetic=True)])

    def test_exchanged(self):
        self.write(self.at("f"))
        os.mkdir(self.at("d"))
        watch = self.watch("-rj", "-e", "exchanged", self.tree)
        exchange(self.at("f"), self.at("d"))
        line = json.loads(watch.line())
        self.assertEqual(list(line), ["change", "type", "old_path", "path"])
        self.assertEqual({line["old_path"], line["path"]}, {self.at("f"), self.at("d")})

    def test_root(self):
        watch = self.watch_changes()
        self.write(self.at("f"))
        self.assertEqual(watch.line(), change("created", "file", self.at("f")))
        os.rename(self.tree, self.path("elsewhere"))
        self.assertEqual([json.loads(watch.line())["change"] for _ in range(2)],
                         ["removed", "root_lost"])
        os.rename(self.path("elsewhere"), self.tree)
        self.assertEqual(watch.line(), change("root_found", "dir", self.tree))
        self.assertEqual(json.loads(watch.line())["path"], self.at("f"))
        self.assertEqual(watch.finish(), [])

    def test_attributes_of_the_root(self):
        watch = self.watch("-rj", self.tree)
        os.chmod(self.tree, 0o700)
        os.chmod(self.tree, 0o755)
        self.assertEqual(watch.line(), change("attributes", "dir", self.tree))

    def test_path_as_typed(self):
        os.mkdir(self.at("d"))
        for typed, reported in (("tree", "tree"), ("./tree//", "./tree"), ("tree/../tree/d", None)):
            watch = self.watch("-rj", "-n1", typed, cwd=self.directory)
            self.write(os.path.join(self.directory, typed, "x"))
            self.assertEqual(watch.line(),
                             change("created", "file", (reported or typed) + "/x"))
            watch.wait()
            os.unlink(os.path.join(self.directory, typed, "x"))

    def test_paths_that_are_not_utf8(self):
        tree = os.fsencode(self.tree)
        watch = self.watch("-rj", "-e", "created,renamed", self.tree)
        self.write(os.path.join(tree, b"\xff"))
        os.rename(os.path.join(tree, b"\xff"), os.path.join(tree, b"\xfe"))
        os.rename(os.path.join(tree, b"\xfe"), os.path.join(tree, b"e"))
        lines = [json.loads(line) for line in watch.finish()]
        self.assertEqual([list(line) for line in lines], [
            ["change", "type", "path_hex"], ["change", "type", "old_path_hex", "path_hex"],
            ["change", "type", "old_path_hex", "path"]])
        self.assertEqual(path_of(lines[1], "old_path"), os.path.join(tree, b"\xff"))
        self.assertEqual(path_of(lines[1]), os.path.join(tree, b"\xfe"))

    def test_several_paths(self):
        for name in ("a", "b"):
            os.makedirs(self.at(name, "d"))
        watch = self.watch("-rj", "-e", "created", self.at("a"), self.at("b") + "/", self.at("a"))
        self.assertEqual(json.loads(watch.ready)["watches"], 4)
        self.write(self.at("b", "d", "x"))
        self.write(self.at("a", "x"))
        self.assertEqual([path_of(json.loads(line)) for line in watch.finish()],
                         [os.fsencode(self.at(*names)) for names in (("b", "d", "x"), ("a", "x"))])

    def test_existing(self):
        os.makedirs(self.at("a", "b"))
        self.write(self.at("a", "b", "f"))
        os.symlink("a", self.at("link"))
        watch = self.watch("-rj", "--existing", self.tree)
        lines = [json.loads(line) for line in watch.finish()]
        self.assertEqual({line["change"] for line in lines}, {"existing"})
        self.assertEqual({path_of(line): line["type"] for line in lines}, on_disk(self.tree))
        self.assertEqual(len(lines), 4)

    def test_excluded(self):
        for name in (".git", "src"):
            os.makedirs(self.at(name, "d"))
        watch = self.watch("-rj", "-x", ".git", "--exclude", "*.o", "-x", "src/t*", "-x", "[a,b]",
                           "-e", "created", self.tree)
        self.assertEqual(json.loads(watch.ready)["watches"], 3)
        for names in ((".git", "x"), ("x.o",), ("src", "d", "y.o"), ("src", "t1"), ("a",), (",",),
                      ("t1",), ("src", "d", "z")):
            self.write(self.at(*names))
        self.assertEqual([path_of(json.loads(line)) for line in watch.finish()],
                         [os.fsencode(self.at(*names)) for names in (("t1",), ("src", "d", "z"))])

    def test_patterns_that_can_never_match(self):
        why = ("exclude pattern can never match: it is no glob of a name, or of a path below "
               "the root")
        for pattern in ("build/", "./build", "../build", "!src", "*.{o,a}", "", "a//b",
                        self.at("build"), "/build"):
            self.assert_refused(support.run("-r", "-x", "*.o", "-x", pattern, self.tree),
                                f"cannot exclude: {pattern}: {why}" if pattern
                                else f"cannot exclude: {why}")
        # Below the root directory a path from there can match.
        result = support.run("-rj", "-t", "0.01", *(part for name in os.listdir("/")
                                                  for part in ("-x", "/" + name)), "/")
        self.assertEqual((result.returncode, result.stderr), (2, b""))
        self.assertEqual(json.loads(result.stdout.splitlines()[0])["watches"], 1)

    def test_a_filesystem_that_the_kernel_makes(self):
        result = support.run("-rj", "-t", "0.01", "/proc/sys/user")
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertIn({"change": "uncovered", "type": "dir", "path": "/proc/sys/user",
                       "error": "inotify does not report what the kernel changes on this "
                                "filesystem"}, lines)

    def test_excluded_below_the_name_of_a_renamed_directory(self):
        os.makedirs(self.at("build", "cache"))
        watch = self.watch("-rj", "-x", "build/cache", self.tree)
        os.rename(self.at("build"), self.at("other"))
        self.assertEqual([watch.line() for _ in range(2)], [
            change("renamed", "dir", self.at("other"), old_path=self.at("build")),
            change("created", "dir", self.at("other", "cache"), synthetic=True)])
        os.rename(self.at("other"), self.at("build"))
        self.write(self.at("build", "cache", "x"))
        self.assertEqual(watch.finish(), [
            change("renamed", "dir", self.at("build"), old_path=self.at("other")),
            change("removed", "dir", self.at("build", "cache"), synthetic=True)])

    def test_statistics(self):
        os.mkdir(self.at("d"))
        watch = self.watch("-rj", "--stats", self.tree)
        self.write(self.at("d", "x"))
        watch.process.terminate()
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors.count(b"\n")), (0, 3, 1))
        counters = json.loads(errors)
        self.assertEqual(list(counters), ["directories", "entries", "watches", "events", "stale",
                                          "overflows", "changes", "listings"])
        self.assertEqual([counters[name] for name in ("directories", "entries", "watches",
                                                      "overflows", "changes")], [2, 3, 2, 0, 3])


class Ending(TreeCase):
    def test_count(self):
        watch = self.watch("-rj", "-n", "2", self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        self.write(self.at("x"))
        watch.process.send_signal(signal.SIGCONT)
        self.assertEqual(watch.wait(), (0, [change("created", "file", self.at("x")),
                                            change("modified", "file", self.at("x"))], b""))

    def test_count_of_existing(self):
        for number in range(5):
            self.write(self.at(str(number)))
        result = support.run("-rj", "--existing", "-n3", self.tree)
        self.assertEqual((result.returncode, result.stdout.count(b"\n")), (0, 4))

    def test_timeout(self):
        result = support.run("-rj", "-t", "0.05", self.tree)
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (2, b'{"ready":true,"watches":1}\n', b""))

    def test_what_happened_before_the_end(self):
        # The first half of a rename is waited with for the second, here in vain.
        self.write(self.at("f"))
        watch = self.watch("-rj", self.tree)
        watch.process.send_signal(signal.SIGSTOP)
        os.rename(self.at("f"), self.path("outside"))
        watch.process.terminate()
        watch.process.send_signal(signal.SIGCONT)
        self.assertEqual(watch.wait(), (0, [change("removed", "file", self.at("f"))], b""))

    def test_reader_goes_away(self):
        watch = self.watch("-r", self.tree)
        watch.process.stdout.close()
        _, errors = watch.process.communicate(timeout=support.DEADLINE)
        self.assertEqual((watch.process.returncode, errors), (0, b""))


class Scanning(TreeCase):
    """During the initial scan of a large tree."""

    def setUp(self):
        super().setUp()
        # The scan takes several slices.
        for number in range(1000):
            os.mkdir(self.at(str(number)))

    def test_timeout(self):
        result = support.run("-rj", "-t", "0.000001", self.tree)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (2, b"", b""))

    def test_nobody_reads(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        self.addCleanup(os.close, write_end)
        result = support.run("-rj", "--stats", self.tree, stdout=write_end)
        self.assertEqual((result.returncode, result.stderr.count(b"\n")), (0, 1))
        self.assertLess(json.loads(result.stderr)["listings"], 1001)

    def stop(self, process):
        """Stop it in the middle. False if it was too fast for that."""
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        support.poll(lambda: len(support.kernel_watches(process.pid)) > 5, "the first watches")
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        return len(support.kernel_watches(process.pid)) < 950

    def test_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([support.PROGRAM, "-rj", self.tree],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            in_the_middle = self.stop(process)
            process.send_signal(number)
            process.send_signal(signal.SIGCONT)
            output, errors = process.communicate(timeout=support.DEADLINE)
            self.assertEqual((process.returncode, errors), (0, b""))
            if in_the_middle:
                self.assertEqual(output, b"")

    def test_progress(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        process = subprocess.Popen([support.PROGRAM, "-r", self.tree], stderr=slave,
                                   stdout=subprocess.PIPE, env={**os.environ, "TERM": "xterm"})
        os.close(slave)
        in_the_middle = self.stop(process)
        # When it continues, the scan has taken so long that it shows its progress.
        end = time.monotonic() + 0.4
        support.poll(lambda: time.monotonic() >= end, "the time before it is shown")
        process.send_signal(signal.SIGCONT)
        process.stdout.readline()
        process.terminate()
        process.communicate(timeout=support.DEADLINE)
        shown = b""
        try:
            while part := os.read(master, 65536):
                shown += part
        except OSError:
            pass  # the other end is closed
        if in_the_middle:
            self.assertRegex(shown, rb"\A(\r\x1b\[Kscanning: \d+ directories, \d+ entries)+"
                             rb"\r\x1b\[K\Z")


class Settling(TreeCase):
    def test_held_back(self):
        watch = self.watch("-rj", "--settle", "300", "-e", "created", self.tree)
        begin = time.monotonic()
        for number in range(20):
            self.write(self.at(str(number)))
        first = watch.line()
        self.assertGreaterEqual(time.monotonic() - begin, 0.3)
        lines = [first] + [watch.line() for _ in range(19)]
        self.assertEqual(lines, [change("created", "file", self.at(str(number)))
                                 for number in range(20)])
        # And again, from the start.
        begin = time.monotonic()
        self.write(self.at("y"))
        self.assertEqual(watch.line(), change("created", "file", self.at("y")))
        self.assertGreaterEqual(time.monotonic() - begin, 0.3)
        self.assertEqual(watch.finish(), [])

    def test_printed_at_the_end(self):
        watch = self.watch("-rj", "--settle", "86400000", self.tree)
        self.write(self.at("x"))
        self.assertEqual(len(watch.finish()), 3)

    def test_timeout(self):
        watch = self.watch("-rj", "--settle", "86400000", "-t", "0.3", self.tree)
        self.write(self.at("x"))
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors), (2, 3, b""))

    def test_count(self):
        # As many as are wanted, when it is quiet.
        watch = self.watch("-rj", "--settle", "200", "-n2", self.tree)
        begin = time.monotonic()
        self.write(self.at("x"))
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors), (0, 2, b""))
        self.assertGreaterEqual(time.monotonic() - begin, 0.2)

    def test_bound(self):
        # Longer than anybody waits, but too much to be held.
        name = "x" * 250
        watch = self.watch("-rj", "--settle", "86400000", "-e", "attributes", self.tree)
        self.write(self.at(name))
        lines = (change("attributes", "file", self.at(name)),
                 change("attributes", "dir", self.tree))
        os.set_blocking(watch.process.stdout.fileno(), False)
        bound = 16 * 1024 * 1024 // sum(len(line) + 1 for line in lines)
        made = 0
        begin = time.monotonic()
        while not watch.process.stdout.read(1):
            # What overflows is lost, so that more may be made than are held.
            self.assertLess(time.monotonic() - begin, 60)
            for _ in range(2000):
                # Two kinds of events, so that they do not merge.
                os.chmod(self.at(name), 0o600)
                os.chmod(self.tree, 0o700)
            made += 2000
        self.assertGreater(made, bound)
        self.assertIsNone(watch.process.poll())


class Plain(TreeCase):
    def test_lines(self):
        os.mkdir(self.at("d"))
        watch = self.watch("-r", self.tree)
        self.assertEqual(watch.ready, b"ready, 2 watches")
        watch.process.send_signal(signal.SIGSTOP)
        self.write(self.at("f\x1b"), b"")
        os.mkdir(self.at("e"))
        os.rename(self.at("f\x1b"), self.at("g"))
        self.write(self.at("h"), b"")
        os.rename(self.at("h"), self.at("g"))
        os.rmdir(self.at("d"))
        watch.process.send_signal(signal.SIGCONT)
        tree = self.tree.encode()
        self.assertEqual(watch.finish(), [
            b"created         %s/f\\x1b" % tree,
            b"closed_write    %s/f\\x1b" % tree,
            b"created,dir     %s/e" % tree,
            b"renamed         %s/f\\x1b -> %s/g" % (tree, tree),
            b"created         %s/h" % tree,
            b"closed_write    %s/h" % tree,
            b"renamed,replaced  %s/h -> %s/g" % (tree, tree),
            b"removed,dir     %s/d" % tree])

    def test_a_name_looks_like_two_paths(self):
        names = ["a -> b", "-> c", "d ->", "->", " -> ", "e <-> f", "<->", "g -> h -> i", "j->k",
                 "l ->m", "n-> o", "-\\x3e p"]
        watch = self.watch("-r", self.tree)
        for name in names:
            os.mkdir(self.at(name))
            os.rename(self.at(name), self.at("x"))
            os.rename(self.at("x"), self.at(name))
        lines = [line for line in watch.finish() if line.startswith(b"renamed")]
        self.assertEqual(len(lines), 2 * len(names))

        def path(text):
            plain = re.sub(rb"\\\\|\\x..", lambda escape: b"\\" if escape[0] == b"\\\\"
                           else bytes.fromhex(escape[0][2:].decode()), text)
            return os.path.relpath(plain.decode(), self.tree)

        for name, there, back in zip(names, lines[::2], lines[1::2]):
            for line, expected in ((there, [name, "x"]), (back, ["x", name])):
                parts = re.split(b" <?-> ", line.split(None, 1)[1])
                self.assertEqual([path(part) for part in parts], expected)
        self.assertIn(b"/j->k", lines[16])

    def test_colour(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        environment = {**os.environ, "TERM": "xterm"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen([support.PROGRAM, "-r", "-n1", self.tree], stdout=slave,
                                   env=environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(slave)
        self.assertEqual(os.read(master, 65536), b"ready, 1 watch\r\n")
        os.mkdir(self.at("x"))
        self.assertEqual(os.read(master, 65536), b"\x1b[32mcreated,dir\x1b[0m     %s/x\r\n"
                         % self.tree.encode())
        self.assertEqual(process.wait(support.DEADLINE), 0)


class Refused(TreeCase):
    def test_paths(self):
        self.write(self.at("f"))
        for path, why in ((self.at("missing"), "No such file or directory"),
                          (self.at("f"), "Not a directory"),
                          (self.at("x" * 256), "File name too long")):
            for paths in ((path,), (self.tree, path), (path, self.tree)):
                self.assert_refused(support.run("-r", *paths), f"cannot watch: {path}: {why}")

    def test_options_of_other_modes(self):
        self.assert_refused(support.run("-r", "--wd", "1", self.tree),
                            "usage: --wd: does not go with --recursive")
        self.assert_refused(support.run("-rf", self.tree),
                            "usage: --recursive: does not go with --file")
        for option, *value in (("--existing",), ("--exclude", "x")):
            for mode in ((), ("-f",)):
                self.assert_refused(support.run(*mode, option, *value, self.tree),
                                    f"usage: {option}: goes with --recursive only")

    def test_event(self):
        for names, name in (("create", "create"), ("created,", "''"), ("none", "none"),
                            ("created|removed", "created|removed")):
            self.assert_refused(support.run("-r", "-e", names, self.tree),
                                f"--event: {name}: is not the name of a change")
        self.assert_refused(support.run("-r", "-e", "existing", self.tree),
                            "--event: existing: needs --existing")
