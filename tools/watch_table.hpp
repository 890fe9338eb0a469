//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_WATCH_TABLE_HPP
#define ASIO_WATCH_WATCH_TABLE_HPP

#include <asio_inotify/watch_descriptor.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace asio_watch {

/// The watches of flat mode: which are alive, and how their paths are printed.
class watch_table
{
public:
    /// Enter a watch. A number that is there already keeps its label.
    void add(asio_inotify::watch_descriptor wd, std::string label);

    /// How many watches were entered.
    [[nodiscard]] std::size_t size() const noexcept { return watches_.size(); }

    /// The label of a watch; null if its end was reported, or if it was never entered.
    [[nodiscard]] std::string const* find(asio_inotify::watch_descriptor wd) const;

    /// The end of a watch was reported.
    void ended(asio_inotify::watch_descriptor wd);

    /// Events were lost: these are the watches that the kernel still has.
    /** What others had reported before stays attributed to them, but no report of their end need
     * come. */
    void kept(std::unordered_set<asio_inotify::watch_descriptor> const& alive);

    /// True if the kernel has none of the watches any more.
    [[nodiscard]] bool none_is_alive() const noexcept { return alive_ == 0; }

private:
    enum class state
    {
        alive,
        /// The kernel does not have it any more, but events of it may still be queued.
        gone,
        ended
    };
    struct watch
    {
        std::string label;
        state now = state::alive;
    };

    std::unordered_map<asio_inotify::watch_descriptor, watch> watches_;
    std::size_t alive_ = 0;
};

} // namespace asio_watch

#endif
