//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SNAPSHOT_CHECK_WATCH_HPP
#define ASIO_INOTIFY_SRC_SNAPSHOT_CHECK_WATCH_HPP

#include <asio_inotify/saved_watch.hpp>

#include <boost/system/error_code.hpp>

namespace asio_inotify::detail {

/// Refuse a watch that no snapshot can have, whether it comes from a program or from a text.
void check_watch(saved_watch const& watch, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif
