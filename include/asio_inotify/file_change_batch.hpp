//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_CHANGE_BATCH_HPP
#define ASIO_INOTIFY_FILE_CHANGE_BATCH_HPP

#include <asio_inotify/change_batch.hpp>
#include <asio_inotify/file_change.hpp>

namespace asio_inotify {

/// Changes of files: at most one for each path, in no particular order.
using file_change_batch = change_batch<file_change>;

namespace detail {

using file_change_storage = change_storage<file_change>;

} // namespace detail

} // namespace asio_inotify

#endif
