//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_PATH_BELOW_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_PATH_BELOW_HPP

#include <optional>
#include <string_view>

namespace asio_inotify::detail {

/// The part of a path below an ancestor, without a separator before it; nothing if it is not below.
[[nodiscard]] inline std::optional<std::string_view> path_below(std::string_view path,
                                                                std::string_view ancestor) noexcept
{
    if (path == ancestor) {
        return std::string_view();
    }
    if (path.size() <= ancestor.size() || !path.starts_with(ancestor)) {
        return std::nullopt;
    }
    if (ancestor.ends_with('/')) {
        return path.substr(ancestor.size());
    }
    return path[ancestor.size()] == '/' ? std::optional(path.substr(ancestor.size() + 1))
                                        : std::nullopt;
}

} // namespace asio_inotify::detail

#endif
