//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/number_ranges.hpp>

#include "support/allocation_counter.hpp"
#include "support/seed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(number_ranges)

using set_under_test = lib::detail::number_ranges;

// "first-last" of each range, so that a comparison shows what is wrong.
std::string text(set_under_test::map const& ranges)
{
    std::string result;
    for (auto const& [first, last] : ranges) {
        result += std::to_string(first) + "-" + std::to_string(last) + " ";
    }
    return result;
}

std::string text(set_under_test const& s)
{
    return text(s.ranges());
}

set_under_test made(std::initializer_list<std::pair<int, int>> ranges)
{
    set_under_test result;
    for (auto const& [first, last] : ranges) {
        result.insert(first, last);
    }
    return result;
}

// The ranges 10-20 and 30-40 after a third one was inserted.
std::string inserted(int first, int last)
{
    auto s = made({{10, 20}, {30, 40}});
    s.insert(first, last);
    return text(s);
}

std::string erased(int number)
{
    auto s = made({{10, 20}, {30, 30}});
    s.erase(number);
    return text(s);
}

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    set_under_test s;
    BOOST_TEST(s.empty());
    BOOST_TEST(s.count() == 0U);
    BOOST_TEST(!s.contains(1));
    BOOST_TEST(!s.last_from(1));
    s.erase(1);
    BOOST_TEST(s.empty());
    s.insert(7);
    BOOST_TEST(text(s) == "7-7 ");
    s.clear();
    BOOST_TEST(s.empty());
    BOOST_TEST(!s.contains(7));
}

BOOST_AUTO_TEST_CASE(a_range_that_touches_nothing)
{
    BOOST_TEST(inserted(1, 8) == "1-8 10-20 30-40 ");
    BOOST_TEST(inserted(22, 28) == "10-20 22-28 30-40 ");
    BOOST_TEST(inserted(42, 50) == "10-20 30-40 42-50 ");
    BOOST_TEST(inserted(8, 8) == "8-8 10-20 30-40 ");
    BOOST_TEST(inserted(25, 25) == "10-20 25-25 30-40 ");
    BOOST_TEST(inserted(42, 42) == "10-20 30-40 42-42 ");
}

BOOST_AUTO_TEST_CASE(a_range_that_touches_others)
{
    BOOST_TEST(inserted(1, 9) == "1-20 30-40 ");
    BOOST_TEST(inserted(9, 9) == "9-20 30-40 ");
    BOOST_TEST(inserted(21, 21) == "10-21 30-40 ");
    BOOST_TEST(inserted(21, 25) == "10-25 30-40 ");
    BOOST_TEST(inserted(25, 29) == "10-20 25-40 ");
    BOOST_TEST(inserted(29, 29) == "10-20 29-40 ");
    BOOST_TEST(inserted(41, 41) == "10-20 30-41 ");
    BOOST_TEST(inserted(21, 29) == "10-40 ");
}

BOOST_AUTO_TEST_CASE(a_range_inside_another)
{
    BOOST_TEST(inserted(10, 20) == "10-20 30-40 ");
    BOOST_TEST(inserted(10, 10) == "10-20 30-40 ");
    BOOST_TEST(inserted(10, 15) == "10-20 30-40 ");
    BOOST_TEST(inserted(15, 20) == "10-20 30-40 ");
    BOOST_TEST(inserted(20, 20) == "10-20 30-40 ");
    BOOST_TEST(inserted(35, 36) == "10-20 30-40 ");
}

BOOST_AUTO_TEST_CASE(a_range_that_overlaps_others)
{
    BOOST_TEST(inserted(5, 10) == "5-20 30-40 ");
    BOOST_TEST(inserted(5, 15) == "5-20 30-40 ");
    BOOST_TEST(inserted(5, 20) == "5-20 30-40 ");
    BOOST_TEST(inserted(5, 25) == "5-25 30-40 ");
    BOOST_TEST(inserted(10, 25) == "10-25 30-40 ");
    BOOST_TEST(inserted(15, 25) == "10-25 30-40 ");
    BOOST_TEST(inserted(20, 25) == "10-25 30-40 ");
    BOOST_TEST(inserted(20, 30) == "10-40 ");
    BOOST_TEST(inserted(10, 29) == "10-40 ");
    BOOST_TEST(inserted(5, 29) == "5-40 ");
    BOOST_TEST(inserted(15, 35) == "10-40 ");
    BOOST_TEST(inserted(15, 45) == "10-45 ");
    BOOST_TEST(inserted(10, 40) == "10-40 ");
    BOOST_TEST(inserted(10, 45) == "10-45 ");
    BOOST_TEST(inserted(5, 45) == "5-45 ");
    BOOST_TEST(inserted(21, 45) == "10-45 ");
}

