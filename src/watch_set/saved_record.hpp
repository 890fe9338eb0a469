//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_SAVED_RECORD_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_SAVED_RECORD_HPP

#include "values/native.hpp"

#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/saved_watch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asio_inotify::detail {

/// The options that decide what a path names.
inline constexpr auto lookup_options = add_options::only_directory | add_options::dont_follow;

/// The events in a native mask.
[[nodiscard]] constexpr event_mask events_of(std::uint32_t native_mask) noexcept
{
    return static_cast<event_mask>(native_mask) & event_mask::all;
}

/// The options in a native mask.
[[nodiscard]] constexpr add_options options_of(std::uint32_t native_mask) noexcept
{
    return static_cast<add_options>(native_mask & ~native(event_mask::all));
}

[[nodiscard]] inline add_options options_of(watch_record const& record) noexcept
{
    return options_of(record.native_mask);
}

/// The path by which the set knows a watch; empty if it is unknown.
[[nodiscard]] inline std::string_view known_path(watch_record const& record) noexcept
{
    return record.path ? std::string_view(record.path.get(), record.path_size) : std::string_view();
}

/// A watch of the table as a value.
[[nodiscard]] inline saved_watch saved(watch_record const& record,
                                       std::optional<inode_identity> identity = std::nullopt)
{
    return {watch_descriptor{record.wd}, events_of(record.native_mask), options_of(record),
            std::string(known_path(record)), std::move(identity)};
}

} // namespace asio_inotify::detail

#endif
