//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_KIND_HPP
#define ASIO_INOTIFY_TREE_CHANGE_KIND_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/stream_name.hpp>

#include <cstdint>
#include <string_view>

namespace asio_inotify {

/// What happened in a tree: the kind of a `tree_change`.
/** `tree_change_mask` is a set of kinds. */
enum class tree_change_kind : std::uint8_t
{
    /// The initial scan found the entry. Only with @ref tree_options::report_existing.
    existing,
    /// The entry is new: its path was not in the tree before.
    created,
    /// The file was written or truncated.
    modified,
    /// A file that was open for writing was closed.
    closed_write,
    /// Mode, owner, times, extended attributes or the number of links have changed.
    attributes,
    /// The entry was removed, with its subtree.
    removed,
    /// The entry was renamed or moved, with its subtree.
    renamed,
    /// Two entries have exchanged their paths, with their subtrees.
    exchanged,
    /// A rescan begins, after an overflow of the queue for instance: events were lost. The changes
    /// up to `rescan_end` are the differences that it found.
    rescan_begin,
    /// The rescan has ended: the reported changes are complete again.
    rescan_end,
    /// The filesystem at this path was unmounted. Its entries have been reported as removed; the
    /// entries of the directory below the mount follow as created.
    /** When a filesystem is mounted on a directory, the directory is reported as `removed` and
     * `created`, or as `root_lost` and `root_found` if it is a root. */
    unmounted,
    /// The root is not at its path any more. Its subtree has been reported as removed.
    root_lost,
    /// There is a directory at the path of the root again. Its subtree follows as created.
    root_found,
    /// The directory cannot be watched; @ref tree_change::error returns the cause.
    /** With @ref error::remote_filesystem and @ref error::pseudo_filesystem the directory and its
     * subtree are watched, but inotify does not report all changes there. For a root that is lost:
     * its path cannot be looked up; `root_found` ends that. */
    uncovered,
    /// The directory is watched now. Its subtree follows as created.
    covered,
    /// Not every directory in which the path of the root, or of a followed symbolic link, is looked
    /// up can be watched; @ref tree_change::error returns the cause. The watcher checks the path
    /// every second.
    /** With @ref error::remote_filesystem and @ref error::pseudo_filesystem they are watched, but
     * inotify does not report all changes there. ELOOP: the path leads through more links than the
     * kernel resolves at once. */
    path_unguarded,
    /// Every directory in which the path of the root or link is looked up is watched again, and
    /// every change there is reported.
    path_guarded
};

/// The name of a kind: that of the enumerator; empty for any other value.
[[nodiscard]] ASIO_INOTIFY_DECL std::string_view to_string(tree_change_kind kind) noexcept;

/// Write the name of a kind.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to,
                                             tree_change_kind kind)
{
    return detail::stream_name(to, to_string(kind));
}

} // namespace asio_inotify

#endif
