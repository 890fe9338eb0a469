//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <climits>
#include <filesystem>

// A kernel on which numbers cannot be chosen: what is refused, and how far walking goes.
BOOST_AUTO_TEST_SUITE(numbers_walk)

using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

// What sandboxes say that refuse the request.
constexpr int refusals[] = {EPERM, EACCES, ENOSYS, EOPNOTSUPP, EINVAL};

// Every test with an instance made after the kernel has lost the ioctl.
template <class Body>
void without_set_next(Body body)
{
    test::run_in_child([&] {
        test::forbid_set_next();
        test::instance i;
        body(i);
    });
}

error_code claim(test::instance& i, int wanted)
{
    error_code ec;
    i.in.add_at(wd(wanted), i.new_file(), event_mask::all, ec);
    return ec;
}

void expect_live(test::instance& i, std::vector<int> const& expected)
{
    BOOST_TEST(test::live(i.in.native_handle()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(in_a_sandbox)
{
    for (auto const refusal : refusals) {
        BOOST_TEST_CONTEXT(test::message_of(refusal))
        {
            test::run_in_child([&] {
                test::forbid_set_next(refusal);
                test::instance i;
                // To ask with EINVAL for what never works looks like a kernel that has it.
                BOOST_TEST(i.in.supports_set_next() == (refusal == EINVAL));
                BOOST_TEST(i.add_new().value() == 1);
                BOOST_TEST(claim(i, 9) == error::set_next_unsupported);
                i.in.walk_limit(10);
                BOOST_TEST(!claim(i, 9));
                expect_live(i, {1, 9});
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(without_walking)
{
    without_set_next([](auto& i) {
        error_code ec = error::no_such_watch;
        BOOST_TEST(!i.in.supports_set_next(ec));
        BOOST_TEST(!ec);
        BOOST_TEST(!i.in.supports_set_next());
        BOOST_TEST(i.in.walk_limit() == 0U);
        BOOST_TEST(i.add_new().value() == 1);
        auto const before = i.account();
        BOOST_TEST(claim(i, 9) == error::set_next_unsupported);
        BOOST_TEST(claim(i, 2) == error::set_next_unsupported);
        BOOST_TEST(claim(i, 1) == error::watch_descriptor_in_use);
        i.in.set_next_watch_descriptor(wd(9), ec);
        BOOST_TEST(ec == error::set_next_unsupported);
        BOOST_TEST(i.account() == before);
        test::expect_events(test::drain(i.in), {});
        BOOST_TEST(i.add_new().value() == 2);
    });
}

BOOST_AUTO_TEST_CASE(the_exact_number_is_reached)
{
    without_set_next([](auto& i) {
        auto const descriptors = test::open_descriptors();
        i.in.walk_limit(100000);
        BOOST_TEST(i.in.walk_limit() == 100000U);
        // The next number, the one after, some way, and more than the walk leaves unread.
        for (int const wanted : {1, 3, 4, 100, 5000, 15000}) {
            BOOST_TEST(!claim(i, wanted));
        }
        expect_live(i, {1, 3, 4, 100, 5000, 15000});
        BOOST_TEST(i.add_new().value() == 15001);
        BOOST_TEST(test::open_descriptors() == descriptors);
        test::expect_events(test::drain(i.in), {});
        BOOST_TEST(i.in.available() == 0U);
    });
}

BOOST_AUTO_TEST_CASE(numbers_below_are_refused)
{
    without_set_next([](auto& i) {
        i.in.walk_limit(100000);
        BOOST_TEST(!claim(i, 10));
        auto const before = i.account();
        for (int const wanted : {1, 5, 9}) {
            BOOST_TEST(claim(i, wanted) == error::set_next_unsupported);
        }
        BOOST_TEST(claim(i, 10) == error::watch_descriptor_in_use);
        BOOST_TEST(claim(i, 0) == error::watch_descriptor_out_of_range);
        BOOST_TEST(i.account() == before);
        BOOST_TEST(i.add_new().value() == 11);
    });
}

BOOST_AUTO_TEST_CASE(the_limit_is_kept)
{
    without_set_next([](auto& i) {
        // The next is 1: 51 is behind 50 steps.
        i.in.walk_limit(50);
        BOOST_TEST(claim(i, 52) == error::set_next_unsupported);
        BOOST_TEST(claim(i, INT_MAX) == error::set_next_unsupported);
        BOOST_TEST(!claim(i, 51));
        i.in.walk_limit(1);
        BOOST_TEST(claim(i, 54) == error::set_next_unsupported);
        BOOST_TEST(!claim(i, 53));
        BOOST_TEST(!claim(i, 54));
        i.in.walk_limit(static_cast<std::size_t>(-1));
        BOOST_TEST(!claim(i, 60));
        i.in.walk_limit(0);
        BOOST_TEST(claim(i, 61) == error::set_next_unsupported);
        BOOST_TEST(i.add_new().value() == 61);
    });
}

BOOST_AUTO_TEST_CASE(occupied_numbers_on_the_way)
{
    test::run_in_child([] {
        test::instance i;
        for (int const occupied : {5, 6, 7, 20, 48, 49, 60}) {
            i.in.add_at(wd(occupied), i.new_file(), event_mask::all);
        }
        i.in.set_next_watch_descriptor(wd(3));
        test::forbid_set_next();
        i.in.walk_limit(1000);
        auto const before = i.account();
        BOOST_TEST(claim(i, 20) == error::watch_descriptor_in_use);
        BOOST_TEST(claim(i, 60) == error::watch_descriptor_in_use);
        BOOST_TEST(i.account() == before);
        // The kernel itself passes over what is occupied right before the wanted number.
        for (int const wanted : {8, 50, 61}) {
            BOOST_TEST(!claim(i, wanted));
        }
        expect_live(i, {5, 6, 7, 8, 20, 48, 49, 50, 60, 61});
        test::expect_events(test::drain(i.in), {});
    });
}

BOOST_AUTO_TEST_CASE(an_assigned_instance)
{
    test::run_in_child([] {
        test::instance i;
        i.in.add_at(wd(40), i.new_file(), event_mask::all);
        i.in.add_at(wd(10), i.new_file(), event_mask::all);
        i.in.assign(i.in.release());
        test::forbid_set_next();
        i.in.walk_limit(1000);
        // The first step shows where the kernel is: at 11.
        BOOST_TEST(!claim(i, 30));
        BOOST_TEST(claim(i, 20) == error::set_next_unsupported);
        BOOST_TEST(claim(i, 40) == error::watch_descriptor_in_use);
        BOOST_TEST(!claim(i, 41));
        i.in.assign(i.in.release());
        BOOST_TEST(claim(i, 20) == error::set_next_unsupported);
        expect_live(i, {10, 30, 40, 41});
        test::expect_events(test::drain(i.in), {});
    });
}

BOOST_AUTO_TEST_CASE(the_limit_where_the_way_is_not_known)
{
    test::run_in_child([] {
        test::instance i;
        i.in.add_at(wd(10), i.new_file(), event_mask::all);
        i.in.assign(i.in.release());
        test::forbid_set_next();
        i.in.walk_limit(5);
        BOOST_TEST(claim(i, 30) == error::set_next_unsupported);
        // Five steps from 11, and not one more.
        BOOST_TEST(i.add_new().value() == 16);
        expect_live(i, {10, 16});
        test::expect_events(test::drain(i.in), {});
    });
}

BOOST_AUTO_TEST_CASE(an_outstanding_read)
{
    without_set_next([](auto& i) {
        i.in.walk_limit(1000);
        asio_inotify::event_buffer<> buffer;
        bool completed = false;
        i.in.async_read_events(buffer, [&](error_code, auto) { completed = true; });
        auto const before = i.account();
        BOOST_TEST(claim(i, 9) == error::operation_outstanding);
        BOOST_TEST(i.account() == before);
        // The number that is next needs no walk.
        BOOST_TEST(!claim(i, 1));
        i.in.cancel();
        i.context.run();
        BOOST_TEST(completed);
        BOOST_TEST(!claim(i, 9));
    });
}

// The walk would read the events that it waits for.
BOOST_AUTO_TEST_CASE(an_outstanding_wait)
{
    without_set_next([](auto& i) {
        i.in.walk_limit(1000);
        i.in.async_wait(i.in.wait_read, [](error_code) {});
        BOOST_TEST(claim(i, 9) == error::operation_outstanding);
        i.in.cancel();
        i.context.run();
        BOOST_TEST(!claim(i, 9));
    });
}

BOOST_AUTO_TEST_CASE(a_failure_after_the_walk)
{
    without_set_next([](auto& i) {
        i.in.walk_limit(1000);
        error_code ec;
        i.in.add_at(wd(50), i.dir / "missing", event_mask::all, ec);
        BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
        // Documented: the next number is where the walk came to.
        BOOST_TEST(i.add_new().value() == 50);
        expect_live(i, {50});
        test::expect_events(test::drain(i.in), {});
    });
}

BOOST_AUTO_TEST_SUITE_END()
