//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_WATCH_READ_BUFFER_HPP
#define ASIO_INOTIFY_DETAIL_WATCH_READ_BUFFER_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/event_view.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstring>

namespace asio_inotify::detail {

struct watch_record;

/// Writes the pointers of a @ref watch_read_buffer, one after the other.
class watch_pointer_writer
{
public:
    explicit watch_pointer_writer(std::byte* at) noexcept
        : at_(at)
    {}

    void append(watch_record const* watch) noexcept
    {
        std::memcpy(at_, &watch, sizeof watch);
        at_ += sizeof watch;
    }

private:
    std::byte* at_;
};

/// Reads the pointers of a @ref watch_read_buffer, one after the other.
class watch_pointer_reader
{
public:
    watch_pointer_reader() = default;

    explicit watch_pointer_reader(std::byte const* at) noexcept
        : at_(at)
    {}

    [[nodiscard]] watch_record const* get() const noexcept
    {
        watch_record const* watch = nullptr;
        std::memcpy(&watch, at_, sizeof watch);
        return watch;
    }

    void advance() noexcept { at_ += sizeof(watch_record const*); }

private:
    std::byte const* at_ = nullptr;
};

/// The user's buffer for a read of a set, in two parts.
/**
 *     data()             watches()
 *     | record | record | ... | pointer | pointer | ... | up to 23 bytes |
 *
 * read(2) fills the first part with kernel records. The join then writes for each record that it
 * keeps a pointer to its watch into the second part, null for an overflow. The parts are as large
 * as they have to be if every record is as short as possible, 16 bytes: on 64-bit systems two
 * thirds and one third. So the pointers always fit, and a read allocates nothing. The pointers need
 * not be aligned, as the buffer need not be.
 */
class watch_read_buffer
{
public:
    explicit watch_read_buffer(asio::mutable_buffer whole) noexcept
        : data_(static_cast<std::byte*>(whole.data()))
        , capacity_(whole.size() / (shortest_record + sizeof(watch_record const*)) *
                    shortest_record)
    {}

    /// The part for records.
    [[nodiscard]] std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] asio::mutable_buffer records() const noexcept { return {data_, capacity_}; }

    /// Where the pointers begin.
    [[nodiscard]] std::byte* watches() const noexcept { return data_ + capacity_; }

private:
    static constexpr std::size_t shortest_record = sizeof(event_header);

    std::byte* data_;
    std::size_t capacity_;
};

} // namespace asio_inotify::detail

#endif
