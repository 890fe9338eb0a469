#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""--restore: which watches come back, and what is said of those that do not."""

import json
import os
import zlib

import support


class TestCase(support.TestCase):
    def setUp(self):
        super().setUp()
        self.file = self.path("snapshot")

    def save(self, *arguments):
        """Write a snapshot of watches, and return what the kernel knew of them."""
        watch = self.watch("-j", "--save", self.file, *arguments)
        known = support.kernel_watches(watch.process.pid)
        watch.finish()
        return known

    def write_snapshot(self, *watches, following=1):
        """A snapshot made by hand: lines without the word "watch"."""
        text = f"asio-inotify snapshot 1\nnext {following}\n"
        text += "".join(f"watch {watch}\n" for watch in watches)
        self.write(self.file, b"%send %d %08x\n" % (text.encode(), len(watches),
                                                    zlib.crc32(text.encode())))

    def restore(self, *arguments, **options):
        """What is printed before and with the ready line, and the program."""
        watch = self.watch("-j", "--restore", self.file, *arguments, **options)
        lines = [watch.ready]
        while b'"ready"' not in lines[-1]:
            self.assertNotEqual(lines[-1], b"")
            lines.append(watch.line())
        return lines, watch

    def plain(self, *arguments, **options):
        return support.run("-t", "0.01", "--restore", self.file, *arguments, **options)


class Numbers(TestCase):
    def check(self, first, count):
        paths = [self.make_directory(f"d{index}") for index in range(count)]
        known = self.save("--wd", str(first), "-e", "create,delete", *reversed(paths))
        lines, watch = self.restore()
        self.assertEqual(lines, [b'{"ready":true,"watches":%d}' % count])
        self.assertEqual(support.kernel_watches(watch.process.pid), known)
        for path in paths:
            self.write(os.path.join(path, "x"))
        found = [(event["event"], event["wd"], event["path"], event["name"])
                 for event in map(json.loads, watch.finish())]
        self.assertEqual(found, [(["create"], first + count - 1 - index, path, "x")
                                 for index, path in enumerate(paths)])

    def test_from_one(self):
        self.check(1, 3)

    def test_chosen(self):
        self.check(55407062, 100)

    def test_up_to_the_largest(self):
        self.check(2147483645, 3)

    def test_again_and_again(self):
        paths = [self.make_directory(name) for name in ("a", "b", "c")]
        known = self.save("--wd", "7", *paths)
        with open(self.file, "rb") as file:
            text = file.read()
        for _ in range(3):
            lines, watch = self.restore("--save", self.file)
            self.assertEqual(lines, [b'{"ready":true,"watches":3}'])
            self.assertEqual(support.kernel_watches(watch.process.pid), known)
            watch.finish()
            with open(self.file, "rb") as file:
                self.assertEqual(file.read(), text)

    def test_from_a_pipe(self):
        self.save("--wd", "7", self.directory)
        with open(self.file, "rb") as file:
            text = file.read()
        result = support.run("-j", "-t", "0.01", "--restore", "/dev/stdin", input=text)
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (2, b'{"ready":true,"watches":1}\n', b""))

    def test_next_number_goes_on(self):
        inner, other = self.make_directory("inner"), self.make_directory("other")
        watch = self.watch("-j", "--save", self.file, inner, other)
        os.rmdir(inner)
        watch.finish()
        _, watch = self.restore("-e", "create", self.directory)
        self.write(self.path("x"))
        event, = map(json.loads, watch.finish())
        self.assertEqual((event["wd"], event["path"]), (3, self.directory))


class Moved(TestCase):
    def setUp(self):
        super().setUp()
        self.old, self.new = self.make_directory("old"), self.path("new")
        known = self.save("--wd", "51", self.old)
        os.rename(self.old, self.new)
        lines, watch = self.restore()
        if b'"gone"' in lines[0]:
            support.skip("nothing can be found here that was moved")
        self.known, self.lines, self.moved = known, lines, watch

    def test_json(self):
        self.assertEqual(self.lines, [
            b'{"restore":"moved","wd":51,"path":"%s"}' % self.old.encode(),
            b'{"ready":true,"watches":1}'])
        self.assertEqual(support.kernel_watches(self.moved.process.pid), self.known)
        self.write(os.path.join(self.new, "x"))
        events = list(map(json.loads, self.moved.finish()))
        self.assertEqual({(event["wd"], event["path"]) for event in events}, {(51, self.new)})

    def test_plain(self):
        result = self.plain()
        self.assertEqual((result.returncode, result.stderr), (2, b""))
        self.assertEqual(result.stdout, b"restore,moved       wd=51  %s\nready, 1 watch\n"
                         % self.old.encode())

    def test_exchanged(self):
        # Another directory has the path, and is watched as well.
        other = self.make_directory("old")
        lines, watch = self.restore(other)
        self.assertEqual(lines[0], b'{"restore":"replaced","wd":51,"path":"%s"}'
                         % self.old.encode())
        self.assertEqual(lines[1:], [b'{"ready":true,"watches":1}'])
        watch.finish()


