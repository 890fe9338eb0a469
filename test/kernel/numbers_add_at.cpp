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

// Numbers that the caller chooses.
BOOST_FIXTURE_TEST_SUITE(numbers_add_at, test::instance)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(exactly_the_wanted_number)
{
    // Up, down, next to each other, and the ends.
    std::vector<int> expected;
    for (int const value : {42, 7, 43, 41, 1, 0x34d71d6, INT_MAX, INT_MAX - 1, 2, 65536}) {
        in.add_at(wd(value), new_file(), event_mask::all);
        expected.push_back(value);
    }
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(test::live(in.native_handle()) == expected, boost::test_tools::per_element());
    BOOST_TEST(in.available() == 0U);
}

BOOST_AUTO_TEST_CASE(events_carry_the_number)
{
    in.add_at(wd(INT_MAX), dir.path(), event_mask::create);
    dir.write("new");
    test::expect_events(test::drain(in), {std::to_string(INT_MAX) + " create new"});
}

BOOST_AUTO_TEST_CASE(no_number_at_all)
{
    add_new();
    auto const before = account();
    for (int const value : {0, -1, -2, INT_MIN, INT_MIN + 1}) {
        error_code ec;
        in.add_at(wd(value), new_file(), event_mask::all, ec);
        BOOST_TEST(ec == error::watch_descriptor_out_of_range);
        // Found first, and without a system call that resolves the path.
        in.add_at(wd(value), "/does/not/exist", event_mask::none, ec);
        BOOST_TEST(ec == error::watch_descriptor_out_of_range);
    }
    BOOST_TEST(account() == before);
    BOOST_TEST(add_new().value() == 2);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_taken)
{
    in.add_at(wd(50), new_file(), event_mask::all);
    in.add_at(wd(51), new_file(), event_mask::all);
    auto const before = account();
    auto const descriptors = test::open_descriptors();
    for (int const value : {50, 51, 50}) {
        error_code ec;
        in.add_at(wd(value), new_file(), event_mask::all, ec);
        BOOST_TEST(ec == error::watch_descriptor_in_use);
        BOOST_TEST(ec.has_location());
    }
    BOOST_TEST(account() == before);
    BOOST_TEST(test::open_descriptors() == descriptors);
    test::expect_events(test::drain(in), {});
    BOOST_TEST(add_new().value() == 52);
}

BOOST_AUTO_TEST_CASE(the_highest_number_when_it_is_taken)
{
    in.add_at(wd(INT_MAX), new_file(), event_mask::all);
    auto const before = account();
    error_code ec;
    in.add_at(wd(INT_MAX), new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    in.add_at(wd(INT_MAX), dir / "missing", event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    BOOST_TEST(account() == before);
    test::expect_events(test::drain(in), {});
    // The search had wrapped to 1, and still has.
    BOOST_TEST(add_new().value() == 1);
}

BOOST_AUTO_TEST_CASE(an_inode_that_is_watched)
{
    auto const file = new_file();
    fs::create_hard_link(file, dir / "hard");
    fs::create_symlink(file, dir / "soft");
    in.add_at(wd(10), file, event_mask::open, add_options::exclude_unlinked);
    auto const before = account();
    for (auto const& path : {file, dir / "hard", dir / "soft"}) {
        error_code ec;
        in.add_at(wd(40), path, event_mask::all, ec);
        BOOST_TEST(ec == boost::system::errc::file_exists);
        // A number that is taken is the first thing to be said, even if it is this inode's.
        in.add_at(wd(10), path, event_mask::all, ec);
        BOOST_TEST(ec == error::watch_descriptor_in_use);
        // Saying what is implied changes nothing.
        in.add_at(wd(40), path, event_mask::all, add_options::create_only, ec);
        BOOST_TEST(ec == boost::system::errc::file_exists);
    }
    BOOST_TEST(account() == before);
    test::expect_events(test::drain(in), {});
    BOOST_TEST(add_new().value() == 11);
}

BOOST_AUTO_TEST_CASE(a_number_that_was_used_before_is_accepted)
{
    auto const file = dir.write("old");
    in.add_at(wd(7), file, event_mask::open);
    in.remove(wd(7));
    in.add_at(wd(7), dir.path(), event_mask::create);
    BOOST_TEST(test::live(in.native_handle()) == std::vector{7}, boost::test_tools::per_element());
    dir.write("new");
    test::expect_events(test::drain(in), {"7 ignored", "7 create new"});
}

BOOST_AUTO_TEST_CASE(the_number_of_a_watch_that_the_kernel_removed_is_free)
{
    auto const file = dir.write("old");
    in.add_at(wd(7), file, event_mask::open);
    in.add_at(wd(8), new_file(), event_mask::open, add_options::one_shot);
    fs::remove(file);
    fs::remove(dir / "file1");
    for (int const value : {7, 8}) {
        in.add_at(wd(value), new_file(), event_mask::open);
        error_code ec;
        in.add_at(wd(value), new_file(), event_mask::open, ec);
        BOOST_TEST(ec == error::watch_descriptor_in_use);
    }
    BOOST_TEST(test::live(in.native_handle()) == (std::vector{7, 8}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_options_reach_the_kernel)
{
    auto const file = new_file();
    fs::create_symlink(file, dir / "soft");
    error_code ec;
    in.add_at(wd(5), file, event_mask::all, add_options::only_directory, ec);
    BOOST_TEST(ec == boost::system::errc::not_a_directory);
    in.add_at(wd(6), dir / "soft", event_mask::all, add_options::dont_follow);
    in.add_at(wd(5), file, event_mask::open, add_options::one_shot | add_options::exclude_unlinked);
    auto const text = account();
    BOOST_TEST(text.find("wd:5 ") != std::string::npos);
    BOOST_TEST(text.find("mask:84000020 ") != std::string::npos);
    BOOST_TEST(test::live(in.native_handle()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_throwing_form_names_number_and_path)
{
    in.add_at(wd(3), new_file(), event_mask::all);
    auto const path = (dir / "no\nsuch").string();
    auto const escaped = (dir / "no\\x0asuch").string();
    BOOST_CHECK_EXCEPTION(
        in.add_at(wd(9), path, event_mask::all), boost::system::system_error, [&](auto const& e) {
            return e.code() == boost::system::errc::no_such_file_or_directory &&
                   std::string(e.what()).starts_with("add_at 9 '" + escaped + "': ");
        });
    BOOST_CHECK_EXCEPTION(in.add(path, event_mask::all), boost::system::system_error,
                          [&](auto const& e) {
                              return std::string(e.what()).starts_with("add '" + escaped + "': ");
                          });
    BOOST_CHECK_THROW(in.add_at(wd(3), new_file(), event_mask::all), boost::system::system_error);
    BOOST_CHECK_EXCEPTION(
        in.set_next_watch_descriptor(wd(0)), boost::system::system_error, [](auto const& e) {
            return std::string(e.what()).starts_with("set_next_watch_descriptor 0: ");
        });
}

BOOST_AUTO_TEST_SUITE_END()
