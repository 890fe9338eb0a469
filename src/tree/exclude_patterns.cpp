//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_options.hpp>

#include <algorithm>
#include <cstddef>

namespace asio_inotify {
namespace {

// The ']' of a set such as [a-z], whose '[' is at a position; npos if it has none.
std::size_t end_of_set(std::string_view pattern, std::size_t at) noexcept
{
    ++at;
    at += at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^') ? 1U : 0U;
    // The first character can be a ']' that is meant.
    return pattern.find(']', at + 1);
}

// Alternatives such as {a,b} and {1..9} are an extension of shells: fnmatch(3) takes them
// literally.
bool has_alternatives(std::string_view pattern) noexcept
{
    bool is_open = false;
    bool has_separator = false;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        auto const rest = pattern.substr(at);
        if (rest[0] == '\\') {
            ++at;
        } else if (auto const end = end_of_set(pattern, at);
                   rest[0] == '[' && end != std::string_view::npos) {
            at = end;
        } else if (rest[0] == '{') {
            is_open = true;
            has_separator = false;
        } else if (rest[0] == ',' || rest.starts_with("..")) {
            has_separator = true;
        } else if (rest[0] == '}' && is_open && has_separator) {
            return true;
        }
    }
    return false;
}

bool ends_in_escape(std::string_view pattern) noexcept
{
    auto const last = pattern.find_last_not_of('\\');
    auto const count = pattern.size() - (last == std::string_view::npos ? 0 : last + 1);
    return count % 2 != 0;
}

// No path below a root has such a component.
bool is_impossible_component(std::string_view part) noexcept
{
    return part.empty() || part == "." || part == "..";
}

bool can_match(std::string_view pattern) noexcept
{
    if (pattern.starts_with('!') || pattern.find('\0') != std::string_view::npos ||
        has_alternatives(pattern) || ends_in_escape(pattern)) {
        return false;
    }
    pattern.remove_prefix(pattern.starts_with('/') ? 1 : 0);
    for (;;) {
        auto const end = pattern.find('/');
        if (is_impossible_component(pattern.substr(0, end))) {
            return false;
        }
        if (end == std::string_view::npos) {
            return true;
        }
        pattern.remove_prefix(end + 1);
    }
}

} // namespace

std::string const* find_invalid_exclude(tree_options const& options, std::string_view root) noexcept
{
    bool const has_other_root = !root.empty() && root != "/";
    auto const found = std::ranges::find_if(options.exclude, [&](std::string const& pattern) {
        return !can_match(pattern) || (has_other_root && pattern.starts_with('/'));
    });
    return found != options.exclude.end() ? &*found : nullptr;
}

} // namespace asio_inotify