class Outcomes(TestCase):
    def change(self):
        """One watch for each outcome that takes no privilege."""
        kept, gone, replaced = (self.make_directory(name) for name in ("kept", "gone", "replaced"))
        twice = [self.make_directory(name) for name in ("twice", "twice2")]
        self.save("-e", "create", "--wd", "50", kept, gone, replaced, *twice)
        os.rmdir(gone)
        os.rename(replaced, self.path("elsewhere"))
        os.mkdir(replaced)
        os.rmdir(twice[1])
        os.symlink("twice", twice[1])
        return kept, gone, replaced, *twice

    def test_json(self):
        kept, gone, replaced, twice, twice2 = self.change()
        lines, watch = self.restore()
        self.assertEqual(lines, [
            b'{"restore":"gone","wd":51,"path":"%s"}' % gone.encode(),
            b'{"restore":"replaced","wd":52,"path":"%s"}' % replaced.encode(),
            b'{"restore":"failed","wd":54,"path":"%s"}' % twice2.encode(),
            b'{"ready":true,"watches":3}'])
        for path in (replaced, twice, kept):
            self.write(os.path.join(path, "x"))
        found = [(event["wd"], event["path"]) for event in map(json.loads, watch.finish())]
        self.assertEqual(found, [(52, replaced), (53, twice), (50, kept)])

    def test_plain(self):
        _, gone, replaced, _, twice2 = self.change()
        result = self.plain()
        self.assertEqual((result.returncode, result.stderr), (2, b""))
        self.assertEqual(result.stdout.decode(), "".join((
            f"restore,gone        wd=51  {gone}\n", f"restore,replaced    wd=52  {replaced}\n",
            f"restore,failed      wd=54  {twice2}\n", "ready, 3 watches\n")))

    def test_names(self):
        directory = self.directory.encode()
        names = [b"a\nb", b"\xff", b'"\\', b"\x1b[31m", b"\xc3\xa4"]
        paths = [os.path.join(directory, name) for name in names]
        for path in paths:
            os.mkdir(path)
        self.save(*paths)
        for path in paths:
            os.rmdir(path)
        result = support.run("-j", "--restore", self.file)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        *lines, ready = map(json.loads, result.stdout.splitlines())
        self.assertEqual(ready, {"ready": True, "watches": 0})
        self.assertEqual([bytes.fromhex(line["path_hex"]) if "path_hex" in line
                          else line["path"].encode() for line in lines], paths)
        self.assertEqual(["path_hex" in line for line in lines], [False, True] + [False] * 3)
        result = self.plain()
        self.assertEqual((result.returncode, result.stderr),
                         (0, b"asio-watch: no watch is left\n"))
        self.assertEqual([line.rpartition(b"/")[2] for line in result.stdout.splitlines()[:-1]],
                         [b"a\\nb", b"\\xff", b'"\\\\', b"\\x1b[31m", b"\xc3\xa4"])

    def test_nothing_is_left(self):
        gone = self.make_directory("gone")
        self.save(gone)
        os.rmdir(gone)
        result = support.run("-j", "-n1", "--restore", self.file, "--save", self.path("not"))
        self.assertEqual((result.returncode, result.stderr),
                         (1, b"asio-watch: no watch is left: 0 of 1 events came\n"))
        self.assertFalse(os.path.exists(self.path("not")))

    def test_unknown_path(self):
        self.write_snapshot("5 mask=create")
        lines, watch = self.restore(self.directory)
        self.assertEqual(lines, [b'{"restore":"gone","wd":5,"path":""}',
                                 b'{"ready":true,"watches":1}'])
        watch.finish()
        self.assertEqual(self.plain("/").stdout.splitlines()[0], b"restore,gone        wd=5")


class Permission(TestCase):
    def test_unreadable(self):
        secret = self.make_directory("secret")
        self.save("--wd", "51", "-e", "create", self.directory, secret)
        user = {}
        if os.geteuid() == 0:
            os.chmod(self.directory, 0o755)
            user = {"user": 65534, "group": 65534, "extra_groups": []}
            try:
                reachable = support.run("--version", **user).returncode == 0
            except PermissionError:
                reachable = False
            if not reachable:
                support.skip("another user cannot execute the program here")
        os.chmod(secret, 0)
        self.addCleanup(os.chmod, secret, 0o755)
        lines, watch = self.restore(**user)
        self.assertEqual(lines, [b'{"restore":"failed","wd":52,"path":"%s"}' % secret.encode(),
                                 b'{"ready":true,"watches":1}'])
        watch.finish()


