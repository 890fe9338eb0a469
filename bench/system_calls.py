#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""How many system calls does adding a watch take, by strace.

bench_add prepares the same files each time and adds two different numbers of them. The figures are
the differences in each system call divided by the difference in files, so that work done once does
not count.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

EXPECTED = {
    "bare_add": {"inotify_add_watch": 1},
    "bare_add_at": {"inotify_add_watch": 1, "ioctl": 1},
    "add": {"inotify_add_watch": 1},
    "add_at": {"inotify_add_watch": 1, "ioctl": 1},
}


def system_calls(program, variant, files, adds):
    with tempfile.NamedTemporaryFile(prefix="asio-inotify-bench-", mode="r") as out:
        subprocess.run(
            ["strace", "-f", "-c", "-o", out.name, str(program), "--count", variant,
             "--files", str(files), "--adds", str(adds)],
            stdout=subprocess.DEVNULL, check=True)
        lines = out.read().splitlines()
    counts = {}
    for line in lines:
        # % time, seconds, usecs/call, calls, errors (if any), name
        parts = line.split()
        if len(parts) in (5, 6) and parts[0][0].isdigit() and parts[-1] != "total":
            counts[parts[-1]] = int(parts[3])
    return counts


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, default=here / "bench_add",
                        help="bench_add; default: the one beside this script")
    parser.add_argument("--adds", type=int, nargs=2, default=[100, 1100])
    parser.add_argument("--check", action="store_true",
                        help="exit with 1 if a call takes other system calls than it should")
    options = parser.parse_args()
    few, many = options.adds
    if few >= many:
        parser.error("--adds: the second number must be the larger one")
    if not options.program.is_file():
        parser.error(f"{options.program} is not there: build it, or name it with --program")

    rows = []
    for variant, expected in EXPECTED.items():
        first, second = (system_calls(options.program, variant, many, n) for n in options.adds)
        names = sorted(set(first) | set(second))
        # Rounded, as creating a temporary directory takes one attempt or two.
        calls = {name: round((second.get(name, 0) - first.get(name, 0)) / (many - few), 2)
                 for name in names}
        calls = {name: count for name, count in calls.items() if count != 0}
        rows.append({"variant": variant, "calls": calls, "met": calls == expected})

    for row in rows:
        text = ", ".join(f"{count:g} {name}" for name, count in row["calls"].items())
        print(f"{row['variant']:12} {text:40} {'as it should be' if row['met'] else 'WRONG'}")
    met = all(row["met"] for row in rows)
    print(json.dumps({"bench": "system_calls", "parameters": {"adds": options.adds},
                      "figures": rows, "met": met}))
    return 1 if options.check and not met else 0


if __name__ == "__main__":
    sys.exit(main())
