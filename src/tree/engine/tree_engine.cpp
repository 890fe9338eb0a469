//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include "values/fail.hpp"

#include <asio_inotify/error.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace asio_inotify::detail {
namespace {

constexpr std::size_t freed_at_a_time = 256;

// Events wait so long for the paths of roots and links. Somebody who changes very many of these
// all the time must not stop the events of everything else.
constexpr std::chrono::seconds longest_doubt{1};

} // namespace

tree_engine::tree_engine(tree_port& port, tree_options options)
    : port_(port)
    , options_(std::move(options))
    , model_(port, options_)
    , agenda_(model_)
    , exclusions_(port, model_, agenda_)
    , recent_(model_)
    , filesystems_(port, model_.index)
    , access_(port, options_, model_, filesystems_)
    , rescan_(model_, agenda_, port.file_time())
    , coverage_(port, model_, agenda_, filesystems_)
    , links_(port, options_, model_, agenda_, recent_, filesystems_, access_, coverage_)
    , mounts_(port, options_, model_, agenda_)
    , restoration_(port, model_, agenda_, access_)
    , lister_(port, options_, model_, agenda_, recent_, filesystems_, access_, links_, coverage_,
              rescan_, restoration_, counters_)
    , events_(port, options_, model_, agenda_, recent_, access_, links_, lister_, coverage_,
              mounts_, rescan_, counters_)
    , verifier_(port, options_, model_, agenda_, recent_, filesystems_, access_, lister_, coverage_,
                rescan_, restoration_)
    , walk_(port, model_, coverage_)
    , roots_(port, options_, model_, agenda_, verifier_, coverage_, mounts_, walk_)
    , saver_(port, model_, filesystems_, access_, rescan_, restoration_, roots_)
    , restorer_(port, model_, filesystems_, rescan_, restoration_, mounts_, roots_)
{}

void tree_engine::add_root(std::string path, std::string absolute, std::string canonical,
                           bool allow_missing, boost::system::error_code& ec)
{
    if (check_not_restoring(ec)) {
        roots_.add({std::move(path), std::move(absolute), std::move(canonical)}, allow_missing, ec);
    }
}

void tree_engine::remove_root(std::string_view path, boost::system::error_code& ec)
{
    if (check_not_restoring(ec)) {
        roots_.remove(path, ec);
    }
}

// Trees that are being made from a snapshot are not to be changed or saved.
bool tree_engine::check_not_restoring(boost::system::error_code& ec) const
{
    ec.clear();
    if (restorer_.is_active()) {
        ASIO_INOTIFY_FAIL(ec, error::operation_outstanding);
    }
    return !ec;
}

// Events come first, so that the kernel's queue does not overflow while directories are opened; and
// the changes that they make are delivered before directories are opened (invariant 4).
step_result tree_engine::step(boost::system::error_code& ec)
{
    ec.clear();
    deadline_.reset();
    is_idle_ = false;
    if (restorer_.is_active()) {
        return step_result::wait;
    }
    auto const slice_end = port_.now() + options_.slice_time;
    bool has_checked_roots = false;
    begin_requested_rescan();
    // Some work in each slice, however short it is.
    for (bool has_worked = false;;) {
        if (!work_before_events(slice_end)) {
            return has_changes() ? deliver(progress::slice_over) : step_result::again;
        }
        auto const events = is_full() ? progress::batch_full : events_.process(slice_end, ec);
        if (ec) {
            return step_result::wait;
        }
        bool const is_first_check = !std::exchange(has_checked_roots, true);
        if (must_check_roots(events) || (is_first_check && events != progress::batch_full)) {
            bool const has_found = check_paths();
            if (paths_are_in_doubt()) {
                return has_changes() ? deliver(progress::slice_over) : step_result::again;
            }
            if (has_found || must_check_roots(events)) {
                continue;
            }
        }
        if (comes_before_events() && port_.now() < slice_end) {
            continue;
        }
        if (has_changes()) {
            return deliver(events);
        }
        if (comes_before_events() || events == progress::slice_over ||
            (has_worked && (has_work() || mounts_.has_changes()) && port_.now() >= slice_end)) {
            return step_result::again;
        }
        bool const are_held = events == progress::held;
        if (has_work() && !are_held) {
            work_for_a_while(slice_end);
        } else if (mounts_.has_changes() && !are_held) {
            mounts_.apply_changes(slice_end);
        } else if (are_held || !work()) {
            return has_changes() ? step_result::deliver : wait(events);
        }
        has_worked = true;
    }
}

