#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""The lines for people."""

import os
import pty
import re
import subprocess

import support


class Lines(support.TestCase):
    def test_events(self):
        inner = self.make_directory("inner")
        watch = self.watch("-e", "create,delete", self.directory, inner + "/")
        self.assertEqual(watch.ready, b"ready, 2 watches")
        self.write(self.path("a b"))
        self.write(self.path("inner", "x"))
        os.unlink(self.path("inner", "x"))
        os.rmdir(inner)
        where = self.directory.encode()
        self.assertEqual(watch.finish(), [
            b"create              wd=1  %s/a b" % where,
            b"create              wd=2  %s/inner/x" % where,
            b"delete              wd=2  %s/inner/x" % where,
            b"ignored             wd=2  %s/inner/" % where,
            b"delete,isdir        wd=1  %s/inner" % where,
        ])

    def test_one_watch(self):
        self.assertEqual(self.watch(self.directory).ready, b"ready, 1 watch")

    def test_cookie(self):
        self.write(self.path("a"))
        watch = self.watch("-e", "move", self.directory)
        os.rename(self.path("a"), self.path("b"))
        lines = watch.finish()
        pattern = rb"(moved_\w+) +wd=1 cookie=([1-9]\d*)  (.*)"
        first, second = (re.fullmatch(pattern, line).groups() for line in lines)
        self.assertEqual(first[1], second[1])
        self.assertEqual((first[0], first[2]), (b"moved_from", self.path("a").encode()))
        self.assertEqual((second[0], second[2]), (b"moved_to", self.path("b").encode()))

    def test_escapes(self):
        names = {b"a\nb": b"a\\nb", b"a\tb": b"a\\tb", b"\x1b[31m": b"\\x1b[31m", b"\x7f": b"\\x7f",
                 b"a\\n": b"a\\\\n", b"\xff": b"\\xff", b"\xc3\xa4": b"\xc3\xa4",
                 b"\xc2\x9b": b"\\xc2\\x9b", b"\xe2\x82": b"\\xe2\\x82", b"\r": b"\\x0d"}
        # What turns text around, and the separators of lines and paragraphs.
        for code in (0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x206a)):
            name = chr(code).encode()
            names[b"a" + name] = b"a" + b"".join(b"\\x%02x" % byte for byte in name)
        for code in (0x61d, 0x200d, 0x2027, 0x202f, 0x2065, 0x206a, 0x10202a):
            name = b"a" + chr(code).encode()
            names[name] = name
        directory = os.path.join(self.directory.encode(), b"d\x1b\xfe")
        os.mkdir(directory)
        watch = self.watch("-e", "create", directory)
        for name in names:
            self.write(os.path.join(directory, name))
        prefix = b"create              wd=1  " + self.directory.encode() + b"/d\\x1b\\xfe/"
        self.assertEqual(watch.finish(), [prefix + name for name in names.values()])

    def test_error_is_one_line(self):
        result = support.run(self.path("no\nsuch\x1b"))
        self.assert_refused(result, "cannot watch: " + self.path("no\\nsuch\\x1b") +
                            ": No such file or directory")


class Terminal(support.TestCase):
    def output(self, **changes):
        """What comes to a terminal for one new file."""
        environment = {**os.environ, "TERM": "xterm", **changes}
        if "NO_COLOR" not in changes:
            environment.pop("NO_COLOR", None)
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        process = subprocess.Popen([support.PROGRAM, "-n1", "-e", "create", self.directory],
                                   stdout=slave, env=environment)
        self.addCleanup(process.wait)
        os.close(slave)
        ready = os.read(master, 65536)
        self.assertEqual(ready, b"ready, 1 watch\r\n")
        self.write(self.path("x"))
        output = os.read(master, 65536)
        os.unlink(self.path("x"))
        self.assertEqual(process.wait(support.DEADLINE), 0)
        return output

    def plain(self):
        return b"create              wd=1  %s/x\r\n" % self.directory.encode()

    def test_colour(self):
        self.assertEqual(self.output(),
                         self.plain().replace(b"create", b"\x1b[32mcreate\x1b[0m", 1))
        self.assertIn(b"\x1b[32m", self.output(NO_COLOR=""))

    def test_no_colour(self):
        self.assertEqual(self.output(NO_COLOR="1"), self.plain())
        self.assertEqual(self.output(TERM="dumb"), self.plain())

    def test_colour_of_what_was_restored(self):
        paths = [self.make_directory(name) for name in ("gone", "replaced", "a", "b")]
        file = self.path("snapshot")
        support.run("-t", "0.01", "--save", file, *paths)
        os.rmdir(paths[0])
        os.rename(paths[1], self.path("elsewhere"))
        os.mkdir(paths[1])
        os.rmdir(paths[3])
        os.symlink("a", paths[3])
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        environment = {**os.environ, "TERM": "xterm"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen([support.PROGRAM, "-t", "0.01", "--restore", file],
                                   stdout=slave, env=environment)
        self.addCleanup(process.wait)
        os.close(slave)
        lines = os.read(master, 65536).splitlines()
        self.assertEqual(lines, [
            b"\x1b[31mrestore,gone\x1b[0m        wd=1  " + paths[0].encode(),
            b"\x1b[33mrestore,replaced\x1b[0m    wd=2  " + paths[1].encode(),
            b"\x1b[1;31mrestore,failed\x1b[0m      wd=4  " + paths[3].encode(),
            b"ready, 2 watches"])
