#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""Have CRIU dump a process that uses a watch set, restore it, and see what the set makes of it.

dump_and_restore.py PROGRAM

The environment's CRIU names the program to use instead of "criu". Ends with 77 and says why if there
is none that is new enough or works here.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

OLDEST = (4, 1)
DEADLINE = 30.0
EXCLUDE_UNLINKED = 0x04000000
ONE_SHOT = 0x80000000


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(77)


def usable_criu():
    criu = os.environ.get("CRIU") or shutil.which("criu") or shutil.which("criu", path="/usr/sbin")
    if criu is None:
        skip("no criu")
    if os.geteuid() != 0:
        skip("criu needs root")
    text = subprocess.run([criu, "--version"], stdout=subprocess.PIPE, check=False).stdout.decode()
    version = re.search(r"Version: (\d+)\.(\d+)", text)
    if version is None or tuple(map(int, version.groups())) < OLDEST:
        skip(f"{criu} is older than {'.'.join(map(str, OLDEST))}: {text.splitlines()[:1]}")
    check = subprocess.run([criu, "check"], stderr=subprocess.PIPE, check=False)
    if check.returncode != 0:
        lines = check.stderr.decode().splitlines()
        skip(f"criu check: {lines[-1] if lines else check.returncode}")
    return criu


def run(work, *command):
    result = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
    )
    if result.returncode != 0:
        log = os.path.join(work, "criu.log")
        text = open(log, encoding="utf-8").read()[-3000:] if os.path.exists(log) else ""
        sys.exit(f"{' '.join(command)} ended with {result.returncode}\n{result.stdout.decode()}{text}")


class Output:
    """What the program prints goes to a file, which CRIU opens again."""

    def __init__(self, path):
        self.path = path

    def expect(self, line):
        end = time.monotonic() + DEADLINE
        while True:
            with open(self.path, encoding="utf-8") as file:
                lines = file.read().splitlines()
            if line in lines:
                return
            if time.monotonic() > end:
                sys.exit(f"no line '{line}' came; the output was:\n" + "\n".join(lines))
            time.sleep(0.01)  # a file cannot be waited for


def watches(pid):
    """wd: mask of the one instance of a process."""
    found = {}
    for fd in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            with open(f"/proc/{pid}/fdinfo/{fd}", encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            continue  # one that the program has closed since
        for line in re.finditer(r"^inotify wd:(\w+) .*?mask:(\w+)", text, re.M):
            found[int(line[1], 16)] = int(line[2], 16)
    return found


def expect_equal(what, seen, expected):
    if seen != expected:
        sys.exit(f"{what}: {seen}, not {expected}")


def main():
    criu = usable_criu()
    with tempfile.TemporaryDirectory(prefix="asio_inotify.") as work:
        directory = os.path.join(work, "watched")
        images = os.path.join(work, "images")
        os.mkdir(directory)
        os.mkdir(images)
        for name in ("a", "b"):
            open(os.path.join(directory, name), "w", encoding="utf-8").close()
        output = Output(os.path.join(work, "output"))
        with open(output.path, "w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [sys.argv[1], directory],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        pid = process.pid
        try:
            output.expect("ready")
            before = watches(pid)
            expect_equal("numbers", sorted(before), [2, 3, 0x34D71D6])
            log = os.path.join(work, "criu.log")
            run(work, criu, "dump", "-t", str(pid), "-D", images, "-o", log)
            process.wait()
            run(work, criu, "restore", "-d", "-D", images, "-o", log)

            restored = watches(pid)
            expect_equal("numbers", sorted(restored), sorted(before))
            lost = sum(restored[n] != before[n] for n in before)
            print(f"CRIU changed the masks of {lost} watches")
            os.kill(pid, signal.SIGUSR1)
            output.expect(f"same 3 repaired {lost} findings 0 foreign 0")
            output.expect("next 4")
            after = watches(pid)
            expect_equal("masks", after, before)
            expect_equal("one_shot", after[0x34D71D6] & ONE_SHOT, ONE_SHOT)
            expect_equal("exclude_unlinked", after[2] & EXCLUDE_UNLINKED, EXCLUDE_UNLINKED)

            os.chmod(os.path.join(directory, "a"), 0o600)
            output.expect("3 attrib ")
            os.chmod(os.path.join(directory, "b"), 0o600)
            output.expect(f"{0x34D71D6} attrib ")
            output.expect(f"{0x34D71D6} ignored ")
            os.mkdir(os.path.join(directory, "new"))
            output.expect("2 create new")
        finally:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    print("restored")


if __name__ == "__main__":
    main()
