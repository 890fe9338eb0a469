//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_DESCRIPTOR_PATH_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_DESCRIPTOR_PATH_HPP

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstddef>
#include <string_view>

namespace asio_inotify::detail {

/// "/proc/self/fd/N": a path that names the object on which a descriptor is open.
/** It needs a mounted /proc, and is valid as long as the descriptor is open. */
class descriptor_path
{
public:
    explicit descriptor_path(int fd) noexcept { *write(fd, text_) = 0; }

    [[nodiscard]] char const* c_str() const noexcept { return text_; }

    static constexpr std::string_view directory = "/proc/self/fd/";
    /// Without the null byte.
    static constexpr std::size_t longest = directory.size() + 11;

    /// Write the path without a null byte. Returns its end.
    static char* write(int fd, char* to) noexcept
    {
        auto* const digits = std::copy(directory.begin(), directory.end(), to);
        return std::to_chars(digits, to + longest, fd).ptr;
    }

private:
    char text_[longest + 1];
};

/// "/proc/self/fd/N/name": an entry of an open directory.
/** Names have up to 255 bytes on most filesystems, up to 765 on vfat, exfat and ntfs3, and more in
 * user space (FUSE). */
class entry_path
{
public:
    /** @param name  If it is too long for any path, the kernel refuses this one with ENAMETOOLONG:
     * a path that is cut never names a different entry. */
    entry_path(int fd, std::string_view name) noexcept
    {
        auto* to = descriptor_path::write(fd, text_);
        *to++ = '/';
        auto const room = static_cast<std::size_t>(text_ + too_long - to);
        *std::copy_n(name.begin(), (std::min)(name.size(), room), to) = 0;
    }

    [[nodiscard]] char const* c_str() const noexcept { return text_; }

private:
    // The kernel takes less, so what is cut to this length is refused.
    static constexpr std::size_t too_long = PATH_MAX;

    // Only as much of it is written as is needed.
    char text_[too_long + 1];
};

} // namespace asio_inotify::detail

#endif
