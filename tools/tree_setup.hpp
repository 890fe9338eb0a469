//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_TREE_SETUP_HPP
#define ASIO_WATCH_TREE_SETUP_HPP

#include "options.hpp"

#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <string>
#include <vector>

namespace asio_watch {

/// How trees are watched: the watcher tells more than is printed where the program has to know it.
[[nodiscard]] asio_inotify::tree_options watcher_options(options const& wanted);

/// Each path once, as the watcher calls it: without separators at the end.
[[nodiscard]] std::vector<std::string> roots_of(std::vector<std::string> const& paths);

/// The roots of paths that are not in a snapshot.
/** @throws failure for a path that is in the snapshot and was another place then. */
[[nodiscard]] std::vector<std::string> roots_beside(asio_inotify::tree_snapshot const& saved,
                                                    std::vector<std::string> const& paths);

} // namespace asio_watch

#endif
