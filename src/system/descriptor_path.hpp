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
#include <cstddef>
#include <string_view>

namespace asio_inotify::detail {

/// "/proc/self/fd/N": a path that names the object on which a descriptor is open.
/** It needs a mounted /proc, and is valid as long as the descriptor is open. */
class descriptor_path
{
public:
    /// The bytes of a name, at most: NAME_MAX.
    static constexpr std::size_t longest_name = 255;

    explicit descriptor_path(int fd) noexcept { *write_directory(fd) = 0; }

    /// "/proc/self/fd/N/name": an entry of an open directory.
    /** @param name  Cut after @ref longest_name bytes. */
    descriptor_path(int fd, std::string_view name) noexcept
    {
        auto* to = write_directory(fd);
        *to++ = '/';
        *std::copy_n(name.begin(), (std::min)(name.size(), longest_name), to) = 0;
    }

    [[nodiscard]] char const* c_str() const noexcept { return text_; }

private:
    static constexpr std::string_view directory = "/proc/self/fd/";
    static constexpr std::size_t most_digits = 11;

    char* write_directory(int fd) noexcept
    {
        auto* const digits = std::copy(directory.begin(), directory.end(), text_);
        return std::to_chars(digits, digits + most_digits, fd).ptr;
    }

    // Only as much of it is written as is needed.
    char text_[directory.size() + most_digits + longest_name + 2];
};

} // namespace asio_inotify::detail

#endif
