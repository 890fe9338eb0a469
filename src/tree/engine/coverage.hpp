//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_COVERAGE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_COVERAGE_HPP

#include "tree/engine/agenda.hpp"
#include "tree/engine/filesystem_table.hpp"
#include "tree/engine/retry_schedule.hpp"
#include "tree/engine/uncovered_groups.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// The directories that are not covered: those that cannot be watched, with the cause and the next
// attempt, and those where a filesystem begins whose changes inotify does not report. The only
// writer of the flag `uncovered`.
class coverage
{
public:
    using time_point = tree_port::clock::time_point;

    coverage(tree_port& port, tree_model& model, agenda& work, filesystem_table& filesystems)
        : port_(port)
        , model_(model)
        , agenda_(work)
        , filesystems_(filesystems)
    {}

    /// A directory cannot be watched: its entries are removed, and the cause is reported once.
    void uncover(dir_id id, boost::system::error_code const& ec);

    /// The same for one that is at too many places of the trees. It is tried again when it has left
    /// one of them.
    /** @param wd  The watch that it has there. */
    void uncover_crowded(dir_id id, int wd);

    /// A directory is watched; reported if it could not be before.
    void cover(dir_id id);

    /// The same without a report: the directory of a lost root is not there any more.
    void forget(dir_id id) noexcept;

    /// Why the path of a root is not watched wholly; success if it is.
    void set_guard_failure(dir_id root, boost::system::error_code const& failure);

    /// A directory was watched that may begin another filesystem.
    /** @param directory  The open directory. */
    void check_filesystem(dir_id id, int directory);

    /// True if inotify does not report all changes in a directory.
    [[nodiscard]] bool is_blind(dir_id id) const noexcept
    {
        return unreported_in(id) != blind_spot::none;
    }

    /// Report again that the path of a root is not watched wholly, if so.
    void report_unguarded(dir_id root);

    /// Report again what is not covered, to a user who did not get the first report.
    void report(dir_id id);

    /// The same for everything below new roots, in slices. @param roots  Sorted.
    void begin_reports(std::vector<dir_id> roots);

    /// True until that is done.
    [[nodiscard]] bool has_reports() const noexcept { return !new_roots_.empty(); }

    /// Report until the slice ends, or the batch has so many changes.
    /** @returns True if it must be resumed. @pre `has_reports()` */
    [[nodiscard]] bool resume_reports(time_point slice_end, std::optional<std::size_t> most);

    /// The entries of new roots are reported one after the other, with @ref report.
    void forget_found() noexcept { found_blind_.clear(); }

    /// Put directories on the agenda whose next attempt is due. @returns True if there are some.
    [[nodiscard]] bool retry();

    /// Directories have moved: those that were in themselves may not be any more.
    void retry_circles() { groups_.request(uncovered_groups::circles); }

    /// The attributes of a directory have changed, which may allow to open it or its entries.
    void retry_below(dir_id id);

    /// True if some of those are not on the agenda yet.
    [[nodiscard]] bool has_requested() const noexcept
    {
        return groups_.has_requested() || crowded_at_ != 0;
    }

    /// Put some of them on the agenda. @pre `has_requested()`
    void retry_requested() noexcept;

    /// When the next attempt is due.
    [[nodiscard]] std::optional<time_point> next_retry() const noexcept { return schedule_.next(); }

    /// True if every directory could be watched.
    [[nodiscard]] bool is_complete() const noexcept { return causes_.empty(); }

    /// The paths of the directories that cannot be watched, and why.
    [[nodiscard]] std::vector<std::pair<std::string, boost::system::error_code>> list();

private:
    [[nodiscard]] blind_spot unreported_in(dir_id id) const noexcept
    {
        return filesystems_.traits(model_.directory(id).device).unreported;
    }
    void report_blind_spot(dir_id id);
    [[nodiscard]] bool report_next();
    void report_if_new(dir_id id);
    [[nodiscard]] bool retry_crowded() noexcept;
    void set_cause(dir_id id, boost::system::error_code const& ec);
    void forget_removed() noexcept;
    [[nodiscard]] dir_id group_of(dir_id id, boost::system::error_code const& ec) const noexcept;
    [[nodiscard]] bool begins_filesystem(dir_id id) noexcept;
    [[nodiscard]] bool is_uncovered(dir_id id) const noexcept
    {
        return model_.directory(id).is(tree_directory::uncovered) && model_.is_attached(id);
    }

    tree_port& port_;
    tree_model& model_;
    agenda& agenda_;
    filesystem_table& filesystems_;
    struct uncovered_cause
    {
        boost::system::error_code ec;
        dir_id group;
    };

    // Some may be removed by now: the flag decides.
    std::map<dir_id, uncovered_cause> causes_;
    uncovered_groups groups_;
    // Up to here those that are removed were forgotten.
    dir_id forgotten_ = 0;
    // The one that was tried last.
    dir_id last_tried_ = 0;
    // Those that are at too many places, by their watches. Some may not be any more.
    std::set<std::pair<int, dir_id>> crowded_;
    // The watch of those that are tried next, if some were not tried; else 0.
    int crowded_at_ = 0;
    // The count of the model when they were tried.
    std::uint64_t ended_places_ = 0;
    // Where filesystems with a blind spot begin in trees that are not reported yet. Some may be
    // gone.
    std::set<dir_id> found_blind_;
    // The roots below which everything is reported, sorted, and how far that has come.
    std::vector<dir_id> new_roots_;
    std::size_t next_root_ = 0;
    dir_id reported_cause_ = 0;
    dir_id reported_blind_ = 0;
    retry_schedule schedule_;
};

} // namespace asio_inotify::detail

#endif
