//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_UNPRINTED_CHANGES_HPP
#define ASIO_WATCH_UNPRINTED_CHANGES_HPP

#include <asio_inotify/tree_change.hpp>
#include <asio_inotify/tree_change_kind.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <cstdint>
#include <deque>
#include <string>

namespace asio_watch {

/// Changes that were received from the watcher but not printed yet.
/**
 * A batch can have more changes than `--count` wants, and the reader can close the pipe before all
 * are written. The snapshot must not contain these changes, so that they are reported after
 * `--restore`.
 */
class unprinted_changes
{
public:
    /// Add a received change.
    /**
     * Renames and exchanges must be added even if no line is printed for them.
     *
     * @param has_line  True if a line is printed for the change.
     */
    void add(asio_inotify::tree_change const& change, bool has_line);

    /// Forget the changes up to the last printed line.
    /** @param lines  How many lines were printed since the last call. */
    void mark_printed(std::uint64_t lines);

    /// Undo the unprinted changes in a snapshot.
    /**
     * An entry that was removed is added again with an inode number that no file has, as its own is
     * not known any more. A restore then reports it as removed, even if another file has its name
     * by then. A file that was written gets such an inode number too.
     *
     * @param saved  The trees after all received changes.
     */
    [[nodiscard]] asio_inotify::tree_snapshot revert(asio_inotify::tree_snapshot saved) const;

private:
    // What is needed to undo a change. Keeping the batches would need more memory.
    struct record
    {
        asio_inotify::tree_change_kind what;
        bool is_directory;
        bool replaced;
        bool is_watched;
        bool has_line;
        std::string path;
        std::string old_path;
    };

    class snapshot_editor;

    std::deque<record> records_;
};

} // namespace asio_watch

#endif
