//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_SCAN_PROGRESS_HPP
#define ASIO_WATCH_SCAN_PROGRESS_HPP

#include <asio_inotify/tree_counters.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

namespace asio_watch {

/// A progress line of the initial scan, on standard error.
/** Appears only on a terminal, and only if the scan takes some time. */
class scan_progress
{
public:
    /// @param counters  Returns the progress.
    scan_progress(boost::asio::any_io_executor const& ex,
                  std::function<asio_inotify::tree_counters()> counters);

    scan_progress(scan_progress const&) = delete;
    scan_progress& operator=(scan_progress const&) = delete;

    // The timer's handler refers to the object, which must exist while the executor runs.
    ~scan_progress() { erase(); }

    /// Show the line from now on.
    void begin();

    /// Erase it.
    void end();

private:
    void erase() noexcept;
    void show_after(std::chrono::milliseconds time);
    void show();

    boost::asio::steady_timer timer_;
    std::function<asio_inotify::tree_counters()> counters_;
    bool running_ = false;
    bool shown_ = false;
};

} // namespace asio_watch

#endif
