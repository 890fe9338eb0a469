//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_KIND_HPP
#define ASIO_INOTIFY_EVENT_KIND_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/stream_name.hpp>

#include <cstdint>
#include <string_view>

namespace asio_inotify {

/// What happened: the kind of an event.
/**
 * `event_mask` is a set of the kinds for which a watch can be added. The last three are always
 * reported.
 *
 * The values are the positions of the kernel's `IN_*` bits.
 */
enum class event_kind : std::uint8_t
{
    /// A file was read, a program was executed, a directory was listed.
    access = 0,
    /// A file was written or truncated.
    modify = 1,
    /// Metadata changed: permissions, owner, times, extended attributes, the number of links.
    attrib = 2,
    /// A file that had been open for writing was closed.
    close_write = 3,
    /// A file or directory that had not been open for writing was closed.
    close_nowrite = 4,
    /// A file or directory was opened.
    open = 5,
    /// An entry was moved out of the watched directory, or renamed in it; the old name.
    moved_from = 6,
    /// An entry was moved into the watched directory, or renamed in it; the new name.
    moved_to = 7,
    /// An entry was created in the watched directory.
    create = 8,
    /// An entry was removed from the watched directory. (`delete` is a keyword.)
    delete_ = 9,
    /// The watched file or directory itself was deleted.
    delete_self = 10,
    /// The watched file or directory itself was moved.
    move_self = 11,
    /// The filesystem of the watched object was unmounted. (`IN_UNMOUNT`)
    unmount = 13,
    /// The kernel's queue overflowed and dropped events. (`IN_Q_OVERFLOW`)
    overflow = 14,
    /// The watch has ended. (`IN_IGNORED`)
    ignored = 15
};

/// The name of a kind: that of the enumerator, without the underscore of `delete_`; empty for any
/// other value.
[[nodiscard]] ASIO_INOTIFY_DECL std::string_view to_string(event_kind kind) noexcept;

/// Write the name of a kind.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to, event_kind kind)
{
    return detail::stream_name(to, to_string(kind));
}

} // namespace asio_inotify

#endif
