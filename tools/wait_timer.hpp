//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_WAIT_TIMER_HPP
#define ASIO_WATCH_WAIT_TIMER_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace asio_watch {

/// Limits the time of each wait, for `--timeout` and `--settle`.
/**
 * To be cheap, it does not restart the timer for every wait: when the timer expires, it checks how
 * long the current wait has taken, and restarts for the remaining time.
 */
class wait_timer
{
public:
    using clock = std::chrono::steady_clock;

    /// @param limit   The longest wait; none for a timer that never expires.
    /// @param notify  Called when a wait reaches the limit.
    wait_timer(boost::asio::any_io_executor const& ex,
               std::optional<std::chrono::nanoseconds> limit, std::function<void()> notify);

    /// Start measuring a wait. The time between waits does not count.
    void begin_wait();

    /// Stop measuring.
    void end_wait() noexcept { waiting_ = false; }

    /// True if the last wait reached the limit.
    [[nodiscard]] bool has_expired() const noexcept { return expired_; }

private:
    void arm(clock::time_point when);
    void on_expiry();

    boost::asio::steady_timer timer_;
    std::optional<clock::duration> limit_;
    std::function<void()> notify_;
    clock::time_point wait_began_{};
    bool armed_ = false;
    bool waiting_ = false;
    bool expired_ = false;
};

} // namespace asio_watch

#endif
