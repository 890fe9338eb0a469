//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_RETRY_TIMER_HPP
#define ASIO_INOTIFY_SRC_PATHS_RETRY_TIMER_HPP

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace asio_inotify::detail {

/// When names of which a lookup failed, or whose changes are not all reported, are looked up again:
/// after a second, or later if that takes more than a small part of the time.
class retry_timer
{
public:
    using clock = std::chrono::steady_clock;

    /// The time of the next retry; nothing if none is scheduled.
    [[nodiscard]] std::optional<clock::time_point> next() const noexcept { return next_; }

    [[nodiscard]] bool is_due(clock::time_point now) const noexcept
    {
        return next_ && *next_ <= now;
    }

    /// A retry begins.
    void begin(clock::time_point now) noexcept
    {
        began_ = now;
        next_.reset();
    }

    /// Nothing is left to do. Ends the retry that has begun, if one has.
    /** @param is_needed  False if there is nothing to retry. */
    void schedule(bool is_needed, clock::time_point now) noexcept
    {
        auto const taken = now - std::exchange(began_, std::nullopt).value_or(now);
        if (!is_needed) {
            next_.reset();
        } else if (!next_) {
            // A lookup can take minutes where a server does not answer.
            auto const delay = (std::min)(share * taken, (std::max)(longest_delay, taken));
            next_ = now + (std::max)(shortest_delay, delay);
        }
    }

private:
    static constexpr clock::duration shortest_delay = std::chrono::seconds(1);
    static constexpr clock::duration longest_delay = std::chrono::seconds(64);
    static constexpr int share = 32;

    std::optional<clock::time_point> next_;
    std::optional<clock::time_point> began_;
};

} // namespace asio_inotify::detail

#endif
