//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_ledger.hpp"

#include "support/set/ledger_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(number_ledger)

using ledger = lib::detail::number_ledger;

std::string state_of(ledger const& l, int number)
{
    return test::name(l.state_of(number));
}

// Claims what the ledger gives.
int claim_next(ledger& l)
{
    int const number = l.next();
    BOOST_REQUIRE_GT(number, 0);
    l.claim(number, 0);
    return number;
}

// A barrier runs, and everything before it is read.
void recycle(ledger& l)
{
    l.barrier_passed(l.begin_barrier(), 0);
    l.read_up_to(0);
}

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    ledger l;
    for (int const number : {1, 2, 1000, INT_MAX}) {
        BOOST_TEST(state_of(l, number) == "free");
        BOOST_TEST(l.find(number) == ledger::no_slot);
    }
    BOOST_TEST(l.next() == 1);
    BOOST_TEST(l.cursor() == 1);
    BOOST_TEST(l.live_count() == 0U);
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.recycled_count() == 0U);
    BOOST_TEST(l.closing().empty());
    BOOST_TEST(l.begin_barrier() == 0U);
    l.read_up_to(1000);
    l.stream_shifted(1000);
    BOOST_TEST(l.next() == 1);
}

BOOST_AUTO_TEST_CASE(the_way_of_a_number_that_is_retired)
{
    ledger l;
    l.claim(1, 7);
    BOOST_TEST(state_of(l, 1) == "live");
    BOOST_TEST(l.find(1) == 7U);
    BOOST_TEST(l.live_count() == 1U);
    test::retire(l, 1);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.find(1) == ledger::no_slot);
    BOOST_TEST(l.live_count() == 0U);
    BOOST_TEST(l.quarantined_count() == 1U);
    auto const batch = l.begin_barrier();
    BOOST_TEST(batch != 0U);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 1U);
    BOOST_TEST(l.barrier_passed(batch, 100) == 1U);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 1U);
    l.read_up_to(99);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.next() == 2);
    l.read_up_to(100);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.recycled_count() == 1U);
    BOOST_TEST(l.next() == 1);
    l.claim(1, 8);
    BOOST_TEST(state_of(l, 1) == "live");
    BOOST_TEST(l.find(1) == 8U);
    BOOST_TEST(l.recycled_count() == 0U);
    BOOST_TEST(l.next() == 2);
}

BOOST_AUTO_TEST_CASE(the_states_of_a_number_whose_watch_ended)
{
    ledger l;
    l.claim(1, 7);
    l.claim(2, 8);
    l.end(1);
    BOOST_TEST(state_of(l, 1) == "closing");
    BOOST_TEST(state_of(l, 2) == "live");
    BOOST_TEST(l.find(1) == ledger::no_slot);
    BOOST_TEST(l.closing().count() == 1U);
    BOOST_TEST(l.closing().contains(1));
    BOOST_TEST(l.live_count() == 1U);
    // It does not become free before the kernel has freed it.
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.begin_barrier() == 0U);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "closing");
    l.freed(1);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.closing().empty());
    BOOST_TEST(l.quarantined_count() == 1U);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    recycle(l);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.next() == 1);
}

BOOST_AUTO_TEST_CASE(numbers_ascend_and_skip_those_that_are_not_free)
{
    ledger l;
    l.claim(2, 0);
    l.claim(3, 0);
    l.end(3);
    l.claim(4, 0);
    test::retire(l, 4);
    l.claim(5, 0);
    test::retire(l, 5);
    auto const batch = l.begin_barrier();
    l.claim(6, 0);
    test::retire(l, 6);
    l.claim(8, 0);
    BOOST_TEST(claim_next(l) == 1);
    BOOST_TEST(claim_next(l) == 7);
    BOOST_TEST(claim_next(l) == 9);
    BOOST_TEST(claim_next(l) == 10);
    // Asking changes nothing.
    BOOST_TEST(l.next() == 11);
    BOOST_TEST(l.next() == 11);
    l.barrier_failed(batch);
    BOOST_TEST(l.next() == 11);
}

BOOST_AUTO_TEST_CASE(a_number_is_not_given_again_before_it_is_recycled)
{
    ledger l;
    for (int expected = 1; expected != 1000; ++expected) {
        BOOST_REQUIRE_EQUAL(claim_next(l), expected);
        expected % 3 == 0 ? l.end(expected) : test::retire(l, expected);
    }
    BOOST_TEST(l.live_count() == 0U);
    BOOST_TEST(l.quarantined_count() == 666U);
    BOOST_TEST(l.closing().count() == 333U);
}

BOOST_AUTO_TEST_CASE(the_cursor_ends_behind_the_last_number)
{
    ledger l(INT_MAX - 2);
    BOOST_TEST(l.cursor() == INT_MAX - 2);
    BOOST_TEST(claim_next(l) == INT_MAX - 2);
    l.claim(INT_MAX, 0);
    BOOST_TEST(claim_next(l) == INT_MAX - 1);
    BOOST_TEST(l.cursor() == 0);
    BOOST_TEST(l.next() == 0);
    // Nothing is given before it is recycled.
    test::retire(l, INT_MAX);
    l.end(INT_MAX - 1);
    BOOST_TEST(l.next() == 0);
    recycle(l);
    BOOST_TEST(l.cursor() == 0);
    BOOST_TEST(l.next() == INT_MAX);
    BOOST_TEST(claim_next(l) == INT_MAX);
    BOOST_TEST(l.next() == 0);
    l.freed(INT_MAX - 1);
    recycle(l);
    BOOST_TEST(l.next() == INT_MAX - 1);
    // Taken back when the cursor is behind all.
    l.unclaim(INT_MAX - 2);
    BOOST_TEST(l.next() == INT_MAX - 2);
}

BOOST_AUTO_TEST_CASE(the_last_number_may_be_in_any_state)
{
    for (int way = 0; way != 4; ++way) {
        BOOST_TEST_INFO_SCOPE("way " << way);
        ledger l(INT_MAX);
        BOOST_TEST(claim_next(l) == INT_MAX);
        if (way == 1) {
            l.end(INT_MAX);
        } else if (way >= 2) {
            test::retire(l, INT_MAX);
        }
        if (way == 3) {
            BOOST_TEST(l.begin_barrier() != 0U);
        }
        BOOST_TEST(l.cursor() == 0);
        BOOST_TEST(l.next() == 0);
    }
}

BOOST_AUTO_TEST_CASE(the_lowest_recycled_number_comes_first)
{
    ledger l;
    for (int i = 1; i <= 9; ++i) {
        claim_next(l);
    }
    for (int const number : {8, 3, 4, 6}) {
        test::retire(l, number);
    }
    recycle(l);
    BOOST_TEST(l.recycled_count() == 4U);
    // The cursor is for those that were never given.
    BOOST_TEST(l.cursor() == 10);
    BOOST_TEST(claim_next(l) == 3);
    // Chosen by the user.
    l.claim(6, 0);
    BOOST_TEST(l.recycled_count() == 2U);
    BOOST_TEST(claim_next(l) == 4);
    BOOST_TEST(claim_next(l) == 8);
    BOOST_TEST(claim_next(l) == 10);
}

BOOST_AUTO_TEST_CASE(a_number_is_taken_back)
{
    ledger l;
    // It is the next one of the cursor, and comes again anyway.
    l.claim(1, 0);
    l.unclaim(1);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.find(1) == ledger::no_slot);
    BOOST_TEST(l.recycled_count() == 0U);
    BOOST_TEST(claim_next(l) == 1);
    // The cursor has moved past it.
    BOOST_TEST(l.next() == 2);
    l.unclaim(1);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.cursor() == 2);
    BOOST_TEST(l.next() == 1);
    l.claim(1, 0);
    // The cursor is not there yet.
    l.claim(5, 0);
    l.unclaim(5);
    BOOST_TEST(state_of(l, 5) == "free");
    for (int expected = 2; expected != 8; ++expected) {
        BOOST_TEST(claim_next(l) == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_number_is_taken_back_that_the_cursor_had_passed)
{
    // Nothing has changed: it is free as before, and comes only when it is asked for.
    ledger l(1000);
    l.claim(5, 0);
    l.unclaim(5);
    BOOST_TEST(state_of(l, 5) == "free");
    BOOST_TEST(l.next() == 1000);
    // One that was recycled is offered again.
    l.claim(5, 0);
    test::retire(l, 5);
    static_cast<void>(l.barrier_passed(l.begin_barrier(), 0));
    l.read_up_to(0);
    BOOST_TEST(l.next() == 5);
    l.claim(5, 0);
    BOOST_TEST(l.next() == 1000);
    l.unclaim(5);
    BOOST_TEST(l.next() == 5);
}

BOOST_AUTO_TEST_CASE(a_number_of_a_stray_watch_is_quarantined)
{
    ledger l;
    l.quarantine(1);
    l.quarantine(3);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 2U);
    BOOST_TEST(claim_next(l) == 2);
    BOOST_TEST(claim_next(l) == 4);
    recycle(l);
    BOOST_TEST(l.next() == 1);
    // One that was recycled.
    l.quarantine(1);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.recycled_count() == 1U);
    BOOST_TEST(l.next() == 3);
    // Nothing for those of others.
    l.quarantine(2);
    BOOST_TEST(state_of(l, 2) == "live");
    l.end(2);
    l.quarantine(2);
    BOOST_TEST(state_of(l, 2) == "closing");
    l.quarantine(1);
    BOOST_TEST(l.quarantined_count() == 1U);
    auto const batch = l.begin_barrier();
    l.quarantine(1);
    BOOST_TEST(l.quarantined_count() == 1U);
    BOOST_TEST(l.begin_barrier() == 0U);
    BOOST_TEST(l.barrier_passed(batch, 0) == 1U);
}

BOOST_AUTO_TEST_CASE(a_barrier_takes_quarantined_numbers_only)
{
    ledger l;
    for (int i = 1; i <= 5; ++i) {
        claim_next(l);
    }
    l.end(2);
    test::retire(l, 3);
    test::retire(l, 4);
    auto const batch = l.begin_barrier();
    l.freed(2);
    test::retire(l, 5);
    BOOST_TEST(l.barrier_passed(batch, 10) == 2U);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "live");
    // These came after the beginning.
    BOOST_TEST(state_of(l, 2) == "quarantined");
    BOOST_TEST(state_of(l, 5) == "quarantined");
    BOOST_TEST(state_of(l, 3) == "free");
    BOOST_TEST(state_of(l, 4) == "free");
    BOOST_TEST(l.quarantined_count() == 2U);
    recycle(l);
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.recycled_count() == 4U);
}

BOOST_AUTO_TEST_CASE(a_barrier_that_has_not_passed_frees_nothing)
{
    ledger l;
    l.quarantine(1);
    auto const batch = l.begin_barrier();
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    // What was read before it passed does not count.
    BOOST_TEST(l.barrier_passed(batch, 10) == 1U);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    l.read_up_to(10);
    BOOST_TEST(state_of(l, 1) == "free");
}

