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

// Bits that only the kernel sets in a mask; src/system/inotify_ops.cpp asserts that they equal the
// system's values.
inline constexpr std::uint32_t unmount_bit = 0x2000;
inline constexpr std::uint32_t overflow_bit = 0x4000;
inline constexpr std::uint32_t ignored_bit = 0x8000;
inline constexpr std::uint32_t directory_bit = 0x4000'0000;

[[nodiscard]] constexpr event_kind kind_of(std::uint32_t native_mask) noexcept
{
    constexpr std::uint32_t kinds = 0xfffU | unmount_bit | overflow_bit | ignored_bit;
    return static_cast<event_kind>(std::countr_zero(native_mask & kinds));
}

// Records are at any address in the caller's buffer of bytes: memcpy needs no alignment, does not
// violate aliasing rules, and compiles to one load.
template <class T>
[[nodiscard]] inline T load(std::byte const* at) noexcept
{
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// The number of bytes, of eight, before the zeros at their end.
[[nodiscard]] inline std::size_t bytes_before_padding(std::byte const* at) noexcept
{
    auto const word = load<std::uint64_t>(at);
    auto const padding = std::endian::native == std::endian::little ? std::countl_zero(word)
                                                                    : std::countr_zero(word);
    return 8U - static_cast<std::size_t>(padding) / 8U;
}

} // namespace detail

/// One event in a batch, as a zero-copy view.
/**
 * A view of the kernel's record in the buffer that was read into; as large as a pointer.
 *
 * @par Object Lifetimes
 * The view and its name are valid while the buffer is valid and unmodified. To keep an event
 * longer, copy it into an @ref event.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe. Any number of threads may read a buffer
 * that no thread modifies.
 */
class event_view
{
public:
    /// The watch descriptor of the event; `watch_descriptor{-1}` for an overflow.
    /**
     * Events of a watch can arrive after it was removed, even after the event for which
     * @ref is_ignored is true. So an unknown watch descriptor is normal.
     */
    [[nodiscard]] watch_descriptor wd() const noexcept
    {
        return watch_descriptor{detail::load<std::int32_t>(record_)};
    }

    /// What happened.
    /** No enumerator if the bits are none that the kernel writes. */
    [[nodiscard]] event_kind kind() const noexcept { return detail::kind_of(native_mask()); }

    /// The kind as a set; the empty set for `unmount`, `overflow` and `ignored`.
    [[nodiscard]] event_mask mask() const noexcept
    {
        return static_cast<event_mask>(native_mask()) & event_mask::all;
    }

    /// True if what happened is one of these kinds.
    [[nodiscard]] bool is(event_mask kinds) const noexcept
    {
        return (native_mask() & static_cast<std::uint32_t>(kinds)) != 0;
    }

    /// The cookie that the `moved_from` and the `moved_to` of one rename share; 0 for other events.
    /**
     * The two events need not be adjacent and can be in different batches. Only one of them arrives
     * if the other directory is not watched.
     */
    [[nodiscard]] std::uint32_t cookie() const noexcept
    {
        return detail::load<std::uint32_t>(record_ + 8);
    }

    /// The name of the entry in the watched directory; empty if the watched object itself is
    /// meant.
    /**
     * Any bytes except '/' and zero, at most 255 on common filesystems; not necessarily UTF-8. A
     * null byte follows the name.
     */
    [[nodiscard]] std::string_view name() const noexcept
    {
        auto const length = detail::load<std::uint32_t>(record_ + 12);
        if (length == 0) {
            return {};
        }
        // The kernel pads the name with 1 to 16 zeros to a multiple of 16, so its end is in the
        // last 16 bytes (kernel note 4.3): no need to scan the whole name.
        auto const* const padded = record_ + sizeof(detail::event_header);
        auto const* const tail = padded + length - 16;
        auto const last = detail::bytes_before_padding(tail + 8);
        auto const used = last != 0 ? 8 + last : detail::bytes_before_padding(tail);
        return {reinterpret_cast<char const*>(padded), length - 16 + used};
    }

    /// True if the event is about a directory. (`IN_ISDIR`)
    /** Never true for `delete_self` and `move_self`: the kernel does not set the flag. */
    [[nodiscard]] bool is_directory() const noexcept
    {
        return (native_mask() & detail::directory_bit) != 0;
    }

    /// True if the watch has ended: removed, deleted, unmounted, or one-shot. (`IN_IGNORED`)
    /**
     * Not a barrier: late events of the watch can follow. Like any other event it can be lost when
     * the queue overflows.
     */
    [[nodiscard]] bool is_ignored() const noexcept
    {
        return (native_mask() & detail::ignored_bit) != 0;
    }

    /// True if the kernel's queue overflowed and dropped events. (`IN_Q_OVERFLOW`)
    /** Rescan the watched objects after you have read it. Events that follow it in the queue can be
     * incomplete too. */
    [[nodiscard]] bool is_overflow() const noexcept
    {
        return (native_mask() & detail::overflow_bit) != 0;
    }

    /// True if the filesystem of the object was unmounted; the watch ends next. (`IN_UNMOUNT`)
    [[nodiscard]] bool is_unmount() const noexcept
    {
        return (native_mask() & detail::unmount_bit) != 0;
    }

    /// All bits of the kernel's mask.
    [[nodiscard]] std::uint32_t native_mask() const noexcept
    {
        return detail::load<std::uint32_t>(record_ + 4);
    }

    /// The size of the kernel's record in bytes: 16, plus the padded name if there is one (16 to
    /// 256 on common filesystems).
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
