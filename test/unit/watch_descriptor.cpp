//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"

#include <asio_inotify/watch_descriptor.hpp>

#include <boost/test/unit_test.hpp>

#include <climits>
#include <set>
#include <type_traits>
#include <unordered_set>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(watch_descriptor)

using number = lib::watch_descriptor;

// A number does not come from an int, nor become one, unnoticed.
static_assert(!std::is_convertible_v<int, number>);
static_assert(!std::is_convertible_v<number, int>);
static_assert(!std::is_convertible_v<number, bool>);
static_assert(std::is_trivially_copyable_v<number>);
static_assert(sizeof(number) == sizeof(int));
static_assert(number{7}.value() == 7);

BOOST_AUTO_TEST_CASE(default_names_no_watch)
{
    BOOST_TEST(number{}.value() == -1);
    BOOST_TEST(!number{});
    BOOST_TEST(!number{}.is_valid());
    BOOST_TEST(number{} == number{-1});
}

BOOST_AUTO_TEST_CASE(valid_are_the_numbers_that_the_kernel_gives)
{
    for (int const value : {1, 2, 0x34d71d6, INT_MAX}) {
        BOOST_TEST(number{value}.is_valid());
        BOOST_TEST(static_cast<bool>(number{value}));
    }
    for (int const value : {0, -1, -2, INT_MIN}) {
        BOOST_TEST(!number{value}.is_valid());
        BOOST_TEST(!static_cast<bool>(number{value}));
    }
    BOOST_TEST(number::lowest().value() == 1);
    BOOST_TEST(number::highest().value() == INT_MAX);
}

BOOST_AUTO_TEST_CASE(is_ordered_like_its_number)
{
    BOOST_TEST((number{1} < number{2}));
    BOOST_TEST((number{INT_MIN} < number{INT_MAX}));
    BOOST_TEST((number{3} >= number{3}));
    BOOST_TEST((number{3} != number{4}));
    std::set<number> const ordered{number{3}, number{1}, number{2}, number{1}};
    BOOST_TEST(ordered.size() == 3U);
    BOOST_TEST(ordered.begin()->value() == 1);
}

BOOST_AUTO_TEST_CASE(is_a_key_of_unordered_containers)
{
    std::unordered_set<number> set;
    for (int value = -100; value < 100; ++value) {
        BOOST_TEST(set.insert(number{value}).second);
    }
    BOOST_TEST(!set.insert(number{42}).second);
    BOOST_TEST(set.count(number{42}) == 1U);
    BOOST_TEST(set.count(number{100}) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
