#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""The command line."""

import os
import subprocess

import support


class Help(support.TestCase):
    def test_help(self):
        for option in ("-h", "--help"):
            result = support.run(option)
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            text = result.stdout.decode()
            self.assertIn("Usage: asio-watch [OPTIONS] PATH...\n", text)
            for name in ("-r,", "-f,", "-e,", "-j,", "-n,", "-t,", "-x,", "--existing", "--settle",
                         "--wd", "--save", "--restore", "--stats", "-h,", "-V,"):
                self.assertIn("\n  " + name, text)
            for part in ("0 done", "1 usage or runtime error", "2 timeout", "no watch is left"):
                self.assertIn(part, text)
            self.assertLessEqual(max(map(len, text.splitlines())), 84)

    def test_version(self):
        for option in ("-V", "--version"):
            result = support.run(option)
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            self.assertEqual(result.stdout.decode(),
                             "asio-watch " + os.environ["ASIO_WATCH_VERSION"] + "\n")

    def test_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            result = support.run("--help", stdout=full)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr,
                         b"asio-watch: write: standard output: No space left on device\n")


class Refused(support.TestCase):
    def test_no_path(self):
        for arguments in ((), ("-j",), ("--",)):
            self.assert_refused(support.run(*arguments),
                                "usage: no PATH is given; see asio-watch --help")

    def test_no_such_option(self):
        for option in ("-q", "--nonsense"):
            self.assert_refused(support.run(option, self.directory),
                                f"usage: {option}: no such option; see asio-watch --help")

    def test_flag_with_a_value(self):
        for option in ("--json=1x", "--json=false", "--stats=0", "--recursive=1", "--existing=1"):
            result = support.run(option, self.directory)
            self.assertEqual((result.returncode, result.stdout), (1, b""), option)
            self.assertEqual(result.stderr.count(b"\n"), 1)

    def test_combined(self):
        self.assert_refused(support.run("-jq", self.directory),
                            "usage: -q: no such option; see asio-watch --help")

    def test_event(self):
        for names, name in (("foo", "foo"), ("create,foo", "foo"), ("", "''"), ("create,", "''"),
                            ("none", "none"), ("create|open", "create|open"), ("{}", "{}"),
                            ("Create", "Create"), ("delete_", "delete_"), ("a\nb", "a\\nb")):
            self.assert_refused(support.run("-e", names, self.directory),
                                f"--event: {name}: is not the name of an event")

    def test_count(self):
        for value in ("0", "-1", "x", "1x", "1.5", " 1", "18446744073709551616"):
            self.assert_refused(support.run("-n", value, self.directory),
                                f"--count: {value}: is not a number of events from 1")

    def test_timeout(self):
        for value in ("0", "-1", "x", "1s", "nan", "inf", "1e10", "1e400"):
            self.assert_refused(
                support.run("-t", value, self.directory),
                f"--timeout: {value}: is not a number of seconds above 0, at most 1000000000")

    def test_number(self):
        for value in ("0", "-1", "x", "2147483648", "0x10"):
            self.assert_refused(support.run("--wd", value, self.directory),
                                f"--wd: {value}: is not a watch descriptor from 1 to 2147483647")

    def test_empty_file(self):
        for option in ("--save", "--restore"):
            self.assert_refused(support.run(option, "", self.directory),
                                f"{option}: '': is not the name of a file")

    def test_numbers_past_the_largest(self):
        self.assert_refused(
            support.run("--wd", "2147483646", self.directory, "/", "/tmp"),
            "--wd: 2147483646: the watch descriptors of 3 paths would go beyond 2147483647")

    def test_missing_value(self):
        for option in ("-e", "-n", "-t", "-x", "--settle", "--wd", "--save", "--restore"):
            result = support.run(self.directory, option)
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertEqual(result.stderr.count(b"\n"), 1)

    def test_control_bytes_are_escaped(self):
        result = subprocess.run([support.PROGRAM, b"-\x1b[31m\n"], capture_output=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.count(b"\n"), 1)
        self.assertNotIn(b"\x1b", result.stderr)
