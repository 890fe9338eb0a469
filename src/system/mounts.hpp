//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_MOUNTS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_MOUNTS_HPP

#include "system/unique_fd.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Where filesystems are mounted, from /proc/self/mountinfo.
namespace asio_inotify::detail {

struct mount_point
{
    /// In the form of inode_identity.
    std::uint32_t device = 0;
    std::string path;
};

/// One mount point for each filesystem.
/**
 * The last one that shows the whole filesystem; without such a one, the first that shows a part.
 * Malformed lines are skipped.
 */
[[nodiscard]] std::vector<mount_point> parse_mount_points(std::string_view text);

[[nodiscard]] std::vector<mount_point> mount_points(boost::system::error_code& ec);

/// One mount, which a later one can hide.
struct mount
{
    /// Unique among the mounts that exist at the same time.
    std::uint64_t id = 0;
    std::string path;

    friend bool operator==(mount const&, mount const&) = default;
};

/// All mounts. Malformed lines are skipped.
[[nodiscard]] std::vector<mount> parse_mounts(std::string_view text);

/// The list of mounts, and whether it has changed.
/**
 * The kernel reports each change once for each open file of the list, as POLLPRI. A wait for that
 * file consumes the report, so there are two: one to wait for, and one to ask.
 */
class mount_monitor
{
public:
    /// On failure it stays closed, and reports no change.
    void open(boost::system::error_code& ec) noexcept;

    [[nodiscard]] bool is_open() const noexcept { return asked_.is_open(); }

    /// The descriptor to wait for, as `urgent` in a wait_set. @pre Open.
    [[nodiscard]] int native_handle() const noexcept;

    /// True if something was mounted or unmounted since the last call.
    [[nodiscard]] bool take_changed() noexcept;

    /// All mounts. Works on a closed monitor too.
    /** The result is meaningless on failure: it is not an empty list of mounts. */
    [[nodiscard]] std::vector<mount> mounts(boost::system::error_code& ec) const;

private:
    unique_fd waited_for_;
    unique_fd asked_;
};

} // namespace asio_inotify::detail

#endif
