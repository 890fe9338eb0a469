//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_OPTIONS_HPP
#define ASIO_INOTIFY_TREE_OPTIONS_HPP

#include <asio_inotify/tree_change.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify {

/// How trees are watched.
struct tree_options
{
    /// The kinds of changes to report. What is left out is known all the same.
    /** Where `created` is left out and `modified` is not, a file that is found by looking is
     * reported as modified, as nobody knows what was written to it before. */
    tree_change_mask report = tree_change_mask::all;

    /// Report what is there when a root is added, as `existing`.
    bool report_existing = false;

    /// Leave out entries whose name matches one of these globs, as fnmatch(3) does; those with a
    /// '/' in them are compared with the path below the root. What is beneath them is left out too.
    std::vector<std::string> exclude{};

    /// Leave out entries for which this returns true, and what is beneath them.
    /** Called with the path as it would be reported, before the entry is watched. Must answer the
     * same each time, must not throw and must not touch the watcher. */
    std::function<bool(std::string_view path, tree_entry_type type)> prune{};

    /// Take a symbolic link to a directory for the directory.
    bool follow_symlinks = false;

    /// Do not watch directories of other filesystems than that of the root. They are reported as
    /// uncovered, with the error EXDEV.
    bool one_filesystem = false;

    /// Watch and report directories only. Nothing is kept of files, and leaf directories are not
    /// even opened where the filesystem tells them by their number of links.
    bool directories_only = false;

    /// How long the second half of a rename is waited for. Without it the entry is gone.
    std::chrono::milliseconds grace_time{10};

    /// How long the executor is held at a time by looking at directories, except for one system
    /// call.
    std::chrono::microseconds slice_time{1000};

    /// How many changes there are in a batch, at most.
    std::size_t batch_size = 4096;

    /// How many bytes of events are held back, at most, while the second half of a rename is waited
    /// for.
    std::size_t event_bytes = 1024 * 1024;
};

} // namespace asio_inotify

#endif
