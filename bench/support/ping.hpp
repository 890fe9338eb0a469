//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_PING_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_PING_HPP

#include "support/stopwatch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <vector>

namespace bench {

// In milliseconds: how late the timer's handler was, and the cpu time of the thread since the
// previous handler, without the time of other processes.
struct samples
{
    std::vector<double> late;
    std::vector<double> cpu;
};

// A repeating timer that records how late each handler was.
class ping
{
public:
    ping(boost::asio::io_context& context, std::chrono::microseconds interval)
        : timer_(context)
        , interval_(interval)
    {}

    void start()
    {
        timer_.expires_after(interval_);
        timer_.async_wait([this](boost::system::error_code ec) {
            if (!ec && !stopped_) {
                std::chrono::duration<double, std::milli> const late =
                    std::chrono::steady_clock::now() - timer_.expiry();
                samples_.late.push_back(late.count());
                auto const now = cpu_.seconds() * 1e3;
                samples_.cpu.push_back(now - before_);
                before_ = now;
                start();
            }
        });
    }

    void stop()
    {
        // The handler may already be queued.
        stopped_ = true;
        timer_.cancel();
    }

    [[nodiscard]] samples const& taken() const noexcept { return samples_; }

private:
    boost::asio::steady_timer timer_;
    std::chrono::microseconds interval_;
    samples samples_;
    stopwatch cpu_{clock_kind::cpu};
    double before_ = 0;
    bool stopped_ = false;
};

} // namespace bench

#endif
