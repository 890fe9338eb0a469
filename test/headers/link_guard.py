#!/usr/bin/env python3
"""Check that a program links with the library if it is compiled with the same settings of Asio, and
that otherwise the linker names the settings that the library does not have.

Usage: link_guard.py LIBRARY COMPILER [ARG...]
"""
import os
import re
import subprocess
import sys
import tempfile

library, *compiler = sys.argv[1:]

OBJECTS = ("inotify", "watch_set", "file_watcher", "tree_watcher")

# What the program is compiled with, and what the linker must miss then. Asio spells the first half.
DIFFERENCES = [
    (["-DBOOST_ASIO_DISABLE_EPOLL"], {"reactor_select"}),
    (["-DBOOST_ASIO_DISABLE_EPOLL", "-DBOOST_ASIO_HAS_IO_URING"], {"reactor_io_uring"}),
    (["-DBOOST_ASIO_HAS_IO_URING", "-DBOOST_ASIO_HAS_IO_URING_AS_DEFAULT"],
     {"reactor_io_uring_beside_epoll"}),
    (["-DBOOST_ASIO_DISABLE_EVENTFD"], {"eventfd_disabled"}),
    (["-DBOOST_ASIO_DISABLE_THREADS"], {"threads_disabled"}),
    (["-DBOOST_ASIO_DISABLE_THREAD_KEYWORD_EXTENSION"], {"thread_keyword_disabled"}),
    (["-DBOOST_ASIO_DISABLE_STD_ATOMIC"], {"std_atomic_disabled"}),
    (["-DBOOST_ASIO_ENABLE_HANDLER_TRACKING"], {"handler_tracking_enabled"}),
    (["-DBOOST_ASIO_ENABLE_BUFFER_DEBUGGING"], {"buffer_debugging_enabled"}),
    (["-DBOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING"], {"small_block_recycling_disabled"}),
    (["-DBOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=7"], {"recycling_allocator_cache_size_7"}),
    (["-DBOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT"], {"ts_executor_as_default_enabled"}),
    (["-fno-exceptions"], {"exceptions_disabled"}),
    (["-fno-rtti"], {"typeid_disabled"}),
    (["-D_GLIBCXX_DEBUG"], {"glibcxx_debug_enabled", "buffer_debugging_enabled"}),
    # Several at once, and with what drops sections that nothing refers to.
    (["-DBOOST_ASIO_DISABLE_THREADS", "-DBOOST_ASIO_DISABLE_EPOLL", "-O2", "-ffunction-sections",
      "-fdata-sections", "-Wl,--gc-sections"], {"threads_disabled", "reactor_select"}),
]
# Differences without consequences.
ALIKE = [
    ["-DBOOST_ASIO_NO_DEPRECATED", "-DBOOST_ASIO_NO_TS_EXECUTORS"],
    ["-DBOOST_ASIO_HAS_IO_URING", "-DBOOST_ASIO_DISABLE_FENCED_BLOCK", "-O2"],
]

failures = []


def link(folder, text, flags):
    """Compile and link: (whether it worked, the names that the linker missed, what was printed)."""
    source = os.path.join(folder, "program.cpp")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    run = subprocess.run(
        [*compiler, *flags, source, library, "-pthread", "-o", os.path.join(folder, "program")],
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "LC_ALL": "C"})
    missing = set(re.findall(r"undefined [^\n]*\bbuilt_with::(\w+)", run.stdout))
    return run.returncode == 0, missing, run.stdout


def require(folder, text, flags, expected):
    linked, missing, output = link(folder, text, flags)
    if linked == bool(expected) or missing != expected:
        failures.append(f"{' '.join(flags) or 'no flags'}: linked: {linked}, missing: {missing}, "
                        f"expected: {expected or 'nothing'}\n{output[:2000]}\n{text}")


def program(objects):
    includes = "".join(f"#include <asio_inotify/{name}.hpp>\n" for name in objects)
    variables = "".join(f"    asio_inotify::{name} {name}(context.get_executor());\n"
                        for name in objects)
    return (f"{includes}#include <boost/asio/io_context.hpp>\n"
            f"int main()\n{{\n    boost::asio::io_context context;\n{variables}}}\n")


def main():
    guard_alone = "#include <asio_inotify/detail/link_guard.hpp>\nint main() {}\n"
    with tempfile.TemporaryDirectory() as folder:
        for flags, expected in DIFFERENCES:
            require(folder, guard_alone, flags, expected)
        for flags in ALIKE:
            require(folder, guard_alone, flags, set())

        # The headers of another Boost.
        os.mkdir(os.path.join(folder, "boost"))
        with open(os.path.join(folder, "boost", "version.hpp"), "w", encoding="utf-8") as file:
            file.write("#include_next <boost/version.hpp>\n"
                       "#undef BOOST_VERSION\n#define BOOST_VERSION 199900\n")
        require(folder, guard_alone, ["-I" + folder], {"boost_199900"})

        # Each object brings the guard with it, also where nothing is inlined.
        require(folder, program(OBJECTS), ["-O0"], set())
        for name in OBJECTS:
            require(folder, program([name]), ["-O0", "-DBOOST_ASIO_DISABLE_THREADS"],
                    {"threads_disabled"})
    if failures:
        sys.exit("\n".join(failures))


main()
