//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set.hpp>

namespace asio_inotify {

template class basic_watch_set<asio::any_io_executor>;

} // namespace asio_inotify
