//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_INOTIFY_RECORDS_HPP
#define ASIO_INOTIFY_SRC_INOTIFY_RECORDS_HPP

#include <asio_inotify/event_view.hpp>

#include <cstddef>
#include <cstring>

// Whole kernel records in a buffer.
namespace asio_inotify::detail {

/// The size in bytes of the record that begins here.
[[nodiscard]] inline std::size_t record_size(std::byte const* record) noexcept
{
    return sizeof(event_header) + load<event_header>(record).length;
}

/// Call `f(record)` for each record.
template <class Function>
void for_each_record(std::byte const* data, std::size_t size, Function f)
{
    for (auto const* const end = data + size; data != end; data += record_size(data)) {
        f(data);
    }
}

/// Remove the records for which `drop(record)` is true, and close the gaps.
/** @returns The bytes that are left. */
template <class Predicate>
[[nodiscard]] std::size_t remove_records(std::byte* data, std::size_t size, Predicate drop)
{
    std::byte* kept = data;
    for (std::byte* at = data; at != data + size;) {
        auto const length = record_size(at);
        if (!drop(static_cast<std::byte const*>(at))) {
            if (kept != at) {
                std::memmove(kept, at, length);
            }
            kept += length;
        }
        at += length;
    }
    return static_cast<std::size_t>(kept - data);
}

} // namespace asio_inotify::detail

#endif
