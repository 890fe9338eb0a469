//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_MASK_HPP
#define ASIO_INOTIFY_TREE_CHANGE_MASK_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/tree_change_kind.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace asio_inotify {

/// A set of kinds of tree changes.
/** @ref tree_change_kind documents each kind. */
enum class tree_change_mask : std::uint32_t
{
    /// The empty set.
    none = 0,
    /// @ref tree_change_kind::existing
    existing = 1U << 0,
    /// @ref tree_change_kind::created
    created = 1U << 1,
    /// @ref tree_change_kind::modified
    modified = 1U << 2,
    /// @ref tree_change_kind::closed_write
    closed_write = 1U << 3,
    /// @ref tree_change_kind::attributes
    attributes = 1U << 4,
    /// @ref tree_change_kind::removed
    removed = 1U << 5,
    /// @ref tree_change_kind::renamed
    renamed = 1U << 6,
    /// @ref tree_change_kind::exchanged
    exchanged = 1U << 7,
    /// @ref tree_change_kind::rescan_begin
    rescan_begin = 1U << 8,
    /// @ref tree_change_kind::rescan_end
    rescan_end = 1U << 9,
    /// @ref tree_change_kind::unmounted
    unmounted = 1U << 10,
    /// @ref tree_change_kind::root_lost
    root_lost = 1U << 11,
    /// @ref tree_change_kind::root_found
    root_found = 1U << 12,
    /// @ref tree_change_kind::uncovered
    uncovered = 1U << 13,
    /// @ref tree_change_kind::covered
    covered = 1U << 14,
    /// @ref tree_change_kind::path_unguarded
    path_unguarded = 1U << 15,
    /// @ref tree_change_kind::path_guarded
    path_guarded = 1U << 16,
    /// All kinds.
    all = (1U << 17) - 1
};

/// The set that has one kind.
[[nodiscard]] constexpr tree_change_mask to_mask(tree_change_kind kind) noexcept
{
    return tree_change_mask{1U << static_cast<unsigned>(kind)};
}

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

/// Write a set as @ref to_string(tree_change_mask) formats it.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to,
                                             tree_change_mask mask)
{
    return detail::stream_name(to, to_string(mask));
}

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
