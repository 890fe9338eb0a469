#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""How many user-space instructions does a change of a tree take, by callgrind.

As bench_instructions: bench_tree_drain drains two different numbers of events, and the figure is
the difference in instructions divided by the difference in events, so that work done once does not
count. "tree" is the tree watcher, "leaf" an inotify object that reads the same events.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FUNCTION = "asio_inotify_bench_counted"


def instructions(program, variant, events):
    with tempfile.NamedTemporaryFile(prefix="asio-inotify-bench-") as out:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=" + FUNCTION,
             "--callgrind-out-file=" + out.name, str(program), "--count", variant,
             "--events", str(events)],
            capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{variant}: {done.stderr}{done.stdout}")
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, default=here / "bench_tree_drain",
                        help="bench_tree_drain; default: the one beside this script")
    parser.add_argument("--events", type=int, nargs=2, default=[4096, 12288],
                        help="two numbers, best of whole batches (default: 4096 12288)")
    parser.add_argument("--bound", type=float, default=250,
                        help="most instructions that a change may take")
    parser.add_argument("--check", action="store_true", help="exit with 1 if the bound is missed")
    options = parser.parse_args()
    if options.events[0] >= options.events[1]:
        parser.error("--events: the second number must be the larger one")
    if not options.program.is_file():
        parser.error(f"{options.program} is not there: build it, or name it with --program")

    figures = {}
    for variant in ["leaf", "tree"]:
        few, many = (instructions(options.program, variant, n) for n in options.events)
        figures[variant] = (many - few) / (options.events[1] - options.events[0])
    met = figures["tree"] <= options.bound
    print(f"inotify      {figures['leaf']:10.2f} instructions/event")
    print(f"tree watcher {figures['tree']:10.2f} instructions/change  <= {options.bound:g} "
          f"{'met' if met else 'MISSED'}")
    print(json.dumps({"bench": "tree_instructions", "parameters": {"events": options.events},
                      "figures": figures, "at_most": options.bound, "met": met}))
    return 1 if options.check and not met else 0


if __name__ == "__main__":
    sys.exit(main())
