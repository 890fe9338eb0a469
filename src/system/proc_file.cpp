//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/proc_file.hpp"

#include "system/unique_fd.hpp"
#include "values/fail.hpp"

#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <unistd.h>

namespace asio_inotify::detail {

void fail_on_proc(boost::system::error_code& ec) noexcept
{
    int const reason = errno;
    if (reason == ENOENT && ::access("/proc/self/fd", F_OK) != 0) {
        ASIO_INOTIFY_FAIL(ec, error::proc_not_mounted);
        return;
    }
    errno = reason;
    ASIO_INOTIFY_FAIL_ERRNO(ec);
}

std::string read_proc_file(std::string const& path, boost::system::error_code& ec)
{
    ec.clear();
    unique_fd const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        fail_on_proc(ec);
        return {};
    }
    return read_proc_file(file.get(), ec);
}

std::string read_proc_file(int fd, boost::system::error_code& ec)
{
    ec.clear();
    std::string text;
    constexpr std::size_t step = 65536;
    for (std::size_t size = 0;;) {
        text.resize(size + step);
        auto const got = ::pread(fd, text.data() + size, step, static_cast<off_t>(size));
        if (got < 0) {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
            return {};
        }
        size += static_cast<std::size_t>(got);
        text.resize(size);
        if (got == 0) {
            return text;
        }
    }
}

} // namespace asio_inotify::detail
