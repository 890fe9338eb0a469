//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_BUFFER_HPP
#define ASIO_INOTIFY_EVENT_BUFFER_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>

namespace asio_inotify {

/// The smallest buffer that holds an event with any name of a common filesystem, in bytes.
/** A header of 16 bytes and a name of up to 255, padded to 256. */
inline constexpr std::size_t minimum_buffer_size = 272;

/// A buffer to read events into, sized and aligned for inotify.
/**
 * Any `asio::mutable_buffer` works too; this type has a good size. It contains its bytes (on the
 * stack, or in a coroutine's frame), does not initialise them and does not allocate. It can be
 * neither copied nor moved, as the events that were read refer to it.
 *
 * @tparam Size  In bytes. 64 KiB hold some 2000 events per system call. From 4112 bytes on, a name
 *               of any filesystem fits.
 */
template <std::size_t Size = std::size_t{64} * 1024>
class event_buffer
{
    static_assert(Size >= minimum_buffer_size, "an event with a name of 255 bytes must fit");

public:
    // Not defaulted, so that value initialisation does not zero the bytes either.
    event_buffer() noexcept {}

    event_buffer(event_buffer const&) = delete;
    event_buffer& operator=(event_buffer const&) = delete;

    /// The bytes as an Asio buffer. Valid while the object is.
    [[nodiscard]] operator asio::mutable_buffer() noexcept { return {bytes_, Size}; }

    /// The size in bytes.
    [[nodiscard]] static constexpr std::size_t size() noexcept { return Size; }

    /// The first byte.
    [[nodiscard]] void* data() noexcept { return bytes_; }

private:
    alignas(16) std::byte bytes_[Size];
};

} // namespace asio_inotify

#endif
