//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_VIEW_HPP
#define ASIO_INOTIFY_EVENT_VIEW_HPP

#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace asio_inotify {

class event_batch;
class watch_event_batch;

namespace detail {

/// The fixed part of a kernel record; `length` bytes of padded name follow it.
struct event_header
{
    std::int32_t wd;
    std::uint32_t mask;
    std::uint32_t cookie;
    std::uint32_t length;
};
static_assert(sizeof(event_header) == 16);

// Result bits of the kernel's mask word; src/inotify_ops.cpp ties them to the system's values.
inline constexpr std::uint32_t unmount_bit = 0x2000;
inline constexpr std::uint32_t overflow_bit = 0x4000;
inline constexpr std::uint32_t ignored_bit = 0x8000;
inline constexpr std::uint32_t directory_bit = 0x4000'0000;

// Records stand at any address in the caller's buffer, and their type is bytes: memcpy is the
// read without an alignment demand or an aliasing question, and compiles to one load.
template <class T>
[[nodiscard]] inline T load(std::byte const* at) noexcept
{
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// How many of eight bytes come before the zeros that fill them up to the end.
[[nodiscard]] inline std::size_t bytes_before_padding(std::byte const* at) noexcept
{
    auto const word = load<std::uint64_t>(at);
    auto const padding = std::endian::native == std::endian::little ? std::countl_zero(word)
                                                                    : std::countr_zero(word);
    return 8U - static_cast<std::size_t>(padding) / 8U;
}

} // namespace detail

/// One event in a batch, without a copy.
/**
 * A view over the kernel's record, as large as a pointer.
 *
 * @par Object Lifetimes
 * The view and the name it gives are valid as long as the buffer that was read into is valid and
 * unmodified. To keep an event longer, copy it into an @ref event.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe; any number of threads may look at one
 * buffer that nobody modifies.
 */
class event_view
{
public:
    /// The number of the watch that reports; `watch_descriptor{-1}` for an overflow.
    /**
     * Events of a watch can still be queued after it was removed, even behind the event for which
     * @ref is_ignored is true. A number that is not known is therefore normal.
     */
    [[nodiscard]] watch_descriptor wd() const noexcept
    {
        return watch_descriptor{detail::load<std::int32_t>(record_)};
    }

    /// What happened: a single kind, or none for @ref is_ignored, @ref is_unmount, @ref
    /// is_overflow.
    [[nodiscard]] event_mask mask() const noexcept
    {
        return static_cast<event_mask>(native_mask()) & event_mask::all;
    }

    /// True if what happened is one of these kinds.
    [[nodiscard]] bool is(event_mask kinds) const noexcept
    {
        return (native_mask() & static_cast<std::uint32_t>(kinds)) != 0;
    }

    /// Connects the `moved_from` and the `moved_to` of one rename; 0 for everything else.
    /**
     * The two need not be adjacent, can come in different batches, and either can come alone when
     * only one side is watched.
     */
    [[nodiscard]] std::uint32_t cookie() const noexcept
    {
        return detail::load<std::uint32_t>(record_ + 8);
    }

    /// The name of the entry in the watched directory; empty when the event is about the watched
    /// object itself.
    /**
     * Any bytes except '/' and zero, at most 255 on common filesystems. Not necessarily UTF-8. A
     * null byte follows the name.
     */
    [[nodiscard]] std::string_view name() const noexcept
    {
        auto const length = detail::load<std::uint32_t>(record_ + 12);
        if (length == 0) {
            return {};
        }
        // The kernel fills the name up with 1 to 16 zeros to a multiple of 16, so that only the
        // last 16 bytes can hold its end (kernel note 4.3): no need to walk the whole name.
        auto const* const padded = record_ + sizeof(detail::event_header);
        auto const* const tail = padded + length - 16;
        auto const last = detail::bytes_before_padding(tail + 8);
        auto const used = last != 0 ? 8 + last : detail::bytes_before_padding(tail);
        return {reinterpret_cast<char const*>(padded), length - 16 + used};
    }

    /// True if the object of the event is a directory.
    /** The kernel never says so for `delete_self` and `move_self`. */
    [[nodiscard]] bool is_directory() const noexcept
    {
        return (native_mask() & detail::directory_bit) != 0;
    }

    /// True if the watch has ended: removed, its object gone or unmounted, or one-shot and fired.
    /**
     * Not a barrier: late events of the watch can follow, and the event is lost like any other
     * when the queue overflows.
     */
    [[nodiscard]] bool is_ignored() const noexcept
    {
        return (native_mask() & detail::ignored_bit) != 0;
    }

    /// True if the kernel's queue was full and events were dropped at about this place.
    /** After reading it, look at the watched objects again. What follows can have holes as well. */
    [[nodiscard]] bool is_overflow() const noexcept
    {
        return (native_mask() & detail::overflow_bit) != 0;
    }

    /// True if the filesystem of the watched object was unmounted; the end of the watch follows.
    [[nodiscard]] bool is_unmount() const noexcept
    {
        return (native_mask() & detail::unmount_bit) != 0;
    }

    /// The kernel's mask word, all bits.
    [[nodiscard]] std::uint32_t native_mask() const noexcept
    {
        return detail::load<std::uint32_t>(record_ + 4);
    }

    /// The size of the kernel's record in bytes: 16, and the padded name if there is one, 16 to 256
    /// on common filesystems.
    [[nodiscard]] std::size_t size_bytes() const noexcept
    {
        return sizeof(detail::event_header) + detail::load<std::uint32_t>(record_ + 12);
    }

private:
    friend class event_batch;
    friend class watch_event_batch;

    explicit event_view(std::byte const* record) noexcept
        : record_(record)
    {}

    std::byte const* record_;
};

} // namespace asio_inotify

#endif
