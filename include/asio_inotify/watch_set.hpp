//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_SET_HPP
#define ASIO_INOTIFY_WATCH_SET_HPP

#include <asio_inotify/basic_watch_set.hpp>
#include <asio_inotify/inotify.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace asio_inotify {

/// A watch set for any executor. Compiled into the library.
using watch_set = basic_watch_set<asio::any_io_executor>;

} // namespace asio_inotify

#endif
