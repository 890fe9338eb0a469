//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_INJECTED_ACTIONS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_INJECTED_ACTIONS_HPP

#include "support/process/each_failure.hpp"
#include "support/process/injected_errors.hpp"

#include <asio_inotify/detail/step_result.hpp>

#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

// A watcher without an executor, whose steps are made by the test, while calls of the kernel fail.
namespace test {

/// What happens: then the watcher works while calls fail. If the action calls the watcher, they
/// fail there, too.
template <class Watched>
struct injected_action
{
    bool calls_watcher;
    void (*act)(Watched& watched);
};

/// Let a watcher work until it waits some times, and each time the clock goes on.
/** @param take  Called when there is a batch. */
template <class Watcher, class Function>
void work_until_waits(Watcher& watcher, int waits, std::chrono::nanoseconds pause,
                      Function const& take)
{
    using asio_inotify::detail::step_result;
    constexpr int most_steps = 20000;
    for (int steps = 0; waits != 0; ++steps) {
        BOOST_TEST_REQUIRE(steps < most_steps, "it does not come to rest");
        boost::system::error_code ec;
        auto const result = watcher.step(ec);
        if (result == step_result::deliver) {
            take();
        } else if (result == step_result::wait) {
            --waits;
            advance_clock(pause);
        }
    }
}

/// @param watched  Has `work(waits, pause)`. @returns Whether a call has failed.
template <class Watched, class Actions>
bool fail_during(failure_plan const& plan, Watched& watched, Actions const& actions)
{
    constexpr std::chrono::milliseconds moment{300};
    injected_errors errors(plan.kind.call, plan.error, plan.after, plan.count);
    for (auto const& [calls_watcher, act] : actions) {
        if (!calls_watcher) {
            errors.pause();
        }
        act(watched);
        errors.resume();
        watched.work(2, moment);
    }
    return errors.has_failed();
}

} // namespace test

#endif
