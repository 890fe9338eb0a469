#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""How many user-space instructions does reading an event take, by callgrind.

Each variant of bench_drain drains two different numbers of events; the figure is the difference in
instructions divided by the difference in events, so that work done once does not count. Callgrind
counts only below one function, which does nothing but drain. Unlike times, instructions do not
depend on the load of the machine.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BASELINES = ["bare", "bare_strlen"]
OTHERS = ["descriptor"]
LIBRARY = ["callback", "callback_any", "coroutine", "coroutine_any"]
FUNCTION = "asio_inotify_bench_counted"


def instructions(program, variant, record_size, events):
    with tempfile.NamedTemporaryFile(prefix="asio-inotify-bench-") as out:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=" + FUNCTION,
             "--callgrind-out-file=" + out.name, str(program), "--count", variant,
             "--events", str(events), "--record-size", str(record_size)],
            capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{variant}: {done.stderr}{done.stdout}")
    if json.loads(done.stdout)["events"] != events:
        sys.exit(f"{variant}: drained another number of events: {done.stdout}")
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, default=here / "bench_drain",
                        help="bench_drain; default: the one beside this script")
    parser.add_argument("--events", type=int, nargs=2, default=[4096, 12288],
                        help="two numbers, best of whole buffers (default: 4096 12288)")
    parser.add_argument("--record-size", type=int, nargs="+", default=[32, 16])
    parser.add_argument("--bound", type=float, default=4,
                        help="most that the library may take more than the cheaper of the bare "
                             "loops, per event")
    parser.add_argument("--check", action="store_true", help="exit with 1 if the bound is missed")
    options = parser.parse_args()
    if options.events[0] >= options.events[1]:
        parser.error("--events: the second number must be the larger one")
    if not options.program.is_file():
        parser.error(f"{options.program} is not there: build it, or name it with --program")

    rows = []
    for size in options.record_size:
        per_event = {}
        for variant in BASELINES + OTHERS + LIBRARY:
            few, many = (instructions(options.program, variant, size, n) for n in options.events)
            per_event[variant] = (many - few) / (options.events[1] - options.events[0])
        bare = min(per_event[variant] for variant in BASELINES)
        for variant, value in per_event.items():
            row = {"variant": variant, "record_size": size, "instructions_per_event": value,
                   "more_than_bare": value - bare}
            if variant in LIBRARY:
                row["met"] = value - bare <= options.bound
            rows.append(row)

    print(f"{'bytes':>5} {'variant':16} {'instructions/event':>18} {'more':>8}  bound")
    for row in rows:
        verdict = ""
        if "met" in row:
            verdict = f"<= {options.bound:g} {'met' if row['met'] else 'MISSED'}"
        print(f"{row['record_size']:5} {row['variant']:16} {row['instructions_per_event']:18.2f} "
              f"{row['more_than_bare']:8.2f}  {verdict}")
    met = all(row.get("met", True) for row in rows)
    print(json.dumps({"bench": "instructions", "parameters": {"events": options.events},
                      "figures": rows, "at_most": options.bound, "met": met}))
    return 1 if options.check and not met else 0


if __name__ == "__main__":
    sys.exit(main())
