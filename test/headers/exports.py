#!/usr/bin/env python3
"""Fail if the shared library exports something that is not the project's own.

Usage: exports.py LIBRARY
"""
import re
import subprocess
import sys

# Weak symbols are templates and inline functions of Boost and the standard library, which every
# program that uses them has as well.
OURS = re.compile(r"^(vtable for |typeinfo for |typeinfo name for |guard variable for )?"
                  r"(non-virtual thunk to )?asio_inotify::")

symbols = subprocess.run(["nm", "-DC", "--defined-only", sys.argv[1]], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
strong = [line.split(None, 2)[2] for line in symbols.splitlines() if line.split(None, 2)[1] in "TDBR"]
if not any("asio_inotify::error_category()" in name for name in strong):
    sys.exit("error_category() is not exported: the check does not work")
strangers = [name for name in strong if not OURS.match(name)]
if strangers:
    sys.exit("exported, but not the project's: " + ", ".join(strangers))
