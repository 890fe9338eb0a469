//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_INOTIFY_HPP
#define ASIO_INOTIFY_INOTIFY_HPP

#include <asio_inotify/basic_inotify.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace asio_inotify {

/// An inotify I/O object for any executor. Compiled into the library.
using inotify = basic_inotify<asio::any_io_executor>;

} // namespace asio_inotify

#endif
