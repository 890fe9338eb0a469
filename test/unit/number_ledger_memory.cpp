//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_ledger.hpp"

#include "support/allocation_counter.hpp"
#include "support/set/ledger_state.hpp"

#include <boost/test/unit_test.hpp>

#include <new>

// A number that must not be reused is not, even if memory runs out in the meantime.
BOOST_AUTO_TEST_SUITE(number_ledger_memory)

using ledger = asio_inotify::detail::number_ledger;

// The numbers 1 to 9 are free again.
ledger recycled()
{
    ledger l;
    for (int n = 1; n != 10; ++n) {
        l.claim(n, 0);
        test::retire(l, n);
    }
    l.barrier_passed(l.begin_barrier(), 0);
    l.read_up_to(0);
    return l;
}

BOOST_AUTO_TEST_CASE(numbers_are_quarantined_with_the_memory_that_was_reserved)
{
    auto l = recycled();
    // Once used, it is made up for.
    for (int const within : {5, 2}) {
        l.reserve_quarantine(2);
        auto const before = test::allocation_count();
        l.quarantine(within);
        l.quarantine(within + 10);
        BOOST_TEST(test::allocation_count() == before);
    }
    for (int const number : {2, 5, 12, 15}) {
        BOOST_TEST(test::name(l.state_of(number)) == "quarantined");
    }
    BOOST_TEST(l.recycled_count() == 7U);
    BOOST_TEST(l.quarantined_count() == 4U);
}

BOOST_AUTO_TEST_CASE(nothing_is_burnt_without_memory)
{
    auto l = recycled();
    bool failed = false;
    try {
        test::allocation_failure const failure(0);
        l.quarantine(5);
    } catch (std::bad_alloc const&) {
        failed = true;
    }
    BOOST_TEST(failed == test::counts_allocations);
    BOOST_TEST(l.recycled_count() == (failed ? 9U : 8U));
    BOOST_TEST(l.quarantined_count() == (failed ? 0U : 1U));
}

// A number at the edge of those that are free takes none at all.
BOOST_AUTO_TEST_CASE(a_recycled_number_is_claimed_without_splitting)
{
    auto l = recycled();
    l.claim(1, 0);
    l.claim(9, 0);
    BOOST_TEST(l.recycled_count() == 7U);
    BOOST_TEST(l.next() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
