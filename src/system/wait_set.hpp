//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_WAIT_SET_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_WAIT_SET_HPP

#include "system/unique_fd.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>

namespace asio_inotify::detail {

/// Waits for several descriptors and a deadline by a single descriptor.
/**
 * It is an epoll descriptor, which is readable itself while anything in it is ready. So a watcher
 * needs one wait, however many descriptors it has.
 */
class wait_set
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The condition to wait for.
    enum class readiness
    {
        readable,
        /// A change that is reported once (POLLPRI), such as that of /proc/self/mountinfo. A wait
        /// for the set consumes the report: ask another descriptor that is open on the same file.
        urgent,
        /// Only when a ready descriptor is added to the kernel's set by somebody else: CRIU does it
        /// at a restore (kernel note 7.10).
        restored
    };

    wait_set() noexcept = default;
    wait_set(wait_set const&) = delete;
    wait_set& operator=(wait_set const&) = delete;
    ~wait_set() = default;

    /// Create the epoll descriptor and the timer. @pre Not open.
    void open(boost::system::error_code& ec) noexcept;

    /// Wait for another descriptor too. The caller keeps its ownership.
    void add(int fd, readiness what, boost::system::error_code& ec) noexcept;

    /// The descriptor to wait for, -1 if closed.
    [[nodiscard]] int native_handle() const noexcept { return epoll_; }

    /// Transfer the ownership of the descriptor to the caller. The set stays usable.
    [[nodiscard]] int release() noexcept;

    /// Be ready from a deadline on, which replaces the one before. No system call if it is the
    /// same.
    void arm(time_point deadline) noexcept;

    /// Forget the deadline. No system call if there is none.
    void disarm() noexcept;

    /// Be ready at once, until @ref take_expired.
    void wake() noexcept { arm((time_point::min)()); }

    /// True if the deadline has come, which is forgotten then. No system call if it has not.
    [[nodiscard]] bool take_expired(time_point now) noexcept;

    /// A wake-up has found nothing to do: its cause must not make the set ready again.
    /** A timer that has expired too early, as CRIU's restore makes it do, is set again. */
    void nothing_found() noexcept;

private:
    void set_timer(time_point deadline) noexcept;

    // Closed after `release`; `epoll_` stays its number.
    unique_fd owned_epoll_;
    int epoll_ = -1;
    unique_fd timer_;
    // The largest for none.
    time_point deadline_ = (time_point::max)();
};

} // namespace asio_inotify::detail

#endif
