//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_RESTORE_DETECTOR_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_RESTORE_DETECTOR_HPP

#include "system/unique_fd.hpp"
#include "system/wait_set.hpp"

#include <cstdint>

namespace asio_inotify::detail {

/// Notices that CRIU has dumped and restored the process.
/**
 * It owns the reading end of a pipe that nobody writes to. CRIU restores a pipe as a new one with
 * another inode, at another time (kernel note 7.10). A fork keeps the pipe; so does a dump after
 * which the process continues. Another process that receives an inotify instance has a detector of
 * its own.
 */
class restore_detector
{
public:
    restore_detector() noexcept = default;

    /// Create the pipe. On failure, as with EMFILE, it stays closed and notices nothing.
    void open() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return pipe_.is_open(); }

    /// Make a set ready after each restore. No effect if closed.
    /** The detector works without, but then the restored object must be woken by something else. */
    void wake_by(wait_set& waits) const noexcept;

    /// True once after each restore. One system call; none if closed.
    /** Also true if somebody else has closed the descriptor, as then it cannot be known. */
    [[nodiscard]] bool take_restored() noexcept;

private:
    struct identity
    {
        std::uint64_t inode = 0;
        // An inode number can occur again on another machine, or after a boot.
        std::int64_t created = 0;

        friend bool operator==(identity const&, identity const&) = default;
    };

    // That of no pipe if the descriptor is closed, or is something else.
    [[nodiscard]] identity read_identity() const noexcept;

    unique_fd pipe_;
    identity known_;
};

} // namespace asio_inotify::detail

#endif
