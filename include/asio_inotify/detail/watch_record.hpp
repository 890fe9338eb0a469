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
    /// No watch: the record can be reused.
    vacant,
    /// The watch is in the set.
    live,
    /// Its IN_IGNORED was read. The user may still hold events that point to the record.
    ended,
    /// The user removed it: a batch that was read before skips its remaining events.
    removed
};

// One watch of a set. There are many of them: 24 bytes, and the path.
struct watch_record
{
    /// Null-terminated; null if the path is unknown.
    std::unique_ptr<char[]> path;
    std::uint32_t path_size = 0;
    /// The events and the lasting options, as in the mask of inotify_add_watch(2).
    std::uint32_t native_mask = 0;
    std::int32_t wd = -1;
    watch_state state = watch_state::vacant;
};

} // namespace asio_inotify::detail

#endif
