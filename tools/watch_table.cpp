//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_table.hpp"

#include <utility>

namespace asio_watch {

using asio_inotify::watch_descriptor;

void watch_table::add(watch_descriptor wd, std::string label)
{
    if (watches_.try_emplace(wd, watch{.label = std::move(label)}).second) {
        ++alive_;
    }
}

std::string const* watch_table::find(watch_descriptor wd) const
{
    auto const found = watches_.find(wd);
    return found == watches_.end() || found->second.now == state::ended ? nullptr
                                                                        : &found->second.label;
}

void watch_table::ended(watch_descriptor wd)
{
    auto const found = watches_.find(wd);
    if (found == watches_.end()) {
        return;
    }
    if (std::exchange(found->second.now, state::ended) == state::alive) {
        --alive_;
    }
}

void watch_table::kept(std::unordered_set<watch_descriptor> const& alive)
{
    for (auto& [wd, entry] : watches_) {
        if (entry.now == state::alive && !alive.contains(wd)) {
            entry.now = state::gone;
            --alive_;
        }
    }
}

} // namespace asio_watch
