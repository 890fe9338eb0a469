//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/set/snapshot_checks.hpp"

#include <asio_inotify/tree_snapshot.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// Texts whose lines are right each, of trees that there cannot be.
BOOST_AUTO_TEST_SUITE(tree_check)

namespace {

using trees = asio_inotify::tree_snapshot;

std::string whole(std::string_view entries)
{
    auto const text = "asio-inotify tree 1\ntime 5\n" + std::string(entries);
    return text + test::end_line(text, test::count_lines(text) - 2);
}

// The entries, one a line, and which of these lines is refused.
void refuses(std::string_view entries, std::size_t line)
{
    BOOST_TEST_CONTEXT(entries)
    {
        test::snapshot_checks<trees>::is_malformed(whole(entries), line + 2);
    }
}

void accepts(std::string_view entries)
{
    boost::system::error_code ec;
    std::size_t line = 0;
    static_cast<void>(trees::from_text(whole(entries), ec, line));
    BOOST_TEST(!ec, entries << ": line " << line);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_entry_is_there_twice)
{
    refuses("root at=/a name=/a\nfile 1 name=f\nfile 1 name=f\n", 3);
    refuses("root at=/a name=/a\nfile 1 ino=1 name=f\ndir 1 name=f\n", 3);
    refuses("root at=/a name=/a\ndir 1 name=d\nfile 2 name=f\nfile 1 name=g\ndir 1 name=d\n", 5);
    refuses("root at=/a name=/a\ndir 1 name=\\xff\nfile 1 name=\\xff\n", 3);
    refuses("root at=/a name=/a\nroot at=/a name=/a\n", 2);
    refuses("root at=/a name=/a\nroot at=/b name=/b\npart at=/a name=/a\n", 3);
    refuses("root at=/a name=/a\npart at=/a/b name=/a/b\npart at=/a/b name=/a/b\n", 3);
    accepts("root at=/a name=/a\ndir 1 name=d\nfile 2 name=d\ndir 1 name=e\nfile 2 name=d\n"
            "root at=/b name=/b\nfile 1 name=d\n");
    accepts("root at=/a name=/a\nfile 1 name=f=x\nfile 1 name=g=x\n");
    // One directory that was given in two ways.
    accepts("root at=/a name=/a\nroot at=/a name=a\n");
}

BOOST_AUTO_TEST_CASE(two_directories_have_one_watch)
{
    refuses("root wd=1 at=/a name=/a\ndir 1 wd=1 name=d\n", 2);
    refuses("root wd=1 dev=1 ino=1 at=/a name=/a\ndir 1 wd=1 dev=1 ino=2 name=d\n", 2);
    refuses("root wd=1 at=/a name=/a\nroot wd=2 at=/b name=/b\ndir 1 wd=1 name=d\n", 3);
    // The same one, by a link or a mount.
    accepts("root wd=1 dev=1 ino=1 at=/a name=/a\ndir 1 wd=2 dev=1 ino=2 name=d\n"
            "dir 1 wd=2 dev=1 ino=2 name=l\n");
}

BOOST_AUTO_TEST_CASE(entries_below_what_has_none)
{
    refuses("root state=lost at=/a name=/a\nfile 1 name=f\n", 2);
    refuses("root at=/a name=/a\nfile 1 name=f\nfile 2 name=g\n", 3);
    refuses("root at=/a name=/a\npart at=/a/b name=/a/b\nfile 1 name=f\n", 3);
    accepts("root state=uncovered at=/a name=/a\ndir 1 state=uncovered name=d\nfile 2 name=f\n");
}

BOOST_AUTO_TEST_CASE(a_root_that_is_opened_elsewhere)
{
    refuses("root at=/etc name=/a\n", 1);
    refuses("root at=/a/b name=/a\n", 1);
    refuses("root at=/srv/ab name=b\n", 1);
    refuses("root at=/b name=b/\n", 1);
    refuses("root at=/b/ name=/b/\n", 1);
    refuses("root at=/a name=/a\npart at=/etc name=/a/b\n", 2);
    refuses("root at=/" + std::string(4095, 'a') + " name=/" + std::string(4095, 'a') + '\n', 1);
    accepts("root at=//b name=b\nroot at=/ name=/\nroot at=/srv/../x name=../x\n");
}

BOOST_AUTO_TEST_CASE(parts_of_no_root)
{
    refuses("part at=/a/b name=/a/b\n", 1);
    refuses("part at=/a/b name=/a/b\nroot at=/a name=/a\n", 2);
    refuses("root at=/a name=/a\npart at=/ab name=/ab\n", 2);
    refuses("root at=/a/b/c name=/a/b/c\npart at=/a/b name=/a/b\n", 2);
    // A part of a part.
    refuses("root at=/b name=/b\npart at=/a name=/a\npart at=/a/b name=/a/b\n", 2);
    accepts("root at=/ name=/\npart at=/a name=/a\npart at=/a/b/c name=/a/b/c\n");
    accepts("root at=/srv/. name=.\npart at=/srv/./a name=./a\n");
}

BOOST_AUTO_TEST_CASE(a_root_inside_a_root)
{
    constexpr std::string_view inner = "root at=/a/b/c name=/a/b/c\nfile 1 name=f\n";
    constexpr std::string_view outer = "root at=/a name=/a\ndir 1 name=b\ndir 2 name=c\n";
    auto const after = [](std::string_view first, std::string_view second) {
        return std::string(first) + std::string(second);
    };
    refuses(after(outer, inner), 4);
    refuses(after(inner, outer), 1);
    refuses(after("root at=/ name=/\ndir 1 name=a\n", "root at=/a name=/a\n"), 3);
    refuses(after("root at=/srv/. name=.\ndir 1 name=a\n", "root at=/srv/./a name=./a\n"), 3);
    // Other directories of the tree lie between.
    refuses(after("root at=/a name=/a\ndir 1 name=a\ndir 2 name=b\ndir 3 name=c\ndir 1 name=b\n"
                  "file 2 name=x\ndir 2 name=c\nfile 3 name=y\n",
                  inner),
            9);
    // Of three, one inside the other, the middle one is in the outer one's tree.
    refuses(after("root at=/a name=/a\ndir 1 name=b\nroot at=/a/b name=/a/b\n", inner), 3);
    // The outer tree does not have it: it is excluded, or a link, or not there.
    accepts(after("root at=/a name=/a\ndir 1 name=b\nfile 2 name=c\n", inner));
    accepts(after("root at=/a name=/a\nfile 1 name=b\n", inner));
    accepts(after("root at=/a name=/a\ndir 1 name=b\ndir 2 name=b\ndir 3 name=c\n", inner));
    accepts(after("root at=/a/b name=/a/b\ndir 1 name=cc\ndir 1 name=b\n", inner));
}

BOOST_AUTO_TEST_SUITE_END()
