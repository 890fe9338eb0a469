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

/// What --stats tells.
struct statistics
{
    /// Events that were printed.
    std::uint64_t events = 0;
    /// Reads that gave events.
    std::uint64_t batches = 0;
    /// What these events took in the kernel's form.
    std::uint64_t bytes = 0;
    /// Reads, also those that gave nothing: at a timeout or a signal.
    std::uint64_t reads = 0;
    /// Events that are an overflow of the kernel's queue, the end of a watch, an unmount.
    std::uint64_t overflows = 0;
    std::uint64_t ignored = 0;
    std::uint64_t unmounts = 0;
    /// Events of watches that had ended; not printed.
    std::uint64_t unknown = 0;
    /// Events by kind.
    std::array<std::uint64_t, kind_count> kinds{};

    /// In other modes their own counters, instead of all others.
    std::vector<std::pair<char const*, std::uint64_t>> others{};

    /// Count an event that is printed.
    void count(asio_inotify::event_view event);

    /// A JSON object on one line.
    [[nodiscard]] std::string to_json() const;
};

} // namespace asio_watch

#endif