BOOST_AUTO_TEST_CASE(a_range_that_spans_several)
{
    auto s = made({{1, 1}, {3, 3}, {5, 6}, {9, 12}, {20, 21}});
    s.insert(3, 8);
    BOOST_TEST(text(s) == "1-1 3-12 20-21 ");
    s = made({{1, 1}, {3, 3}, {5, 6}, {9, 12}, {20, 21}});
    s.insert(2, 30);
    BOOST_TEST(text(s) == "1-30 ");
}

BOOST_AUTO_TEST_CASE(a_number_is_taken_out)
{
    BOOST_TEST(erased(10) == "11-20 30-30 ");
    BOOST_TEST(erased(20) == "10-19 30-30 ");
    BOOST_TEST(erased(15) == "10-14 16-20 30-30 ");
    BOOST_TEST(erased(11) == "10-10 12-20 30-30 ");
    BOOST_TEST(erased(19) == "10-18 20-20 30-30 ");
    BOOST_TEST(erased(30) == "10-20 ");
    for (int const absent : {INT_MIN, 0, 1, 9, 21, 29, 31, INT_MAX}) {
        BOOST_TEST(erased(absent) == "10-20 30-30 ");
    }
}

BOOST_AUTO_TEST_CASE(with_the_memory_of_another)
{
    set_under_test spare;
    spare.reserve_spare(2);
    BOOST_TEST(spare.ranges().size() == 2U);
    spare.reserve_spare(1);
    BOOST_TEST(spare.ranges().size() == 2U);
    auto s = made({{10, 20}});
    auto const before = test::allocation_count();
    s.insert(30, spare);
    s.erase(15, spare);
    // Each of these could have taken a range, and took none.
    s.erase(10, spare);
    s.erase(20, spare);
    s.erase(30, spare);
    s.erase(99, spare);
    BOOST_TEST(test::allocation_count() == before);
    BOOST_TEST(spare.empty());
    BOOST_TEST(text(s) == "11-14 16-19 ");
}

BOOST_AUTO_TEST_CASE(the_ends_of_the_numbers)
{
    set_under_test s;
    s.insert(INT_MAX);
    s.insert(1);
    BOOST_TEST(text(s) == "1-1 2147483647-2147483647 ");
    s.insert(INT_MAX);
    s.insert(INT_MAX - 1);
    BOOST_TEST(text(s) == "1-1 2147483646-2147483647 ");
    BOOST_TEST(s.last_from(INT_MAX).value() == INT_MAX);
    BOOST_TEST(s.last_from(INT_MAX - 1).value() == INT_MAX);
    BOOST_TEST(!s.last_from(INT_MAX - 2));
    s.erase(INT_MAX);
    BOOST_TEST(text(s) == "1-1 2147483646-2147483646 ");
    s.insert(1, INT_MAX);
    BOOST_TEST(text(s) == "1-2147483647 ");
    BOOST_TEST(s.count() == static_cast<std::size_t>(INT_MAX));
    s.insert(5);
    s.insert(2, INT_MAX);
    BOOST_TEST(text(s) == "1-2147483647 ");
    s.erase(1);
    s.erase(INT_MAX);
    BOOST_TEST(text(s) == "2-2147483646 ");
    s.erase(1000);
    BOOST_TEST(text(s) == "2-999 1001-2147483646 ");
}

