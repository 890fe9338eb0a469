//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "pinned_path.hpp"

#include "fail.hpp"

#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace asio_inotify::detail {

pinned_path::pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept
    : fd_(::open(path, O_PATH | O_CLOEXEC | (dont_follow ? O_NOFOLLOW : 0)))
    , path_()
{
    ec.clear();
    if (fd_ < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    std::snprintf(path_, sizeof path_, "/proc/self/fd/%d", fd_);
}

pinned_path::~pinned_path()
{
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

} // namespace asio_inotify::detail