// What must be done before the next event is applied. False if it must be resumed: the slice is
// over, or the batch is full.
bool tree_engine::work_before_events(time_point slice_end)
{
    auto const batch_size = options_.batch_size;
    auto const is_over = [&] { return is_full() || port_.now() >= slice_end; };
    for (bool is_done = true; is_done;) {
        if (coverage_.has_reports()) {
            is_done = !coverage_.resume_reports(slice_end, batch_size);
        } else if (walk_.has_roots()) {
            is_done = !walk_.resume(slice_end, batch_size);
        } else if (model_.is_emptying()) {
            model_.resume_emptying(batch_size);
            is_done = !is_over();
        } else if (mounts_.has_unmounted()) {
            mounts_.report_unmounted();
        } else if (has_suspects()) {
            verify_suspects(slice_end, batch_size);
            is_done = !has_suspects() || !is_over();
        } else if (exclusions_.has_work()) {
            is_done = !exclusions_.resume(slice_end, batch_size);
        } else if (links_.has_urgent()) {
            is_done = !links_.check_urgent(slice_end, batch_size);
        } else {
            return true;
        }
    }
    return false;
}

// Events that are applied after the path of a root or a link leads elsewhere would have a wrong
// path. So these are checked after each read, before its events are applied: what made a path lead
// elsewhere before an event happened is noticed then.
/** @returns True if there were suspects: then there can be new events and work. */
bool tree_engine::check_paths()
{
    mounts_.check();
    auto const found = roots_.take_suspects();
    suspects_.insert(suspects_.end(), found.begin(), found.end());
    return links_.take_suspects() || has_suspects();
}

// Until the slice ends or there are so many changes. One is verified at least.
void tree_engine::verify_suspects(time_point slice_end, std::optional<std::size_t> most_changes)
{
    boost::system::error_code ignored;
    // A root that is lost can have so many entries that these are removed first (invariant 12).
    while (has_suspects() && !model_.is_emptying()) {
        if (!suspects_.empty()) {
            auto const id = suspects_.back();
            suspects_.pop_back();
            // Events before the root's own move have the right path. Its event checks it again.
            if (model_.find_root(id) != nullptr && !events_.has_end_of(id, ignored)) {
                agenda_.suspect(id);
            }
        } else if (auto const root = agenda_.take_suspect()) {
            verifier_.verify(*root);
        }
        if (port_.now() >= slice_end || (most_changes && model_.changes().is_full(*most_changes))) {
            return;
        }
    }
}

// True if the port needs more time to find out which paths lead elsewhere.
bool tree_engine::paths_are_in_doubt()
{
    if (port_.guard_deadline() != (time_point::min)()) {
        in_doubt_until_.reset();
        return false;
    }
    auto const now = port_.now();
    if (!in_doubt_until_) {
        in_doubt_until_ = now + longest_doubt;
    }
    if (now >= *in_doubt_until_) {
        return false;
    }
    events_.check_paths_again();
    return true;
}

step_result tree_engine::deliver(progress events) noexcept
{
    if (!has_work()) {
        access_.close_all();
    }
    is_idle_ = events == progress::all_done && !has_work() && !comes_before_events() &&
               !agenda_.has_sweeps() && mounts_.is_idle() && !rescan_.is_reported() &&
               !roots_.is_scanning() && coverage_.is_complete() && !links_.deadline() &&
               !port_.guard_deadline();
    return step_result::deliver;
}

step_result tree_engine::wait(progress events) noexcept
{
    auto const at_the_latest = [&](std::optional<time_point> when) {
        if (when && (!deadline_ || *when < *deadline_)) {
            deadline_ = when;
        }
    };
    if (events == progress::held) {
        // Nothing else is done until then, so what is due before must not wake it.
        deadline_ = events_.deadline();
    } else {
        at_the_latest(coverage_.next_retry());
        at_the_latest(links_.deadline());
        at_the_latest(mounts_.deadline());
        at_the_latest(port_.guard_deadline());
    }
    access_.close_all();
    return step_result::wait;
}

step_result tree_engine::scan(boost::system::error_code& ec)
{
    ec.clear();
    if (restorer_.is_active()) {
        // The roots that were scanned have been removed.
        return step_result::deliver;
    }
    auto const slice_end = port_.now() + options_.slice_time;
    begin_requested_rescan();
    while (is_scanning() || coverage_.has_reports()) {
        if (coverage_.has_reports()) {
            if (coverage_.resume_reports(slice_end, std::nullopt)) {
                return step_result::again;
            }
            continue;
        }
        if (walk_.has_roots()) {
            // The trees must not change before their entries are reported, and it may be that no
            // operation takes the changes: they are kept.
            if (walk_.resume(slice_end, std::nullopt)) {
                return step_result::again;
            }
            continue;
        }
        if (model_.is_emptying()) {
            model_.resume_emptying(std::nullopt);
            if (port_.now() >= slice_end) {
                return step_result::again;
            }
            continue;
        }
        if (mounts_.has_unmounted()) {
            mounts_.report_unmounted();
        }
        if (has_suspects() && !model_.is_emptying()) {
            verify_suspects(slice_end, std::nullopt);
            if (port_.now() >= slice_end) {
                return step_result::again;
            }
            continue;
        }
        if (exclusions_.has_work()) {
            static_cast<void>(exclusions_.resume(slice_end, std::nullopt));
            if (port_.now() >= slice_end) {
                return step_result::again;
            }
            continue;
        }
        if (links_.has_urgent()) {
            static_cast<void>(links_.check_urgent(slice_end, std::nullopt));
            if (port_.now() >= slice_end) {
                return step_result::again;
            }
            continue;
        }
        // Changes wait in the model, and events in the kernel while there is no room.
        if (!is_full()) {
            auto const events = events_.process(slice_end, ec);
            if (ec) {
                return step_result::wait;
            }
            if (must_check_roots(events)) {
                static_cast<void>(check_paths());
                if (paths_are_in_doubt()) {
                    return step_result::again;
                }
                continue;
            }
        }
        if (has_work()) {
            work_for_a_while(slice_end);
        } else {
            static_cast<void>(work());
        }
        if (is_scanning() && port_.now() >= slice_end) {
            return step_result::again;
        }
    }
    return step_result::deliver;
}

