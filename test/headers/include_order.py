#!/usr/bin/env python3
"""Check that the order of the public headers does not matter to users of the shared library: compile
each header that declares an object before all others, with its class used in between.

Usage: include_order.py INCLUDE_FOLDER COMPILER [ARG...]
"""
import pathlib
import re
import subprocess
import sys

include = pathlib.Path(sys.argv[1])
compiler = sys.argv[2:]

INCLUDES = re.compile(r'^#include <(asio_inotify[^>]*)>', re.MULTILINE)
CLASSES = ("basic_inotify", "basic_watch_set", "basic_file_watcher", "basic_tree_watcher")


def reached(header, seen):
    """All headers that a header includes, itself among them."""
    if header not in seen:
        seen.add(header)
        for name in INCLUDES.findall((include / header).read_text(encoding="utf-8")):
            reached(name, seen)
    return seen


def main():
    checked = 0
    failures = []
    for path in sorted((include / "asio_inotify").glob("*.hpp")):
        header = f"asio_inotify/{path.name}"
        names = reached(header, set())
        classes = [name for name in CLASSES if f"asio_inotify/{name}.hpp" in names]
        if not classes:
            continue
        checked += 1
        uses = "".join(f"static_assert(sizeof(asio_inotify::{name}<>) > 0);\n" for name in classes)
        text = f"#include <{header}>\n{uses}#include <asio_inotify.hpp>\n"
        run = subprocess.run([*compiler, "-Wall", "-Wextra", "-Wattributes", "-Werror",
                              f"-I{include}", "-fsyntax-only", "-x", "c++", "-"],
                             input=text, text=True, check=False, stderr=subprocess.PIPE)
        if run.returncode != 0:
            failures.append(f"{header} first:\n{run.stderr[:2000]}")
    if checked < 2 * len(CLASSES):
        sys.exit("not all headers of objects were found: the check does not work")
    if failures:
        sys.exit("\n".join(failures))


main()
