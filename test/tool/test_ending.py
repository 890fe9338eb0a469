#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""How it ends: counts, timeouts, signals, its output, its watches."""

import fcntl
import json
import os
import signal
import subprocess
import time

import support


class Count(support.TestCase):
    def test_exactly(self):
        # Six events in one batch, of which three are wanted.
        watch = self.watch("-j", "-n", "3", "--stats", self.directory)
        watch.process.send_signal(signal.SIGSTOP)
        self.write(self.path("x"))
        self.write(self.path("y"))
        watch.process.send_signal(signal.SIGCONT)
        code, lines, errors = watch.wait()
        self.assertEqual(code, 0)
        self.assertEqual(support.kinds(lines), ["create", "open", "modify"])
        self.assertEqual(json.loads(errors)["events"], 3)

    def test_over_several_batches(self):
        watch = self.watch("-j", "--count=2", "-e", "create", self.directory)
        self.write(self.path("x"))
        self.assertIn(b'"name":"x"', watch.line())
        self.write(self.path("y"))
        code, lines, errors = watch.wait()
        self.assertEqual((code, errors), (0, b""))
        self.assertEqual(len(lines), 1)
        self.assertIn(b'"name":"y"', lines[0])

    def test_at_a_signal(self):
        watch = self.watch("-j", "-n1", "-e", "create", self.directory)
        watch.process.send_signal(signal.SIGSTOP)
        self.write(self.path("x"))
        self.write(self.path("y"))
        watch.process.terminate()
        watch.process.send_signal(signal.SIGCONT)
        code, lines, _ = watch.wait()
        self.assertEqual((code, len(lines)), (0, 1))


class Timeout(support.TestCase):
    def test_without_an_event(self):
        for value, least in (("0.05", 0.05), ("1", 1), ("5e-2", 0.05), ("1e-12", 0)):
            begin = time.monotonic()
            result = support.run("-j", "--stats", "-t", value, self.directory)
            self.assertEqual(result.returncode, 2)
            self.assertEqual(result.stdout, b'{"ready":true,"watches":1}\n')
            self.assertEqual(json.loads(result.stderr)["events"], 0)
            self.assertGreaterEqual(time.monotonic() - begin, least)

    def test_armed_again_by_each_event(self):
        watch = self.watch("-j", "-t", "0.6", "-e", "create", self.directory)
        begin = time.monotonic()
        for number in range(4):
            # What the kernel reports is what is waited for here, not a time.
            end = time.monotonic() + 0.25
            support.poll(lambda end=end: time.monotonic() >= end, "a quarter of a second")
            self.write(self.path(str(number)))
            self.assertIn(b'"create"', watch.line())
            last = time.monotonic()
        code, lines, errors = watch.wait()
        self.assertEqual((code, lines, errors), (2, [], b""))
        self.assertGreater(last - begin, 0.9)
        self.assertGreaterEqual(time.monotonic() - last, 0.5)

    def test_does_not_cut_a_count_short(self):
        watch = self.watch("-j", "-t", "20", "-n", "1", "-e", "create", self.directory)
        self.write(self.path("x"))
        self.assertEqual(watch.wait()[0], 0)


class Signals(support.TestCase):
    def test_stop(self):
        file = self.write(self.path("file"))
        for number in (signal.SIGINT, signal.SIGTERM):
            watch = self.watch("-j", "--stats", "-e", "open,close", file)
            # In the kernel's queue at the latest when the signal comes, and reported for sure.
            watch.process.send_signal(signal.SIGSTOP)
            self.open_and_close(file, 2500)
            watch.process.send_signal(number)
            watch.process.send_signal(signal.SIGCONT)
            code, lines, errors = watch.wait()
            self.assertEqual(code, 0)
            self.assertEqual(support.kinds(lines), ["open", "close_nowrite"] * 2500)
            self.assertEqual(json.loads(errors)["kinds"]["open"], 2500)

    def test_without_an_event(self):
        watch = self.watch(self.directory)
        self.assertEqual(watch.finish(), [])

    def test_ready_for_a_signal_with_a_timeout(self):
        watch = self.watch("-t", "1000", self.directory)
        self.assertEqual(watch.finish(), [])


