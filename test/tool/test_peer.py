#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""The same events as inotifywait reports, for the same work."""

import json
import os
import random
import shutil
import subprocess

import support


class Inotifywait(support.TestCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        if shutil.which("inotifywait") is None:
            support.skip("inotifywait is not installed")

    def compare(self, paths, work):
        """Let both watch while work is done, and compare what they report."""
        paths = [*paths, self.make_directory("end")]
        peer = subprocess.Popen(["inotifywait", "-m", "--no-newline", "--format", "%w%0%e%0%f%0",
                                 *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(peer.communicate)
        self.addCleanup(peer.kill)
        while b"established" not in (line := peer.stderr.readline()):
            self.assertNotEqual(line, b"")
        watch = self.watch("-j", *paths)
        work()
        self.write(self.path("end", "mark"))
        found = [self.from_json(line) for line in watch.finish()]
        expected = []
        end = (self.path("end"), "close_write", b"mark")
        fields = iter(lambda: self.field(peer.stdout), None)
        for where, words, name in zip(fields, fields, fields):
            expected.append(self.from_peer(where, words, name))
            if expected[-1] == end:
                break
        # It keeps the ends of watches to itself.
        found = [event for event in found if event[1] != "ignored"]
        self.assertEqual(self.unmerged(found), self.unmerged(expected))
        self.assertEqual(found[-1], end)
        return found

    @staticmethod
    def field(stream):
        text = b""
        while (byte := stream.read(1)) != b"\0":
            if not byte:
                return None
            text += byte
        return text

    @staticmethod
    def from_peer(where, words, name):
        # It puts a slash behind directories, and CLOSE behind both kinds of closing.
        words = [word for word in words.decode().lower().split(",") if word != "close"]
        return os.fsdecode(where).rstrip("/"), ",".join(words), name

    @staticmethod
    def from_json(line):
        event = json.loads(line)
        name = (bytes.fromhex(event["name_hex"]) if "name_hex" in event
                else event.get("name", "").encode())
        return event.get("path"), ",".join(event["event"]), name

    @staticmethod
    def unmerged(events):
        """Without repetitions: whether the kernel merges them depends on when they are read."""
        return [event for index, event in enumerate(events)
                if index == 0 or event != events[index - 1]]

    def test_ordinary_work(self):
        directory = self.make_directory("d")
        inner = self.make_directory("d", "inner")
        file = self.write(self.path("d", "file"))

        def work():
            for name in ("a b", "new\nline", "tab\t", "\x1b", "\u00e4"):
                self.write(os.path.join(directory, name))
            self.write(os.path.join(directory.encode(), b"\xff\xfe"))
            # As an editor replaces a file.
            self.write(file + "~")
            os.rename(file + "~", file)
            os.link(file, os.path.join(directory, "link"))
            os.truncate(file, 0)
            os.chmod(file, 0o600)
            os.utime(file)
            os.symlink("nowhere", os.path.join(directory, "dangling"))
            os.makedirs(os.path.join(inner, "deep", "deeper"))
            self.write(os.path.join(inner, "deep", "deeper", "x"))
            os.rename(inner, inner + "2")
            shutil.rmtree(directory)
        found = self.compare([directory, inner, file], work)
        self.assertGreater(len(found), 60)

    def test_random_work(self):
        seed = int(os.environ.get("ASIO_WATCH_SEED", random.randrange(1 << 32)))
        print("ASIO_WATCH_SEED =", seed)
        chance = random.Random(seed)
        directories = [self.make_directory(name) for name in ("a", "b", "c")]

        def work():
            for _ in range(1500):
                path, other = (os.path.join(chance.choice(directories), chance.choice("xyz"))
                               for _ in range(2))
                action = chance.choice((self.write, os.mkdir, os.unlink, os.rmdir, os.rename,
                                        os.link, os.listdir, os.stat))
                try:
                    action(*(path, other) if action in (os.rename, os.link) else (path,))
                except OSError:
                    pass
        self.compare(directories, work)
