//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_APPLIER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_APPLIER_HPP

#include "tree/engine/entry_changes.hpp"
#include "tree/engine/event_queue.hpp"
#include "tree/engine/mount_tracker.hpp"
#include "tree/engine/recent_history.hpp"

#include <asio_inotify/tree_counters.hpp>

namespace asio_inotify::detail {

// Applies events to the model: all of them but renames, which are matched in pairs first, and
// overflows.
class event_applier
{
public:
    event_applier(tree_options const& options, tree_model& model, agenda& work,
                  entry_changes& entries, recent_history& history, coverage& covered,
                  mount_tracker& mounts, tree_counters& counters) noexcept
        : options_(options)
        , model_(model)
        , agenda_(work)
        , entries_(entries)
        , history_(history)
        , coverage_(covered)
        , mounts_(mounts)
        , counters_(counters)
    {}

    /// Apply the next events of the queue as long as they are changes of known files in one
    /// directory, which most events are.
    /** @returns How many were applied and taken off the queue; 0 if the next one is different.
     * @pre The queue is not empty. */
    [[nodiscard]] unsigned apply_known_files(event_queue& queue, unsigned most);

    /// Apply one event.
    /** @param first  The first directory with its watch that is in a tree. */
    void apply(queued_event const& event, dir_id first);

private:
    void apply_to_entry(queued_event const& event, dir_id id);
    void apply_to_directory(queued_event const& event, dir_id id);
    void apply_to_all(queued_event const& event, dir_id first);
    void touch(queued_event const& event, dir_id id, tree_change_mask kind);
    void watch_ended(int wd, dir_id first);

    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    entry_changes& entries_;
    recent_history& history_;
    coverage& coverage_;
    mount_tracker& mounts_;
    tree_counters& counters_;
};

} // namespace asio_inotify::detail

#endif
