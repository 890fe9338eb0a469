//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/wait_set.hpp"

#include "values/fail.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace asio_inotify::detail {
namespace {

constexpr std::uint32_t epoll_events(wait_set::readiness what) noexcept
{
    return what == wait_set::readiness::readable ? EPOLLIN : EPOLLPRI;
}

} // namespace

wait_set::~wait_set()
{
    if (timer_ >= 0) {
        ::close(timer_);
    }
    if (owns_epoll_) {
        ::close(epoll_);
    }
}

void wait_set::open(boost::system::error_code& ec) noexcept
{
    ec.clear();
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    owns_epoll_ = epoll_ >= 0;
    if (!owns_epoll_) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer_ < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    add(timer_, readiness::readable, ec);
}

void wait_set::add(int fd, readiness what, boost::system::error_code& ec) noexcept
{
    ec.clear();
    epoll_event event{};
    event.events = epoll_events(what);
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

int wait_set::give_handle() noexcept
{
    owns_epoll_ = false;
    return epoll_;
}

void wait_set::arm(time_point deadline) noexcept
{
    if (deadline != deadline_) {
        set_timer(deadline);
    }
}

void wait_set::disarm() noexcept
{
    arm((time_point::max)());
}

bool wait_set::take_expired(time_point now) noexcept
{
    if (now < deadline_) {
        return false;
    }
    // Not by reading, as the clock can be ahead of the timer: there might be nothing to read yet.
    disarm();
    return true;
}

void wait_set::set_timer(time_point deadline) noexcept
{
    deadline_ = deadline;
    itimerspec spec{};
    if (deadline != (time_point::max)()) {
        // Zero would mean never.
        std::chrono::nanoseconds const since_boot =
            (std::max)(deadline.time_since_epoch(), time_point::duration{1});
        auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
        spec.it_value = {seconds.count(), (since_boot - seconds).count()};
    }
    ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &spec, nullptr);
}

} // namespace asio_inotify::detail
