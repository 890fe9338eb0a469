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

/// Counters of a @ref basic_watch_set, since it was opened.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct watch_set_counters
{
    /// Events that were read and joined with their watch, including overflows.
    std::uint64_t events = 0;
    /// Events that were dropped, as their watches were no longer in the set: events that were
    /// queued when a watch was removed, the end of a removed watch, and late events of watches that
    /// ended.
    std::uint64_t stale = 0;
    /// Overflows of the kernel's queue.
    std::uint64_t overflows = 0;
    /// Watches that a comparison with the kernel after an overflow found missing, as the event of
    /// their end was lost.
    std::uint64_t reconciled = 0;
    /// Restores of the process by CRIU that the set has noticed; each is delivered as an overflow.
    std::uint64_t restores = 0;

    /// True if all counters are equal.
    friend bool operator==(watch_set_counters const&, watch_set_counters const&) = default;
};

} // namespace asio_inotify

#endif
