//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RESTORED_NUMBERS_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RESTORED_NUMBERS_HPP

#include "system/inotify_ops.hpp"
#include "tree/engine/sharded_map.hpp"
#include "tree/model/entry_arena.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace asio_inotify::detail {

// The watch descriptors of a snapshot while its trees are compared with the disk: a directory that
// had one gets it back, and others get larger ones than all that were in use.
class restored_numbers
{
public:
    void add(dir_id id, int wd)
    {
        numbers_.insert_or_assign(id, wd);
        next_ = (std::max)(next_, number_behind(wd));
    }

    /// The descriptor that a directory had and was not given again.
    [[nodiscard]] std::optional<int> find(dir_id id) const
    {
        auto const* const wd = numbers_.find(id);
        return wd == nullptr ? std::nullopt : std::optional(*wd);
    }

    /// A directory got its descriptor back. If that watch ends, the descriptor is not used again.
    void use(dir_id id) noexcept { numbers_.erase(id); }

    /// The next descriptor for a directory that had none; nothing if none is left.
    [[nodiscard]] std::optional<int> next() const noexcept
    {
        return next_ == 0 ? std::nullopt : std::optional(next_);
    }

    /// The kernel gave the next descriptor to a watch.
    void use_next() noexcept { next_ = number_behind(next_) == 1 ? 0 : number_behind(next_); }

    /// Forget them all. @returns What is left to be destroyed.
    [[nodiscard]] sharded_map<dir_id, int> clear() noexcept
    {
        next_ = 1;
        return std::exchange(numbers_, {});
    }

private:
    sharded_map<dir_id, int> numbers_;
    // 0 if the largest one was given.
    int next_ = 1;
};

} // namespace asio_inotify::detail

#endif
