//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/restored_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

BOOST_AUTO_TEST_SUITE(restored_numbers)

using lib_numbers = asio_inotify::detail::restored_numbers;

constexpr int largest = (std::numeric_limits<int>::max)();

BOOST_AUTO_TEST_CASE(a_directory_gets_its_watch_descriptor_back_once)
{
    lib_numbers numbers;
    numbers.add(1, 10);
    numbers.add(2, 20);
    BOOST_TEST(numbers.find(1).value_or(0) == 10);
    BOOST_TEST(!numbers.find(3));
    numbers.use(1);
    BOOST_TEST(!numbers.find(1));
    BOOST_TEST(numbers.find(2).value_or(0) == 20);
}

BOOST_AUTO_TEST_CASE(others_get_larger_ones_than_all_that_were_in_use)
{
    lib_numbers numbers;
    BOOST_TEST(numbers.next().value_or(0) == 1);
    numbers.add(1, 20);
    numbers.add(2, 10);
    BOOST_TEST(numbers.next().value_or(0) == 21);
    // Also when the directory has it again.
    numbers.use(1);
    BOOST_TEST(numbers.next().value_or(0) == 21);
    numbers.use_next();
    BOOST_TEST(numbers.next().value_or(0) == 22);
}

BOOST_AUTO_TEST_CASE(none_is_left_after_the_largest)
{
    lib_numbers numbers;
    numbers.add(1, largest - 1);
    BOOST_TEST(numbers.next().value_or(0) == largest);
    numbers.use_next();
    BOOST_TEST(!numbers.next());
    static_cast<void>(numbers.clear());
    BOOST_TEST(numbers.next().value_or(0) == 1);
    BOOST_TEST(!numbers.find(1));
}

BOOST_AUTO_TEST_SUITE_END()
