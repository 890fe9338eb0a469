#!/usr/bin/env python3
#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#
"""Check that the documentation and the code say the same.

check_docs.py code_blocks ROOT WORK COMPILER [FLAG...]
    Compile every ```cpp block of README.md and docs/*.md. An HTML comment on the line before the
    block says what it is:
        <!-- from: FILE -->      is word for word in FILE, which the build compiles
        <!-- in: coroutine -->   the inside of a coroutine, see PRELUDE below
        <!-- in: function -->    the inside of a function
        <!-- in: file -->        declarations
    A block without a comment is a program.

check_docs.py experiments ROOT WORK C_COMPILER
    Compile and run docs/experiments/*.c; the expected output is in a comment at its end. One that
    lacks a privilege ends with 77.

check_docs.py async_headings ROOT
    Every public async_* function has the paragraphs that an asynchronous one needs.

check_docs.py public_headers ROOT
    Every public header is in README.md's table and in asio_inotify.hpp, and nothing else is.

check_docs.py references ROOT
    Every relative link leads to a file and a heading that exist, every kernel note that the code
    cites exists, and every example is in example/CMakeLists.txt.
"""

import difflib
import pathlib
import re
import subprocess
import sys

# What blocks can use. All wrapped blocks go into one file, as Asio's headers cost more than they.
PRELUDE = """\
#include <asio_inotify.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::add_options;
using asio_inotify::event_mask;
using asio_inotify::tree_change_mask;
using asio_inotify::watch_descriptor;
"""

PARAMETERS = """\
[[maybe_unused]] asio::io_context& context, [[maybe_unused]] asio_inotify::inotify& in,
[[maybe_unused]] asio_inotify::watch_set& set, [[maybe_unused]] asio_inotify::tree_watcher& trees,
[[maybe_unused]] asio_inotify::event_buffer<>& buffer"""

WRAPPERS = {
    "coroutine": (
        f"asio::awaitable<void> block({PARAMETERS});\n"
        f"asio::awaitable<void> block({PARAMETERS})\n{{",
        "co_return;\n}",
    ),
    "function": (f"void block({PARAMETERS});\nvoid block({PARAMETERS})\n{{", "}"),
    "file": ("", ""),
}

failures = []


def fail(path, line, text):
    failures.append(f"{path}:{line}: {text}")


def pages(root):
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


class Block:
    """A fenced block of code in a page."""

    def __init__(self, path, line, language, comment):
        self.path = path
        self.line = line  # of its first line of code
        self.language = language
        self.comment = comment
        self.code = ""


def blocks(path):
    found = []
    block = None
    previous = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if block is None and line.startswith("```"):
            comment = re.fullmatch(r"<!-- (in|from): (\S+) -->", previous)
            block = Block(path, number + 1, line[3:].strip(), comment.groups() if comment else None)
        elif block is not None and line == "```":
            found.append(block)
            block = None
        elif block is not None:
            block.code += line + "\n"
        previous = line
    if block is not None:
        fail(path, block.line, "the block has no end")
    return found


def compile_file(compiler, path):
    result = subprocess.run([*compiler, str(path)], check=False)
    if result.returncode != 0:
        fail(path, 1, "does not compile")


def code_blocks(root, work, *compiler):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    fragments = PRELUDE
    programs = []
    total = 0
    for page in pages(root):
        for block in blocks(page):
            if block.language == "":
                fail(page, block.line - 1, "the block names no language")
            if block.language != "cpp":
                continue
            total += 1
            located = f'#line {block.line} "{page}"\n{block.code}'
            kind, what = block.comment or (None, None)
            if kind == "from":
                file = root / what
                # Indented as in the file or less, so that a part of a function can be shown.
                if not file.is_file() or not contains(file.read_text("utf-8"), block.code):
                    fail(page, block.line, f"is not word for word in {what}")
            elif kind == "in" and what in WRAPPERS:
                before, after = WRAPPERS[what]
                fragments += (
                    f"namespace block_{total} {{\n{before}\n{located}\n{after}\n"
                    f"}} // namespace block_{total}\n"
                )
            elif kind == "in":
                fail(page, block.line, f"'in: {what}' is not known")
            elif not re.search(r"^int main\(", block.code, re.M):
                fail(page, block.line, "is no program, and no comment says where it belongs")
            else:
                programs.append(work / f"program_{total}.cpp")
                programs[-1].write_text(located, encoding="utf-8")
    if total == 0:
        fail(root, 0, "no block found")
    file = work / "fragments.cpp"
    file.write_text(fragments, encoding="utf-8")
    for source in [file, *programs]:
        compile_file([*compiler, "-fsyntax-only"], source)
    print(f"{total} blocks")


def contains(text, code):
    lines = text.splitlines()
    wanted = code.splitlines()
    for start in range(len(lines) - len(wanted) + 1):
        indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
        indent = indent[: max(0, len(indent) - (len(wanted[0]) - len(wanted[0].lstrip())))]
        if all(
            line == (indent + want if want else "")
            for line, want in zip(lines[start:], wanted)
        ):
            return True
    return False


