//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "directory_ops.hpp"

#include "fail.hpp"

#include <fcntl.h>

namespace asio_inotify::detail {

pinned_path::pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept
    : held_file(::open(path, O_PATH | O_CLOEXEC | (dont_follow ? O_NOFOLLOW : 0)))
{
    ec.clear();
    if (!is_open()) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

} // namespace asio_inotify::detail
