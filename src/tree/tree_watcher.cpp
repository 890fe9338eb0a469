//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_watcher.hpp>

namespace asio_inotify {

template class basic_tree_watcher<asio::any_io_executor>;

} // namespace asio_inotify
