//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/retry_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

BOOST_AUTO_TEST_SUITE(retry_schedule)

using std::chrono::milliseconds;
using std::chrono::seconds;
using lib_schedule = asio_inotify::detail::retry_schedule;
using time_point = lib_schedule::time_point;

constexpr time_point start{seconds(1000)};

BOOST_AUTO_TEST_CASE(the_first_round_is_a_second_later)
{
    lib_schedule schedule;
    BOOST_TEST(!schedule.next());
    BOOST_TEST(schedule.allowance(start, 0) == 0U);
    BOOST_TEST((schedule.next() == start + seconds(1)));
    BOOST_TEST(schedule.allowance(start + milliseconds(999), 0) == 0U);
    BOOST_TEST((schedule.next() == start + seconds(1)));
    BOOST_TEST(schedule.allowance(start + seconds(1), 0) == 1U);
}

BOOST_AUTO_TEST_CASE(a_watch_that_has_ended_brings_the_round_forward)
{
    lib_schedule schedule;
    BOOST_TEST(schedule.allowance(start, 7) == 0U);
    BOOST_TEST(schedule.allowance(start, 7) == 0U);
    BOOST_TEST(schedule.allowance(start, 8) == 1U);
}

BOOST_AUTO_TEST_CASE(each_round_that_succeeds_tries_twice_as_many_and_one_more)
{
    lib_schedule schedule;
    BOOST_TEST(schedule.allowance(start, 0) == 0U);
    BOOST_TEST(schedule.allowance(start, 1) == 1U);
    for (std::size_t const allowed : {3U, 7U, 15U, 31U}) {
        schedule.begin_round(allowed / 2);
        // No delay between the rounds.
        BOOST_TEST(schedule.allowance(start, 1) == allowed);
    }
    // A round can be smaller than what was allowed.
    schedule.begin_round(2);
    BOOST_TEST(schedule.allowance(start, 1) == 5U);
}

BOOST_AUTO_TEST_CASE(the_delay_after_a_failure_doubles_up_to_32_seconds)
{
    lib_schedule schedule;
    auto now = start;
    BOOST_TEST(schedule.allowance(now, 0) == 0U);
    for (int const delay : {1, 1, 2, 4, 8, 16, 32, 32, 32}) {
        BOOST_TEST_CONTEXT("delay " << delay)
        {
            BOOST_TEST((schedule.next() == now + seconds(delay)));
            BOOST_TEST(schedule.allowance(now + seconds(delay) - milliseconds(1), 0) == 0U);
            now += seconds(delay);
            BOOST_TEST(schedule.allowance(now, 0) == 1U);
            schedule.begin_round(1);
            schedule.note_failure();
            BOOST_TEST(schedule.allowance(now, 0) == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(watches_that_ended_before_the_failure_do_not_count)
{
    lib_schedule schedule;
    BOOST_TEST(schedule.allowance(start, 0) == 0U);
    BOOST_TEST(schedule.allowance(start, 3) == 1U);
    schedule.begin_round(1);
    schedule.note_failure();
    BOOST_TEST(schedule.allowance(start, 5) == 0U);
    BOOST_TEST(schedule.allowance(start, 5) == 0U);
    BOOST_TEST(schedule.allowance(start, 6) == 1U);
}

BOOST_AUTO_TEST_CASE(a_failure_before_the_first_round_is_no_failure_of_a_round)
{
    lib_schedule schedule;
    schedule.note_failure();
    BOOST_TEST(schedule.allowance(start, 0) == 0U);
    BOOST_TEST((schedule.next() == start + seconds(1)));
    BOOST_TEST(schedule.allowance(start + seconds(1), 0) == 1U);
    schedule.begin_round(1);
    BOOST_TEST(schedule.allowance(start + seconds(1), 0) == 3U);
}

BOOST_AUTO_TEST_CASE(a_round_without_directories_starts_from_the_beginning)
{
    lib_schedule schedule;
    BOOST_TEST(schedule.allowance(start, 0) == 0U);
    BOOST_TEST(schedule.allowance(start, 1) == 1U);
    schedule.begin_round(1);
    schedule.note_failure();
    BOOST_TEST(schedule.allowance(start, 1) == 0U);
    BOOST_TEST(schedule.allowance(start, 2) == 1U);
    schedule.begin_round(0);
    BOOST_TEST(!schedule.next());
    BOOST_TEST(schedule.allowance(start, 2) == 0U);
    BOOST_TEST((schedule.next() == start + seconds(1)));
}

BOOST_AUTO_TEST_CASE(nothing_is_due_when_every_directory_is_watched)
{
    lib_schedule schedule;
    BOOST_TEST(schedule.allowance(start, 0) == 0U);
    schedule.stop();
    BOOST_TEST(!schedule.next());
}

BOOST_AUTO_TEST_SUITE_END()
