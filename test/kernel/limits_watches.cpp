//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <vector>

// The user's limits, in a user namespace that has its own (kernel notes 1.15, 8, 9.1).
BOOST_AUTO_TEST_SUITE(limits_watches)

using test::error_code;
using test::event_mask;
using test::wd;

error_code const no_space = asio_inotify::error::watch_limit_reached;

BOOST_AUTO_TEST_CASE(no_more_watches)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 5);
        test::instance i;
        std::vector<std::filesystem::path> files;
        for (int n = 0; n != 5; ++n) {
            files.push_back(i.new_file());
            BOOST_TEST(i.in.add(files.back(), event_mask::open).value() == n + 1);
        }
        auto const before = i.account();
        auto const descriptors = test::open_descriptors();
        auto const more = i.new_file();
        for (int n = 0; n != 3; ++n) {
            error_code ec;
            BOOST_TEST(!i.in.add(more, event_mask::all, ec));
            BOOST_TEST(ec == no_space);
            i.in.add_at(wd(500), more, event_mask::all, ec);
            BOOST_TEST(ec == no_space);
            i.in.add_at(wd(3), more, event_mask::all, ec);
            BOOST_TEST(ec == test::error::watch_descriptor_in_use);
            i.in.add_at(wd(500), files[0], event_mask::all, ec);
            BOOST_TEST(ec == boost::system::errc::file_exists);
        }
        BOOST_TEST(i.account() == before);
        BOOST_TEST(test::open_descriptors() == descriptors);
        test::expect_events(test::drain(i.in), {});
        // Another mask needs no watch.
        BOOST_TEST(i.in.add(files[1], event_mask::modify).value() == 2);
        i.in.remove(wd(4));
        test::drain(i.in);
        // The failures took numbers from the kernel's cursor, but not from the user.
        BOOST_TEST(i.in.add(more, event_mask::all).value() == 6);
    });
}

BOOST_AUTO_TEST_CASE(a_plain_add_that_finds_no_space)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 2);
        test::instance i;
        i.in.add_at(wd(10), i.new_file(), event_mask::all);
        i.add_new();
        error_code ec;
        for (int n = 0; n != 5; ++n) {
            BOOST_TEST(!i.in.add(i.dir.path(), event_mask::all, ec));
            BOOST_TEST(ec == no_space);
        }
        i.in.remove(wd(10));
        BOOST_TEST(i.add_new().value() == 12);
    });
}

BOOST_AUTO_TEST_CASE(a_chosen_number_can_be_claimed_again)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 1);
        test::instance i;
        i.in.add_at(wd(7), i.dir.path(), event_mask::create);
        error_code ec;
        i.in.add_at(wd(500), "/", event_mask::create, ec);
        BOOST_TEST(ec == no_space);
        i.in.remove(wd(7));
        i.in.add_at(wd(500), i.dir.path(), event_mask::create);
        BOOST_TEST(test::live(i.in.native_handle()) == std::vector{500},
                   boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(an_assigned_instance_without_space)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 2);
        test::instance i;
        i.in.add_at(wd(10), i.new_file(), event_mask::all);
        i.in.add_at(wd(3), i.new_file(), event_mask::all);
        i.in.assign(i.in.release());
        error_code ec;
        i.in.add_at(wd(500), i.dir.path(), event_mask::all, ec);
        BOOST_TEST(ec == no_space);
        i.in.remove(wd(3));
        BOOST_TEST(i.add_new().value() == 11);
    });
}

BOOST_AUTO_TEST_CASE(no_more_instances)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 1);
        test::instance i;
        auto const descriptors = test::open_descriptors();
        asio_inotify::inotify other{i.context};
        error_code ec;
        other.open(ec);
        BOOST_TEST(ec == asio_inotify::error::instance_limit_reached);
        BOOST_TEST((ec == boost::system::errc::too_many_files_open));
        BOOST_TEST(!other.is_open());
        BOOST_TEST(test::open_descriptors() == descriptors);
        BOOST_CHECK_THROW(other.open(), boost::system::system_error);
        i.in.close();
        other.open();
        BOOST_TEST(other.is_open());
    });
}

BOOST_AUTO_TEST_SUITE_END()
