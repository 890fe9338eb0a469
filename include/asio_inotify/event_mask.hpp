//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_MASK_HPP
#define ASIO_INOTIFY_EVENT_MASK_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/event_kind.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace asio_inotify {

/// A set of event kinds: which events to watch for, or which event happened.
/**
 * @ref event_kind documents each kind. They have the values of the kernel's `IN_*` bits;
 * `close`, `move` and `all` are sets of them. A mask has no other bits: the flags of a watch are
 * @ref add_options, and the predicates of @ref event_view return what the kernel reports beside a
 * kind (a directory, the end of a watch, an overflow).
 */
enum class event_mask : std::uint32_t
{
    /// The empty set. A watch cannot be added with it.
    none = 0,
    /// @ref event_kind::access
    access = 0x1,
    /// @ref event_kind::modify
    modify = 0x2,
    /// @ref event_kind::attrib
    attrib = 0x4,
    /// @ref event_kind::close_write
    close_write = 0x8,
    /// @ref event_kind::close_nowrite
    close_nowrite = 0x10,
    /// @ref event_kind::open
    open = 0x20,
    /// @ref event_kind::moved_from
    moved_from = 0x40,
    /// @ref event_kind::moved_to
    moved_to = 0x80,
    /// @ref event_kind::create
    create = 0x100,
    /// @ref event_kind::delete_
    delete_ = 0x200,
    /// @ref event_kind::delete_self
    delete_self = 0x400,
    /// @ref event_kind::move_self
    move_self = 0x800,

    /// `close_write` and `close_nowrite`.
    close = close_write | close_nowrite,
    /// `moved_from` and `moved_to`: the two events of a rename.
    move = moved_from | moved_to,
    /// Every kind.
    all = 0xfff
};

/// The set that has one kind; the empty set for `unmount`, `overflow`, `ignored` and any other
/// value.
[[nodiscard]] constexpr event_mask to_mask(event_kind kind) noexcept
{
    auto const bit = static_cast<unsigned>(kind);
    return event_mask{bit < 12 ? 1U << bit : 0U};
}

/// The union of two sets.
[[nodiscard]] constexpr event_mask operator|(event_mask a, event_mask b) noexcept
{
    return static_cast<event_mask>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

/// The intersection of two sets.
[[nodiscard]] constexpr event_mask operator&(event_mask a, event_mask b) noexcept
{
    return static_cast<event_mask>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}

/// The kinds that are in exactly one of two sets.
[[nodiscard]] constexpr event_mask operator^(event_mask a, event_mask b) noexcept
{
    return static_cast<event_mask>(static_cast<std::uint32_t>(a) ^ static_cast<std::uint32_t>(b));
}

/// The kinds that are not in the set.
[[nodiscard]] constexpr event_mask operator~(event_mask a) noexcept
{
    return a ^ event_mask::all;
}

/// Add the kinds of another set.
constexpr event_mask& operator|=(event_mask& a, event_mask b) noexcept
{
    return a = a | b;
}

/// Remove the kinds that are not in another set.
constexpr event_mask& operator&=(event_mask& a, event_mask b) noexcept
{
    return a = a & b;
}

/// Toggle the kinds of another set.
constexpr event_mask& operator^=(event_mask& a, event_mask b) noexcept
{
    return a = a ^ b;
}

/// True when the set is not empty: `any(e.mask() & event_mask::move)`.
[[nodiscard]] constexpr bool any(event_mask m) noexcept
{
    return m != event_mask::none;
}

/// Format a set as names separated by commas; "none" for the empty set.
/**
 * The names are those of the enumerators, without the underscore of `delete_`; `close`, `move` and
 * `all` are written as their single kinds. Bits that are not event kinds are left out.
 * `event_mask_from_string(to_string(m)) == m` for every set of kinds.
 */
[[nodiscard]] ASIO_INOTIFY_DECL std::string to_string(event_mask mask);

/// Write a set as @ref to_string(event_mask) formats it.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to, event_mask mask)
{
    return detail::stream_name(to, to_string(mask));
}

/// Parse a set from names separated by ',' or '|'.
/**
 * Accepts the names of the enumerators (without the underscore of `delete_`), including "close",
 * "move", "all" and "none", in lower case, without spaces.
 *
 * @param names  The list. It need not outlive the call.
 * @param ec     Set to @ref error::unknown_event_name for an unknown or empty name, cleared
 *               otherwise.
 * @returns The set; `event_mask::none` on failure.
 */
[[nodiscard]] ASIO_INOTIFY_DECL event_mask event_mask_from_string(std::string_view names,
                                                                  boost::system::error_code& ec);

/// Parse a set from names separated by ',' or '|'; throws on an unknown name.
/** @throws boost::system::system_error with @ref error::unknown_event_name; its text contains the
 * list. */
[[nodiscard]] ASIO_INOTIFY_DECL event_mask event_mask_from_string(std::string_view names);

} // namespace asio_inotify

#endif
