//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_INODE_IDENTITY_HPP
#define ASIO_INOTIFY_INODE_IDENTITY_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstdint>
#include <string>

namespace asio_inotify {

/// Which file or directory a watch is on, as the kernel tells it in `/proc/self/fdinfo`.
/**
 * Names the object, wherever its path leads. An inode number is given again after a file is gone;
 * where the filesystem has file handles, they tell the new file from the old one.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct inode_identity
{
    /// The filesystem's device in the kernel's own form: the major number times 2^20, and the
    /// minor one. Not the form of stat(2).
    std::uint32_t device = 0;
    /// The inode number.
    std::uint64_t inode = 0;
    /// What kind of file handle it is, for open_by_handle_at(2); 0 if there is none. Not negative.
    std::int32_t handle_type = 0;
    /// The bytes of the file handle, at most 128; empty if the filesystem has none.
    std::string handle;

    /// True for the same object.
    friend bool operator==(inode_identity const&, inode_identity const&) = default;
};

} // namespace asio_inotify

#endif
