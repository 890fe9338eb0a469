//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"
#include "support/process/restored.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace {

// Constructed before the watcher is opened.
struct before_opening
{
    test::restoring restored;
};

struct restored_files : before_opening, test::watched_files
{
    /// How many handlers run until nothing is left to do; many if there is no end.
    int steps()
    {
        int count = 0;
        pollfd ready{watcher.native_handle(), POLLIN, 0};
        do {
            context.restart();
            count += static_cast<int>(context.poll_one());
        } while (::poll(&ready, 1, 0) != 0 && count < 1000);
        return count;
    }
};

} // namespace

// The process was restored by CRIU, or somebody else has changed the instance: what was lost is
// found, and nothing is used while nothing happens.
BOOST_FIXTURE_TEST_SUITE(file_restored, restored_files)

BOOST_AUTO_TEST_CASE(a_timer_that_expires_too_early_does_not_spin)
{
    dir.write("f");
    add("f");
    expect({});
    restored.expire_timers();
    BOOST_TEST(steps() < 10);
    expect({});
}

BOOST_AUTO_TEST_CASE(a_timer_that_expires_before_its_deadline_does_not_spin)
{
    dir.write("f");
    add("f", {.settle = std::chrono::hours(1)});
    expect({});
    test::append(dir / "f");
    BOOST_TEST(steps() < 10);
    restored.expire_timers();
    BOOST_TEST(steps() < 10);
    expect({});
}

BOOST_AUTO_TEST_SUITE_END()
