//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <climits>
#include <filesystem>

namespace fs = std::filesystem;

// Numbers that the kernel chooses, and what the next one is (kernel notes 1.9 to 1.13).
BOOST_FIXTURE_TEST_SUITE(numbers_add, test::instance)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(begin_at_1_and_go_up)
{
    for (int expected = 1; expected != 6; ++expected) {
        BOOST_TEST(add_new().value() == expected);
    }
    // A number that became free is not used again.
    in.remove(wd(5));
    in.remove(wd(3));
    BOOST_TEST(add_new().value() == 6);
}

BOOST_AUTO_TEST_CASE(an_inode_has_one_number_whatever_its_path)
{
    auto const file = new_file();
    fs::create_hard_link(file, dir / "hard");
    fs::create_symlink(file, dir / "soft");
    fs::create_directory(dir / "sub");
    auto const number = in.add(file, event_mask::modify);
    BOOST_TEST(in.add(file, event_mask::open) == number);
    BOOST_TEST(in.add(dir / "hard", event_mask::open) == number);
    BOOST_TEST(in.add(dir / "soft", event_mask::open) == number);
    BOOST_TEST(in.add(dir / "sub/../soft", event_mask::open) == number);
    // The link itself is another inode.
    BOOST_TEST(in.add(dir / "soft", event_mask::attrib, add_options::dont_follow).value() == 2);
    BOOST_TEST(test::live(in.native_handle()) == (std::vector{1, 2}),
               boost::test_tools::per_element());
    BOOST_TEST(add_new().value() == 3);
}

BOOST_AUTO_TEST_CASE(adding_again_keeps_the_cursor)
{
    auto const file = new_file();
    in.add_at(wd(10), file, event_mask::open);
    in.set_next_watch_descriptor(wd(20));
    BOOST_TEST(in.add(file, event_mask::modify).value() == 10);
    BOOST_TEST(in.add(file, event_mask::modify, add_options::merge_mask).value() == 10);
    BOOST_TEST(add_new().value() == 20);
}

BOOST_AUTO_TEST_CASE(adding_again_replaces_the_mask)
{
    auto const file = dir.write("file");
    in.add(file, event_mask::modify, add_options::one_shot);
    in.add(file, event_mask::open);
    // The flags are gone as well: the watch lives on after its first event.
    dir.write("file");
    dir.write("file");
    test::expect_events(test::drain(in), {"1 open"});
    dir.write("file");
    test::expect_events(test::drain(in), {"1 open"});
    BOOST_TEST(test::live(in.native_handle()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(merging_adds_to_the_mask)
{
    auto const file = dir.write("file");
    in.add(file, event_mask::open);
    BOOST_TEST(in.add(file, event_mask::close_write, add_options::merge_mask).value() == 1);
    dir.write("file");
    test::expect_events(test::drain(in), {"1 open", "1 close_write"});
}

BOOST_AUTO_TEST_CASE(merging_into_nothing_is_a_new_watch)
{
    auto const file = dir.write("file");
    BOOST_TEST(in.add(file, event_mask::open, add_options::merge_mask).value() == 1);
    BOOST_TEST(add_new().value() == 2);
    dir.write("file");
    test::expect_events(test::drain(in), {"1 open"});
}

BOOST_AUTO_TEST_CASE(create_only_refuses_a_watched_inode)
{
    auto const file = new_file();
    in.add(file, event_mask::open, add_options::exclude_unlinked);
    auto const before = account();
    error_code ec;
    BOOST_TEST(!in.add(file, event_mask::all, add_options::create_only, ec));
    BOOST_TEST(ec == boost::system::errc::file_exists);
    BOOST_TEST((ec.category() == boost::system::system_category()));
    BOOST_TEST(account() == before);
    BOOST_TEST(in.add(new_file(), event_mask::all, add_options::create_only).value() == 2);
}

BOOST_AUTO_TEST_CASE(after_a_chosen_number_the_next_ones_follow)
{
    in.add_at(wd(1000), new_file(), event_mask::all);
    for (int expected = 1001; expected != 1004; ++expected) {
        BOOST_TEST(add_new().value() == expected);
    }
}

BOOST_AUTO_TEST_CASE(numbers_in_use_are_passed_over)
{
    in.add_at(wd(51), new_file(), event_mask::all);
    in.add_at(wd(50), new_file(), event_mask::all);
    BOOST_TEST(add_new().value() == 52);
    in.set_next_watch_descriptor(wd(50));
    BOOST_TEST(add_new().value() == 53);
}

BOOST_AUTO_TEST_CASE(behind_the_highest_comes_the_first_free)
{
    add_new();
    in.add_at(test::watch_descriptor::highest(), new_file(), event_mask::all);
    BOOST_TEST(add_new().value() == 2);
    BOOST_TEST(add_new().value() == 3);
    in.set_next_watch_descriptor(wd(INT_MAX));
    BOOST_TEST(add_new().value() == 4);
}

BOOST_AUTO_TEST_CASE(setting_the_next_number)
{
    in.set_next_watch_descriptor(wd(7));
    BOOST_TEST(add_new().value() == 7);
    in.set_next_watch_descriptor(wd(3));
    BOOST_TEST(add_new().value() == 3);
    BOOST_TEST(add_new().value() == 4);
    in.set_next_watch_descriptor(wd(INT_MAX));
    BOOST_TEST(add_new().value() == INT_MAX);
    BOOST_TEST(add_new().value() == 1);
    for (int const value : {0, -1, INT_MIN, INT_MIN + 1}) {
        error_code ec;
        in.set_next_watch_descriptor(wd(value), ec);
        BOOST_TEST(ec == error::watch_descriptor_out_of_range);
    }
    BOOST_TEST(add_new().value() == 2);
}

BOOST_AUTO_TEST_CASE(asking_for_support_changes_nothing)
{
    in.add_at(wd(100), new_file(), event_mask::all);
    auto const before = account();
    for (int i = 0; i != 3; ++i) {
        error_code ec = error::no_such_watch;
        BOOST_TEST(in.supports_set_next(ec));
        BOOST_TEST(!ec);
        BOOST_TEST(in.supports_set_next());
    }
    BOOST_TEST(account() == before);
    BOOST_TEST(in.available() == 0U);
    BOOST_TEST(add_new().value() == 101);
}

BOOST_AUTO_TEST_CASE(removing)
{
    auto const number = add_new();
    in.remove(number);
    for (int const value : {1, 2, 0, -1, 12345, INT_MAX, INT_MIN}) {
        error_code ec;
        in.remove(wd(value), ec);
        BOOST_TEST(ec == error::no_such_watch, value);
    }
    test::expect_events(test::drain(in), {"1 ignored"});
    BOOST_TEST(test::live(in.native_handle()).empty());
    BOOST_CHECK_EXCEPTION(in.remove(number), boost::system::system_error, [](auto const& e) {
        return e.code() == error::no_such_watch && std::string(e.what()).starts_with("remove 1: ");
    });
}

BOOST_AUTO_TEST_SUITE_END()
