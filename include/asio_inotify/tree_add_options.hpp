//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_ADD_OPTIONS_HPP
#define ASIO_INOTIFY_TREE_ADD_OPTIONS_HPP

#include <asio_inotify/detail/config.hpp>

namespace asio_inotify {

/// How a @ref basic_tree_watcher watches one root.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct tree_add_options
{
    /// Succeed if there is no directory at the path.
    /**
     * Then the root is reported as `root_lost`, and as `root_found` when there is a directory. In
     * the tree of another root the directory must exist all the same: the other root reports it.
     */
    bool allow_missing = false;
};

} // namespace asio_inotify

#endif
