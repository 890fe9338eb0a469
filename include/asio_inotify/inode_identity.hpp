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

/// The identity of a watched file or directory, as in `/proc/self/fdinfo`.
/**
 * Identifies the object independently of its path. Filesystems reuse the inode numbers of deleted
 * files; the file handle, where the filesystem has one, distinguishes the new file from the old
 * one.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct inode_identity
{
    /// The device of the filesystem in the kernel's encoding: major number times 2^20, plus minor
    /// number. stat(2) has a different encoding.
    std::uint32_t device = 0;
    /// The inode number.
    std::uint64_t inode = 0;
    /// The type of the file handle, for open_by_handle_at(2); 0 if there is none. Not negative.
    std::int32_t handle_type = 0;
    /// The bytes of the file handle, at most 128; empty if the filesystem has none.
    std::string handle;

    /// True if all members are equal: the same object.
    friend bool operator==(inode_identity const&, inode_identity const&) = default;
};

} // namespace asio_inotify

#endif
