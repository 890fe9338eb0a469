//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_STOPWATCH_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_STOPWATCH_HPP

#include <ctime>

namespace bench {

/// The clock to measure with.
enum class clock_kind
{
    /// Wall-clock time; includes the time of other processes on the same core.
    wall,
    /// The cpu time of the thread, user and kernel: for busy machines, and only if the thread never
    /// waits.
    cpu
};

/// Measures the seconds since its construction.
class stopwatch
{
public:
    explicit stopwatch(clock_kind kind = clock_kind::wall) noexcept
        : id_(kind == clock_kind::wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID)
        , start_(now())
    {}

    [[nodiscard]] double seconds() const noexcept { return now() - start_; }

private:
    [[nodiscard]] double now() const noexcept
    {
        timespec time{};
        ::clock_gettime(id_, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    }

    clockid_t id_;
    double start_;
};

} // namespace bench

#endif
