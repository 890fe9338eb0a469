//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_WAIT_SET_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_WAIT_SET_HPP

#include <boost/system/error_code.hpp>

#include <chrono>

namespace asio_inotify::detail {

/// Several descriptors and a deadline to wait for at once, as one descriptor.
/**
 * An epoll descriptor can be waited for itself: it is readable while anything in it is ready. So
 * who waits for a watcher needs one wait, whatever the watcher has to wait for.
 */
class wait_set
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// What a descriptor is waited for.
    enum class readiness
    {
        readable,
        /// A change that is told once, such as that of /proc/self/mountinfo. Whoever waits for the
        /// set uses up that telling: to find out what was told, ask another descriptor that is open
        /// on the same file.
        urgent
    };

    wait_set() noexcept = default;
    wait_set(wait_set const&) = delete;
    wait_set& operator=(wait_set const&) = delete;
    ~wait_set();

    /// Make the descriptors of the set itself. @pre Not open.
    void open(boost::system::error_code& ec) noexcept;

    /// Wait for another descriptor too, which stays the caller's.
    void add(int fd, readiness what, boost::system::error_code& ec) noexcept;

    /// The descriptor to wait for, -1 if closed.
    [[nodiscard]] int native_handle() const noexcept { return epoll_; }

    /// Somebody else closes the descriptor from now on.
    [[nodiscard]] int give_handle() noexcept;

    /// Be ready from a time on, instead of any set before. No system call if it is the same.
    void arm(time_point deadline) noexcept;

    /// Do not wait for a time. No system call if there is none.
    void disarm() noexcept;

    /// Be ready at once, until the time is asked for.
    void wake() noexcept { arm((time_point::min)()); }

    /// True if the time has come that was set; none is set then. A system call in that case only.
    [[nodiscard]] bool take_expired(time_point now) noexcept;

private:
    void set_timer(time_point deadline) noexcept;

    int epoll_ = -1;
    int timer_ = -1;
    bool owns_epoll_ = false;
    // The largest for none.
    time_point deadline_ = (time_point::max)();
};

} // namespace asio_inotify::detail

#endif
