//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_KERNEL_CURSOR_HPP
#define ASIO_INOTIFY_DETAIL_KERNEL_CURSOR_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <optional>

namespace asio_inotify::detail {

/// How a claim of a number ended.
enum class claim_verdict
{
    /// The new watch has the number.
    made,
    /// The kernel made no watch.
    failed,
    /// Another watch has the number. The kernel does not refuse that: it made a stray watch under
    /// the next free number, which the caller has to remove.
    taken
};

struct claim_result
{
    claim_verdict verdict = claim_verdict::failed;
    /// The watch that the kernel made, wanted or stray.
    int wd = -1;
};

// Tracks the number from which the kernel searches for a free one for the next new watch. The
// kernel does not report it (kernel note 1.10), so each change is followed here:
//
// - A new watch moves the cursor to the number after its own, from INT_MAX to 1 (note 1.10).
// - A call that changes an existing watch leaves the cursor where it is (notes 1.11 and 1.13).
// - ENOSPC and ENOMEM are found after the kernel has taken the number: the cursor has moved, and
//   where to is unknown (note 1.15).
// - All other failures are found before: a cursor that was set stays armed (note 1.14).
// - A number that is in use is not refused but skipped, so a claim compares (note 1.9).
class ASIO_INOTIFY_DECL kernel_cursor
{
public:
    /// Unknown, as for an instance that was made elsewhere.
    kernel_cursor() = default;

    /// Known; a new instance begins at 1.
    explicit kernel_cursor(int next) noexcept
        : next_(next)
    {}

    [[nodiscard]] std::optional<int> next() const noexcept { return next_; }

    /// Others may have moved it.
    void forget() noexcept { next_.reset(); }

    /// The kernel made a watch with this number.
    void follow(int wd) noexcept;

    /// Set it in the kernel, with INOTIFY_IOC_SETNEXTWD.
    void set(int fd, int number, boost::system::error_code& ec) noexcept;

    /// Set it in the kernel unless it is known to be there, which saves a system call.
    /** @pre Nobody else adds watches to the instance. */
    void move_to(int fd, int number, boost::system::error_code& ec) noexcept;

    /// inotify_add_watch(2); -1 on failure.
    /**
     * With IN_MASK_CREATE every success is a new watch, and is followed. Without, the call may have
     * changed an existing one: the caller has to @ref follow if it knows the watch to be new.
     */
    [[nodiscard]] int add(int fd, char const* path, std::uint32_t native_mask,
                          boost::system::error_code& ec) noexcept;

    /// Add a watch that must get the number where the cursor was set to.
    /** @pre `native_mask` has IN_MASK_CREATE. */
    [[nodiscard]] claim_result claim(int fd, int wanted, char const* path,
                                     std::uint32_t native_mask,
                                     boost::system::error_code& ec) noexcept;

    /// Undo @ref set after a failed claim, so that the next new watch gets the number that it would
    /// have got.
    /**
     * If that was unknown, the cursor goes behind the largest live number, for which /proc is
     * needed. If the kernel refuses, nothing changes.
     */
    void restore(int fd, std::optional<int> before);

private:
    std::optional<int> next_;
};

} // namespace asio_inotify::detail

#endif
