//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "snapshot/tree_check.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace asio_inotify::detail {
namespace {

// PATH_MAX of the kernel, without the null.
constexpr std::size_t longest_path = 4095;

// A root keeps the path that it was given, and is opened at the same one made absolute.
bool can_be_root(saved_entry const& entry) noexcept
{
    auto const& [path, absolute] = std::tie(entry.name, entry.absolute);
    if (absolute.size() > longest_path || (path.size() > 1 && path.ends_with('/'))) {
        return false;
    }
    return path.starts_with('/') ? absolute == path
                                 : absolute.ends_with(path) && absolute.size() > path.size() &&
                                       absolute[absolute.size() - path.size() - 1] == '/';
}

// The order in which the paths below a path follow it directly.
bool comes_before(std::string_view a, std::string_view b) noexcept
{
    auto const rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c); };
    return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

// What follows the path of a directory in the path of something below; empty if it is not below.
std::string_view rest_below(std::string_view path, std::string_view directory) noexcept
{
    if (path.starts_with(directory)) {
        path.remove_prefix(directory.size());
        if (directory.ends_with('/')) {
            return path;
        }
        if (path.starts_with('/')) {
            return path.substr(1);
        }
    }
    return {};
}

// The paths below one root where other roots are, with the entries of these.
using nested_paths = std::map<std::string_view, std::size_t>;

// A root of `nested` that is a directory of the tree that begins at `top`.
std::optional<std::size_t> find_in_tree(std::vector<saved_entry> const& entries, std::size_t top,
                                        nested_paths const& nested)
{
    // The paths of the directories above the next entry, each with a slash at its end; only as far
    // as they lead to one of the roots.
    std::vector<std::string> above{std::string()};
    for (auto at = top + 1; at != entries.size() && entries[at].depth != 0; ++at) {
        auto const& entry = entries[at];
        if (!entry.is_directory || entry.depth > above.size()) {
            continue;
        }
        above.resize(entry.depth);
        auto path = above.back() + entry.name;
        if (auto const found = nested.find(path); found != nested.end()) {
            return found->second;
        }
        path += '/';
        auto const next = nested.lower_bound(path);
        if (next != nested.end() && next->first.starts_with(path)) {
            above.push_back(std::move(path));
        }
    }
    return std::nullopt;
}

} // namespace

bool tree_check::accepts(saved_entry const& entry, std::string_view name)
{
    if (entry.depth > deepest_) {
        return false;
    }
    names_.resize(entry.depth + std::size_t{1});
    // No two entries of a directory, and no two roots, have one name.
    if (!names_.back().insert(name).second) {
        return false;
    }
    // Two directories with one watch are the same, at two places: by a link or a mount.
    std::pair const identity(entry.device, entry.inode);
    if (entry.wd != 0) {
        auto const [at, is_new] = watches_.try_emplace(entry.wd, identity);
        if (!is_new && (at->second != identity || entry.inode == 0)) {
            return false;
        }
    }
    if (entry.depth == 0) {
        has_parts_ = has_parts_ || !entry.is_directory;
        if (has_parts_ == entry.is_directory || !can_be_root(entry)) {
            return false;
        }
    }
    // Nothing is known below a root that was not there.
    bool const can_have_entries = entry.is_directory && entry.state != saved_state::lost;
    deepest_ = can_have_entries ? entry.depth + 1 : entry.depth;
    names_.resize(deepest_ + std::size_t{1});
    return true;
}

std::optional<std::size_t> tree_check::find_misplaced_root(std::vector<saved_entry> const& entries)
{
    std::vector<std::size_t> roots;
    for (std::size_t at = 0; at != entries.size(); ++at) {
        if (entries[at].depth == 0) {
            roots.push_back(at);
        }
    }
    std::ranges::sort(roots, comes_before,
                      [&](std::size_t at) -> std::string const& { return entries[at].name; });
    // The roots above the next one, each below the one before. If it is a directory of any of their
    // trees, then the last of them is too, or it is one of the last one's tree.
    std::vector<std::size_t> above;
    std::map<std::size_t, nested_paths> nested;
    for (auto const at : roots) {
        auto const& path = entries[at].name;
        while (!above.empty() && rest_below(path, entries[above.back()].name).empty()) {
            above.pop_back();
        }
        if (entries[at].is_directory) {
            if (!above.empty()) {
                auto const outer = above.back();
                nested[outer].emplace(rest_below(path, entries[outer].name), at);
            }
            above.push_back(at);
        } else if (above.empty()) {
            return at;
        }
    }
    for (auto const& [top, paths] : nested) {
        if (auto const found = find_in_tree(entries, top, paths)) {
            return found;
        }
    }
    return std::nullopt;
}

} // namespace asio_inotify::detail
