#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Runs the program of watcher.cpp, and has CRIU dump and restore it."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

# For what happens at once; long, so that a busy machine does not fail the tests.
DEADLINE = 30.0

# CRIU stops processes by hardware breakpoints, which some virtual machines accept and never report:
# then it waits for ever. This makes it trace system calls instead (FI_NO_BREAKPOINTS).
ENVIRONMENT = {**os.environ, "CRIU_FAULT": "130"}


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(77)


def find_criu(script):
    """The program that the environment's CRIU names, else what scripts/criu finds or fetches."""
    criu = os.environ.get("CRIU")
    if criu is None:
        found = subprocess.run([script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if found.returncode == 77:
            skip(found.stderr.decode().strip().splitlines()[-1])
        if found.returncode != 0:
            sys.exit(found.stderr.decode())
        criu = found.stdout.decode().strip()
    check = subprocess.run([criu, "check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           check=False)
    if check.returncode != 0:
        lines = check.stdout.decode().splitlines()
        skip(f"criu check: {lines[-1] if lines else check.returncode}")
    unusable = why_unusable(criu)
    if unusable:
        skip(unusable)
    return criu


def why_unusable(criu):
    """Why a process without anything to be restored cannot be dumped and restored here, or None."""
    with tempfile.TemporaryDirectory(prefix="asio_inotify.") as images:
        process = subprocess.Popen(["sleep", "1000"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            for command in (["dump", "-t", str(process.pid)], ["restore", "-d"]):
                result = subprocess.run([criu, *command, "-D", images, "-o", "log"], check=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        timeout=60, env=ENVIRONMENT)
                if result.returncode != 0:
                    return f"criu {command[0]} of a process that sleeps fails"
                if command[0] == "dump":
                    process.wait()
        except subprocess.TimeoutExpired:
            return "criu hangs with a process that sleeps"
        finally:
            try:
                os.kill(process.pid, signal.SIGKILL)
                os.waitpid(process.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
    return None


def poll(condition, what):
    """Wait until a condition holds: neither a file nor a restored process can be waited for."""
    end = time.monotonic() + DEADLINE
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError("timed out: " + (what() if callable(what) else what))
        time.sleep(0.005)


def adopt_orphans():
    """A restored process becomes a child of this one, as CRIU ends (PR_SET_CHILD_SUBREAPER)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


class Process:
    """The program on a directory of its own, with the directories set, tree and files."""

    def __init__(self, criu, program, prepare=lambda process: None):
        self.criu = criu
        self.pid = None
        self.folder = tempfile.TemporaryDirectory(prefix="asio_inotify.")
        self.work = self.folder.name
        for name in ("images", "set", "tree", "files"):
            os.mkdir(self.path(name))
        for name in ("set/a", "set/b", "tree/file"):
            self.write(name)
        self.write("files/list")
        prepare(self)
        self.output = self.path("output")
        with open(self.output, "wb") as file:
            self.process = subprocess.Popen([program, self.work], stdin=subprocess.DEVNULL,
                                            stdout=file, stderr=file, start_new_session=True)
        self.pid = self.process.pid
        self.read = 0
        self.expect("ready")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.kill(self.pid, signal.SIGKILL)
            self.reap()
        except ProcessLookupError:
            pass
        self.folder.cleanup()

    # Its directory.

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, text="x", mode="a"):
        with open(self.path(name), mode, encoding="utf-8") as file:
            file.write(text)

    def replace(self, name, text="another"):
        """Put a different file in the place of one, at once."""
        self.write(name + ".tmp", text)
        os.rename(self.path(name + ".tmp"), self.path(name))

    # What it prints.

    def lines(self):
        with open(self.output, encoding="utf-8") as file:
            text = file.read()
        return text[: text.rfind("\n") + 1].splitlines()

    def new_lines(self):
        """What was printed since the last call, or since the line that was expected last."""
        lines = self.lines()
        new = lines[self.read :]
        self.read = len(lines)
        return new

    def expect(self, line):
        """Wait for a line, and return those before it that were not read yet."""

        def find():
            lines = self.lines()[self.read :]
            return lines[: lines.index(line) + 1] if line in lines else None

        before = poll(find, lambda: f"no line '{line}' in:\n" + "\n".join(self.lines()))
        self.read += len(before)
        return before[:-1]

    def expect_start(self, start):
        """Wait for a line that begins so."""
        return poll(lambda: [line for line in self.lines()[self.read :] if line.startswith(start)],
                    lambda: f"no line '{start}...' in:\n" + "\n".join(self.lines()))[0]

    def signal(self, number):
        os.kill(self.pid, number)

    def replayed_tree(self):
        """The entries of tree/ as the changes describe them: path to whether it is a directory."""
        entries = {}

        def remove(path):
            for each in [e for e in entries if e == path or e.startswith(path + "/")]:
                del entries[each]

        for line in self.lines():
            match = re.match(r"tree (\w+) (dir|file) (.*)$", line)
            if match is None or match[3] == "":
                continue
            what, kind, path = match[1], match[2], match[3]
            if what in ("existing", "created"):
                assert path not in entries, line
                entries[path] = kind == "dir"
            elif what == "removed":
                assert path in entries, line
                remove(path)
            elif what == "renamed":
                old, new = path.split(" -> ")
                moved = {e: d for e, d in entries.items() if e == old or e.startswith(old + "/")}
                assert old in moved, line
                remove(old)
                remove(new)
                entries.update({new + e[len(old):]: d for e, d in moved.items()})
        return entries

    def tree_on_disk(self):
        found = {}
        root = self.path("tree")
        for folder, directories, files in os.walk(root):
            for name in directories + files:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, root)] = name in directories
        return found

    # What the kernel says of it.

    def instances(self):
        """For each inotify instance, in the order of their descriptors: wd to mask."""
        found = []
        for fd in sorted(map(int, os.listdir(f"/proc/{self.pid}/fd"))):
            try:
                if os.readlink(f"/proc/{self.pid}/fd/{fd}") != "anon_inode:inotify":
                    continue
                with open(f"/proc/{self.pid}/fdinfo/{fd}", encoding="utf-8") as file:
                    text = file.read()
            except FileNotFoundError:
                continue
            found.append({int(line[1], 16): int(line[2], 16) for line in
                          re.finditer(r"^inotify wd:(\w+) .*?mask:(\w+)", text, re.M)})
        return found

    def expect_idle(self):
        """Wait until it uses less than 1 % of a core for half a second: it never does if it spins."""
        shares = []

        def is_idle():
            shares.append(self.cpu_share(0.5))
            return shares[-1] < 0.01

        poll(is_idle, lambda: f"it uses these shares of a core: {shares}")

    def cpu_share(self, seconds):
        """The share of a core that it uses, in so many seconds."""

        def used():
            with open(f"/proc/{self.pid}/schedstat", encoding="utf-8") as file:
                return int(file.read().split()[0])

        started, before = time.monotonic(), used()
        time.sleep(seconds)  # the time itself is what is measured
        return (used() - before) / 1e9 / (time.monotonic() - started)

    # CRIU.

    def criu_run(self, *command):
        log = self.path("criu.log")
        result = subprocess.run([self.criu, *command, "-D", self.path("images"), "-o", log],
                                check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                timeout=60, env=ENVIRONMENT)
        if result.returncode != 0:
            text = ""
            if os.path.exists(log):
                with open(log, encoding="utf-8", errors="replace") as file:
                    text = file.read()[-4000:]
            raise AssertionError(f"criu {' '.join(command)}: {result.returncode}\n"
                                 f"{result.stdout.decode()}{text}")

    def reap(self):
        os.waitpid(self.pid, 0)
        self.process.returncode = 0

    def dump(self):
        self.criu_run("dump", "-t", str(self.pid))
        # Else its pid is taken when it is restored.
        self.reap()

    def restore(self):
        self.criu_run("restore", "-d")
