//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/read_rename.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(rename_reader)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::evidence;

using fixture = test::read_rename;

BOOST_AUTO_TEST_CASE(a_pair_without_its_second_event)
{
    fixture f;
    f.add_file("/r", "a");
    f.read("1 from 7 a");
    f.expect("needs time", "needs time", "moved out");
    f.read("2 to 8 b");
    f.expect("needs time", "needs time", "moved out");
    f.read("2 to 7 b");
    f.expect("moved");
}

BOOST_AUTO_TEST_CASE(moved_to_a_directory_that_is_in_no_tree)
{
    fixture f;
    f.add_file("/r", "a");
    f.read("1 from 7 a, 9 to 7 b");
    f.expect("moved out");
}

BOOST_AUTO_TEST_CASE(the_verdict_says_where)
{
    fixture f;
    f.add_file("/r", "a");
    f.read("1 from 7 a, 2 to 7 b");
    auto const v = f.reader.read(f.queue.front(), evidence::read);
    BOOST_TEST(v.source == f.root);
    BOOST_TEST(v.target == f.target);
    BOOST_TEST(v.to.value().name == "b");
    BOOST_TEST(!v.is_target_unknown);
}

/// A directory "/r/x" with the watch descriptor 5, recent or not.
struct directory_moved : fixture
{
    explicit directory_moved(std::string const& text, int wd = 5)
    {
        x = add_directory("/r", "x", wd);
        read(text);
    }

    dir_id x;
};

BOOST_AUTO_TEST_CASE(a_directory_that_reports_its_move_was_renamed)
{
    directory_moved f("1 from 7 x dir, 2 to 7 y dir, 5 self");
    f.recent.add(f.x);
    f.expect("moved");
}

BOOST_AUTO_TEST_CASE(a_directory_that_does_not_report_its_move_came_later_if_anything_is_recent)
{
    for (auto const which : {0, 1, 2}) {
        BOOST_TEST_CONTEXT("recent: " << which)
        {
            directory_moved f("1 from 7 x dir, 2 to 7 y dir");
            f.recent.add(which == 0 ? f.root : which == 1 ? f.target : f.x);
            f.expect("needs queue", "moved, newer", "moved, newer");
            // The next event of the two parents comes after the move of the directory itself.
            f.read("1 create z");
            f.expect("moved, newer");
        }
    }
    directory_moved f("1 from 7 x dir, 2 to 7 y dir");
    f.expect("moved");
}

BOOST_AUTO_TEST_CASE(a_directory_without_a_watch_reports_nothing)
{
    directory_moved f("1 from 7 x dir, 2 to 7 y dir", 0);
    f.recent.add(f.root);
    f.expect("moved");
}

BOOST_AUTO_TEST_CASE(a_recent_directory_is_where_it_is_on_disk)
{
    directory_moved f("1 from 7 x dir, 2 to 7 y dir, 1 create z");
    f.recent.add(f.x);
    f.expect("moved, newer");
    // It moved after it was found and before it was watched.
    f.move_on_disk("/r/x", "/r/t/y");
    f.expect("moved");
    f.move_on_disk("/r/t/y", "/o");
    f.expect("moved, gone");
    // A different one has its name.
    f.tree.port.put_directory("/r/x", 999);
    f.expect("moved, gone");
}

BOOST_AUTO_TEST_CASE(an_older_directory_is_not_looked_up)
{
    directory_moved f("1 from 7 x dir, 2 to 7 y dir, 1 create z");
    f.recent.add(f.root);
    f.move_on_disk("/r/x", "/o");
    f.expect("moved, newer");
}

BOOST_AUTO_TEST_CASE(a_parent_at_several_places)
{
    for (auto const wd : {1, 2}) {
        fixture f;
        auto const x = f.add_directory("/r", "x", 5);
        f.recent.add(x);
        f.tree.model.assign_watch(f.add_directory("/r", "again", 0), wd);
        f.read("1 from 7 x dir, 2 to 7 y dir, 1 create z");
        // Each place is compared when it is applied.
        f.expect("moved");
    }
}

BOOST_AUTO_TEST_SUITE_END()
