//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_WATCH_OPTIONS_HPP
#define ASIO_INOTIFY_FILE_WATCH_OPTIONS_HPP

#include <asio_inotify/detail/config.hpp>

#include <chrono>

namespace asio_inotify {

/// Which writes into a file are reported.
enum class file_writes
{
    /// Those that are over: the writer has closed the file.
    completed,
    /// Each, as for a log file that is never closed. Writes in quick succession can be one change.
    each
};

/// How a path is watched.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_watch_options
{
    /// Which writes into the file are reported.
    file_writes writes = file_writes::completed;
    /// If the path names a symbolic link, watch the file that it leads to. If false, the link
    /// itself counts as the file. Links to directories on the way are always followed.
    bool follow_symlinks = true;
    /// Report a change when the path has been quiet for that time, and in the state in which it is
    /// then: what changed back in between is not reported. Zero for at once.
    std::chrono::milliseconds settle{0};
};

} // namespace asio_inotify

#endif