BOOST_AUTO_TEST_CASE(the_last_of_a_range)
{
    auto const s = made({{10, 20}, {22, 22}});
    for (int i = 10; i <= 20; ++i) {
        BOOST_TEST(s.last_from(i).value() == 20);
        BOOST_TEST(s.contains(i));
    }
    BOOST_TEST(s.last_from(22).value() == 22);
    for (int const absent : {INT_MIN, -1, 0, 9, 21, 23, INT_MAX}) {
        BOOST_TEST(!s.last_from(absent));
        BOOST_TEST(!s.contains(absent));
    }
}

BOOST_AUTO_TEST_CASE(how_many)
{
    auto s = made({{10, 20}, {22, 22}});
    BOOST_TEST(s.count() == 12U);
    s.erase(15);
    BOOST_TEST(s.count() == 11U);
    s.insert(15);
    s.insert(15);
    s.insert(21);
    BOOST_TEST(s.count() == 13U);
}

BOOST_AUTO_TEST_CASE(the_numbers_of_another)
{
    auto s = made({{1, 3}, {10, 12}});
    set_under_test const none;
    s.insert(none);
    BOOST_TEST(text(s) == "1-3 10-12 ");
    auto const other = made({{4, 5}, {9, 9}, {12, 14}, {20, 21}});
    s.insert(other);
    BOOST_TEST(text(s) == "1-5 9-14 20-21 ");
    BOOST_TEST(text(other) == "4-5 9-9 12-14 20-21 ");
    set_under_test copy;
    copy.insert(s);
    BOOST_TEST(text(copy) == text(s));
    // Its own change nothing.
    auto const before = s;
    s.insert(before);
    BOOST_TEST(text(s) == text(before));
}

set_under_test::map ranges_of(std::set<int> const& truth)
{
    set_under_test::map result;
    for (int const n : truth) {
        auto const last = result.empty() ? result.end() : std::prev(result.end());
        if (last != result.end() && last->second == n - 1) {
            last->second = n;
        } else {
            result.emplace_hint(result.end(), n, n);
        }
    }
    return result;
}

BOOST_AUTO_TEST_CASE(agrees_with_a_set)
{
    std::mt19937_64 random(test::seed());
    constexpr int width = 60;
    set_under_test s;
    set_under_test spare;
    std::set<int> truth;
    auto const insert = [&](auto& ranges, int first, int last) {
        ranges.insert(first, last);
        for (int n = first;; ++n) {
            truth.insert(n);
            if (n == last) {
                break;
            }
        }
    };
    for (int i = 0; i != 30000; ++i) {
        int const base = random() % 3 == 0 ? INT_MAX - width : 0;
        int const n = base + 1 + static_cast<int>(random() % width);
        int const most = base + width - n;
        int const last = n + (std::min)(most, static_cast<int>(random() % 6));
        BOOST_TEST_INFO_SCOPE("step " << i << ", number " << n << " to " << last);
        switch (random() % 16) {
        case 0:
        case 1:
        case 2:
            s.insert(n);
            truth.insert(n);
            break;
        case 3:
            insert(s, n, last);
            break;
        case 4: {
            set_under_test other;
            insert(other, n, last);
            insert(other, base + 1, base + 1);
            if (random() % 2 == 0) {
                s.insert(other);
            } else {
                s.merge(other);
                BOOST_REQUIRE(other.empty());
            }
            break;
        }
        case 5:
            spare.reserve_spare(1);
            s.insert(n, spare);
            truth.insert(n);
            break;
        case 6:
            spare.reserve_spare(1);
            s.erase(n, spare);
            truth.erase(n);
            break;
        default:
            s.erase(n);
            truth.erase(n);
            break;
        }
        BOOST_REQUIRE_EQUAL(text(s), text(ranges_of(truth)));
        BOOST_REQUIRE_EQUAL(s.count(), truth.size());
        BOOST_REQUIRE_EQUAL(s.empty(), truth.empty());
        int const probe = base + 1 + static_cast<int>(random() % width);
        std::optional<int> truly_last;
        for (int m = probe; truth.contains(m); ++m) {
            truly_last = m;
            if (m == INT_MAX) {
                break;
            }
        }
        BOOST_REQUIRE((s.last_from(probe) == truly_last));
        BOOST_REQUIRE_EQUAL(s.contains(probe), truth.contains(probe));
        if (random() % 5000 == 0) {
            s.clear();
            truth.clear();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
