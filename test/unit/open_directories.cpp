//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/seed.hpp"
#include "support/tree/recording_port.hpp"

#include "tree/engine/open_directories.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <list>
#include <random>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(open_directories)

using asio_inotify::detail::dir_id;
using lib_cache = asio_inotify::detail::open_directories;

constexpr std::size_t most = 16;

BOOST_AUTO_TEST_CASE(kept_found_and_taken)
{
    test::recording_port port;
    {
        lib_cache cache(port);
        BOOST_TEST(cache.use(1) == -1);
        BOOST_TEST(cache.take(1) == -1);
        cache.put(1, 100);
        cache.put(2, 0); // a number as good as others
        BOOST_TEST(cache.use(1) == 100);
        BOOST_TEST(cache.use(2) == 0);
        BOOST_TEST(cache.take(1) == 100);
        BOOST_TEST(cache.use(1) == -1);
        BOOST_TEST(port.closed.empty()); // it is who took it that closes it
        cache.put(3, 300);
    }
    std::sort(port.closed.begin(), port.closed.end());
    BOOST_TEST(port.closed == (std::vector<int>{0, 300}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_one_not_asked_for_the_longest_is_closed)
{
    test::recording_port port;
    lib_cache cache(port);
    for (dir_id id = 1; id <= most; ++id) {
        cache.put(id, static_cast<int>(id * 10));
    }
    BOOST_TEST(port.closed.empty());
    BOOST_TEST(cache.use(1) == 10);
    cache.put(17, 170);
    BOOST_TEST(port.closed == std::vector<int>{20}, boost::test_tools::per_element());
    cache.put(18, 180);
    BOOST_TEST(port.closed == (std::vector<int>{20, 30}), boost::test_tools::per_element());
    BOOST_TEST(cache.use(1) == 10);
}

BOOST_AUTO_TEST_CASE(some_are_closed)
{
    test::recording_port port;
    lib_cache cache(port);
    for (dir_id id = 1; id <= 6; ++id) {
        cache.put(id, static_cast<int>(id * 10));
    }
    cache.close_if([](dir_id id) { return id % 2 == 0; });
    std::sort(port.closed.begin(), port.closed.end());
    BOOST_TEST(port.closed == (std::vector<int>{20, 40, 60}), boost::test_tools::per_element());
    BOOST_TEST(cache.use(5) == 50);
    BOOST_TEST(cache.use(4) == -1);
    cache.clear();
    BOOST_TEST(port.closed.size() == 6U);
    BOOST_TEST(cache.use(5) == -1);
}

BOOST_AUTO_TEST_CASE(as_a_list)
{
    auto const seed = test::seed();
    std::mt19937_64 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        test::recording_port port;
        lib_cache cache(port);
        // The one that was asked for last comes first.
        std::list<std::pair<dir_id, int>> model;
        std::vector<int> closed;
        int handles = 0;
        for (int step = 0; step != 100'000; ++step) {
            auto const id = static_cast<dir_id>(random() % 30 + 1);
            auto const at = std::find_if(model.begin(), model.end(),
                                         [&](auto const& one) { return one.first == id; });
            auto const expected = at == model.end() ? -1 : at->second;
            if (random() % 3 == 0) {
                BOOST_REQUIRE_EQUAL(cache.take(id), expected);
                if (at != model.end()) {
                    model.erase(at);
                }
            } else {
                BOOST_REQUIRE_EQUAL(cache.use(id), expected);
                if (at != model.end()) {
                    model.splice(model.begin(), model, at);
                } else {
                    if (model.size() == most) {
                        closed.push_back(model.back().second);
                        model.pop_back();
                    }
                    cache.put(id, ++handles);
                    model.emplace_front(id, handles);
                }
            }
            BOOST_REQUIRE_EQUAL(port.closed.size(), closed.size());
        }
        BOOST_TEST((port.closed == closed));
    }
}

BOOST_AUTO_TEST_SUITE_END()
