//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "scan_progress.hpp"

#include "text.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace asio_watch {
namespace {

// A shorter scan shows no line.
constexpr std::chrono::milliseconds first_after{300};
constexpr std::chrono::milliseconds next_after{100};

constexpr auto const* erase_line = "\r\x1b[K";

bool has_terminal()
{
    auto const* const terminal = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) != 0 &&
           (terminal == nullptr || std::string_view(terminal) != "dumb");
}

} // namespace

scan_progress::scan_progress(boost::asio::any_io_executor const& ex,
                             std::function<asio_inotify::tree_counters()> counters)
    : timer_(ex)
    , counters_(std::move(counters))
{}

void scan_progress::begin()
{
    if (has_terminal()) {
        running_ = true;
        show_after(first_after);
    }
}

void scan_progress::end()
{
    running_ = false;
    timer_.cancel();
    erase();
}

void scan_progress::erase() noexcept
{
    if (std::exchange(shown_, false)) {
        std::fputs(erase_line, stderr);
    }
}

void scan_progress::show_after(std::chrono::milliseconds time)
{
    timer_.expires_after(time);
    timer_.async_wait([this](boost::system::error_code ec) {
        // The timer can have expired before it was cancelled.
        if (!ec && running_) {
            show();
        }
    });
}

void scan_progress::show()
{
    auto const now = counters_();
    std::string line{erase_line};
    line += "scanning: ";
    append_number(line, now.directories);
    line += now.directories == 1 ? " directory, " : " directories, ";
    append_number(line, now.entries);
    line += now.entries == 1 ? " entry" : " entries";
    shown_ = true;
    std::fputs(line.c_str(), stderr);
    show_after(next_after);
}

} // namespace asio_watch
