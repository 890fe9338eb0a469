//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_QUIET_TIMER_HPP
#define ASIO_WATCH_QUIET_TIMER_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace asio_watch {

/// Tells when a wait has taken too long.
/**
 * The timer is not set anew for every wait: when it goes off it looks how long the present wait has
 * taken, and goes on for what is left.
 */
class quiet_timer
{
public:
    using clock = std::chrono::steady_clock;

    /// @param limit   None for a timer that never goes off.
    /// @param notify  Called when a wait has taken that long.
    quiet_timer(boost::asio::any_io_executor const& ex,
                std::optional<std::chrono::nanoseconds> limit, std::function<void()> notify);

    /// A wait begins. What happens between waits does not count.
    void wait_begins();

    /// The wait has ended.
    void wait_ends() noexcept { waiting_ = false; }

    /// True if the last wait took too long.
    [[nodiscard]] bool has_expired() const noexcept { return expired_; }

private:
    void arm(clock::time_point when);
    void went_off();

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
