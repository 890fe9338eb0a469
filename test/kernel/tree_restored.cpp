//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restored.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace {

struct restored_tree : test::watched_tree
{
    /// How many steps are taken until nothing is left to do; many if there is no end.
    [[nodiscard]] int steps()
    {
        int count = 0;
        if (!is_receiving) {
            receive();
        }
        do {
            context.restart();
            count += static_cast<int>(context.poll_one());
        } while (is_busy() && count < 1000);
        return count;
    }

    test::restoring restored;
};

} // namespace

// The process was restored by CRIU, or somebody else has changed the instance: what was lost is
// found, and nothing is used while nothing happens.
BOOST_FIXTURE_TEST_SUITE(tree_restored, restored_tree)

BOOST_AUTO_TEST_CASE(a_timer_that_expires_too_early_does_not_spin)
{
    start();
    restored.expire_timers();
    BOOST_TEST(is_busy());
    BOOST_TEST(steps() < 10);
    expect({});
}

BOOST_AUTO_TEST_CASE(a_timer_that_expires_before_its_deadline_does_not_spin)
{
    write("a");
    auto options = test::at_once();
    options.grace_time = std::chrono::hours(1);
    start(options);
    // Held back, until its second half comes or the time is over.
    move("a", "../out/a");
    BOOST_TEST(steps() < 10);
    restored.expire_timers();
    BOOST_TEST(is_busy());
    BOOST_TEST(steps() < 10);
    BOOST_TEST(!is_busy());
    BOOST_TEST(reported.empty());
}

BOOST_AUTO_TEST_SUITE_END()
