//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_OBJECT_IDENTITY_HPP
#define ASIO_INOTIFY_DETAIL_OBJECT_IDENTITY_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstdint>

namespace asio_inotify::detail {

/// The object that a watch was added on, in the 16 bytes that a set keeps for each watch.
/**
 * As stat(2) returns it. The kernel's list of watches can show different numbers for the same
 * object: on overlayfs, and on subvolumes of btrfs.
 */
struct object_identity
{
    /// 0 if the object is not known.
    std::uint64_t inode = 0;
    /// In the form of inode_identity.
    std::uint32_t device = 0;
    /// A hash of the time at which the object was created, as filesystems reuse inode numbers; 0 if
    /// it is not known.
    std::uint32_t created = 0;

    [[nodiscard]] bool is_known() const noexcept { return inode != 0; }
};

/// True if both are known and the objects differ.
/** The number of a device can change while nothing is mounted there, as over a restore by CRIU: it
 * counts only where the time of creation is not known. */
[[nodiscard]] inline bool are_different(object_identity const& a, object_identity const& b) noexcept
{
    if (!a.is_known() || !b.is_known()) {
        return false;
    }
    bool const has_times = a.created != 0 && b.created != 0;
    return a.inode != b.inode || (has_times ? a.created != b.created : a.device != b.device);
}

} // namespace asio_inotify::detail

#endif
