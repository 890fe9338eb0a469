#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""--save: when a snapshot is written, and where to."""

import json
import os
import signal
import socket
import subprocess

import support


class TestCase(support.TestCase):
    def setUp(self):
        super().setUp()
        self.watched = self.make_directory("watched")
        self.places = self.make_directory("places")
        self.file = os.path.join(self.places, "snapshot")

    def content(self, path=None):
        with open(path or self.file, "rb") as file:
            return file.read()

    def assert_snapshot(self, text, *paths):
        lines = text.decode().splitlines()
        self.assertEqual(lines[0], "asio-inotify snapshot 1")
        self.assertEqual([line.split(" path=")[1] for line in lines if line.startswith("watch ")],
                         list(paths))
        self.assertTrue(lines[-1].startswith(f"end {len(paths)} "))
        self.assertTrue(text.endswith(b"\n"))


class Ending(TestCase):
    def test_count(self):
        watch = self.watch("-j", "-n1", "-e", "create", "--save", self.file, self.watched)
        self.write(os.path.join(self.watched, "x"))
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines), errors), (0, 1, b""))
        self.assert_snapshot(self.content(), self.watched)
        self.assertIn(b" mask=create dev=", self.content())

    def test_timeout(self):
        result = support.run("-t", "0.01", "--save", self.file, self.watched)
        self.assertEqual((result.returncode, result.stderr), (2, b""))
        self.assert_snapshot(self.content(), self.watched)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            watch = self.watch("--save", self.file, self.watched)
            watch.process.send_signal(number)
            self.assertEqual(watch.wait(), (0, [], b""))
            self.assert_snapshot(self.content(), self.watched)
            os.unlink(self.file)

    def test_reader_goes_away(self):
        watch = self.watch("--save", self.file, self.watched)
        watch.process.stdout.close()
        _, errors = watch.process.communicate(timeout=support.DEADLINE)
        self.assertEqual((watch.process.returncode, errors), (0, b""))
        self.assert_snapshot(self.content(), self.watched)

    def test_reader_was_never_there(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        try:
            result = support.run("--save", self.file, self.watched, stdout=write_end)
        finally:
            os.close(write_end)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assert_snapshot(self.content(), self.watched)

    def test_no_watch_is_left(self):
        watch = self.watch("-j", "--save", self.file, self.watched)
        os.rmdir(self.watched)
        self.assertEqual(watch.wait()[0], 0)
        self.assert_snapshot(self.content())

    def test_ended_watch_is_left_out(self):
        inner = self.make_directory("inner")
        watch = self.watch("-j", "--save", self.file, inner, self.watched)
        os.rmdir(inner)
        watch.finish()
        self.assert_snapshot(self.content(), self.watched)

    def test_not_after_an_error(self):
        missing = self.path("missing")
        self.assert_refused(support.run("--save", self.file, self.watched, missing),
                            f"cannot watch: {missing}: No such file or directory")
        watch = self.watch("-j", "-n9", "--save", self.file, self.watched)
        os.rmdir(self.watched)
        self.assertEqual(watch.wait()[0], 1)
        with open("/dev/full", "wb") as full:
            self.assertEqual(support.run("--save", self.file, "/", stdout=full).returncode, 1)
        self.assertEqual(os.listdir(self.places), [])


class Target(TestCase):
    def save(self, path, **options):
        return support.run("-j", "-t", "0.01", "--save", path, self.watched, **options)

    def assert_saved(self, result):
        self.assertEqual((result.returncode, result.stderr), (2, b""))

    def assert_not_saved(self, path, why, **options):
        result = self.save(path, **options)
        self.assertEqual((result.returncode, result.stdout, result.stderr.decode()),
                         (1, b'{"ready":true,"watches":1}\n',
                          f"asio-watch: cannot save: {path}: {why}\n"))

    def test_new_file(self):
        for mask in (0o022, 0o077):
            self.assert_saved(self.save(self.file, preexec_fn=lambda mask=mask: os.umask(mask)))
            self.assertEqual(os.stat(self.file).st_mode & 0o7777, 0o666 & ~mask)
            self.assertEqual(os.listdir(self.places), ["snapshot"])
            os.unlink(self.file)

    def test_existing_file(self):
        self.write(self.file, b"old and longer " * 100)
        os.link(self.file, self.path("old"))
        for mode in (0o640, 0o600, 0o777):
            os.chmod(self.file, mode)
            self.assert_saved(self.save(self.file))
            self.assert_snapshot(self.content(), self.watched)
            self.assertEqual(os.stat(self.file).st_mode & 0o7777, mode)
            self.assertEqual(os.listdir(self.places), ["snapshot"])
        # Another file has taken the name.
        self.assertTrue(self.content(self.path("old")).startswith(b"old"))

    def test_in_the_working_directory(self):
        for name in ("x", "x" * 255, "[a,b]", "{}", "a b", "-"):
            self.assert_saved(self.save(name, cwd=self.places))
            self.assertEqual(os.listdir(self.places), [name])
            self.assert_snapshot(self.content(os.path.join(self.places, name)), self.watched)
            os.unlink(os.path.join(self.places, name))

    def test_links(self):
        other = self.make_directory("other")
        os.symlink("../other/target", self.file)
        # Neither the first time, when it leads nowhere, nor later it is replaced itself.
        for _ in range(2):
            self.assert_saved(self.save(self.file))
            self.assertEqual(os.readlink(self.file), "../other/target")
            self.assertEqual(os.listdir(other), ["target"])
            self.assert_snapshot(self.content(), self.watched)
        os.unlink(self.file)
        os.symlink("snapshot", self.file)
        self.assert_not_saved(self.file, "Too many levels of symbolic links")

    def test_standard_output(self):
        result = self.save("/dev/stdout")
        self.assert_saved(result)
        ready, _, text = result.stdout.partition(b"\n")
        self.assertEqual(ready, b'{"ready":true,"watches":1}')
        self.assert_snapshot(text, self.watched)

    def test_standard_output_is_a_file(self):
        with open(self.path("out"), "wb", buffering=0) as out:
            self.assert_saved(self.save("/dev/stdout", stdout=out))
            out.write(b"after\n")
        lines = self.content(self.path("out")).split(b"\n", 1)
        self.assertEqual(lines[0], b'{"ready":true,"watches":1}')
        self.assertTrue(lines[1].endswith(b"after\n"))
        self.assert_snapshot(lines[1][:-len(b"after\n")], self.watched)
        self.assertTrue(os.path.islink("/dev/stdout"))

    def test_descriptors(self):
        read_end, write_end = os.pipe()
        os.set_blocking(write_end, False)
        self.addCleanup(os.close, read_end)
        self.assert_saved(self.save(f"/dev/fd/{write_end}", pass_fds=[write_end]))
        os.close(write_end)
        with open(os.dup(read_end), "rb") as file:
            self.assert_snapshot(file.read(), self.watched)

    def test_socket(self):
        mine, other = socket.socketpair()
        with mine, other:
            number = other.fileno()
            self.assert_saved(self.save(f"/proc/self/fd/{number}", pass_fds=[number]))
            other.close()
            with mine.makefile("rb") as file:
                self.assert_snapshot(file.read(), self.watched)

    def test_fifo(self):
        os.mkfifo(self.file)
        reader = subprocess.Popen(["cat", self.file], stdout=subprocess.PIPE)
        self.addCleanup(reader.wait)
        self.assert_saved(self.save(self.file))
        self.assert_snapshot(reader.communicate(timeout=support.DEADLINE)[0], self.watched)
        self.assertEqual(os.listdir(self.places), ["snapshot"])

    def test_refused(self):
        self.assert_not_saved(os.path.join(self.places, "no", "x"), "No such file or directory")
        self.assert_not_saved(self.places, "Is a directory")
        self.assert_not_saved("/dev/full", "No space left on device")
        self.assert_not_saved("/dev/fd/77", "No such file or directory")
        self.write(self.file)
        self.assert_not_saved(self.file + "/x", "Not a directory")
        self.assertEqual(os.listdir(self.places), ["snapshot"])

    def test_full_disk(self):
        self.write(self.file, b"old")

        def limit():
            import resource  # pylint: disable=import-outside-toplevel
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))
        self.assert_not_saved(self.file, "File too large", preexec_fn=limit)
        self.assertEqual(self.content(), b"old")
        self.assertEqual(os.listdir(self.places), ["snapshot"])

    def test_statistics_come_all_the_same(self):
        result = support.run("--stats", "-t", "0.01", "--save", "/dev/full", self.watched)
        complaint, counters = result.stderr.splitlines()
        self.assertIn(b"cannot save", complaint)
        self.assertEqual(json.loads(counters)["unknown"], 0)


class Unread(TestCase):
    def test_fifo_that_nobody_reads(self):
        os.mkfifo(self.file)
        watch = self.watch("-j", "-t", "0.01", "--save", self.file, self.watched)

        def waits():
            with open(f"/proc/{watch.process.pid}/wchan", encoding="ascii") as where:
                return "wait_for_partner" in where.read()

        try:
            support.poll(waits, "the program to open the pipe")
        except (OSError, AssertionError):
            support.skip("the kernel does not say what a process waits for")
        watch.process.terminate()
        code, _, errors = watch.wait()
        self.assertEqual((code, errors.decode()),
                         (1, f"asio-watch: cannot save: {self.file}: Interrupted system call\n"))
