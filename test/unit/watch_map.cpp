//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/seed.hpp"

#include "tree/model/watch_map.hpp"

#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstddef>
#include <iterator>
#include <map>
#include <new>
#include <random>

BOOST_AUTO_TEST_SUITE(watch_map)

using lib_map = asio_inotify::detail::watch_map;
using asio_inotify::detail::dir_id;

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    lib_map map;
    for (int const number : {1, 8, INT_MAX, 0, -1, INT_MIN}) {
        BOOST_TEST(map.find(number) == 0U);
        map.erase(number);
    }
    BOOST_TEST(map.size() == 0U);
}

BOOST_AUTO_TEST_CASE(there_and_gone)
{
    lib_map map;
    map.insert(1, 70);
    map.insert(INT_MAX, 71);
    map.insert(1024, 72);
    BOOST_TEST(map.find(1) == 70U);
    BOOST_TEST(map.find(INT_MAX) == 71U);
    BOOST_TEST(map.find(INT_MAX - 1) == 0U);
    BOOST_TEST(map.find(1024) == 72U);
    BOOST_TEST(map.find(-1) == 0U);
    map.change(INT_MAX, 73);
    BOOST_TEST(map.find(INT_MAX) == 73U);
    BOOST_TEST(map.size() == 3U);
    map.erase(1);
    map.erase(1);
    BOOST_TEST(map.find(1) == 0U);
    map.erase(INT_MAX);
    BOOST_TEST(map.find(INT_MAX) == 0U);
    BOOST_TEST(map.find(1024) == 72U);
    BOOST_TEST(map.size() == 1U);
}

BOOST_AUTO_TEST_CASE(as_a_map)
{
    auto const seed = test::seed();
    std::mt19937_64 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    for (int const kind : {0, 1, 2, 3, 4}) {
        lib_map map;
        std::map<int, dir_id> model;
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
                return n * 1024 + 1023;
            default:
                return static_cast<int>(random() % INT_MAX) + 1;
            }
        };
        for (int step = 0; step != 20000; ++step) {
            int const number = some();
            // More and more, then less and less.
            bool const grow = random() % 100 < (step < 10000 ? 60U : 40U);
            auto const id = static_cast<dir_id>(step + 1);
            if (grow) {
                if (model.emplace(number, id).second) {
                    map.insert(number, id);
                } else {
                    map.change(number, id);
                    model[number] = id;
                }
            } else if (!model.empty()) {
                auto victim = model.lower_bound(number);
                victim = victim == model.end() ? model.begin() : victim;
                map.erase(victim->first);
                model.erase(victim);
            }
            BOOST_REQUIRE_EQUAL(map.size(), model.size());
            auto const found = model.find(number);
            BOOST_REQUIRE_EQUAL(map.find(number), found == model.end() ? 0U : found->second);
            if (step % 500 == 0) {
                for (auto const& [n, where] : model) {
                    BOOST_REQUIRE_EQUAL(map.find(n), where);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(failures_change_nothing)
{
    for (int const number : {5, 3 << 10, 7 << 20, INT_MAX}) {
        lib_map map;
        map.insert(4, 40);
        bool failed = test::counts_allocations;
        for (std::size_t n = 0; failed; ++n) {
            BOOST_TEST_REQUIRE(n < 10U);
            try {
                test::allocation_failure const failure(n);
                map.insert(number, 50);
                failed = false;
            } catch (std::bad_alloc const&) {
                BOOST_TEST(map.find(number) == 0U);
                BOOST_TEST(map.size() == 1U);
            }
        }
        if (test::counts_allocations) {
            BOOST_TEST(map.find(number) == 50U);
            map.erase(number);
        }
        BOOST_TEST(map.find(4) == 40U);
        map.erase(4);
        BOOST_TEST(map.size() == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
