//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_WATCHER_HPP
#define ASIO_INOTIFY_FILE_WATCHER_HPP

#include <asio_inotify/basic_file_watcher.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace asio_inotify {

/// A file watcher for any executor. Compiled into the library.
using file_watcher = basic_file_watcher<asio::any_io_executor>;

} // namespace asio_inotify

#endif
