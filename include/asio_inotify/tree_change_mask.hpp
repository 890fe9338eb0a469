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

/// Kinds of changes of a tree, as a set.
/** In @ref tree_options it says what to report, in a @ref tree_change what happened: there it is a
 * single kind. */
enum class tree_change_mask : std::uint32_t
{
    /// The empty set.
    none = 0,
    /// The entry was there when the root was added. Only with @ref tree_options::report_existing.
    existing = 1U << 0,
    /// A new entry; its path was not in the tree before.
    created = 1U << 1,
    /// Something was written to the file, or it was truncated.
    modified = 1U << 2,
    /// A file that was open for writing was closed.
    closed_write = 1U << 3,
    /// Mode, owner, times, extended attributes or number of links have changed.
    attributes = 1U << 4,
    /// The entry is gone, and all beneath it.
    removed = 1U << 5,
    /// The entry has another path, and all beneath it.
    renamed = 1U << 6,
    /// Two entries have changed places, and all beneath them.
    exchanged = 1U << 7,
    /// Events were lost: what comes up to `rescan_end` was found by looking at the tree.
    rescan_begin = 1U << 8,
    /// The changes are complete again.
    rescan_end = 1U << 9,
    /// The filesystem at this path was unmounted. What was in it has been reported as removed, and
    /// what is in the directory that it covered follows as created.
    /** When a filesystem is mounted, the directory is `removed` and `created`, or the root
     * `root_lost` and `root_found`. */
    unmounted = 1U << 10,
    /// The root is no more at its path. What was beneath it has been reported as removed.
    root_lost = 1U << 11,
    /// There is a directory at the path of a root again. What is beneath it follows as created.
    root_found = 1U << 12,
    /// The directory cannot be watched, for a reason that @ref tree_change::error tells.
    uncovered = 1U << 13,
    /// The directory is watched now. What is beneath it follows as created.
    covered = 1U << 14,
    /// All kinds.
    all = (1U << 15) - 1
};

/// The union of two sets.
[[nodiscard]] constexpr tree_change_mask operator|(tree_change_mask a, tree_change_mask b) noexcept
{
    return tree_change_mask{static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b)};
}

/// What two sets have in common.
[[nodiscard]] constexpr tree_change_mask operator&(tree_change_mask a, tree_change_mask b) noexcept
{
    return tree_change_mask{static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b)};
}

/// What one of two sets has and the other does not.
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

/// Keep what is in another set too.
constexpr tree_change_mask& operator&=(tree_change_mask& a, tree_change_mask b) noexcept
{
    return a = a & b;
}

/// Add what is only in the other set, drop what is in both.
constexpr tree_change_mask& operator^=(tree_change_mask& a, tree_change_mask b) noexcept
{
    return a = a ^ b;
}

/// True when the set is not empty.
[[nodiscard]] constexpr bool any(tree_change_mask m) noexcept
{
    return m != tree_change_mask::none;
}

/// Write a set as the names of its kinds, separated by commas; "none" for the empty one.
[[nodiscard]] ASIO_INOTIFY_DECL std::string to_string(tree_change_mask mask);

/// Read a set from names separated by ',' or '|'; "all" and "none" are names too.
/**
 * @param names  The list. It need not outlive the call.
 * @param ec     Set to @ref error::unknown_event_name for a name that is none (an empty one too),
 *               cleared otherwise.
 * @returns The set; `tree_change_mask::none` on failure.
 */
[[nodiscard]] ASIO_INOTIFY_DECL tree_change_mask
tree_change_mask_from_string(std::string_view names, boost::system::error_code& ec);

/// Read a set from names separated by ',' or '|', as the other form does.
/** @throws boost::system::system_error naming the list, with @ref error::unknown_event_name. */
[[nodiscard]] ASIO_INOTIFY_DECL tree_change_mask
tree_change_mask_from_string(std::string_view names);

} // namespace asio_inotify

#endif
