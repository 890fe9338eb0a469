//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_STATISTICS_HPP
#define ASIO_WATCH_STATISTICS_HPP

#include "event_words.hpp"

#include <asio_inotify/event_view.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace asio_watch {

/// The counters that --stats prints.
struct statistics
{
    /// Events that were printed.
    std::uint64_t events = 0;
    /// Reads that returned events.
    std::uint64_t batches = 0;
    /// The size of these events in the kernel's format.
    std::uint64_t bytes = 0;
    /// All reads, including those that a timeout or a signal ended.
    std::uint64_t reads = 0;
    /// Events for an overflow of the queue, the end of a watch, an unmount.
    std::uint64_t overflows = 0;
    std::uint64_t ignored = 0;
    std::uint64_t unmounts = 0;
    /// Events of watches that had ended; not printed.
    std::uint64_t unknown = 0;
    /// Events by kind.
    std::array<std::uint64_t, kind_count> kinds{};

    /// The counters of -r and -f, printed instead of the ones above.
    std::vector<std::pair<char const*, std::uint64_t>> mode_counters{};

    /// Count an event that is printed.
    void count(asio_inotify::event_view event);

    /// A JSON object on one line.
    [[nodiscard]] std::string to_json() const;
};

} // namespace asio_watch

#endif