// Reading the queue takes a system call, opening a directory three or five: it is read once for
// some directories. That does no harm, as an event that is read later is one that came later.
void tree_engine::work_for_a_while(time_point slice_end)
{
    constexpr unsigned between_reads = 128;
    bool const had_changes = has_changes();
    for (unsigned count = 0; count != between_reads && has_work(); ++count) {
        static_cast<void>(work());
        if (has_changes() != had_changes || port_.now() >= slice_end) {
            return;
        }
    }
}

// One step of the work that needs no event. False if there is none.
bool tree_engine::work()
{
    if (lister_.is_active()) {
        lister_.resume();
    } else if (model_.has_removed()) {
        access_.close_detached();
        model_.free_removed(freed_at_a_time);
    } else if (restoration_.has_rest()) {
        restoration_.drop_part();
    } else if (coverage_.has_requested()) {
        coverage_.retry_requested();
    } else if (agenda_.has_work()) {
        do_item(agenda_.take());
    } else if (links_.has_work()) {
        links_.check_next();
    } else {
        return work_after_agenda();
    }
    return true;
}

bool tree_engine::work_after_agenda()
{
    access_.close_all();
    if (auto const id = agenda_.take_sweep()) {
        lister_.begin_sweep(*id);
        return true;
    }
    rescan_.all_compared();
    if (coverage_.retry() || links_.retry()) {
        return true;
    }
    if (rescan_.is_reported()) {
        rescan_.finish();
        restoration_.end();
        return true;
    }
    if (roots_.is_scanning()) {
        roots_.report_new();
        return true;
    }
    return false;
}

void tree_engine::do_item(agenda::item item)
{
    if (item.what == agenda::task::verify) {
        verifier_.verify(item.directory);
    } else if (item.what == agenda::task::list) {
        boost::system::error_code ec;
        if (access_.open(item.directory, ec) < 0) {
            agenda_.verify(item.directory);
            return;
        }
        auto const directory = access_.take(item.directory);
        port_.rewind(directory);
        lister_.begin(item.directory, directory, false);
    }
}

void tree_engine::start_over() noexcept
{
    lister_.stop();
    rescan_.compare_all();
}

// Before the queue is read: as soon as it is found empty, the trees count as complete. If memory
// ends in between, the next step begins it again.
void tree_engine::begin_requested_rescan()
{
    if (!requested_) {
        return;
    }
    is_idle_ = false;
    if (*requested_ == rescan_cause::restored) {
        mounts_.restored();
    }
    port_.suspect_all();
    if (events_.queue_rescan(*requested_)) {
        requested_.reset();
    }
}

tree_snapshot tree_engine::save(boost::system::error_code& ec)
{
    if (!check_not_restoring(ec)) {
        return {};
    }
    if (has_changes() || walk_.has_roots() || coverage_.has_reports() || model_.is_emptying()) {
        // The user has other trees than these, and would never get the difference.
        ASIO_INOTIFY_FAIL(ec, error::changes_not_received);
        return {};
    }
    // Events may have come since the queue was read.
    begin_requested_rescan();
    boost::system::error_code ignored;
    if (events_.is_empty() && events_.read(ignored)) {
        is_idle_ = false;
    }
    return saver_.save();
}

void tree_engine::restore(tree_snapshot const& saved, tree_restorer::find_canonical canonical,
                          boost::system::error_code& ec)
{
    begin_restore(saved, std::move(canonical), ec);
    while (!ec && restorer_.is_active()) {
        restorer_.resume((time_point::max)(), ec);
    }
    if (ec) {
        model_.free_removed((std::numeric_limits<std::size_t>::max)());
    }
}

void tree_engine::begin_restore(tree_snapshot const& saved, tree_restorer::find_canonical canonical,
                                boost::system::error_code& ec)
{
    if (!check_not_restoring(ec)) {
        return;
    }
    if (!model_.roots().empty()) {
        ASIO_INOTIFY_FAIL(ec, error::not_empty);
        return;
    }
    restorer_.begin(saved, std::move(canonical));
}

step_result tree_engine::resume_restore(boost::system::error_code& ec)
{
    restorer_.resume(port_.now() + options_.slice_time, ec);
    return ec                      ? step_result::wait
           : restorer_.is_active() ? step_result::again
                                   : step_result::deliver;
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

} // namespace asio_inotify::detail
