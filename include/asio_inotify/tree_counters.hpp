//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_COUNTERS_HPP
#define ASIO_INOTIFY_TREE_COUNTERS_HPP

#include <cstddef>
#include <cstdint>

namespace asio_inotify {

/// What a tree watcher has done and holds.
struct tree_counters
{
    /// Directories in the trees, the roots among them.
    std::size_t directories = 0;
    /// All entries in the trees.
    std::size_t entries = 0;
    /// Watches.
    std::size_t watches = 0;
    /// Events that were read.
    std::uint64_t events = 0;
    /// Events that were dropped, as they are of a watch that has ended.
    std::uint64_t stale = 0;
    /// Overflows of the kernel's queue.
    std::uint64_t overflows = 0;
    /// Changes that were reported.
    std::uint64_t changes = 0;
    /// Directories that were listed.
    std::uint64_t listings = 0;
};

} // namespace asio_inotify

#endif
