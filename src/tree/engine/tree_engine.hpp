//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_ENGINE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_ENGINE_HPP

#include "tree/engine/event_processor.hpp"
#include "tree/engine/exclusion_check.hpp"
#include "tree/engine/tree_restorer.hpp"
#include "tree/engine/tree_saver.hpp"

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/tree_counters.hpp>
#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// Keeps the model of trees equal to the trees on disk. All that it knows of the world comes through
// a port; it never waits. This class is the order of work; the work is done by its members.
//
// Why the trees become equal: a directory is watched first and listed then. For each name in it,
// the last event that is still queued decides whether the name is there, and for a name without an
// event the listing does. So it does no harm that events and listings overlap. A contradiction (a
// directory that is not where it should be, a watch that is another one's, a lost event) leads to
// another listing of the directory in question, and to nothing else.
//
// The invariants, cited by number where code relies on them:
//
//  1. Watch, then list. A directory is listed only while it is watched, so that an event reports
//     what changes after the listing.
//  2. The model is what was reported. Only tree_model changes the index, and it reports each
//     change, in order: replaying the changes gives the model (promise X2).
//  3. No path is trusted. A directory that was opened by its path is used only if its device and
//     inode are those that the model has; if not, an event that says why is queued or on its way.
//  4. Events first. No directory is opened or listed while a rename holds back events, as these
//     say where directories are; and changes are delivered before directories are opened.
//  5. A directory that was watched or listed since the queue was last empty has the flag `recent`:
//     events that are still queued can be older than what was seen in it.
//  6. Nothing that is postponed is lost. A directory with the flag `verify` that is not on the
//     agenda is put there by the listing of its parent, by the rename that moves it, or by a
//     rescan.
//  7. Marks distinguish the entries that were listed. After a listing, an entry with another mark
//     than its directory is gone, or is found elsewhere by the end of the rescan.
//  8. Each watch is one of a directory in the model, or is removed at the end of the step that
//     added it. Directories with one watch are linked by `alias`.
//  9. No directory is open while the engine waits: it would keep its filesystem from being
//     unmounted and hold back the event of its removal (kernel note 4.21).
// 10. Each operation of the model takes effect entirely or not at all. If memory ends in between,
//     or the user's function throws, start_over() compares everything with the disk. That
//     cannot find an exchange of files: the user's function is called before one is applied.
// 11. When an event is applied, the model has no entry that the options exclude at its path, and
//     each directory that has such an entry on disk has the flag `omits`, is on the agenda to be
//     listed, or is being listed. A move breaks this for the subtree, and exclusion_check restores
//     it before the next event. (Trees that are restored can have been saved with other options:
//     then it holds when they are compared.)
// 12. A directory with many entries is emptied in parts (tree_model::empty). Until that is done no
//     event is applied, no directory is opened, and none is freed. What remains to be done with it
//     is on the agenda, or in the list of mount_tracker.
class tree_engine
{
public:
    using time_point = tree_port::clock::time_point;

    tree_engine(tree_port& port, tree_options options);

    [[nodiscard]] tree_options const& options() const noexcept { return options_; }
    tree_engine(tree_engine const&) = delete;
    tree_engine& operator=(tree_engine const&) = delete;
    ~tree_engine() = default;

    /// Start to watch a directory recursively.
    /**
     * @param path       As the user gave it.
     * @param absolute   Where it is opened at any time.
     * @param canonical  The same without symbolic links, as mounts are named.
     */
    void add_root(std::string path, std::string absolute, std::string canonical, bool allow_missing,
                  boost::system::error_code& ec);
    void remove_root(std::string_view path, boost::system::error_code& ec);

    [[nodiscard]] root_list const& roots() const noexcept { return roots_; }

    /// The trees as they were reported.
    [[nodiscard]] tree_snapshot save(boost::system::error_code& ec);

    /// Resume with saved trees: what is different on disk is reported in a rescan.
    void restore(tree_snapshot const& saved, tree_restorer::find_canonical canonical,
                 boost::system::error_code& ec);

    /// The same in slices of time: nothing else is done until the trees are made.
    /** The snapshot lives until then, or until @ref cancel_restore. */
    void begin_restore(tree_snapshot const& saved, tree_restorer::find_canonical canonical,
                       boost::system::error_code& ec);
    /// @returns deliver when the trees are made, else again; wait on failure: then nothing is left.
    [[nodiscard]] step_result resume_restore(boost::system::error_code& ec);
    /// Without effect if there is no restore.
    void cancel_restore() noexcept
    {
        if (restorer_.is_active()) {
            restorer_.cancel();
        }
    }
    /// True while the trees of a snapshot are made.
    [[nodiscard]] bool is_restoring() const noexcept { return restorer_.is_active(); }
    /// True while the trees of this snapshot are made.
    [[nodiscard]] bool is_restoring(tree_snapshot const& saved) const noexcept
    {
        return restorer_.is_active(saved);
    }