BOOST_AUTO_TEST_CASE(several_barriers_at_once)
{
    ledger l;
    std::vector<ledger::ticket> batches;
    for (int i = 1; i <= 4; ++i) {
        l.quarantine(i);
        l.quarantine(10 * i);
        batches.push_back(l.begin_barrier());
        BOOST_TEST(batches.back() != 0U);
        BOOST_TEST(l.begin_barrier() == 0U);
    }
    BOOST_TEST(std::set<ledger::ticket>(batches.begin(), batches.end()).size() == 4U);
    BOOST_TEST(l.quarantined_count() == 8U);
    // In another order than they began.
    BOOST_TEST(l.barrier_passed(batches[3], 30) == 2U);
    BOOST_TEST(l.barrier_passed(batches[0], 50) == 2U);
    BOOST_TEST(l.barrier_passed(batches[2], 30) == 2U);
    l.read_up_to(29);
    BOOST_TEST(l.recycled_count() == 0U);
    l.read_up_to(30);
    BOOST_TEST(l.recycled_count() == 4U);
    for (int const number : {3, 4, 30, 40}) {
        BOOST_TEST(state_of(l, number) == "free");
    }
    for (int const number : {1, 2, 10, 20}) {
        BOOST_TEST(state_of(l, number) == "quarantined");
    }
    l.barrier_failed(batches[1]);
    BOOST_TEST(l.quarantined_count() == 4U);
    l.read_up_to(50);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(state_of(l, 2) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 2U);
    // Those of the failed one are taken by the next.
    l.quarantine(7);
    auto const again = l.begin_barrier();
    BOOST_TEST(again != 0U);
    BOOST_TEST(std::count(batches.begin(), batches.end(), again) == 0);
    BOOST_TEST(l.barrier_passed(again, 60) == 3U);
    l.read_up_to(60);
    BOOST_TEST(l.quarantined_count() == 0U);
}

BOOST_AUTO_TEST_CASE(tickets_that_name_no_batch)
{
    ledger l;
    l.quarantine(1);
    auto const batch = l.begin_barrier();
    BOOST_TEST(l.barrier_passed(0, 0) == 0U);
    BOOST_TEST(l.barrier_passed(batch + 1, 0) == 0U);
    l.barrier_failed(0);
    l.barrier_failed(batch + 1);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    l.barrier_passed(batch, 0);
    l.read_up_to(0);
    BOOST_TEST(l.barrier_passed(batch, 0) == 0U);
    l.barrier_failed(batch);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.quarantined_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_shifted_stream)
{
    ledger l;
    l.quarantine(1);
    l.barrier_passed(l.begin_barrier(), 100);
    l.quarantine(2);
    auto const later = l.begin_barrier();
    l.stream_shifted(32);
    l.stream_shifted(16);
    l.read_up_to(147);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    l.read_up_to(148);
    BOOST_TEST(state_of(l, 1) == "free");
    // A position that is named later is one in the stream as it is then.
    l.barrier_passed(later, 150);
    l.read_up_to(149);
    BOOST_TEST(state_of(l, 2) == "quarantined");
    l.read_up_to(150);
    BOOST_TEST(state_of(l, 2) == "free");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_skipped)
{
    ledger l;
    l.skip(0);
    BOOST_TEST(l.next() == 1);
    l.skip(7);
    BOOST_TEST(l.next() == 8);
    l.skip(3);
    BOOST_TEST(l.next() == 8);
    // They are free for who asks for them.
    BOOST_TEST(state_of(l, 3) == "free");
    l.skip(INT_MAX);
    BOOST_TEST(l.next() == 0);
    l.skip(5);
    BOOST_TEST(l.next() == 0);
}

BOOST_AUTO_TEST_CASE(numbers_that_another_ledger_had)
{
    ledger before;
    for (int n = 0; n != 9; ++n) {
        claim_next(before);
    }
    test::retire(before, 1);
    before.end(2);
    auto const waiting = before.begin_barrier();
    test::retire(before, 3);
    BOOST_TEST(waiting != 0U);
    // Those on their way to be free are not free yet.
    BOOST_TEST(before.quarantined().contains(1));
    BOOST_TEST(before.quarantined().contains(3));
    BOOST_TEST(before.quarantined().count() == 2U);
    before.barrier_passed(waiting, 0);
    before.read_up_to(0);

    ledger after(before.cursor());
    after.load(before.closing(), before.quarantined(), before.recycled());
    BOOST_TEST(state_of(after, 1) == "free");
    BOOST_TEST(state_of(after, 2) == "closing");
    BOOST_TEST(state_of(after, 3) == "quarantined");
    BOOST_TEST(after.next() == 1);
    after.claim(1, 0);
    BOOST_TEST(after.next() == 10);
}

BOOST_AUTO_TEST_SUITE_END()
