//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_PROCESSOR_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_PROCESSOR_HPP

#include "tree/engine/event_applier.hpp"
#include "tree/engine/rename_applier.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <optional>

namespace asio_inotify::detail {

// Reads events and applies them in order. A rename whose pair is incomplete holds back all events
// behind it until the pair is complete, the queue was drained, or the grace time has passed.
class event_processor
{
public:
    using time_point = tree_port::clock::time_point;

    event_processor(tree_port& port, tree_options const& options, tree_model& model, agenda& work,
                    recent_directories& recent, directory_access& access, link_tracker& links,
                    directory_lister& lister, coverage& covered, mount_tracker& mounts,
                    rescan& scan, tree_counters& counters);

    enum class progress
    {
        /// Events were read and not applied yet: the paths of the roots are to be checked first.
        has_read,
        /// A root has reported its own move: it is to be verified before the next event.
        root_suspect,
        /// The kernel's queue is empty and every event was applied; or reading failed.
        all_done,
        /// Events are held back until @ref deadline.
        held,
        batch_full,
        slice_over,
        /// A directory has moved, and the options depend on paths: exclusion_check comes next.
        moved
    };

    /// Read and apply events until one of these.
    [[nodiscard]] progress process(time_point slice_end, boost::system::error_code& ec);

    /// When events that are held back are applied at the latest. @pre The last result was `held`.
    [[nodiscard]] time_point deadline() const noexcept { return held_until_; }

    /// Read events without applying them, if there is room. @returns True if some were read.
    [[nodiscard]] bool read(boost::system::error_code& ec);

    /// The paths of roots and links could not be checked: `process` asks for that again. Reads as
    /// well, so that the kernel's queue does not overflow.
    void check_paths_again()
    {
        boost::system::error_code ignored;
        static_cast<void>(queue_.room().empty() || read(ignored));
        is_unchecked_ = true;
    }

    /// True if an event that is queued reports that a root was moved or removed: those before it
    /// belong to its path.
    [[nodiscard]] bool has_end_of(dir_id root, boost::system::error_code& ec);

    /// Start a rescan when the events that were read before have been applied, as at the record of
    /// an overflow.
    /** @returns False if there is no room for it now: then nothing was done. */
    [[nodiscard]] bool queue_rescan(rescan_cause cause);

    /// True if every event that was read has been applied.
    [[nodiscard]] bool is_empty() const noexcept { return queue_.empty(); }

private:
    enum class outcome
    {
        applied,
        // Nothing was done: more events are needed.
        needs_queue,
        needs_time
    };

    [[nodiscard]] std::optional<progress> apply_read(time_point slice_end,
                                                     boost::system::error_code& ec);
    [[nodiscard]] bool apply_held(outcome missing);
    [[nodiscard]] outcome apply_front(evidence known);
    [[nodiscard]] outcome apply_rename(queued_event const& from, evidence known);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    recent_directories& recent_;
    directory_lister& lister_;
    rescan& rescan_;
    tree_counters& counters_;

    event_queue queue_;
    recent_history history_;
    entry_changes entries_;
    event_applier events_;
    rename_reader reader_;
    rename_applier renames_;
    time_point held_until_;
    // The paths of roots and links must be checked before the next event is applied.
    bool is_unchecked_ = false;
};

} // namespace asio_inotify::detail

#endif