    /// Work for the time of a slice.
    [[nodiscard]] step_result step(boost::system::error_code& ec);

    /// Watch what is below new roots for the time of a slice, and do nothing else.
    /** @returns again, or deliver when everything is watched; wait on failure. */
    [[nodiscard]] step_result scan(boost::system::error_code& ec);

    /// After an exception in the middle of a step: compare everything with the disk.
    void start_over() noexcept;

    /// Compare everything with the disk when the events that were read before have been applied.
    /** The next step begins it. */
    void request_rescan(rescan_cause cause) noexcept
    {
        requested_ = (std::max)(requested_.value_or(cause), cause);
    }

    /// The changes to deliver. @pre The last step had the result deliver.
    [[nodiscard]] auto take() noexcept { return model_.changes().take(); }

    /// When there is work to do even if nothing happens.
    [[nodiscard]] std::optional<time_point> deadline() const noexcept { return deadline_; }

    /// True if there are changes to deliver.
    [[nodiscard]] bool has_changes() const noexcept { return model_.changes().size() != 0; }

    /// True if there is nothing to do until something happens, or until the deadline.
    [[nodiscard]] bool is_idle() const noexcept { return is_idle_; }

    /// True while there are roots below which not every directory is watched yet.
    [[nodiscard]] bool is_scanning() const noexcept { return roots_.is_scanning(); }

    [[nodiscard]] tree_counters counters() const noexcept;

    /// The directories that cannot be watched, and why.
    [[nodiscard]] std::vector<std::pair<std::string, boost::system::error_code>> uncovered()
    {
        return coverage_.list();
    }

private:
    using progress = event_processor::progress;

    [[nodiscard]] bool is_full() const noexcept
    {
        return model_.changes().is_full(options_.batch_size);
    }
    [[nodiscard]] bool has_work() const noexcept
    {
        return lister_.is_active() || agenda_.has_work() || model_.has_removed() ||
               links_.has_work() || coverage_.has_requested() || restoration_.has_rest();
    }
    // There is work that must be done before the next event is applied.
    [[nodiscard]] bool comes_before_events() const noexcept
    {
        return exclusions_.has_work() || links_.has_urgent();
    }
    [[nodiscard]] static bool must_check_roots(progress events) noexcept
    {
        return events == progress::has_read || events == progress::root_suspect;
    }
    [[nodiscard]] bool check_not_restoring(boost::system::error_code& ec) const;
    [[nodiscard]] bool work_before_events(time_point slice_end);
    [[nodiscard]] bool check_paths();
    [[nodiscard]] bool has_suspects() const noexcept
    {
        return !suspects_.empty() || agenda_.has_suspects();
    }
    void verify_suspects(time_point slice_end, std::optional<std::size_t> most_changes);
    [[nodiscard]] bool paths_are_in_doubt();
    [[nodiscard]] step_result deliver(progress events) noexcept;
    [[nodiscard]] step_result wait(progress events) noexcept;
    void begin_requested_rescan();
    [[nodiscard]] bool work();
    [[nodiscard]] bool work_after_agenda();
    void work_for_a_while(time_point slice_end);
    void do_item(agenda::item item);

    tree_port& port_;
    tree_options options_;
    tree_counters counters_;
    tree_model model_;
    // From here on, each uses those before it.
    agenda agenda_;
    exclusion_check exclusions_;
    recent_directories recent_;
    filesystem_table filesystems_;
    directory_access access_;
    rescan rescan_;
    coverage coverage_;
    link_tracker links_;
    mount_tracker mounts_;
    restoration restoration_;
    directory_lister lister_;
    event_processor events_;
    directory_verifier verifier_;
    existing_walk walk_;
    root_list roots_;
    tree_saver saver_;
    tree_restorer restorer_;

    std::optional<time_point> deadline_;
    // Until then events wait for the paths of roots and links.
    std::optional<time_point> in_doubt_until_;
    std::optional<rescan_cause> requested_;
    // Roots whose paths may lead elsewhere, as the port says.
    std::vector<dir_id> suspects_;
    bool is_idle_ = false;
};

} // namespace asio_inotify::detail

#endif
