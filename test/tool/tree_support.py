#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""For tests of -r: replays the changes that asio-watch prints."""

import json
import os
import subprocess
import zlib

import support

# What leaves the entries as they are.
OTHERS = ("attributes", "modified", "closed_write", "rescan_begin", "rescan_end", "uncovered",
          "covered", "unmounted", "root_lost", "root_found", "path_unguarded", "path_guarded")


def path_of(change, key="path"):
    """The bytes of a path, None if there is none."""
    if key + "_hex" in change:
        return bytes.fromhex(change[key + "_hex"])
    return os.fsencode(change[key]) if key in change else None


def on_disk(*roots):
    """The entries below directories: the type by path."""
    found = {}
    for root in roots:
        for directory, directories, files in os.walk(os.fsencode(root)):
            for name in directories:
                path = os.path.join(directory, name)
                found[path] = "file" if os.path.islink(path) else "dir"
            for name in files:
                found[os.path.join(directory, name)] = "file"
    return found


class Replay:
    """The entries that the changes say there are. Refuses changes that contradict those before."""

    def __init__(self, entries):
        self.entries = dict(entries)

    def below(self, path):
        return [at for at in self.entries if at == path or at.startswith(path + b"/")]

    def take(self, path):
        """Take an entry out, with its subtree."""
        assert path in self.entries, path
        return {at[len(path):]: self.entries.pop(at) for at in self.below(path)}

    def put(self, path, taken):
        self.entries.update({path + rest: kind for rest, kind in taken.items()})

    def apply(self, line):
        change = json.loads(line)
        what = change["change"]
        path = path_of(change)
        old_path = path_of(change, "old_path")
        if what in ("existing", "created"):
            assert path not in self.entries, line
            self.entries[path] = change["type"]
        elif what == "removed":
            assert self.take(path)[b""] == change["type"], line
        elif what == "renamed":
            assert (path in self.entries) == change.get("replaced", False), line
            if path in self.entries:
                self.take(path)
            self.put(path, self.take(old_path))
            assert self.entries[path] == change["type"], line
        elif what == "exchanged":
            here, there = self.take(path), self.take(old_path)
            self.put(path, there)
            self.put(old_path, here)
        else:
            assert what in OTHERS, line
        return change


class TreeCase(support.TestCase):
    """Has a tree of its own beside which there is room."""

    def setUp(self):
        super().setUp()
        self.tree = self.make_directory("tree")

    def at(self, *names):
        return os.path.join(self.tree, *names)

    def shell(self, script):
        """Run a script in the tree; $OUT is the directory it is in."""
        subprocess.run(["/bin/sh", "-ec", script], cwd=self.tree, check=True,
                       env={**os.environ, "OUT": self.directory}, timeout=support.DEADLINE,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def assert_exact(self, script, *arguments):
        """While a script runs: the changes, applied to what was there, give what is there."""
        replay = Replay(on_disk(self.tree))
        watch = self.watch("-rj", *arguments, self.tree)
        self.shell(script)
        lines = watch.finish()
        changes = [replay.apply(line) for line in lines]
        self.assertEqual(replay.entries, on_disk(self.tree))
        return changes

    def what(self, changes):
        """Changes in short: (what, path below the tree), and the old path if there is one."""
        def below(path):
            return os.path.relpath(path, self.tree)
        return [(change["change"],
                 *(below(change[key]) for key in ("old_path", "path") if key in change))
                for change in changes]


class SaveCase(TreeCase):
    """Has a file for a snapshot."""

    def setUp(self):
        super().setUp()
        self.file = self.path("snapshot")

    def content(self):
        with open(self.file, "rb") as file:
            return file.read()

    def lines_of(self, text=None):
        """Entries of a snapshot in short."""
        lines = (text or self.content()).decode().splitlines()
        self.assertEqual(lines[0], "asio-inotify tree 1")
        self.assertTrue(lines[-1].startswith(f"end {len(lines) - 3} "))
        return sorted(line.split()[0] + " " + line.split(" name=")[1] for line in lines[2:-1])

    def write_snapshot(self, *entries):
        text = "asio-inotify tree 1\ntime 1\n" + "".join(entry + "\n" for entry in entries)
        self.write(self.file, b"%send %d %08x\n" % (text.encode(), len(entries),
                                                    zlib.crc32(text.encode())))

    def save(self, *arguments):
        """One that has seen nothing."""
        self.watch("-rj", "--save", self.file, *(arguments or (self.tree,))).finish()

    def run_once(self, *arguments):
        """The lines behind the first, up to that time."""
        watch = self.watch("-rj", *arguments)
        self.assertEqual(list(json.loads(watch.ready)), ["ready", "watches"])
        return watch.finish()

    def restored(self, *arguments):
        """The changes that are found."""
        lines = self.run_once("--restore", self.file, *arguments)
        self.assertEqual([json.loads(lines[at]) for at in (0, -1)],
                         [{"change": "rescan_begin"}, {"change": "rescan_end"}])
        changes = [json.loads(line) for line in lines[1:-1]]
        self.assertTrue(all(change.get("synthetic") for change in changes
                            if not change["change"].startswith("root_")), changes)
        return changes
