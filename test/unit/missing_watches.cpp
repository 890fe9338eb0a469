//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/missing_watches.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(missing_watches)

using asio_inotify::detail::missing_watches;

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    missing_watches m;
    BOOST_TEST(!m.must_compare());
    BOOST_TEST(!m.is_waiting());
    BOOST_TEST(!m.is_due(1000));
}

BOOST_AUTO_TEST_CASE(an_overflow_needs_a_comparison_until_there_is_one)
{
    missing_watches m;
    m.note_overflow();
    BOOST_TEST(m.must_compare());
    BOOST_TEST(!m.is_waiting());
    m.assign({}, 10);
    BOOST_TEST(!m.must_compare());
    BOOST_TEST(!m.is_waiting());
    BOOST_TEST(!m.is_due(10));
    m.note_overflow();
    m.note_overflow();
    BOOST_TEST(m.must_compare());
    m.assign({4}, 10);
    BOOST_TEST(!m.must_compare());
}

BOOST_AUTO_TEST_CASE(they_are_due_when_everything_that_was_queued_is_read)
{
    missing_watches m;
    m.assign({7, 3}, 100);
    BOOST_TEST(m.is_waiting());
    BOOST_TEST(!m.is_due(99));
    BOOST_TEST(m.is_due(100));
    BOOST_TEST(m.is_due(101));
    BOOST_TEST((m.numbers() == std::vector{7, 3}));
    m.clear();
    BOOST_TEST(!m.is_waiting());
    BOOST_TEST(!m.is_due(101));
}

BOOST_AUTO_TEST_CASE(a_read_that_was_outstanding_has_to_be_joined_first)
{
    missing_watches m;
    m.assign({1}, 100);
    m.shift(32);
    BOOST_TEST(!m.is_due(131));
    BOOST_TEST(m.is_due(132));
}

BOOST_AUTO_TEST_CASE(an_empty_queue_makes_them_due_now)
{
    missing_watches m;
    m.assign({1}, 100);
    m.queue_was_empty(60);
    BOOST_TEST(!m.is_due(59));
    BOOST_TEST(m.is_due(60));
    m.clear();
    m.queue_was_empty(70);
    BOOST_TEST(!m.is_due(70));
}

BOOST_AUTO_TEST_CASE(an_overflow_does_not_drop_those_that_wait)
{
    missing_watches m;
    m.assign({1}, 100);
    m.note_overflow();
    BOOST_TEST(m.must_compare());
    BOOST_TEST(m.is_due(100));
    m.assign({2, 3}, 200);
    BOOST_TEST(!m.is_due(199));
    BOOST_TEST((m.numbers() == std::vector{2, 3}));
}

BOOST_AUTO_TEST_SUITE_END()
