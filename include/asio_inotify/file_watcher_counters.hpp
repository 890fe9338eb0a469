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

/// Counters of a @ref basic_file_watcher, since it was opened.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_watcher_counters
{
    /// Kernel events that were read.
    std::uint64_t events = 0;
    /// Kernel events that were dropped, as their watches were not needed any more.
    std::uint64_t stale = 0;
    /// Overflows of the kernel's queue; after each of them every path is checked again.
    std::uint64_t overflows = 0;
    /// Lookups of a component of a path.
    std::uint64_t looks = 0;
    /// Changes that were reported.
    std::uint64_t changes = 0;
    /// Restores of the process by CRIU that the watcher has noticed.
    std::uint64_t restores = 0;

    /// True if all counters are equal.
    friend bool operator==(file_watcher_counters const&, file_watcher_counters const&) = default;
};

} // namespace asio_inotify

#endif
