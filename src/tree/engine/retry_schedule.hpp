//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RETRY_SCHEDULE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RETRY_SCHEDULE_HPP

#include "tree/port/tree_port.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace asio_inotify::detail {

// When directories that cannot be watched are tried again: as soon as a watch of this instance has
// ended, and from time to time, as the watches of other processes count against the same limit. A
// round tries one directory; while rounds succeed, each tries twice as many and one more. A round
// with a failure ends the attempts for a delay that doubles, from one second to 32.
class retry_schedule
{
public:
    using time_point = tree_port::clock::time_point;

    /// How many directories may be tried now. Follow with @ref begin_round if it is not 0.
    /** @param ended  How many watches have ended so far. */
    [[nodiscard]] std::size_t allowance(time_point now, std::uint64_t ended) noexcept
    {
        if (tried_ != 0 && has_failed_) {
            tried_ = 0;
            at_ = now + delay_;
            delay_ = (std::min)(2 * delay_, longest_delay);
            ended_ = ended;
            return 0;
        }
        if (tried_ == 0) {
            if (!at_) {
                at_ = now + delay_;
                ended_ = ended;
            }
            if (ended_ == ended && now < *at_) {
                return 0;
            }
        }
        return 2 * tried_ + 1;
    }

    /// So many directories are tried; with 0, none of them can be.
    void begin_round(std::size_t tried) noexcept
    {
        tried_ = tried;
        has_failed_ = false;
        if (tried == 0) {
            at_.reset();
            delay_ = shortest_delay;
        }
    }

    /// A directory could not be watched.
    void note_failure() noexcept { has_failed_ = true; }

    /// Every directory is watched.
    void stop() noexcept { at_.reset(); }

    /// The time of the next round; nothing if none is needed.
    [[nodiscard]] std::optional<time_point> next() const noexcept { return at_; }

private:
    static constexpr std::chrono::seconds shortest_delay{1};
    static constexpr std::chrono::seconds longest_delay{32};

    // In the last round.
    std::size_t tried_ = 0;
    bool has_failed_ = false;
    // How many watches had ended when the delay began.
    std::uint64_t ended_ = 0;
    std::chrono::seconds delay_ = shortest_delay;
    std::optional<time_point> at_;
};

} // namespace asio_inotify::detail

#endif
