//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_BATCH_HPP
#define ASIO_INOTIFY_TREE_CHANGE_BATCH_HPP

#include <asio_inotify/change_batch.hpp>
#include <asio_inotify/tree_change.hpp>

namespace asio_inotify {

/// Changes of trees, in order.
using tree_change_batch = change_batch<tree_change>;

namespace detail {

using tree_change_storage = change_storage<tree_change>;

} // namespace detail

} // namespace asio_inotify

#endif
