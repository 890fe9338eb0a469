//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "wait_timer.hpp"

#include <utility>

namespace asio_watch {

wait_timer::wait_timer(boost::asio::any_io_executor const& ex,
                       std::optional<std::chrono::nanoseconds> limit, std::function<void()> notify)
    : timer_(ex)
    , limit_(limit)
    , notify_(std::move(notify))
{}

void wait_timer::begin_wait()
{
    waiting_ = true;
    expired_ = false;
    if (!limit_) {
        return;
    }
    wait_began_ = clock::now();
    if (!armed_) {
        arm(wait_began_ + *limit_);
    }
}

void wait_timer::arm(clock::time_point when)
{
    armed_ = true;
    timer_.expires_at(when);
    timer_.async_wait([this](boost::system::error_code ec) {
        if (!ec) {
            on_expiry();
        }
    });
}

void wait_timer::on_expiry()
{
    armed_ = false;
    if (!waiting_) {
        // The next wait arms the timer.
        return;
    }
    auto const end = wait_began_ + *limit_;
    if (clock::now() < end) {
        arm(end);
        return;
    }
    expired_ = true;
    notify_();
}

} // namespace asio_watch
