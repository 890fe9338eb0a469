//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_SAVED_RECORD_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_SAVED_RECORD_HPP

#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/saved_watch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asio_inotify::detail {

inline constexpr auto all_kinds = static_cast<std::uint32_t>(event_mask::all);

/// Empty if it is not known.
[[nodiscard]] inline std::string_view path_of(watch_record const& record) noexcept
{
    return record.path ? std::string_view(record.path.get(), record.path_size) : std::string_view();
}

/// A watch of the table as a value.
[[nodiscard]] inline saved_watch saved(watch_record const& record,
                                       std::optional<inode_identity> identity = std::nullopt)
{
    return {watch_descriptor{record.wd}, static_cast<event_mask>(record.native_mask & all_kinds),
            static_cast<add_options>(record.native_mask & ~all_kinds), std::string(path_of(record)),
            std::move(identity)};
}

} // namespace asio_inotify::detail

#endif
