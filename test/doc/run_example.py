#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""Run one example on a directory of its own and check its output.

run_example.py NAME PROGRAM

Every wait ends when what is waited for is there, or fails at its deadline; nothing sleeps.
"""

import os
import random
import selectors
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

DEADLINE = 30.0


class Example:
    """A running example."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.text = ""
        self.seen = 0

    def fail(self, why):
        self.process.kill()
        self.text += self.process.communicate()[0].decode()
        sys.exit(f"{why}; the output was:\n{self.text}")

    def expect(self, line):
        """Wait until the line has come, after those that were expected before."""
        end = time.monotonic() + DEADLINE
        while True:
            at = ("\n" + self.text).find("\n" + line + "\n", self.seen)
            if at >= 0:
                self.seen = at + len(line) + 1
                return
            if not self.selector.select(max(0.0, end - time.monotonic())):
                self.fail(f"no line '{line}' in {DEADLINE} seconds")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                self.fail(f"no line '{line}' before the end")
            self.text += data.decode()

    def end(self, number=None, status=0):
        """Send a signal, wait for the end and compare its status."""
        if number is not None:
            self.process.send_signal(number)
        try:
            rest, _ = self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.fail(f"still running after {DEADLINE} seconds")
        self.text += rest.decode()
        if self.process.returncode != status:
            self.fail(f"ended with {self.process.returncode}, not {status}")


def touch(*path):
    with open(os.path.join(*path), "w", encoding="utf-8") as file:
        file.write("x")


def prints_what_happens(program, directory):
    """coroutine, callback"""
    example = Example(program, directory)
    example.expect(f"watching {directory}")
    touch(directory, "fifteen-letters")
    os.remove(os.path.join(directory, "fifteen-letters"))
    touch(directory, "b")
    example.expect("create fifteen-letters")
    example.expect("close_write fifteen-letters")
    example.expect("delete fifteen-letters")
    example.expect("create b")
    example.expect("close_write b")
    example.end(signal.SIGTERM, -signal.SIGTERM)

    example = Example(program, os.path.join(directory, "missing"))
    example.end(status=1)
    if "missing': No such file or directory" not in example.text:
        example.fail("the failure does not name the path")


def reload_on_change(program, directory):
    example = Example(program, directory)
    example.expect(f"loading {directory}")
    # Two changes that it cannot but find together.
    example.process.send_signal(signal.SIGSTOP)
    touch(directory, "a")
    touch(directory, "b")
    example.process.send_signal(signal.SIGCONT)
    example.expect(f"loading {directory}")
    touch(directory, "a")
    example.expect(f"loading {directory}")
    example.end(signal.SIGINT)
    if example.text.count("loading") != 3:
        example.fail("not one load at the start and one for each change")

    # The same while it waits for the directory to be quiet.
    example = Example(program, directory)
    example.expect(f"loading {directory}")
    touch(directory, "a")
    example.end(signal.SIGINT)

    example = Example(program, os.path.join(directory, "missing"))
    example.end(status=1)


def chosen_numbers(program, directory):
    first = os.path.join(directory, "first")
    second = os.path.join(directory, "second")
    os.mkdir(first)
    os.mkdir(second)
    example = Example(program, first, second)
    example.expect("watching 2 paths")
    os.mkdir(os.path.join(second, "a"))
    os.mkdir(os.path.join(first, "a"))
    os.mkdir(os.path.join(second, "b"))
    example.expect(f"2 {second} 1")
    example.expect(f"1 {first} 1")
    example.expect(f"2 {second} 2")
    example.end(signal.SIGTERM, -signal.SIGTERM)

    example = Example(program, first, first)
    example.end(status=1)
    if "File exists" not in example.text:
        example.fail("one inode under two numbers")


def threads(program, directory):
    first = os.path.join(directory, "first")
    second = os.path.join(directory, "second")
    os.mkdir(first)
    os.mkdir(second)
    example = Example(program, first, second)
    example.expect(f"watching {first}")
    example.expect(f"watching {second}")
    # One after the other, as the pool may finish them in any order.
    for path, name in ((first, "a"), (second, "b"), (first, "c")):
        touch(path, name)
        example.expect(f"closed {name}")
    example.end(signal.SIGINT)


def hot_restart(program, directory):
    example = Example(program, directory, "5000")
    example.expect("files 5000, restarts 16, lost 0, doubled 0")
    example.end()

    example = Example(program, os.path.join(directory, "missing"), "10")
    example.end(status=1)
    if "missing': No such file or directory" not in example.text:
        example.fail("the failure does not name the path")


