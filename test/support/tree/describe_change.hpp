//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_DESCRIBE_CHANGE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_DESCRIBE_CHANGE_HPP

#include <asio_inotify/tree_change.hpp>

#include <string>
#include <string_view>

namespace test {

[[nodiscard]] inline bool is_beneath(std::string_view path, std::string_view root) noexcept
{
    return path.size() > root.size() && path.starts_with(root) &&
           (root.ends_with('/') || path[root.size()] == '/');
}

/// "created dir path", "renamed file old -> new replaced", for comparisons that show what is wrong.
/** @param base  What is left away at the start of paths; it is "." itself. */
[[nodiscard]] inline std::string describe(asio_inotify::tree_change const& change,
                                          std::string_view base)
{
    auto const relative = [&](std::string_view path) {
        if (!base.empty() && path == base) {
            return std::string(".");
        }
        return std::string(!base.empty() && is_beneath(path, base) ? path.substr(base.size() + 1)
                                                                   : path);
    };
    std::string text(to_string(change.kind()));
    if (change.path().empty()) {
        return text;
    }
    text += ' ';
    text += to_string(change.type());
    text += ' ';
    if (!change.old_path().empty()) {
        text += relative(change.old_path()) + " -> ";
    }
    text += relative(change.path());
    if (change.replaced()) {
        text += " replaced";
    }
    if (change.error()) {
        text += ": " + change.error().message();
    }
    return text;
}

} // namespace test

#endif
