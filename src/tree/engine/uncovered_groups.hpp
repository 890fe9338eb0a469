//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_UNCOVERED_GROUPS_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_UNCOVERED_GROUPS_HPP

#include "tree/model/tree_index.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace asio_inotify::detail {

// The directories that are not covered, by what can allow to watch them: a group for each directory
// whose attributes can, and two more. A user with write permission can make hundreds of thousands
// of them, so nothing here takes longer if there are many. A group that is requested is retried in
// parts.
class uncovered_groups
{
public:
    /// Those that time can help.
    static constexpr dir_id by_time = 0;
    /// Those that are in themselves: moves can help.
    static constexpr dir_id circles = (std::numeric_limits<dir_id>::max)();
    /// Nothing that a group is retried for can help.
    static constexpr dir_id none = circles - 1;

    /** @throws std::bad_alloc, without effect then. */
    void insert(dir_id group, dir_id id)
    {
        if (group != none) {
            members_.emplace(group, id);
        }
    }
    void erase(dir_id group, dir_id id) noexcept { members_.erase({group, id}); }

    /// The member after another one, in turn; nothing if the group is empty.
    [[nodiscard]] std::optional<dir_id> next(dir_id group, dir_id after) const noexcept
    {
        auto at = members_.upper_bound({group, after});
        if (at == members_.end() || at->first != group) {
            at = members_.lower_bound({group, 0});
        }
        return at == members_.end() || at->first != group ? std::nullopt
                                                          : std::optional(at->second);
    }

    /// Retry every member of a group. What is requested again meanwhile is done once more.
    /** @throws std::bad_alloc, without effect then. */
    void request(dir_id group)
    {
        auto const first = members_.lower_bound({group, 0});
        if (first != members_.end() && first->first == group) {
            requested_.insert(group);
        }
    }
    [[nodiscard]] bool has_requested() const noexcept { return !requested_.empty() || !at_end(); }

    /// Take the next member of a requested group. @pre `has_requested()`
    [[nodiscard]] std::optional<std::pair<dir_id, dir_id>> take_requested() noexcept
    {
        if (at_end()) {
            auto const group = *requested_.begin();
            requested_.erase(requested_.begin());
            next_ = std::pair(group, dir_id{0});
        }
        auto const at = members_.lower_bound(*next_);
        if (at == members_.end() || at->first != next_->first) {
            next_.reset();
            return std::nullopt;
        }
        next_->second = at->second + 1;
        return *at;
    }

private:
    [[nodiscard]] bool at_end() const noexcept { return !next_; }

    std::set<std::pair<dir_id, dir_id>> members_;
    std::set<dir_id> requested_;
    // In the group that is retried.
    std::optional<std::pair<dir_id, dir_id>> next_;
};

} // namespace asio_inotify::detail

#endif
