//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/wait_set.hpp"

#include "values/fail.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>

namespace asio_inotify::detail {
namespace {

constexpr std::uint32_t epoll_events(wait_set::readiness condition) noexcept
{
    switch (condition) {
    case wait_set::readiness::readable:
        return EPOLLIN;
    case wait_set::readiness::urgent:
        return EPOLLPRI;
    case wait_set::readiness::restored:
        return EPOLLIN | EPOLLET;
    }
    return 0;
}

} // namespace

void wait_set::open(boost::system::error_code& ec) noexcept
{
    BOOST_ASSERT(epoll_ < 0);
    ec.clear();
    owned_epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    epoll_ = owned_epoll_.get();
    if (!owned_epoll_) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    timer_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!timer_) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    add(timer_.get(), readiness::readable, ec);
}

void wait_set::add(int fd, readiness condition, boost::system::error_code& ec) noexcept
{
    ec.clear();
    epoll_event event{};
    event.events = epoll_events(condition);
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    } else if (condition == readiness::restored) {
        // Being added now does not count.
        nothing_found();
    }
}

int wait_set::release() noexcept
{
    return owned_epoll_.release();
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
    // Disarm instead of reading the timer: the clock can be ahead of it, with nothing to read yet.
    disarm();
    return true;
}

void wait_set::nothing_found() noexcept
{
    std::array<epoll_event, 4> ready;
    int const count = ::epoll_wait(epoll_, ready.data(), int{ready.size()}, 0);
    for (auto const& one : std::span(ready).first(static_cast<std::size_t>((std::max)(count, 0)))) {
        if (one.data.fd == timer_.get()) {
            set_timer(deadline_);
        } else if ((one.events & EPOLLPRI) != 0) {
            // It came after the caller had asked, and this call has consumed the report.
            wake();
        }
    }
}

void wait_set::set_timer(time_point deadline) noexcept
{
    deadline_ = deadline;
    itimerspec spec{};
    // CRIU adds the current time to an absolute timer, even to one that is disarmed: it would
    // expire after each restore.
    int flags = 0;
    if (deadline != (time_point::max)()) {
        flags = TFD_TIMER_ABSTIME;
        // Zero would disarm it.
        std::chrono::nanoseconds const since_boot =
            (std::max)(deadline.time_since_epoch(), time_point::duration{1});
        auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
        spec.it_value = {seconds.count(), (since_boot - seconds).count()};
    }
    ::timerfd_settime(timer_.get(), flags, &spec, nullptr);
}

} // namespace asio_inotify::detail
