//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_PATH_INDEX_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_PATH_INDEX_HPP

#include <asio_inotify/detail/scope_guard.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace asio_inotify::detail {

// What is at absolute paths, by numbers: finds what is at, above and below a path without going
// through the rest. Views the paths of others.
class path_index
{
public:
    using value = std::uint32_t;

    /// Nothing happens if the path is empty. The path must live and not change while it is here.
    /** @throws std::bad_alloc, without effect then. */
    void add(std::string_view path, value what)
    {
        if (!path.empty()) {
            all_.emplace(path, what);
        }
    }

    /// Nothing happens if it is not here.
    void remove(std::string_view path, value what) noexcept
    {
        if (auto const at = all_.find(key{path, what}); at != all_.end()) {
            all_.erase(at);
        }
    }

    /// A path that is here, or was empty, is a different one now, or empty.
    /** @throws std::bad_alloc: then the path is empty. */
    void change(std::string& path, std::string now, value what)
    {
        if (path == now) {
            return;
        }
        auto node = all_.extract(key{path, what});
        path = std::move(now);
        if (node && !path.empty()) {
            node.value().first = path;
            all_.insert(std::move(node));
            return;
        }
        scope_guard undo([&] { path.clear(); });
        add(path, what);
        undo.dismiss();
    }

    /// Call `f(what)` for what is at a path.
    template <class Function>
    void for_each_at(std::string_view path, Function const& f) const
    {
        for (auto at = all_.lower_bound(key{path, 0}); at != all_.end() && at->first == path;
             ++at) {
            f(at->second);
        }
    }

    /// Call `f(what, path)` for what is in the directories above a path, with their paths.
    template <class Function>
    void for_each_above(std::string_view path, Function const& f) const
    {
        while (path.starts_with('/') && path != "/") {
            path = path.substr(0, (std::max)(path.rfind('/'), std::size_t{1}));
            for_each_at(path, [&](value what) { f(what, path); });
        }
    }

    /// Call `f(what)` for what is below a path.
    template <class Function>
    void for_each_below(std::string_view path, Function const& f) const
    {
        std::string start(path);
        start += start.ends_with('/') ? "" : "/";
        for (auto at = all_.upper_bound(key{start, (std::numeric_limits<value>::max)()});
             at != all_.end() && at->first.starts_with(start); ++at) {
            f(at->second);
        }
    }

private:
    using key = std::pair<std::string_view, value>;

    std::set<key> all_;
};

} // namespace asio_inotify::detail

#endif