def experiments(root, work, compiler):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    sources = sorted((root / "docs" / "experiments").glob("*.c"))
    if not sources:
        fail(root / "docs/experiments", 0, "no experiment found")
    for source in sources:
        text = source.read_text(encoding="utf-8")
        comment = re.search(r"^/\* Output:\n((?: \* .*\n)+) \*/\n\Z", text, re.M)
        if not comment:
            fail(source, 1, "does not say at its end what it prints")
            continue
        expected = re.sub(r"^ \* ", "", comment[1], flags=re.M)
        program = work / source.stem
        result = subprocess.run(
            [compiler, "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
            + ["-o", str(program), str(source)],
            check=False,
        )
        if result.returncode != 0:
            fail(source, 1, "does not compile")
            continue
        result = subprocess.run([program], check=False, stdout=subprocess.PIPE, timeout=30)
        output = result.stdout.decode()
        if result.returncode == 77:
            print(f"{source.name} cannot show it here")
            continue
        if result.returncode != 0 or output != expected:
            fail(source, 1, f"ended with {result.returncode} and printed something else")
            sys.stderr.writelines(
                difflib.unified_diff(
                    expected.splitlines(True), output.splitlines(True), "expected", "printed"
                )
            )
    print(f"{len(sources)} experiments")


def public_header_files(root):
    include = root / "include"
    return sorted(
        path.relative_to(include).as_posix()
        for path in include.rglob("*.hpp")
        if not {"detail", "impl"} & set(path.relative_to(include).parts)
    )


def async_headings(root):
    wanted = [
        "Completion Signature",
        "Per-Operation Cancellation",
        "Object Lifetimes",
        "Errors",
    ]
    declaration = re.compile(r"^\s*(?:\[\[nodiscard\]\]\s*)?(?:auto|[\w:<>]+)\s+(async_\w+)\(", re.M)
    total = 0
    for name in public_header_files(root):
        path = root / "include" / name
        text = path.read_text(encoding="utf-8")
        for match in declaration.finditer(text):
            total += 1
            line = text.count("\n", 0, match.start(1)) + 1
            # The comment that ends last before the declaration, with nothing but its template
            # parameters in between.
            start = text.rfind("/**", 0, match.start())
            end = text.find("*/", start)
            between = text[end + 2 : match.start(1)]
            if start < 0 or end > match.start() or re.search(r"[;{}]", between):
                fail(path, line, f"{match[1]} has no comment")
                continue
            comment = text[start:end]
            for heading in wanted:
                if not re.search(rf"@par {heading}$", comment, re.M):
                    fail(path, line, f"{match[1]} has no '@par {heading}'")
    if total < 2:
        fail(root / "include", 0, f"{total} async_* functions found")
    print(f"{total} functions")


def public_headers(root):
    headers = public_header_files(root)
    umbrella = "asio_inotify.hpp"
    text = (root / "include" / umbrella).read_text(encoding="utf-8")
    included = re.findall(r"^#include <(.*)>$", text, re.M)
    text = (root / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `<(asio_inotify[^>]*\.hpp)>` \|", text, re.M)
    for place, names, wanted in (
        (f"include/{umbrella}", included, [h for h in headers if h != umbrella]),
        ("README.md", listed, headers),
    ):
        for name in sorted(set(wanted) - set(names)):
            fail(place, 1, f"<{name}> is missing")
        for name in sorted(set(names) - set(wanted)):
            fail(place, 1, f"<{name}> is no public header")
        if len(set(names)) != len(names):
            fail(place, 1, "a header is listed twice")
    print(f"{len(headers)} headers")


def headings(path):
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {
        re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.M)
    }


def references(root):
    for page in pages(root) + [root / "CHANGELOG.md"]:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"\]\(([^)\s]+)\)", text):
            target, _, anchor = match[1].partition("#")
            line = text.count("\n", 0, match.start()) + 1
            if re.match(r"\w+:", target):
                continue
            file = page.parent / target if target else page
            if not file.exists():
                fail(page, line, f"there is no {target}")
            elif anchor and anchor not in headings(file):
                fail(page, line, f"there is no heading for {match[1]}")

    page = root / "docs" / "kernel-notes.md"
    notes = re.findall(r"^- \*\*(\w+\.\d+)\*\* ", page.read_text(encoding="utf-8"), re.M)
    if len(set(notes)) != len(notes):
        fail(page, 1, "a number is there twice")
    cited = 0
    for folder in ("include", "src", "tools", "bench", "test", "example", "docs"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".hpp", ".cpp", ".c", ".md") or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            for match in re.finditer(r"kernel notes? ((?:\w+\.\d+(?:,| to| and)? ?)+)", text):
                for number in re.findall(r"\w+\.\d+", match[1]):
                    cited += 1
                    if number not in notes:
                        line = text.count("\n", 0, match.start()) + 1
                        fail(path, line, f"there is no kernel note {number}")
    if cited == 0:
        fail(root, 0, "no kernel note is cited")

    built = (root / "example" / "CMakeLists.txt").read_text(encoding="utf-8").split()
    readme = (root / "README.md").read_text(encoding="utf-8")
    for path in sorted((root / "example").glob("*.cpp")):
        if path.stem not in " ".join(built).replace(")", " ").split():
            fail(path, 1, "is not in example/CMakeLists.txt")
        if f"(example/{path.name})" not in readme:
            fail(path, 1, "is not in README.md")
    print(f"{len(notes)} notes, cited {cited} times")


CHECKS = {
    check.__name__: check
    for check in (code_blocks, experiments, async_headings, public_headers, references)
}


def main():
    name, root, *rest = sys.argv[1:]
    CHECKS[name](pathlib.Path(root), *rest)
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
