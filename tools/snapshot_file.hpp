//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_SNAPSHOT_FILE_HPP
#define ASIO_WATCH_SNAPSHOT_FILE_HPP

#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <string>
#include <string_view>

namespace asio_watch {

/// Read a snapshot of watches from a file, a pipe or a device.
/** @throws failure if it cannot be read or is not a snapshot of watches. */
[[nodiscard]] asio_inotify::snapshot read_snapshot(std::string const& path);

/// Read a snapshot of trees from a file, a pipe or a device.
/** @throws failure if it cannot be read or is not a snapshot of trees. */
[[nodiscard]] asio_inotify::tree_snapshot read_tree_snapshot(std::string const& path);

/// Write the text of a snapshot to a file.
/**
 * A regular file is replaced atomically, so that the path always has a complete snapshot; the file
 * keeps its mode. Links are followed. Other types of files, and descriptors of this process such as
 * `/dev/stdout`, are written directly.
 *
 * @throws failure if it cannot be written; a regular file is then unchanged.
 */
void write_snapshot(std::string const& path, std::string_view text);

} // namespace asio_watch

#endif
