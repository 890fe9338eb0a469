#!/usr/bin/env python3
"""Fail if the public headers define a macro that has not the project's prefix.

Usage: macros.py COMPILER [ARG...]
"""
import subprocess
import sys

BEFORE = """
#include <boost/asio.hpp>
#include <boost/version.hpp>
#include <boost/system/is_error_code_enum.hpp>
#include <atomic>
#include <bit>
#include <compare>
#include <concepts>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <ranges>
#include <string>
#include <vector>
"""


def macros(compiler, source):
    text = subprocess.run([*compiler, "-x", "c++", "-E", "-dM", "-"], input=source, text=True,
                          check=True, stdout=subprocess.PIPE).stdout
    return {line.split()[1].split("(")[0] for line in text.splitlines()}


def main():
    compiler = sys.argv[1:]
    before = macros(compiler, BEFORE)
    after = macros(compiler, BEFORE + "#include <asio_inotify.hpp>\n")
    ours = after - before
    if not any(name.startswith("ASIO_INOTIFY_") for name in ours):
        sys.exit("no macro of the project's was seen: the check does not work")
    # Names with an underscore and a capital are the standard library's own.
    strangers = sorted(name for name in ours
                       if not name.startswith(("ASIO_INOTIFY_", "BOOST_", "_")))
    if strangers:
        sys.exit("macros without the project's prefix: " + ", ".join(strangers))


main()
