//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RECENT_DIRECTORIES_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RECENT_DIRECTORIES_HPP

#include "tree/model/tree_model.hpp"

#include <vector>

namespace asio_inotify::detail {

// The directories that were watched or listed since the queue was last empty: events that are
// still queued can be older than the state that was seen there (invariant 5 of tree_engine.hpp).
// The only writer of the flag `recent`.
class recent_directories
{
public:
    explicit recent_directories(tree_model& model) noexcept
        : model_(model)
    {}

    void add(dir_id id)
    {
        if (!contains(id)) {
            members_.push_back(id);
            model_.directory(id).set(tree_directory::recent);
        }
    }

    [[nodiscard]] bool contains(dir_id id) const noexcept
    {
        return model_.directory(id).is(tree_directory::recent);
    }

    /// The queue was empty: every event before now is known.
    /** @param listed  The directory whose listing goes on, which was added before; 0 for none. */
    void reset(dir_id listed) noexcept
    {
        for (auto const id : members_) {
            model_.directory(id).clear(tree_directory::recent);
        }
        // Its capacity stays, so that there is memory for the one.
        members_.clear();
        if (listed != 0) {
            add(listed);
        }
    }

private:
    tree_model& model_;
    std::vector<dir_id> members_;
};

} // namespace asio_inotify::detail

#endif
