//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_ADD_OPTIONS_HPP
#define ASIO_INOTIFY_ADD_OPTIONS_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstdint>

namespace asio_inotify {

/// How a watch is added and how it behaves, as a set of flags with the kernel's values.
enum class add_options : std::uint32_t
{
    /// Follow symbolic links, accept anything; a watch that exists gets the new mask.
    none = 0,
    /// Fail with `not_a_directory` if the path names no directory.
    only_directory = 0x0100'0000,
    /// Watch a symbolic link itself, not what it points to.
    dont_follow = 0x0200'0000,
    /// Do not report children of a directory any more once they are unlinked from it.
    /** `attrib` events of such a child are reported all the same. */
    exclude_unlinked = 0x0400'0000,
    /// Fail with `file_exists` if the inode is already watched by this instance (Linux 4.18).
    /** Cannot be combined with @ref add_options::merge_mask. */
    create_only = 0x1000'0000,
    /// If the inode is already watched, add to its mask instead of replacing it.
    merge_mask = 0x2000'0000,
    /// Let the kernel remove the watch after its first event.
    /** Under load more than one event can be reported before the end. */
    one_shot = 0x8000'0000
};

/// The flags in either set.
[[nodiscard]] constexpr add_options operator|(add_options a, add_options b) noexcept
{
    return static_cast<add_options>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

/// The flags in both sets.
[[nodiscard]] constexpr add_options operator&(add_options a, add_options b) noexcept
{
    return static_cast<add_options>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}

/// Add the flags of another set.
constexpr add_options& operator|=(add_options& a, add_options b) noexcept
{
    return a = a | b;
}

/// Keep only the flags that another set has too.
constexpr add_options& operator&=(add_options& a, add_options b) noexcept
{
    return a = a & b;
}

/// True when the set is not empty.
[[nodiscard]] constexpr bool any(add_options o) noexcept
{
    return o != add_options::none;
}

} // namespace asio_inotify

#endif
