//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_UNTOLD_CHANGES_HPP
#define ASIO_WATCH_UNTOLD_CHANGES_HPP

#include <asio_inotify/tree_change.hpp>
#include <asio_inotify/tree_change_mask.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <cstdint>
#include <deque>
#include <string>

namespace asio_watch {

/// Changes that the watcher takes for told, and that nobody has seen.
/**
 * A batch can have more of them than are wanted, and the reader can go away before all are written.
 * A snapshot is to be without these, so that they are told when it is restored.
 */
class untold_changes
{
public:
    /// A change that the watcher has told.
    /** The kinds of renames are needed even if there is no line for them. */
    void add(asio_inotify::tree_change change, bool has_line);

    /// So many of those that have a line were written, in their order.
    void written(std::uint64_t lines);

    /// Take the changes back that were not.
    /**
     * What is removed comes back as an entry that is found to be gone, whatever has its name by
     * then: nobody knows any more what it was. So does a file that was written to.
     *
     * @param saved  The trees after all changes.
     */
    [[nodiscard]] asio_inotify::tree_snapshot take_back(asio_inotify::tree_snapshot saved) const;

private:
    // What is needed of a change to take it back. A batch would hold more memory.
    struct record
    {
        asio_inotify::tree_change_mask what;
        bool is_directory;
        bool replaced;
        bool is_remote;
        bool has_line;
        std::string path;
        std::string old_path;
    };

    class entries;

    std::deque<record> records_;
};

} // namespace asio_watch

#endif
