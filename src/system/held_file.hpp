//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_HELD_FILE_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_HELD_FILE_HPP

#include <cstdio>

#include <unistd.h>

namespace asio_inotify::detail {

/// An open descriptor, and a path that names what it is open on.
class held_file
{
public:
    /** @param fd  Owned from now on; negative for none. */
    explicit held_file(int fd) noexcept
        : fd_(fd)
        , path_()
    {
        std::snprintf(path_, sizeof path_, "/proc/self/fd/%d", fd_);
    }
    held_file(held_file const&) = delete;
    held_file& operator=(held_file const&) = delete;

    ~held_file()
    {
        if (is_open()) {
            ::close(fd_);
        }
    }

    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

    /// The descriptor, negative if there is none.
    [[nodiscard]] int fd() const noexcept { return fd_; }

    /// Valid as long as the object lives and /proc is mounted.
    [[nodiscard]] char const* path() const noexcept { return path_; }

private:
    int fd_;
    char path_[32]; // NOLINT(cppcoreguidelines-avoid-c-arrays)
};

} // namespace asio_inotify::detail

#endif
