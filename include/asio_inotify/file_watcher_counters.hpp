//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_WATCHER_COUNTERS_HPP
#define ASIO_INOTIFY_FILE_WATCHER_COUNTERS_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstdint>

namespace asio_inotify {

/// What a @ref basic_file_watcher has done since it was opened.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_watcher_counters
{
    /// Events of the kernel that were read.
    std::uint64_t events = 0;
    /// Those among them of watches that were no more needed, which were dropped.
    std::uint64_t stale = 0;
    /// Times that the kernel's queue was full, and every path was looked at again.
    std::uint64_t overflows = 0;
    /// Times that a name on the way of a path was looked at.
    std::uint64_t looks = 0;
    /// Changes that were reported.
    std::uint64_t changes = 0;

    /// True if all counts are equal.
    friend bool operator==(file_watcher_counters const&, file_watcher_counters const&) = default;
};

} // namespace asio_inotify

#endif
