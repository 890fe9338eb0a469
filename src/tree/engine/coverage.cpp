//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/coverage.hpp"

#include "tree/engine/errors.hpp"
#include "tree/engine/work_meter.hpp"

#include <asio_inotify/error.hpp>

#include <algorithm>
#include <limits>

namespace asio_inotify::detail {

void coverage::uncover(dir_id id, boost::system::error_code const& ec)
{
    if (!model_.empty(id)) {
        // Again when it is empty.
        agenda_.scan(id);
        return;
    }
    agenda_.forget_misses(id);
    agenda_.skip_listing(id);
    auto& d = model_.directory(id);
    auto const known = causes_.find(id);
    bool const is_known =
        known != causes_.end() && d.is(tree_directory::uncovered) && known->second.ec == ec;
    set_cause(id, ec);
    schedule_.note_failure();
    model_.release_watch(id);
    if (!is_known) {
        model_.report(tree_change_mask::uncovered, id, ec);
    }
    d.set(tree_directory::uncovered);
}

void coverage::set_cause(dir_id id, boost::system::error_code const& ec)
{
    auto const group = group_of(id, ec);
    auto const [at, is_new] = causes_.try_emplace(id, uncovered_cause{ec, group});
    if (at->second.group != group) {
        groups_.erase(at->second.group, id);
    }
    at->second = {ec, group};
    groups_.insert(group, id);
}

dir_id coverage::group_of(dir_id id, boost::system::error_code const& ec) const noexcept
{
    if (is_errno(ec, EACCES)) {
        // What allows to open it is a permission of the directory above, or its own.
        return model_.index.directory(id).is(tree_directory::root) ? id : model_.index.parent(id);
    }
    if (ec == error::directory_in_itself) {
        return uncovered_groups::circles;
    }
    return can_pass(ec) ? uncovered_groups::by_time : uncovered_groups::none;
}

void coverage::uncover_crowded(dir_id id, int wd)
{
    crowded_.emplace(wd, id);
    uncover(id, make_error_code(error::too_many_places));
}

void coverage::cover(dir_id id)
{
    if (model_.directory(id).is(tree_directory::uncovered)) {
        model_.report(tree_change_mask::covered, id);
        forget(id);
    }
}

void coverage::set_guard_failure(dir_id id, boost::system::error_code const& failure)
{
    auto& root = *model_.find_root(id);
    if (root.guard_failure == failure) {
        return;
    }
    root.guard_failure = failure;
    if (!failure) {
        model_.report(tree_change_mask::path_guarded, id);
    } else {
        report_unguarded(id);
    }
}

void coverage::report_unguarded(dir_id id)
{
    if (auto const* const root = model_.find_root(id); root != nullptr && root->guard_failure) {
        model_.report(tree_change_mask::path_unguarded, id, root->guard_failure);
    }
}

void coverage::forget(dir_id id) noexcept
{
    model_.directory(id).clear(tree_directory::uncovered);
    if (auto const at = causes_.find(id); at != causes_.end()) {
        groups_.erase(at->second.group, id);
        causes_.erase(at);
    }
}

// The directory above is of another filesystem, or is not in the tree.
bool coverage::begins_filesystem(dir_id id) noexcept
{
    auto const& d = model_.directory(id);
    return d.is(tree_directory::root) ||
           model_.directory(model_.index.parent(id)).device != d.device;
}

void coverage::check_filesystem(dir_id id, int directory)
{
    if (!begins_filesystem(id)) {
        return;
    }
    filesystems_.refresh(model_.directory(id).device, directory);
    if (!is_blind(id)) {
        return;
    }
    if (model_.locate(id).is_reported) {
        report_blind_spot(id);
    } else {
        found_blind_.insert(id);
    }
}

void coverage::report_blind_spot(dir_id id)
{
    auto const cause = unreported_in(id) == blind_spot::kernel ? error::pseudo_filesystem
                                                               : error::remote_filesystem;
    model_.report(tree_change_mask::uncovered, id, make_error_code(cause));
}

void coverage::report(dir_id id)
{
    auto const& d = model_.directory(id);
    if (d.is(tree_directory::uncovered)) {
        model_.report(tree_change_mask::uncovered, id, causes_.at(id).ec);
    } else if (d.wd != 0 && is_blind(id) && begins_filesystem(id)) {
        report_blind_spot(id);
    }
}

void coverage::begin_reports(std::vector<dir_id> roots)
{
    new_roots_ = std::move(roots);
    next_root_ = 0;
    reported_cause_ = 0;
    reported_blind_ = 0;
}

bool coverage::resume_reports(time_point slice_end, std::optional<std::size_t> most)
{
    constexpr unsigned between_looks_at_the_clock = 64;
    work_meter meter(model_, between_looks_at_the_clock);
    while (report_next()) {
        if ((most && model_.changes().is_full(*most)) ||
            (meter.add() && port_.now() >= slice_end)) {
            return true;
        }
    }
    new_roots_.clear();
    return false;
}

// False if all are reported. If there is no memory, it resumes with the same one.
bool coverage::report_next()
{
    if (auto const at = causes_.upper_bound(reported_cause_); at != causes_.end()) {
        report_if_new(at->first);
        reported_cause_ = at->first;
        return true;
    }
    if (auto const at = found_blind_.upper_bound(reported_blind_); at != found_blind_.end()) {
        report_if_new(*at);
        reported_blind_ = *at;
        // Those of roots that were added in the meantime are still needed.
        if (!model_.is_attached(*at) || model_.locate(*at).is_reported) {
            found_blind_.erase(at);
        }
        return true;
    }
    if (next_root_ != new_roots_.size()) {
        report_unguarded(new_roots_[next_root_]);
        ++next_root_;
        return true;
    }
    return false;
}

void coverage::report_if_new(dir_id id)
{
    if (model_.is_attached(id) &&
        std::ranges::binary_search(new_roots_, model_.locate(id).root->directory)) {
        report(id);
    }
}

bool coverage::retry()
{
    forget_removed();
    bool const has_room = retry_crowded();
    if (causes_.empty()) {
        schedule_.stop();
        return has_room;
    }
    auto const allowed = schedule_.allowance(port_.now(), model_.ended_watches());
    if (allowed == 0) {
        return has_room;
    }
    // After the last one, and around: one that always fails must not keep others from being tried.
    std::size_t tried = 0;
    auto next = groups_.next(uncovered_groups::by_time, last_tried_);
    for (std::optional<dir_id> first; next && next != first && tried != allowed;) {
        last_tried_ = *next;
        if (is_uncovered(*next)) {
            first = first ? first : next;
            ++tried;
            agenda_.scan(*next);
        } else {
            groups_.erase(uncovered_groups::by_time, *next);
            causes_.erase(*next);
        }
        next = groups_.next(uncovered_groups::by_time, last_tried_);
    }
    schedule_.begin_round(tried);
    return tried != 0 || has_room;
}

// Some at a time.
void coverage::forget_removed() noexcept
{
    constexpr unsigned at_a_time = 64;
    auto at = causes_.upper_bound(forgotten_);
    for (unsigned count = 0; count != at_a_time && at != causes_.end(); ++count) {
        auto const id = at->first;
        if (!is_uncovered(id)) {
            groups_.erase(at->second.group, id);
            at = causes_.erase(at);
        } else {
            ++at;
        }
        forgotten_ = id;
    }
    forgotten_ = at == causes_.end() ? 0 : forgotten_;
}

// As many as there is room for. True if there are some, or if others are still to be tried.
bool coverage::retry_crowded() noexcept
{
    constexpr std::size_t at_a_time = 1024;
    if (crowded_at_ == 0) {
        auto const ended = model_.ended_places();
        if (crowded_.empty() || std::exchange(ended_places_, ended) == ended) {
            return false;
        }
    }
    bool has_found = false;
    std::size_t count = 0;
    auto at = crowded_.lower_bound({crowded_at_, 0});
    while (at != crowded_.end() && count < at_a_time) {
        auto const wd = at->first;
        auto const places = model_.count_places(wd);
        auto room = places < tree_model::most_places ? tree_model::most_places - places : 0;
        count += places + 1;
        for (; room != 0 && at != crowded_.end() && at->first == wd && count < at_a_time;
             at = crowded_.erase(at)) {
            auto const id = at->second;
            auto const cause = causes_.find(id);
            ++count;
            if (cause != causes_.end() && cause->second.ec == error::too_many_places &&
                is_uncovered(id)) {
                has_found = true;
                --room;
                agenda_.scan(id);
            }
        }
        if (room == 0) {
            at = crowded_.upper_bound({wd, (std::numeric_limits<dir_id>::max)()});
        }
    }
    crowded_at_ = at == crowded_.end() ? 0 : at->first;
    return has_found || crowded_at_ != 0;
}

void coverage::retry_below(dir_id id)
{
    if (auto const at = causes_.find(id);
        at != causes_.end() && is_errno(at->second.ec, EACCES) && is_uncovered(id)) {
        agenda_.scan(id);
    }
    groups_.request(id);
}

void coverage::retry_requested() noexcept
{
    constexpr unsigned at_a_time = 64;
    if (crowded_at_ != 0) {
        static_cast<void>(retry_crowded());
        return;
    }
    for (unsigned count = 0; count != at_a_time && groups_.has_requested(); ++count) {
        auto const next = groups_.take_requested();
        if (!next) {
            continue;
        }
        auto const [group, id] = *next;
        auto const at = causes_.find(id);
        // It may have moved, and is verified then.
        if (at != causes_.end() && at->second.group == group && is_uncovered(id) &&
            group_of(id, at->second.ec) == group) {
            agenda_.scan(id);
        }
    }
}

std::vector<std::pair<std::string, boost::system::error_code>> coverage::list()
{
    std::vector<std::pair<std::string, boost::system::error_code>> listed;
    for (auto const& [id, cause] : causes_) {
        if (is_uncovered(id)) {
            listed.emplace_back(std::string(model_.locate(id).path), cause.ec);
        }
    }
    return listed;
}

} // namespace asio_inotify::detail
