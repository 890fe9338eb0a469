//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_UNIQUE_FD_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_UNIQUE_FD_HPP

#include <utility>

#include <unistd.h>

namespace asio_inotify::detail {

/// Owns a file descriptor; negative for none.
class unique_fd
{
public:
    unique_fd() = default;
    explicit unique_fd(int fd) noexcept
        : fd_(fd)
    {}
    unique_fd(unique_fd&& other) noexcept
        : fd_(other.release())
    {}
    unique_fd& operator=(unique_fd&& other) noexcept
    {
        reset(other.release());
        return *this;
    }
    ~unique_fd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return is_open(); }

    /// Give up ownership without closing.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

    /// Close the descriptor and own `fd` instead.
    void reset(int fd = -1) noexcept
    {
        if (auto const old = std::exchange(fd_, fd); old >= 0) {
            ::close(old);
        }
    }

private:
    int fd_ = -1;
};

} // namespace asio_inotify::detail

#endif
