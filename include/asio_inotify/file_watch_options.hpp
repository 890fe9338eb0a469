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

/// Which writes to a file the watcher reports.
enum class file_writes
{
    /// Completed writes: the writer has closed the file.
    completed,
    /// Each write, as for a log file that its writer keeps open. Writes in quick succession can be
    /// reported as one change.
    each
};

/// Options of a path: which writes to report, symbolic links, settle time (debounce).
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_watch_options
{
    /// Which writes to the file the watcher reports.
    file_writes writes = file_writes::completed;
    /// If the path names a symbolic link, watch the file that the link leads to. If false, the link
    /// itself is the file. Links in the directories of the path are always followed.
    bool follow_symlinks = true;
    /// Settle time (debounce): report a change when nothing has changed for that time. The report
    /// is the difference to the state at the end; a change that was reverted by then is not
    /// reported. With zero, changes are reported at once. Times above 49 days are clamped to that.
    std::chrono::milliseconds settle{0};
};

} // namespace asio_inotify

#endif