def config_reload(program, directory):
    path = os.path.join(directory, "config")

    def replace(text):
        with open(path + ".tmp", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".tmp", path)

    def greeting():
        with socket.create_connection(("127.0.0.1", port), DEADLINE) as client:
            return client.makefile().read()

    replace("greeting = one\n")
    example = Example(program, path)
    example.expect("greeting is 'one'")
    port = int(example.text.split("listening on ")[1].split()[0])
    if greeting() != "one\n":
        example.fail("not the greeting of the start")
    replace("greeting = two\n")
    example.expect("greeting is 'two'")
    replace("nonsense\n")
    example.expect("kept 'two': 'nonsense' is not understood")
    if greeting() != "two\n":
        example.fail("not the last greeting that was understood")
    os.remove(path)
    example.expect("kept 'two': cannot be opened")
    replace("port = 1\ngreeting = three\n")
    example.expect("greeting is 'three'")
    if greeting() != "three\n":
        example.fail("not the last greeting")
    example.end(signal.SIGINT)

    replace("port = x\n")
    example = Example(program, path)
    example.end(status=1)


def contents(root):
    """The entries below a directory: modes, links and the bytes of files, by path."""
    found = {}
    for directory, directories, files in os.walk(root):
        for name in directories + files:
            path = os.path.join(directory, name)
            try:
                status = os.lstat(path)
                if stat.S_ISLNK(status.st_mode):
                    what = os.readlink(path)
                elif stat.S_ISREG(status.st_mode):
                    with open(path, "rb") as file:
                        what = file.read()
                else:
                    what = None
            except FileNotFoundError:
                continue  # the copy is being worked on
            mode = None if stat.S_ISLNK(status.st_mode) else status.st_mode
            found[os.path.relpath(path, root)] = (mode, what)
    return found


def storm(source, outside, generator, operations):
    """Do things to a tree."""
    def entries():
        return [os.path.join(directory, name) for directory, directories, files in os.walk(source)
                for name in directories + files]

    def some():
        return generator.choice(entries() or [os.path.join(source, "nothing")])

    def new():
        directories = [source] + [path for path in entries()
                                  if os.path.isdir(path) and not os.path.islink(path)]
        return os.path.join(generator.choice(directories), f"n{generator.randrange(12)}")

    def write(path):
        with open(path, generator.choice("wa"), encoding="ascii") as file:
            file.write(str(generator.random()))

    def remove(path):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)

    def change_mode(path):
        if not os.path.islink(path):
            os.chmod(path, generator.choice([0o755, 0o700, 0o744]))

    def move_out_and_in():
        if not os.listdir(outside):
            os.rename(some(), os.path.join(outside, "x"))
        else:
            os.rename(os.path.join(outside, "x"), new())

    actions = [
        lambda: os.mkdir(new()),
        lambda: os.makedirs(os.path.join(new(), "a", "b")),
        lambda: write(new()),
        lambda: write(new()),
        lambda: write(some()),
        lambda: os.truncate(some(), 1),
        lambda: os.symlink("anywhere", new()),
        lambda: change_mode(some()),
        lambda: os.rename(some(), new()),
        lambda: os.rename(some(), new()),
        lambda: os.rename(some(), some()),
        move_out_and_in,
        lambda: remove(some()) if generator.random() < 0.3 else None,
    ]
    for _ in range(operations):
        try:
            generator.choice(actions)()
        except OSError:
            pass  # not possible with what was chosen


def mirror(program, directory):
    source = os.path.join(directory, "source")
    copy = os.path.join(directory, "copy")
    outside = os.path.join(directory, "outside")
    os.mkdir(source)
    os.mkdir(outside)
    seed = random.randrange(1 << 32)
    generator = random.Random(seed)
    print(f"seed {seed}")
    storm(source, outside, generator, 100)
    os.mkdir(os.path.join(source, "there"))
    example = Example(program, source, copy)
    example.expect(f"mirroring {source}")
    for together in (False, True, False):
        # Also all at once, so that it finds files under paths that they do not have any more.
        if together:
            example.process.send_signal(signal.SIGSTOP)
        storm(source, outside, generator, 200)
        example.process.send_signal(signal.SIGCONT)
        wanted = contents(source)
        end = time.monotonic() + DEADLINE
        while contents(copy) != wanted:
            if time.monotonic() > end:
                found = contents(copy)
                differences = [path for path in wanted.keys() | found.keys()
                               if wanted.get(path) != found.get(path)]
                example.fail(f"the copy differs: {sorted(differences)[:10]}")
            time.sleep(0.01)
    example.end(signal.SIGTERM)

    example = Example(program, source, copy)
    example.end(status=1)
    if "exists" not in example.text:
        example.fail("an old copy is written to")


RUNS = {
    "coroutine": prints_what_happens,
    "callback": prints_what_happens,
    "reload_on_change": reload_on_change,
    "chosen_numbers": chosen_numbers,
    "threads": threads,
    "hot_restart": hot_restart,
    "mirror": mirror,
    "config_reload": config_reload,
}


def main():
    name, program = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="asio_inotify.") as directory:
        RUNS[name](program, directory)


if __name__ == "__main__":
    main()
