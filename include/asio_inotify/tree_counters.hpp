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

/// The trees of a @ref basic_tree_watcher now, and what it has done since it was opened.
struct tree_counters
{
    /// Directories in the trees, including the roots.
    std::size_t directories = 0;
    /// All entries in the trees, including the roots.
    std::size_t entries = 0;
    /// Kernel watches, one for each watched directory.
    std::size_t watches = 0;
    /// Kernel events that were read.
    std::uint64_t events = 0;
    /// Kernel events that were dropped, as their watches had ended.
    std::uint64_t stale = 0;
    /// Overflows of the kernel's queue.
    std::uint64_t overflows = 0;
    /// Changes that were reported.
    std::uint64_t changes = 0;
    /// Listings of directories.
    std::uint64_t listings = 0;
    /// Restores of the process by CRIU that the watcher has noticed.
    std::uint64_t restores = 0;
};

} // namespace asio_inotify

#endif
