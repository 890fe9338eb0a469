//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/seed.hpp"

#include <asio_inotify/detail/live_superset.hpp>

#include <boost/test/unit_test.hpp>

#include <climits>
#include <random>
#include <set>
#include <vector>

BOOST_AUTO_TEST_SUITE(live_superset)

using set_under_test = asio_inotify::detail::live_superset;

BOOST_AUTO_TEST_CASE(numbers_one_after_the_other_are_one_range)
{
    set_under_test s;
    for (int i = 1; i <= 1000; ++i) {
        s.insert(i);
    }
    for (int i = 3000; i > 2000; --i) {
        s.insert(i);
    }
    BOOST_TEST(s.ranges() == 2U);
    for (int i = 1001; i <= 2000; ++i) {
        s.insert(i);
    }
    BOOST_TEST(s.ranges() == 1U);
    BOOST_TEST((s.contains(1) && s.contains(1500) && s.contains(3000)));
    BOOST_TEST((!s.contains(0) && !s.contains(3001)));
}

BOOST_AUTO_TEST_CASE(the_ends_of_the_numbers)
{
    set_under_test s;
    s.insert(INT_MAX);
    s.insert(1);
    s.insert(INT_MAX - 1);
    BOOST_TEST(s.ranges() == 2U);
    s.erase(INT_MAX);
    BOOST_TEST(!s.contains(INT_MAX));
    BOOST_TEST(s.contains(INT_MAX - 1));
    s.erase(INT_MIN);
    s.erase(0);
    BOOST_TEST(!s.contains(INT_MIN));
    BOOST_TEST(s.contains(1));
}

BOOST_AUTO_TEST_CASE(agrees_with_a_set)
{
    std::mt19937_64 random(test::seed());
    set_under_test s;
    std::set<int> truth;
    for (int i = 0; i != 20000; ++i) {
        int const n = 1 + static_cast<int>(random() % 60) + (random() % 8 == 0 ? INT_MAX - 60 : 0);
        switch (random() % 5) {
        case 0:
        case 1:
            s.insert(n);
            truth.insert(n);
            break;
        case 2:
        case 3:
            s.erase(n);
            truth.erase(n);
            break;
        default:
            BOOST_REQUIRE_EQUAL(s.contains(n), truth.contains(n));
            break;
        }
        if (i % 4000 == 0) {
            s.assign({truth.begin(), truth.end()});
        }
    }
}

// A program that runs for years removes watches of which the kernel has removed the neighbours.
BOOST_AUTO_TEST_CASE(too_many_ranges_become_one_with_all_numbers)
{
    set_under_test s;
    constexpr int last = 100000;
    for (int i = 1; i <= last; ++i) {
        s.insert(i);
    }
    std::size_t most = 0;
    for (int i = 2; i < last; i += 2) {
        s.erase(i);
        most = (std::max)(most, s.ranges());
    }
    BOOST_TEST(most <= 1024U);
    set_under_test scattered;
    for (int i = 1; i < last; i += 2) {
        scattered.insert(i);
        BOOST_REQUIRE(scattered.ranges() <= 1024U);
    }
    BOOST_TEST(scattered.contains(last - 1));
    for (int i = 1; i <= last; i += 2) {
        BOOST_REQUIRE(s.contains(i));
    }
    // With the truth it is exact again, and may then have as many ranges as that has.
    std::vector<int> odd;
    for (int i = 1; i <= last; i += 2) {
        odd.push_back(i);
    }
    s.assign(odd);
    BOOST_TEST(s.ranges() == odd.size());
    BOOST_TEST(!s.contains(2));
    s.clear();
    BOOST_TEST(s.ranges() == 0U);
    BOOST_TEST(!s.contains(1));
}

BOOST_AUTO_TEST_SUITE_END()
