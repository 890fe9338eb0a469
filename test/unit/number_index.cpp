//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_index.hpp"

#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(number_index)

using lib_index = asio_inotify::detail::number_index;

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    lib_index index;
    for (int const number : {1, 8, INT_MAX, 0, -1}) {
        BOOST_TEST(index.find(number) == lib_index::nothing);
        index.erase(number);
        index.prefetch(number);
    }
    BOOST_TEST(index.size() == 0U);
}

BOOST_AUTO_TEST_CASE(there_and_gone)
{
    lib_index index;
    index.insert(7, 70);
    index.insert(INT_MAX, 71);
    BOOST_TEST(index.find(7) == 70U);
    BOOST_TEST(index.find(INT_MAX) == 71U);
    BOOST_TEST(index.contains(7));
    BOOST_TEST(!index.contains(8));
    BOOST_TEST(!index.contains(-1));
    index.erase(7);
    BOOST_TEST(!index.contains(7));
    BOOST_TEST(index.find(INT_MAX) == 71U);
    BOOST_TEST(index.size() == 1U);
}

// Against a map, with numbers that crowd: dense ones, ones with the same low or high bits, any.
BOOST_AUTO_TEST_CASE(as_a_map)
{
    std::uint32_t const seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    for (int const kind : {0, 1, 2, 3, 4}) {
        lib_index index;
        std::map<int, std::uint32_t> model;
        auto const some = [&] {
            auto const n = static_cast<int>(random() % 300);
            switch (kind) {
            case 0:
                return n + 1;
            case 1:
                return (n + 1) << 20;
            case 2:
                return INT_MAX - n * 8;
            case 3:
                return n * 64 + 63;
            default:
                return static_cast<int>(random() % INT_MAX) + 1;
            }
        };
        for (int step = 0; step != 20000; ++step) {
            int const number = some();
            // More and more, then less and less.
            bool const grow = random() % 100 < (step < 10000 ? 60U : 40U);
            if (grow && model.emplace(number, static_cast<std::uint32_t>(step)).second) {
                index.insert(number, static_cast<std::uint32_t>(step));
            } else if (!grow && !model.empty()) {
                auto victim = model.lower_bound(number);
                victim = victim == model.end() ? model.begin() : victim;
                index.erase(victim->first);
                model.erase(victim);
            }
            BOOST_REQUIRE_EQUAL(index.size(), model.size());
            auto const found = model.find(number);
            BOOST_REQUIRE_EQUAL(index.find(number),
                                found == model.end() ? lib_index::nothing : found->second);
            if (step % 500 == 0) {
                for (auto const& [n, where] : model) {
                    BOOST_REQUIRE_EQUAL(index.find(n), where);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
