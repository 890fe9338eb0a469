//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/released_set.hpp>

#include <asio_inotify/detail/instance_ops.hpp>

namespace asio_inotify {

released_set::~released_set()
{
    if (handle_ >= 0) {
        detail::close_descriptor(handle_);
    }
}

} // namespace asio_inotify