class Output(support.TestCase):
    def test_full(self):
        with open("/dev/full", "wb") as full:
            result = support.run(self.directory, stdout=full)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr,
                         b"asio-watch: write: standard output: No space left on device\n")

    def test_closed_from_the_start(self):
        result = subprocess.run(["/bin/sh", "-c", '"$0" "$1" >&-', support.PROGRAM, self.directory],
                                stderr=subprocess.PIPE, timeout=support.DEADLINE, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr,
                         b"asio-watch: write: standard output: Bad file descriptor\n")

    def test_all_streams_closed(self):
        # Otherwise the inotify instance would be one of the standard streams.
        code = subprocess.run(
            ["/bin/sh", "-c", '"$0" -t 0.01 / <&- 2>&- >"$1/out"', support.PROGRAM,
             self.directory], timeout=support.DEADLINE, check=False).returncode
        self.assertEqual(code, 2)
        with open(self.path("out"), "rb") as out:
            self.assertTrue(out.read().startswith(b"ready, 1 watch\n"))

    def test_reader_goes_away(self):
        # Noticed at once, not only with the next event.
        watch = self.watch("--stats", self.directory)
        watch.process.stdout.close()
        _, errors = watch.process.communicate(timeout=support.DEADLINE)
        self.assertEqual(watch.process.returncode, 0)
        self.assertEqual(errors.count(b"\n"), 1)
        self.assertEqual(json.loads(errors)["events"], 0)

    def test_reader_was_never_there(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        try:
            result = support.run(self.directory, stdout=write_end)
        finally:
            os.close(write_end)
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_slow_reader(self):
        # More than a pipe holds: signals and the end still work, and nothing is lost.
        file = self.write(self.path("x" * 200))
        watch = self.watch("-j", "-e", "open,close", self.directory)
        fcntl.fcntl(watch.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        self.open_and_close(file, 1000)
        watch.process.terminate()
        code, lines, errors = watch.wait()
        self.assertEqual((code, errors), (0, b""))
        self.assertEqual(support.kinds(lines), ["open", "close_nowrite"] * 1000)

    def test_second_signal_ends_at_once(self):
        file = self.write(self.path("x"))
        watch = self.watch("-j", "-e", "open,close", self.directory)
        fcntl.fcntl(watch.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        self.open_and_close(file, 1000)
        caught = "/proc/%d/status" % watch.process.pid

        def handles_signals():
            with open(caught, encoding="ascii") as status:
                mask = next(line for line in status if line.startswith("SigCgt:"))
            return int(mask.split()[1], 16) >> (signal.SIGTERM - 1) & 1 != 0

        self.assertTrue(handles_signals())
        watch.process.terminate()
        support.poll(lambda: not handles_signals(), "the first signal to be seen")
        watch.process.terminate()
        self.assertEqual(watch.process.wait(support.DEADLINE), -signal.SIGTERM)

    def test_does_not_change_the_flags_of_others(self):
        read_end, write_end = os.pipe()
        before = fcntl.fcntl(write_end, fcntl.F_GETFL)
        process = subprocess.Popen([support.PROGRAM, self.directory], stdout=write_end)
        os.read(read_end, 100)
        self.assertEqual(fcntl.fcntl(write_end, fcntl.F_GETFL), before)
        process.terminate()
        self.assertEqual(process.wait(support.DEADLINE), 0)
        os.close(read_end)
        os.close(write_end)

    def test_appends_to_a_file(self):
        with open(self.path("out"), "wb", buffering=0) as out:
            out.write(b"before\n")
            self.assertEqual(support.run("-t", "0.01", "/", stdout=out).returncode, 2)
            out.write(b"after\n")
        with open(self.path("out"), "rb") as out:
            lines = out.read().splitlines()
        self.assertEqual((lines[:2], lines[-1]), ([b"before", b"ready, 1 watch"], b"after"))


class WatchesGone(support.TestCase):
    def gone(self, *arguments):
        paths = [self.make_directory("a"), self.write(self.path("b"))]
        watch = self.watch("-e", "create", *arguments, *paths)
        os.rmdir(paths[0])
        self.assertIn(b"ignored", watch.line())
        self.assertIsNone(watch.process.poll())
        os.unlink(paths[1])
        return watch.wait()

    def test_for_people(self):
        code, lines, errors = self.gone()
        self.assertEqual((code, len(lines), errors), (0, 1, b"asio-watch: no watch is left\n"))

    def test_json(self):
        code, lines, errors = self.gone("-j")
        self.assertEqual((code, support.kinds(lines), errors), (0, ["ignored"], b""))

    def test_with_a_timeout(self):
        code, _, errors = self.gone("-j", "-t", "1000")
        self.assertEqual((code, errors), (0, b""))

    def test_the_ends_count(self):
        code, lines, errors = self.gone("-j", "-n2")
        self.assertEqual((code, len(lines), errors), (0, 1, b""))

    def test_before_the_count(self):
        code, lines, errors = self.gone("-j", "-n3")
        self.assertEqual((code, len(lines), errors),
                         (1, 1, b"asio-watch: no watch is left: 2 of 3 events came\n"))