class Refused(TestCase):
    def assert_cannot(self, why, *arguments):
        self.assert_refused(support.run("-j", "--restore", self.file, *arguments),
                            f"cannot restore: {self.file}: {why}")

    def test_missing(self):
        self.assert_cannot("No such file or directory", "/")

    def test_directory(self):
        os.mkdir(self.file)
        self.assert_cannot("Is a directory")

    def test_garbage(self):
        for text, why in ((b"", "line 1: text of a snapshot ends too soon"),
                          (b"hello\n", "line 1: text is not that of a snapshot"),
                          (b"asio-inotify snapshot 1\nnext x\n",
                           "line 2: text is not that of a snapshot"),
                          (os.urandom(100).replace(b"\n", b"") + b"\n",
                           "line 1: text is not that of a snapshot")):
            self.write(self.file, text)
            self.assert_cannot(why, self.directory)

    def test_newer(self):
        self.write(self.file, b"asio-inotify snapshot 2\nwhatever\n")
        self.assert_cannot("line 1: snapshot is of a later version")

    def test_cut_off(self):
        self.save("/", self.directory)
        with open(self.file, "rb") as file:
            text = file.read()
        for size in range(0, len(text), 7):
            self.write(self.file, text[:size])
            line = text[:size].count(b"\n") + 1
            self.assert_cannot(f"line {line}: text of a snapshot ends too soon")

    def test_changed(self):
        self.save("/")
        with open(self.file, "rb") as file:
            text = file.read()
        self.write(self.file, text.replace(b"watch 1 ", b"watch 2 "))
        self.assert_cannot("line 4: text is not that of a snapshot")

    def test_nothing_is_saved(self):
        result = support.run("--restore", self.file, "--save", self.path("x"))
        self.assertEqual(result.returncode, 1)
        self.assertEqual(os.listdir(self.directory), [])

    def test_empty_set_without_paths(self):
        self.write_snapshot()
        result = support.run("-j", "--restore", self.file)
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (0, b'{"ready":true,"watches":0}\n', b""))


class Paths(TestCase):
    def setUp(self):
        super().setUp()
        self.first, self.second, self.third = (self.make_directory(name) for name in "abc")

    def events(self, watch, *paths):
        for path in paths:
            self.write(os.path.join(path, "x"))
        return [(event["wd"], event["path"]) for event in map(json.loads, watch.finish())]

    def test_by_the_next_number(self):
        self.save("-e", "create", "--wd", "2", self.first)
        lines, watch = self.restore("-e", "create", self.second, self.third)
        self.assertEqual(lines, [b'{"ready":true,"watches":3}'])
        self.assertEqual(self.events(watch, self.third, self.second, self.first),
                         [(3, self.third), (1, self.second), (2, self.first)])

    def test_by_chosen_numbers(self):
        self.save("-e", "create", self.first)
        lines, watch = self.restore("-e", "create", "--wd", "70", self.second, self.third)
        self.assertEqual(lines, [b'{"ready":true,"watches":3}'])
        self.assertEqual(self.events(watch, self.third, self.second, self.first),
                         [(71, self.third), (70, self.second), (1, self.first)])

    def test_number_of_a_restored_watch(self):
        self.save("--wd", "70", self.first)
        self.assert_refused(
            support.run("-j", "--restore", self.file, "--wd", "69", self.second, self.third),
            f"cannot watch: {self.third}: watch descriptor is in use by another watch")

    def test_number_of_a_watch_that_is_gone(self):
        self.save("-e", "create", "--wd", "70", self.first)
        os.rmdir(self.first)
        lines, watch = self.restore("-e", "create", "--wd", "70", self.second)
        self.assertEqual(lines, [b'{"restore":"gone","wd":70,"path":"%s"}' % self.first.encode(),
                                 b'{"ready":true,"watches":1}'])
        self.assertEqual(self.events(watch, self.second), [(70, self.second)])

    def test_same_file(self):
        self.save("-e", "create", "--wd", "5", self.first)
        lines, watch = self.restore(self.first, self.second, "-e", "create")
        self.assertEqual(lines, [b'{"ready":true,"watches":2}'])
        self.assertEqual(self.events(watch, self.first), [(5, self.first)])
        self.assert_refused(
            support.run("-j", "--restore", self.file, "--wd", "9", self.first),
            f"cannot watch: {self.first}: is the same file as another PATH or one that was "
            "restored, and --wd wants a watch for each")

    def test_number_without_a_path(self):
        self.save("--wd", "5", self.first)
        lines, watch = self.restore("--wd", "9")
        self.assertEqual(lines, [b'{"ready":true,"watches":1}'])
        watch.finish()
