#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Which watches there are, and under which numbers."""

import json
import os
import signal
import subprocess

import support


class Numbers(support.TestCase):
    def check(self, first, count):
        paths = [self.make_directory(f"d{index}") for index in range(count)]
        watch = self.watch("-j", "--wd", str(first), "-e", "create", *paths)
        for path in reversed(paths):
            self.write(os.path.join(path, "x"))
        found = [(event["wd"], event["path"]) for event in map(json.loads, watch.finish())]
        self.assertEqual(found, [(first + index, paths[index]) for index in reversed(range(count))])

    def test_from_one(self):
        self.check(1, 3)

    def test_chosen(self):
        self.check(55407062, 100)

    def test_up_to_the_largest(self):
        self.check(2147483645, 3)

    def test_same_file_twice(self):
        os.symlink(self.directory, self.path("link"))
        self.assert_refused(support.run("--wd", "5", self.directory, self.path("link")),
                            f"cannot watch: {self.path('link')}: is the same file as another PATH, "
                            "and --wd wants a watch for each")


class Paths(support.TestCase):
    def test_missing(self):
        self.assert_refused(support.run("-j", self.directory, self.path("missing")),
                            f"cannot watch: {self.path('missing')}: No such file or directory")

    def test_empty(self):
        self.assert_refused(support.run(""), "cannot watch: path is empty")

    def test_too_long(self):
        path = "/tmp/" + "x/" * 2100
        self.assert_refused(support.run(path), f"cannot watch: {path}: File name too long")

    def test_long(self):
        path = self.directory
        while len(path) < 3800:
            path = os.path.join(path, "x" * 200)
            os.mkdir(path)
        watch = self.watch("-j", "-e", "create", path)
        self.write(os.path.join(path, "y"))
        event, = map(json.loads, watch.finish())
        self.assertEqual((event["path"], event["name"]), (path, "y"))

    def test_same_file_twice(self):
        os.symlink(self.directory, self.path("link"))
        watch = self.watch("-j", "-e", "create", self.path("link"), self.directory,
                           self.directory, "/")
        self.assertEqual(watch.ready, b'{"ready":true,"watches":2}')
        self.write(self.path("x"))
        event, = map(json.loads, watch.finish())
        self.assertEqual((event["wd"], event["path"]), (1, self.path("link")))

    def test_file(self):
        file = self.write(self.path("x"))
        watch = self.watch("-j", file)
        with open(file, "ab", buffering=0) as opened:
            opened.write(b"y")
        lines = watch.finish()
        self.assertEqual(support.kinds(lines), ["open", "modify", "close_write"])
        self.assertTrue(all("name" not in json.loads(line) for line in lines))

    def test_names_that_look_like_something_else(self):
        names = ["-x", "--", "-", "{}", "[a,b]", "%%", "++", "/", "a,b", "-j", "--json"]
        for name in names:
            if name != "/":
                os.mkdir(self.path(name))
        watch = self.watch("-j", "-e", "create", "--", *names, cwd=self.directory)
        self.assertEqual(json.loads(watch.ready)["watches"], len(names))
        for name in names:
            if name != "/":
                self.write(self.path(name, "y"))
        found = [event["path"] for event in map(json.loads, watch.finish())]
        self.assertEqual(found, [name for name in names if name != "/"])

    def test_options_behind_paths(self):
        watch = self.watch(self.directory, "-j", "/", "-e", "create")
        self.assertEqual(watch.ready, b'{"ready":true,"watches":2}')


class Overflow(support.TestCase):
    def setUp(self):
        super().setUp()
        with open("/proc/sys/fs/inotify/max_queued_events", encoding="ascii") as limit:
            self.limit = int(limit.read())
        if self.limit > 100000:
            support.skip("the limit of queued events is large here")

    def overflow(self, watch, file):
        """Fill the queue of a watch that does not read."""
        watch.process.send_signal(signal.SIGSTOP)
        # It has stopped when it is seen to have.
        os.waitid(os.P_PID, watch.process.pid, os.WSTOPPED | os.WNOWAIT)
        self.open_and_close(file, self.limit // 2 + 1)

    def test_line(self):
        file = self.write(self.path("file"))
        watch = self.watch("-j", "--stats", "-e", "open,close", self.directory)
        self.overflow(watch, file)
        watch.process.terminate()
        watch.process.send_signal(signal.SIGCONT)
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines)), (0, self.limit + 1))
        self.assertEqual(lines[-1], b'{"event":["q_overflow"],"wd":-1,"cookie":0}')
        self.assertEqual(json.loads(errors)["overflows"], 1)

    def test_end_of_the_watches_is_lost(self):
        # The kernel dropped "ignored", and there is nothing left to wait for anyway.
        file = self.write(self.path("file"))
        watch = self.watch("-e", "open,close", file)
        self.overflow(watch, file)
        os.unlink(file)
        watch.process.send_signal(signal.SIGCONT)
        code, lines, errors = watch.wait()
        self.assertEqual((code, errors), (0, b"asio-watch: no watch is left\n"))
        self.assertEqual(len(lines), self.limit + 1)
        self.assertEqual(lines[-1], b"q_overflow          wd=-1")

    def test_end_of_one_watch_is_lost(self):
        # The others stay, and the end that the kernel did not report is not printed.
        file = self.write(self.path("file"))
        other = self.make_directory("other")
        watch = self.watch("-j", "--stats", "-e", "open,close,create", file, other)
        self.overflow(watch, file)
        os.unlink(file)
        watch.process.send_signal(signal.SIGCONT)
        for _ in range(self.limit):
            watch.line()
        self.assertEqual(watch.line(), b'{"event":["q_overflow"],"wd":-1,"cookie":0}')
        os.mkdir(os.path.join(other, "x"))
        self.assertIn(b'"create"', watch.line())
        os.rmdir(os.path.join(other, "x"))
        os.rmdir(other)
        code, lines, errors = watch.wait()
        self.assertEqual((code, support.kinds(lines)), (0, ["ignored"]))
        counters = json.loads(errors)
        self.assertEqual((counters["events"], counters["ignored"]), (self.limit + 3, 1))
        self.assertEqual(counters["bytes"] % 16, 0)
