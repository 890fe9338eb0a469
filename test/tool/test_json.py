#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""The JSON lines, byte for byte."""

import json
import os

import support


class Lines(support.TestCase):
    def line(self, words, name=None, wd=1, cookie=0, path=None):
        """A line as the contract has it."""
        event = {"event": words, "wd": wd, "cookie": cookie}
        event["path"] = self.directory if path is None else path
        if name is not None:
            event["name"] = name
        return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()

    def test_ready(self):
        watch = self.watch("-j", self.directory, "/")
        self.assertEqual(watch.ready, b'{"ready":true,"watches":2}')
        self.assertEqual(watch.finish(), [])

    def test_new_file(self):
        watch = self.watch("--json", self.directory)
        self.write(self.path("x"))
        self.assertEqual(watch.finish(), [
            b'{"event":["create"],"wd":1,"cookie":0,"path":"%s","name":"x"}'
            % self.directory.encode(),
            self.line(["open"], "x"),
            self.line(["modify"], "x"),
            self.line(["close_write"], "x"),
        ])

    def test_all_kinds(self):
        inner = self.make_directory("inner")
        file = self.write(self.path("file"))
        watch = self.watch("-j", self.directory, inner)
        with open(file, "rb") as opened:
            opened.read()
        os.chmod(file, 0o600)
        os.rename(file, self.path("moved"))
        os.unlink(self.path("moved"))
        os.rename(inner, self.path("other"))
        os.rmdir(self.path("other"))
        os.mkdir(self.path("new"))
        lines = watch.finish()
        cookies = [json.loads(line)["cookie"] for line in lines if b'"moved_' in line]
        self.assertEqual(cookies[0::2], cookies[1::2])
        self.assertNotEqual(cookies[0], cookies[2])
        self.assertEqual(lines, [
            self.line(["open"], "file"),
            self.line(["access"], "file"),
            self.line(["close_nowrite"], "file"),
            self.line(["attrib"], "file"),
            self.line(["moved_from"], "file", cookie=cookies[0]),
            self.line(["moved_to"], "moved", cookie=cookies[0]),
            self.line(["delete"], "moved"),
            self.line(["moved_from", "isdir"], "inner", cookie=cookies[2]),
            self.line(["moved_to", "isdir"], "other", cookie=cookies[2]),
            self.line(["move_self"], wd=2, path=inner),
            self.line(["delete_self"], wd=2, path=inner),
            self.line(["ignored"], wd=2, path=inner),
            self.line(["delete", "isdir"], "other"),
            self.line(["create", "isdir"], "new"),
        ])

    def test_path_as_typed(self):
        os.mkdir(self.path("d"))
        os.symlink("d", self.path("link"))
        for typed in ("d", "./d/", "d/../d", "link"):
            watch = self.watch("-j", "-e", "create", typed, cwd=self.directory)
            self.write(self.path("d", "x"))
            self.assertEqual(watch.finish(), [self.line(["create"], "x", path=typed)])
            os.unlink(self.path("d", "x"))

    def test_chosen_kinds(self):
        for names, expected in (
                ("create", ["create"]),
                ("create,delete", ["create", "delete"]),
                ("close", ["close_write"]),
                ("move", ["moved_from", "moved_to"]),
                ("all", ["create", "open", "modify", "close_write", "moved_from", "moved_to",
                         "delete"])):
            watch = self.watch("-j", "-e", names, self.directory)
            self.write(self.path("x"))
            os.rename(self.path("x"), self.path("y"))
            os.unlink(self.path("y"))
            self.assertEqual(support.kinds(watch.finish()), expected)

    def test_repeated_lists(self):
        watch = self.watch("-j", "-e", "create", "--event=delete,open", self.directory)
        self.write(self.path("x"))
        os.unlink(self.path("x"))
        self.assertEqual(support.kinds(watch.finish()), ["create", "open", "delete"])

    def test_odd_names(self):
        names = ["a b", "tab\t", "new\nline", 'quo"te', "back\\slash", "\x1b[31m", "\x01\x7f",
                 "\u00e4\u20ac\U0001f600", "\u0085\u2028", "x" * 255]
        watch = self.watch("-j", "-e", "create", self.directory)
        for name in names:
            self.write(self.path(name))
        lines = watch.finish()
        self.assertEqual([json.loads(line)["name"] for line in lines], names)
        # As raw UTF-8, with the shortest escapes.
        self.assertEqual(lines[:6] + lines[7:8],
                         [self.line(["create"], name) for name in names[:6] + names[7:8]])

    def test_a_name_controls_what_shows_it(self):
        # C0, DEL, C1, separators of lines, and what turns text around.
        controls = [*range(1, 0x20), *range(0x7f, 0xa0), 0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f),
                    *range(0x2066, 0x206a)]
        shown = [0x20, 0x7e, 0xa0, 0x61b, 0x61d, 0x200d, 0x2010, 0x2027, 0x202f, 0x2065, 0x206a,
                 0xffff, 0x10000, 0x10202a]
        names = ["a%sb" % chr(code) for code in controls + shown]
        watch = self.watch("-j", "-e", "create", self.directory)
        for name in names:
            self.write(self.path(name))
        lines = watch.finish()
        self.assertEqual([json.loads(line)["name"] for line in lines], names)
        escapes = {0x9: b"\\t", 0xa: b"\\n"}
        for code, line in zip(controls, lines):
            self.assertIn(b'"a%sb"' % escapes.get(code, b"\\u%04x" % code), line)
        for code, line in zip(shown, lines[len(controls):]):
            self.assertIn(b'"a%sb"' % chr(code).encode(), line)

    def test_names_that_are_not_utf8(self):
        names = [b"\xff", b"a\x80", b"\xc3", b"\xc0\xaf", b"\xe0\x80\x80", b"\xed\xa0\x80",
                 b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xe2\x82",
                 b"\xe2\x82x", b"\xf0\x9f\x98", b"ok\n\xfe"]
        watch = self.watch("-j", "-e", "create", self.directory)
        for name in names:
            self.write(os.path.join(self.directory.encode(), name))
        self.assertEqual(watch.finish(), [
            self.line(["create"])[:-1] + b',"name_hex":"' + name.hex().encode() + b'"}'
            for name in names])

    def test_edges_of_utf8(self):
        names = [b"\xc2\x80", b"\xdf\xbf", b"\xe0\xa0\x80", b"\xed\x9f\xbf", b"\xee\x80\x80",
                 b"\xef\xbf\xbf", b"\xf0\x90\x80\x80", b"\xf4\x8f\xbf\xbf"]
        watch = self.watch("-j", "-e", "create", self.directory)
        for name in names:
            self.write(os.path.join(self.directory.encode(), name))
        self.assertEqual([json.loads(line)["name"].encode() for line in watch.finish()], names)

    def test_path_that_is_not_utf8(self):
        path = os.path.join(self.directory.encode(), b"\xe4\n")
        os.mkdir(path)
        watch = self.watch("-j", "-e", "create", path)
        self.write(os.path.join(path, b"x"))
        self.assertEqual(watch.finish(), [
            b'{"event":["create"],"wd":1,"cookie":0,"path_hex":"%s","name":"x"}'
            % path.hex().encode()])

    def test_flushed_per_batch(self):
        watch = self.watch("-j", "-e", "create", self.directory)
        for name in ("1", "2"):
            self.write(self.path(name))
            self.assertEqual(watch.line(), self.line(["create"], name))

    def test_statistics(self):
        inner = self.make_directory("inner")
        watch = self.watch("-j", "--stats", "-e", "create,delete", self.directory, inner)
        self.write(self.path("x"))
        os.rmdir(inner)
        watch.process.terminate()
        code, lines, errors = watch.wait()
        self.assertEqual((code, len(lines)), (0, 3))
        self.assertEqual(errors.count(b"\n"), 1)
        counters = json.loads(errors)
        self.assertEqual(list(counters), ["events", "batches", "bytes", "reads", "overflows",
                                          "ignored", "unmounts", "unknown", "kinds"])
        self.assertGreaterEqual(counters.pop("reads"), counters["batches"])
        self.assertIn(counters.pop("batches"), (1, 2, 3))
        counted = counters.pop("kinds")
        self.assertEqual(counters, {"events": 3, "bytes": 80, "overflows": 0, "ignored": 1,
                                    "unmounts": 0, "unknown": 0})
        self.assertEqual(len(counted), 12)
        self.assertEqual({kind: count for kind, count in counted.items() if count},
                         {"create": 1, "delete": 1})
