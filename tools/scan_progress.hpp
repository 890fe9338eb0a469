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

/// A line on the terminal of standard error that tells how far looking at trees has come.
/** It shows when that is known to take some time. Without a terminal there is none. */
class scan_progress
{
public:
    /// @param look  Tells how far it has come.
    scan_progress(boost::asio::any_io_executor const& ex,
                  std::function<asio_inotify::tree_counters()> look);

    scan_progress(scan_progress const&) = delete;
    scan_progress& operator=(scan_progress const&) = delete;

    // The timer's handler needs the object: it is to live as long as the executor works.
    ~scan_progress() { end(); }

    /// Show the line from now on.
    void begin();

    /// Erase it.
    void end();

private:
    void show_after(std::chrono::milliseconds time);
    void show();

    boost::asio::steady_timer timer_;
    std::function<asio_inotify::tree_counters()> look_;
    bool running_ = false;
    bool shown_ = false;
};

} // namespace asio_watch

#endif
