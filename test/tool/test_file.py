#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""Files that stay watched: -f."""

import json
import os
import time

import support


def change(what, path):
    """A line as the contract has it."""
    return json.dumps({"change": what, "path": path}, separators=(",", ":"),
                      ensure_ascii=False).encode()


class Changes(support.TestCase):
    def replace(self, path, content=b"new"):
        self.write(path + ".tmp", content)
        os.rename(path + ".tmp", path)

    def test_states(self):
        path = self.write(self.path("f"))
        for option in ("-f", "--file"):
            watch = self.watch(option, "-j", path)
            ready = json.loads(watch.ready)
            self.assertEqual(list(ready), ["ready", "watches"])
            self.assertEqual(ready["watches"], len(support.kernel_watches(watch.process.pid)))
            self.replace(path)
            self.assertEqual(watch.line(), change("changed", path))
            os.unlink(path)
            self.assertEqual(watch.line(), change("disappeared", path))
            self.replace(path)
            self.assertEqual(watch.line(), change("appeared", path))
            with open(path, "ab") as file:
                file.write(b"more")
            self.assertEqual(watch.line(), change("changed", path))
            self.assertEqual(watch.finish(), [])

    def test_path_as_typed(self):
        self.make_directory("d")
        for typed in ("d/f", "./d//f", "d/../d/f"):
            watch = self.watch("-fj", typed, cwd=self.directory)
            self.replace(self.path("d", "f"))
            self.assertEqual(watch.line(), change("appeared", typed))
            os.unlink(self.path("d", "f"))
            self.assertEqual(watch.line(), change("disappeared", typed))
            self.assertEqual(watch.finish(), [])

    def test_swapped_link(self):
        for name in ("1", "2"):
            self.make_directory(name)
            self.write(self.path(name, "app"), name.encode())
        os.symlink("1", self.path("data"))
        os.symlink("data/app", self.path("app"))
        watch = self.watch("-fj", self.path("app"))
        os.symlink("2", self.path("tmp"))
        os.rename(self.path("tmp"), self.path("data"))
        self.assertEqual(watch.line(), change("changed", self.path("app")))
        os.unlink(self.path("1", "app"))
        os.rmdir(self.path("1"))
        self.assertEqual(watch.finish(), [])

    def test_path_that_is_not_utf8(self):
        path = os.path.join(self.directory.encode(), b"\xff\n")
        watch = self.watch("-fj", path)
        self.write(path + b"x")
        os.rename(path + b"x", path)
        self.assertEqual(watch.line(), b'{"change":"appeared","path_hex":"%s"}'
                         % path.hex().encode())

    def test_plain(self):
        path = self.path("f\x1b")
        watch = self.watch("-f", path)
        self.replace(path)
        self.assertEqual(watch.line(), b"appeared     " + self.directory.encode() + b"/f\\x1b")
        os.unlink(path)
        self.assertEqual(watch.line(), b"disappeared  " + self.directory.encode() + b"/f\\x1b")
        self.replace(path)
        self.assertEqual(watch.line()[:13], b"appeared     ")
        self.replace(path)
        self.assertEqual(watch.line()[:13], b"changed      ")

    def test_same_path_twice(self):
        path = self.write(self.path("f"))
        watch = self.watch("-fj", path, path)
        self.replace(path)
        self.assertEqual(watch.line(), change("changed", path))
        self.assertEqual(watch.finish(), [])

    def test_count(self):
        path = self.path("f")
        watch = self.watch("-fj", "-n", "2", path)
        self.replace(path)
        self.assertEqual(watch.line(), change("appeared", path))
        os.unlink(path)
        self.assertEqual(watch.wait(), (0, [change("disappeared", path)], b""))

    def test_timeout(self):
        watch = self.watch("-fj", "-t", "0.05", self.path("f"))
        self.assertEqual(watch.wait(), (2, [], b""))

    def test_settle(self):
        path = self.write(self.path("f"))
        watch = self.watch("-fj", "--settle", "300", path)
        begin = time.monotonic()
        for _ in range(20):
            self.replace(path)
        os.unlink(path)
        self.replace(path)
        self.assertEqual(watch.line(), change("changed", path))
        self.assertGreaterEqual(time.monotonic() - begin, 0.3)
        self.assertEqual(watch.finish(), [])

    def test_statistics(self):
        path = self.write(self.path("f"))
        watch = self.watch("-fj", "--stats", path)
        self.replace(path)
        self.assertEqual(watch.line(), change("changed", path))
        watch.process.terminate()
        code, lines, errors = watch.wait()
        self.assertEqual((code, lines, errors.count(b"\n")), (0, [], 1))
        counters = json.loads(errors)
        self.assertEqual(list(counters),
                         ["changes", "batches", "events", "unknown", "overflows", "looks"])
        self.assertEqual((counters["changes"], counters["batches"], counters["overflows"]),
                         (1, 1, 0))

    def test_before_the_end(self):
        path = self.write(self.path("f"))
        watch = self.watch("-fj", path)
        os.kill(watch.process.pid, support.signal.SIGSTOP)
        self.replace(path)
        watch.process.terminate()
        os.kill(watch.process.pid, support.signal.SIGCONT)
        self.assertEqual(watch.wait(), (0, [change("changed", path)], b""))


class Refused(support.TestCase):
    def test_paths(self):
        for path, why in ((self.directory, "Is a directory"), ("", "path is empty"),
                          (self.path("x" * 256), "File name too long")):
            self.assert_refused(support.run("-f", path), ": ".join(
                filter(None, ("cannot watch", path, why))))

    def test_options_of_other_modes(self):
        for option, value in (("--event", "open"), ("--wd", "1"), ("--save", "x"),
                              ("--restore", "x")):
            self.assert_refused(support.run("-f", option, value, self.path("f")),
                                f"usage: {option}: does not go with --file")
        self.assert_refused(support.run("--settle", "1", self.directory),
                            "usage: --settle: goes with --recursive or --file only")

    def test_settle(self):
        for value in ("-1", "x", "1s", "1.5", "86400001"):
            self.assert_refused(
                support.run("-f", "--settle", value, self.path("f")),
                f"--settle: {value}: is not a number of milliseconds from 0 to 86400000")
