//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <climits>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;

// After whatever failure everything is as it was: watches, masks, descriptors, queue, and the
// number that the next watch gets (kernel notes 1.14, 1.15).
namespace {

struct failures : test::instance
{
    failures()
        : taken(new_file())
        , loop(dir / "loop")
    {
        fs::create_symlink("loop", loop);
        in.add_at(test::wd(70000), taken, test::event_mask::open);
        in.add_at(test::wd(30), new_file(), test::event_mask::modify,
                  test::add_options::exclude_unlinked);
    }

    // `fails` fails, nothing changes, and the next watch gets what it would have got.
    template <class Fails>
    void nothing_changes(Fails fails, int next)
    {
        auto const before = account();
        auto const descriptors = test::open_descriptors();
        // More than once: a failure must not help the one after it.
        for (int i = 0; i != 3; ++i) {
            fails();
            BOOST_TEST(account() == before);
        }
        BOOST_TEST(test::open_descriptors() == descriptors);
        test::expect_events(test::drain(in), {});
        BOOST_TEST(add_new().value() == next);
        fails();
        BOOST_TEST(add_new().value() == next + 1);
        test::expect_events(test::drain(in), {});
    }

    void add_at_fails_with(int errnum, fs::path const& path,
                           test::add_options options = test::add_options::none)
    {
        BOOST_TEST_CONTEXT("errno " << errnum)
        {
            for (int const wanted : {50000, 1, 0x7fffffff, 2, 29, 71000}) {
                auto const next = next_number();
                nothing_changes(
                    [&] {
                        test::error_code ec;
                        in.add_at(test::wd(wanted), path, test::event_mask::all, options, ec);
                        BOOST_TEST(ec ==
                                   test::error_code(errnum, boost::system::system_category()));
                        BOOST_TEST(ec.has_location());
                    },
                    next);
            }
        }
    }

    // The number that the next watch gets: found by making one, nothing above it being in use.
    int next_number() { return add_new().value() + 1; }

    fs::path taken;
    fs::path loop;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(numbers_failures, failures)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(no_such_path)
{
    add_at_fails_with(ENOENT, dir / "missing");
}

BOOST_AUTO_TEST_CASE(empty_path)
{
    for (int const wanted : {50000, 1}) {
        auto const next = next_number();
        nothing_changes(
            [&] {
                test::error_code ec;
                in.add_at(test::wd(wanted), "", test::event_mask::all, ec);
                BOOST_TEST(ec == test::error::empty_path);
                BOOST_TEST(ec.has_location());
                in.add("", test::event_mask::all, ec);
                BOOST_TEST(ec == test::error::empty_path);
            },
            next);
    }
}

BOOST_AUTO_TEST_CASE(no_directory)
{
    add_at_fails_with(ENOTDIR, taken, add_options::only_directory);
    add_at_fails_with(ENOTDIR, taken / "below");
}

BOOST_AUTO_TEST_CASE(watched_already)
{
    add_at_fails_with(EEXIST, taken);
}

BOOST_AUTO_TEST_CASE(a_loop_of_links)
{
    add_at_fails_with(ELOOP, loop);
}

BOOST_AUTO_TEST_CASE(a_path_that_is_too_long)
{
    add_at_fails_with(ENAMETOOLONG, std::string(5000, 'x'));
    add_at_fails_with(ENAMETOOLONG, dir / std::string(256, 'x'));
}

BOOST_AUTO_TEST_CASE(a_number_in_use)
{
    for (int const wanted : {30, 70000}) {
        auto const next = next_number();
        nothing_changes(
            [&] {
                error_code ec;
                in.add_at(wd(wanted), dir.path(), event_mask::all, ec);
                BOOST_TEST(ec == error::watch_descriptor_in_use);
            },
            next);
    }
}

BOOST_AUTO_TEST_CASE(arguments_that_are_refused)
{
    auto const file = new_file();
    auto const refuse = [&](event_mask mask, add_options options, std::string const& path,
                            error expected) {
        auto const next = next_number();
        nothing_changes(
            [&] {
                error_code ec;
                in.add_at(wd(500), path, mask, options, ec);
                BOOST_TEST(ec == expected);
            },
            next);
    };
    refuse(event_mask::none, add_options::none, file.string(), error::invalid_event_mask);
    refuse(event_mask::all, add_options::merge_mask, file.string(), error::invalid_add_options);
    refuse(event_mask::all, add_options::none, file.string() + '\0', error::path_contains_null);
}

BOOST_AUTO_TEST_CASE(plain_adds_that_fail)
{
    auto const next = next_number();
    nothing_changes(
        [&] {
            error_code ec;
            for (auto const& path :
                 {dir / "missing", loop, taken / "below", fs::path(std::string(5000, 'x'))}) {
                BOOST_TEST(!in.add(path, event_mask::all, ec));
                BOOST_TEST(ec.failed());
            }
            BOOST_TEST(!in.add(taken, event_mask::all, add_options::only_directory, ec));
            BOOST_TEST(ec == boost::system::errc::not_a_directory);
            BOOST_TEST(!in.add(taken, event_mask::all, add_options::create_only, ec));
            BOOST_TEST(ec == boost::system::errc::file_exists);
        },
        next);
}

BOOST_AUTO_TEST_CASE(failures_in_any_order)
{
    nothing_changes(
        [&] {
            error_code ec;
            in.add_at(wd(30), dir.path(), event_mask::all, ec);
            in.add_at(wd(500), dir / "missing", event_mask::all, ec);
            in.add_at(wd(70000), dir.path(), event_mask::all, ec);
            in.add_at(wd(600), taken, event_mask::all, ec);
            in.add_at(wd(600), loop, event_mask::all, ec);
        },
        31);
}

BOOST_AUTO_TEST_CASE(a_new_mask_of_a_chosen_number_then_a_failure)
{
    // The new mask does not move the cursor, the failed claim must not either.
    in.add_at(wd(20), dir.path(), event_mask::open);
    in.add_at(wd(10), new_file(), event_mask::open);
    BOOST_TEST(in.add(dir.path(), event_mask::create).value() == 20);
    error_code ec;
    in.add_at(wd(400), dir / "missing", event_mask::all, ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(in.add(dir.path(), event_mask::delete_, add_options::merge_mask).value() == 20);
    BOOST_TEST(add_new().value() == 11);
}

BOOST_AUTO_TEST_CASE(behind_the_highest_number)
{
    // The next number is 1 also when the highest is free again.
    in.add_at(wd(INT_MAX), new_file(), event_mask::all);
    in.remove(wd(INT_MAX));
    error_code ec;
    in.add_at(wd(400), dir / "missing", event_mask::all, ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(add_new().value() == 1);
}

BOOST_AUTO_TEST_CASE(a_number_set_before_a_failure)
{
    in.set_next_watch_descriptor(wd(900));
    error_code ec;
    in.add_at(wd(30), dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    in.add_at(wd(40), dir / "missing", event_mask::all, ec);
    BOOST_TEST(add_new().value() == 900);
}

BOOST_AUTO_TEST_SUITE_END()
