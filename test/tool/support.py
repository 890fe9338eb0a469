#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Runs asio-watch for the tests. The program is named by the environment variable ASIO_WATCH."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ["ASIO_WATCH"]

# For what happens at once; long, so that a busy machine does not fail the tests.
DEADLINE = 30.0


def skip(reason):
    """Skip the test, visibly also for CTest."""
    print("SKIPPED:", reason, file=sys.stderr, flush=True)
    raise unittest.SkipTest(reason)


def poll(condition, what):
    """Wait until a condition holds."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("timed out: " + what)
        time.sleep(0.005)


def run(*arguments, **options):
    """Run to the end, without events."""
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([PROGRAM, *arguments], stderr=subprocess.PIPE, timeout=DEADLINE,
                          check=False, **options)


class Watch:
    """A running asio-watch whose output is read up to a deadline."""

    def __init__(self, *arguments, **options):
        self.process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **options)
        self.pending = b""
        self.ready = self.line()

    def line(self):
        """The next line, without its end; empty at the end of the output."""
        end = time.monotonic() + DEADLINE
        while b"\n" not in self.pending:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise AssertionError("timed out waiting for a line")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                break
            self.pending += data
        line, _, self.pending = self.pending.partition(b"\n")
        return line

    def wait(self):
        """The exit code, the lines that are left, and what is on standard error."""
        output, errors = self.process.communicate(timeout=DEADLINE)
        lines = (self.pending + output).split(b"\n")
        assert lines.pop() == b"", "the last line has no end"
        return self.process.returncode, lines, errors

    def finish(self):
        """Everything that was reported, up to now: it is printed before the program stops."""
        self.process.terminate()
        code, lines, errors = self.wait()
        assert code == 0, (code, errors)
        assert errors == b"", errors
        return lines

    def kill(self):
        """End it if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def kernel_watches(pid):
    """The watches of a process in fdinfo: lines, in ascending order."""
    lines = []
    directory = f"/proc/{pid}/fdinfo"
    for name in os.listdir(directory):
        try:
            with open(os.path.join(directory, name), encoding="ascii") as info:
                lines += [line for line in info if line.startswith("inotify wd:")]
        except FileNotFoundError:
            continue  # one that the program has closed since
    return sorted(lines, key=lambda line: int(line.split()[1].partition(":")[2], 16))


class TestCase(unittest.TestCase):
    """Has a directory of its own, and ends what it started."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="asio_watch.")
        self.addCleanup(shutil.rmtree, os.fsencode(self.directory), ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def make_directory(self, *names):
        path = self.path(*names)
        os.mkdir(path)
        return path

    def write(self, path, content=b"x"):
        """Create, open, write and close a file."""
        with open(path, "wb", buffering=0) as file:
            file.write(content)
        return path

    def open_and_close(self, path, times):
        """Two events for each time, which never merge, and no work for the disk."""
        for _ in range(times):
            os.close(os.open(path, os.O_RDONLY))

    def watch(self, *arguments, **options):
        watch = Watch(*arguments, **options)
        self.addCleanup(watch.kill)
        return watch

    def assert_refused(self, result, line):
        """Exit code 1, one line on standard error, nothing on standard output."""
        self.assertEqual((result.returncode, result.stdout, result.stderr.decode()),
                         (1, b"", "asio-watch: " + line + "\n"))


def kinds(lines):
    """The words of each JSON line, joined."""
    return [",".join(json.loads(line)["event"]) for line in lines]
