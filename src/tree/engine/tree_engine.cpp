//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/event_mask.hpp>

#include <utility>

namespace asio_inotify::detail {
namespace {

std::uint32_t watch_mask(tree_options const& options) noexcept
{
    auto kinds = event_mask::create | event_mask::delete_ | event_mask::move |
                 event_mask::move_self | event_mask::attrib;
    auto const wants = [&](tree_change_mask kind) { return any(options.report & kind); };
    if (!options.directories_only && wants(tree_change_mask::modified)) {
        kinds |= event_mask::modify;
    }
    if (!options.directories_only && wants(tree_change_mask::closed_write)) {
        kinds |= event_mask::close_write;
    }
    auto const how = add_options::only_directory | add_options::exclude_unlinked;
    return static_cast<std::uint32_t>(kinds) | static_cast<std::uint32_t>(how);
}

} // namespace

tree_engine::tree_engine(tree_port& port, tree_options options)
    : port_(port)
    , options_(std::move(options))
    , model_(port, options_)
    , queue_(options_.event_bytes)
    , opened_(port)
    , watch_mask_(watch_mask(options_))
    , complete_at_(port.file_time())
{}

tree_engine::~tree_engine()
{
    if (listing_.directory != 0) {
        end_listing(false);
    }
}

// Events come first, so that the kernel's queue does not overflow while directories are looked at;
// and what they tell is delivered before directories are looked at.
step_result tree_engine::step(boost::system::error_code& ec)
{
    ec.clear();
    deadline_.reset();
    idle_ = false;
    auto const slice_end = port_.now() + options_.slice_time;
    look_at_mounts();
    look_at_suspects();
    // Something in each slice, however short it is.
    for (bool has_worked = false;; has_worked = true) {
        if (!to_walk_.empty()) {
            if (walk_existing(slice_end)) {
                return has_changes() ? step_result::deliver : step_result::again;
            }
            continue;
        }
        auto const result = is_full() ? progress::batch_full : process_events(slice_end, ec);
        if (ec) {
            return step_result::wait;
        }
        if (has_changes()) {
            if (!has_work()) {
                opened_.clear();
            }
            idle_ = result == progress::all_done && !has_work() && to_sweep_.empty() &&
                    changed_mounts_.empty() && unplaced_mounts_.empty() && !rescanning_ &&
                    !scanning_ && uncovered_.empty();
            return step_result::deliver;
        }
        if (result == progress::slice_over ||
            (has_worked && has_work() && port_.now() >= slice_end)) {
            return step_result::again;
        }
        // Nothing is looked at while events are held back: what they tell comes first.
        bool const waits = result == progress::held;
        if (has_work() && !waits) {
            work_for_a_while(slice_end);
        } else if (!changed_mounts_.empty() && !waits) {
            look_beneath_mounts();
        } else if (waits || !work()) {
            if (has_changes()) {
                return step_result::deliver;
            }
            if (retry_at_ && (!deadline_ || *retry_at_ < *deadline_)) {
                deadline_ = retry_at_;
            }
            if (!unplaced_mounts_.empty() &&
                (!deadline_ || unplaced_mounts_.front().when < *deadline_)) {
                deadline_ = unplaced_mounts_.front().when;
            }
            return step_result::wait;
        }
    }
}

// Watches what is beneath new roots; for who waits for that and for nothing else.
step_result tree_engine::scan(boost::system::error_code& ec)
{
    ec.clear();
    auto const slice_end = port_.now() + options_.slice_time;
    while (scanning_) {
        if (walked_ != 0) {
            // What there was before is being told, and must not change meanwhile.
            return step_result::again;
        }
        if (!to_walk_.empty() && !has_work()) {
            // All is watched; it is announced when the others have been told.
            return step_result::deliver;
        }
        // What is found there waits, and events wait in the kernel while there is no room.
        if (!is_full() && to_walk_.empty()) {
            static_cast<void>(process_events(slice_end, ec));
            if (ec) {
                return step_result::wait;
            }
        }
        if (has_work()) {
            work_for_a_while(slice_end);
        } else {
            static_cast<void>(work());
        }
        if (scanning_ && port_.now() >= slice_end) {
            return step_result::again;
        }
    }
    return step_result::deliver;
}

// A look at the queue takes a system call, a directory three or five: there is one for some
// directories. That does no harm, as an event that is read later is one that came later.
void tree_engine::work_for_a_while(time_point slice_end)
{
    constexpr unsigned between_reads = 32;
    bool const had_changes = has_changes();
    for (unsigned count = 0; count != between_reads && has_work(); ++count) {
        static_cast<void>(work());
        if (has_changes() != had_changes || port_.now() >= slice_end) {
            return;
        }
    }
}

tree_counters tree_engine::counters() const noexcept
{
    auto counters = counters_;
    counters.directories = model_.index.directory_count();
    counters.entries = model_.index.entry_count();
    counters.watches = model_.watch_count();
    counters.changes = model_.changes().total();
    return counters;
}

std::vector<std::pair<std::string, boost::system::error_code>> tree_engine::uncovered()
{
    std::vector<std::pair<std::string, boost::system::error_code>> found;
    for (auto const& [id, ec] : uncovered_) {
        if (directory(id).is(tree_directory::uncovered) && model_.is_attached(id)) {
            found.emplace_back(std::string(model_.locate(id).path), ec);
        }
    }
    return found;
}

} // namespace asio_inotify::detail
