//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_MASK_HPP
#define ASIO_INOTIFY_TREE_CHANGE_MASK_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace asio_inotify {

/// A set of kinds of tree changes.
/** In @ref tree_options the kinds to report, in a @ref tree_change the single kind that happened.
 * */
enum class tree_change_mask : std::uint32_t
{
    /// The empty set.
    none = 0,
    /// The initial scan found the entry. Only with @ref tree_options::report_existing.
    existing = 1U << 0,
    /// The entry is new: its path was not in the tree before.
    created = 1U << 1,
    /// The file was written or truncated.
    modified = 1U << 2,
    /// A file that was open for writing was closed.
    closed_write = 1U << 3,
    /// Mode, owner, times, extended attributes or the number of links have changed.
    attributes = 1U << 4,
    /// The entry was removed, with its subtree.
    removed = 1U << 5,
    /// The entry was renamed or moved, with its subtree.
    renamed = 1U << 6,
    /// Two entries have exchanged their paths, with their subtrees.
    exchanged = 1U << 7,
    /// A rescan begins, after an overflow of the queue for instance: events were lost. The changes
    /// up to `rescan_end` are the differences that it found.
    rescan_begin = 1U << 8,
    /// The rescan has ended: the reported changes are complete again.
    rescan_end = 1U << 9,
    /// The filesystem at this path was unmounted. Its entries have been reported as removed; the
    /// entries of the directory below the mount follow as created.
    /** When a filesystem is mounted on a directory, the directory is reported as `removed` and
     * `created`, or as `root_lost` and `root_found` if it is a root. */
    unmounted = 1U << 10,
    /// The root is not at its path any more. Its subtree has been reported as removed.
    root_lost = 1U << 11,
    /// There is a directory at the path of the root again. Its subtree follows as created.
    root_found = 1U << 12,
    /// The directory cannot be watched; @ref tree_change::error returns the cause.
    /** With @ref error::remote_filesystem and @ref error::pseudo_filesystem the directory and its
     * subtree are watched, but inotify does not report all changes there. For a root that is lost:
     * its path cannot be looked up; `root_found` ends that. */
    uncovered = 1U << 13,
    /// The directory is watched now. Its subtree follows as created.
    covered = 1U << 14,
    /// Not every directory in which the path of the root, or of a followed symbolic link, is looked
    /// up can be watched; @ref tree_change::error returns the cause. The watcher checks the path every
    /// second.
    /** With @ref error::remote_filesystem and @ref error::pseudo_filesystem they are watched, but
     * inotify does not report all changes there. ELOOP: the path leads through more links than the
     * kernel resolves at once. */
    path_unguarded = 1U << 15,
    /// Every directory in which the path of the root or link is looked up is watched again, and
    /// every change there is reported.
    path_guarded = 1U << 16,
    /// All kinds.
    all = (1U << 17) - 1
};

/// The union of two sets.
[[nodiscard]] constexpr tree_change_mask operator|(tree_change_mask a, tree_change_mask b) noexcept
{
    return tree_change_mask{static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b)};
}

/// The intersection of two sets.
[[nodiscard]] constexpr tree_change_mask operator&(tree_change_mask a, tree_change_mask b) noexcept
{
    return tree_change_mask{static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b)};
}

/// The kinds that are in exactly one of two sets.
[[nodiscard]] constexpr tree_change_mask operator^(tree_change_mask a, tree_change_mask b) noexcept
{
    return tree_change_mask{static_cast<std::uint32_t>(a) ^ static_cast<std::uint32_t>(b)};
}

/// All kinds that are not in the set.
[[nodiscard]] constexpr tree_change_mask operator~(tree_change_mask a) noexcept
{
    return a ^ tree_change_mask::all;
}

/// Add the kinds of another set.
constexpr tree_change_mask& operator|=(tree_change_mask& a, tree_change_mask b) noexcept
{
    return a = a | b;
}

/// Remove the kinds that are not in another set.
constexpr tree_change_mask& operator&=(tree_change_mask& a, tree_change_mask b) noexcept
{
    return a = a & b;
}

/// Toggle the kinds of another set.
constexpr tree_change_mask& operator^=(tree_change_mask& a, tree_change_mask b) noexcept
{
    return a = a ^ b;
}

/// True when the set is not empty.
[[nodiscard]] constexpr bool any(tree_change_mask m) noexcept
{
    return m != tree_change_mask::none;
}

/// Format a set as names separated by commas; "none" for the empty set.
[[nodiscard]] ASIO_INOTIFY_DECL std::string to_string(tree_change_mask mask);

/// Parse a set from names separated by ',' or '|', including "all" and "none".
/**
 * @param names  The list. It need not outlive the call.
 * @param ec     Set to @ref error::unknown_event_name for an unknown or empty name, cleared
 *               otherwise.
 * @returns The set; `tree_change_mask::none` on failure.
 */
[[nodiscard]] ASIO_INOTIFY_DECL tree_change_mask
tree_change_mask_from_string(std::string_view names, boost::system::error_code& ec);

/// Parse a set from names separated by ',' or '|'; throws on an unknown name.
/** @throws boost::system::system_error with @ref error::unknown_event_name; its text contains the
 * list. */
[[nodiscard]] ASIO_INOTIFY_DECL tree_change_mask
tree_change_mask_from_string(std::string_view names);

} // namespace asio_inotify

#endif
