//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_WATCH_RECORD_HPP
#define ASIO_INOTIFY_DETAIL_WATCH_RECORD_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstdint>
#include <memory>

namespace asio_inotify::detail {

enum class watch_state : std::uint8_t
{
    /// No watch: the record can be used.
    vacant,
    /// The watch is in the set.
    live,
    /// The event of its end was read. The record is kept for the events read with it.
    ended,
    /// The user removed it: what was read with it and not yet looked at is not delivered.
    removed
};

// What a set knows of one watch. There are many of them: 24 bytes, and the path.
struct watch_record
{
    /// Null-terminated; null if the path is not known.
    std::unique_ptr<char[]> path; // NOLINT(cppcoreguidelines-avoid-c-arrays)
    std::uint32_t path_size = 0;
    /// The kinds of events and the lasting options, as the kernel takes them.
    std::uint32_t native_mask = 0;
    std::int32_t wd = -1;
    watch_state state = watch_state::vacant;
};

} // namespace asio_inotify::detail

#endif
