//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_SET_COUNTERS_HPP
#define ASIO_INOTIFY_WATCH_SET_COUNTERS_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstdint>

namespace asio_inotify {

/// What a @ref basic_watch_set has done since it was opened.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct watch_set_counters
{
    /// Events that were read and joined with their watch, overflows among them.
    std::uint64_t events = 0;
    /// Events of watches that were no more in the set, which were dropped: those that were queued
    /// when a watch was removed, the end of a removed watch, and late ones of watches that ended.
    std::uint64_t stale = 0;
    /// Times that the kernel's queue was full.
    std::uint64_t overflows = 0;
    /// Watches whose end the kernel could not report, and that were found missing after an
    /// overflow.
    std::uint64_t reconciled = 0;

    /// True if all counts are equal.
    friend bool operator==(watch_set_counters const&, watch_set_counters const&) = default;
};

} // namespace asio_inotify

#endif
