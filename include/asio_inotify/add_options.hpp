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

/// Options of a watch, as a set of flags with the values of the kernel's `IN_*` flags.
enum class add_options : std::uint32_t
{
    /// Follow symbolic links, accept any type of file, replace the mask of an existing watch.
    none = 0,
    /// Fail with `not_a_directory` unless the path names a directory. (`IN_ONLYDIR`)
    only_directory = 0x0100'0000,
    /// Watch a symbolic link itself instead of its target. (`IN_DONT_FOLLOW`)
    dont_follow = 0x0200'0000,
    /// Stop reporting a child of a directory once it is unlinked from it. (`IN_EXCL_UNLINK`)
    /** The kernel still reports `attrib` events of such a child. */
    exclude_unlinked = 0x0400'0000,
    /// Fail with `file_exists` if this instance already watches the inode. (`IN_MASK_CREATE`)
    /** Needs Linux 4.18. Cannot be combined with @ref add_options::merge_mask. */
    create_only = 0x1000'0000,
    /// If the inode is already watched, add to its mask instead of replacing it. (`IN_MASK_ADD`)
    merge_mask = 0x2000'0000,
    /// Let the kernel remove the watch after its first event. (`IN_ONESHOT`)
    /** Under load the watch can report more than one event before it ends. */
    one_shot = 0x8000'0000
};

/// The union of two sets.
[[nodiscard]] constexpr add_options operator|(add_options a, add_options b) noexcept
{
    return static_cast<add_options>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

/// The intersection of two sets.
[[nodiscard]] constexpr add_options operator&(add_options a, add_options b) noexcept
{
    return static_cast<add_options>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}

/// Add the flags of another set.
constexpr add_options& operator|=(add_options& a, add_options b) noexcept
{
    return a = a | b;
}

/// Remove the flags that are not in another set.
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
