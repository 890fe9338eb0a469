//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_MOUNTS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_MOUNTS_HPP

#include "system/held_file.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Where filesystems are mounted, as /proc/self/mountinfo tells.
namespace asio_inotify::detail {

struct mount_point
{
    /// In the form of inode_identity.
    std::uint32_t device = 0;
    std::string path;
};

/// One mount point for each filesystem: one of the whole filesystem, if there is one, and among
/// those the last.
/** Lines of a form that is not known are passed over. */
[[nodiscard]] std::vector<mount_point> parse_mount_points(std::string_view text);

[[nodiscard]] std::vector<mount_point> mount_points(boost::system::error_code& ec);

/// One mount, whether others lie over it or not.
struct mount
{
    /// A number that no other mount has at the same time.
    std::uint64_t id = 0;
    std::string path;

    friend bool operator==(mount const&, mount const&) = default;
};

/// Lines of a form that is not known are passed over.
[[nodiscard]] std::vector<mount> parse_mounts(std::string_view text);

[[nodiscard]] std::vector<mount> mounts(boost::system::error_code& ec);

/// A descriptor that tells once of each change of the mounts, by poll(2) as "urgent".
[[nodiscard]] int open_mounts(boost::system::error_code& ec) noexcept;
void close_mounts(int fd) noexcept;

/// True if the mounts have changed since the last call.
[[nodiscard]] bool have_mounts_changed(int fd) noexcept;

/// Tells that something was mounted or unmounted. Without /proc there is nothing to tell.
class mount_watch : public held_file
{
public:
    mount_watch() noexcept;

    /// True if it has happened since the last call.
    [[nodiscard]] bool take_changed() const noexcept;
};

} // namespace asio_inotify::detail

#endif
