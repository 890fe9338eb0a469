//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_IDENTITY_HPP
#define ASIO_INOTIFY_FILE_IDENTITY_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>

namespace asio_inotify {

/// The identity of the file that a path leads to, as stat(2) returns it; zeros for no file.
/**
 * Filesystems reuse the inode numbers of deleted files: two files that do not exist at the same
 * time can have the same identity.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_identity
{
    /// `st_dev`.
    std::uint64_t device = 0;
    /// `st_ino`.
    std::uint64_t inode = 0;

    /// True if there is a file.
    [[nodiscard]] explicit operator bool() const noexcept { return inode != 0 || device != 0; }

    /// True for the same file.
    friend bool operator==(file_identity const&, file_identity const&) = default;
};

} // namespace asio_inotify

/// @cond
// For keys of unordered containers.
template <>
struct std::hash<asio_inotify::file_identity>
{
    std::size_t operator()(asio_inotify::file_identity const& identity) const noexcept
    {
        // Inode numbers of one filesystem differ in their low bits, devices too.
        return std::hash<std::uint64_t>{}(identity.inode ^ (identity.device << 48U) ^
                                          (identity.device >> 16U));
    }
};
/// @endcond

#endif
