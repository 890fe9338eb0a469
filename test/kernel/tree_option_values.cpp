//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>

// Impossible options, and extreme ones.
BOOST_FIXTURE_TEST_SUITE(tree_option_values, test::watched_tree)

using asio_inotify::error;

BOOST_AUTO_TEST_CASE(impossible_ones_are_refused_by_name)
{
    auto const refused = [&](auto change) {
        auto options = test::at_once();
        change(options);
        boost::system::error_code ec;
        watcher.open(options, ec);
        BOOST_TEST(!watcher.is_open());
        return ec;
    };
    BOOST_TEST(refused([](auto& o) { o.batch_size = 0; }) == error::invalid_batch_size);
    BOOST_TEST(refused([](auto& o) { o.slice_time = std::chrono::microseconds(-1); }) ==
               error::invalid_slice_time);
    BOOST_TEST(refused([](auto& o) { o.grace_time = std::chrono::milliseconds::min(); }) ==
               error::invalid_grace_time);
    start();
}

BOOST_AUTO_TEST_CASE(the_longest_times)
{
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds::max();
    options.grace_time = std::chrono::milliseconds::max();
    options.event_bytes = std::numeric_limits<std::size_t>::max();
    options.batch_size = std::numeric_limits<std::size_t>::max();
    make("d");
    write("d/a");
    start(options);
    make("d/e");
    expect({"created dir d/e"});
    move("d/a", "../out/a");
    // It waits for the MOVED_TO event, and does not spin.
    settle();
    BOOST_TEST(reported.empty());
}

BOOST_AUTO_TEST_CASE(the_shortest_times_and_sizes)
{
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds(0);
    options.event_bytes = 0;
    options.batch_size = 1;
    make("d");
    write("d/a");
    start(options);
    move("d/a", "d/b");
    make("e");
    expect({"renamed file d/a -> d/b", "created dir e"});
}

BOOST_AUTO_TEST_SUITE_END()
