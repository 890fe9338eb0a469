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

/// The options of the watcher. For --save and --restore it reports more kinds than are printed.
[[nodiscard]] asio_inotify::tree_options watcher_options(options const& wanted);

/// Check that each pattern of --exclude can match in the trees.
/** @throws failure that names the pattern. */
void check_excluded(asio_inotify::tree_options const& wanted,
                    std::vector<std::string> const& roots);

/// The roots for the paths: without trailing separators and duplicates.
[[nodiscard]] std::vector<std::string> roots_of(std::vector<std::string> const& paths);

/// The roots for the paths that are not in a snapshot.
/** @throws failure for a relative path that meant a different directory in the snapshot. */
[[nodiscard]] std::vector<std::string> new_roots(asio_inotify::tree_snapshot const& saved,
                                                 std::vector<std::string> const& paths);

} // namespace asio_watch

#endif
