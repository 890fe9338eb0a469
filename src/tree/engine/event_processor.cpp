//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/event_processor.hpp"

#include "tree/engine/event_bits.hpp"
#include "tree/engine/work_meter.hpp"

#include <cstring>
#include <utility>

namespace asio_inotify::detail {
namespace {

// The watch descriptor in the record of an overflow that the kernel has not queued.
constexpr int requested = 0;

} // namespace

event_processor::event_processor(tree_port& port, tree_options const& options, tree_model& model,
                                 agenda& work, recent_directories& recent, directory_access& access,
                                 link_tracker& links, directory_lister& lister, coverage& covered,
                                 mount_tracker& mounts, rescan& scan, tree_counters& counters)
    : port_(port)
    , options_(options)
    , model_(model)
    , agenda_(work)
    , recent_(recent)
    , lister_(lister)
    , rescan_(scan)
    , counters_(counters)
    , queue_(options.event_bytes)
    , entries_(port, options, model, work, recent, access, links, lister, scan)
    , events_(options, model, work, entries_, history_, covered, mounts, counters)
    , reader_(options, model, recent, queue_, access)
    , renames_(model, work, recent, lister, entries_, history_, scan)
{}

bool event_processor::read(boost::system::error_code& ec)
{
    auto const room = queue_.room();
    if (room.empty()) {
        return false;
    }
    auto const before = port_.file_time();
    auto const size = port_.read(room.data(), room.size(), ec);
    if (size == 0) {
        if (!ec && queue_.empty()) {
            rescan_.complete_at(before);
        }
        return false;
    }
    queue_.append(size, port_.now());
    is_unchecked_ = true;
    return true;
}

bool event_processor::queue_rescan(rescan_cause cause)
{
    auto const room = queue_.room();
    if (room.empty()) {
        return false;
    }
    event_header const record{requested, overflow_bit, static_cast<std::uint32_t>(cause), 0};
    std::memcpy(room.data(), &record, sizeof record);
    queue_.append(sizeof record, port_.now());
    return true;
}

auto event_processor::process(time_point slice_end, boost::system::error_code& ec) -> progress
{
    if (std::exchange(is_unchecked_, false)) {
        return progress::has_read;
    }
    if (auto const stopped = apply_read(slice_end, ec)) {
        return *stopped;
    }
    if (read(ec)) {
        is_unchecked_ = false;
        return progress::has_read;
    }
    if (!ec) {
        recent_.reset(lister_.open_directory());
    }
    return progress::all_done;
}

bool event_processor::has_end_of(dir_id root, boost::system::error_code& ec)
{
    auto const wd = model_.directory(root).wd;
    // The kernel queues it after the event by which the move of a root was noticed.
    static_cast<void>(read(ec));
    return wd != 0 && queue_.contains(wd, move_self_bit | ignored_bit);
}

// Nothing if all events that were read are applied. After the last one a directory may have moved.
auto event_processor::apply_read(time_point slice_end, boost::system::error_code& ec)
    -> std::optional<progress>
{
    constexpr unsigned between_looks_at_the_clock = 64;
    work_meter meter(model_, between_looks_at_the_clock);
    for (bool is_time = false; !queue_.empty();) {
        if (model_.changes().is_full(options_.batch_size)) {
            return progress::batch_full;
        }
        if (model_.has_moved() || model_.links.has_urgent()) {
            return progress::moved;
        }
        if (is_time && port_.now() >= slice_end) {
            return progress::slice_over;
        }
        auto const applied = events_.apply_known_files(queue_, between_looks_at_the_clock);
        is_time = meter.add(applied != 0 ? applied : 1);
        if (applied != 0) {
            continue;
        }
        auto const before = model_.changes().total();
        auto const result = apply_front(evidence::read);
        // One event is applied at each place of its directory.
        if (auto const made = model_.changes().total() - before; made > 1) {
            is_time = meter.add(static_cast<unsigned>(made)) || is_time;
        }
        if (agenda_.has_suspects()) {
            return progress::root_suspect;
        }
        if (result == outcome::applied) {
            continue;
        }
        if (read(ec)) {
            is_unchecked_ = false;
            return progress::has_read;
        }
        if (ec) {
            return progress::all_done;
        }
        if (!apply_held(result)) {
            return progress::held;
        }
    }
    return std::nullopt;
}

// The kernel's queue is empty. False if the first event has to wait.
bool event_processor::apply_held(outcome missing)
{
    auto const until = queue_.front_time() + options_.grace_time;
    bool const is_final = missing == outcome::needs_queue || queue_.room().empty() ||
                          port_.now() >= until || queue_.has_overflow();
    if (apply_front(is_final ? evidence::time : evidence::queue) == outcome::applied) {
        return true;
    }
    held_until_ = until;
    return false;
}

auto event_processor::apply_front(evidence known) -> outcome
{
    auto const event = queue_.front();
    if (event.is_consumed()) {
        queue_.pop();
        return outcome::applied;
    }
    if ((event.mask & overflow_bit) != 0) {
        auto cause = rescan_cause::lost_events;
        if (event.wd == requested) {
            cause = static_cast<rescan_cause>(event.cookie);
        } else {
            ++counters_.events;
            ++counters_.overflows;
        }
        // A rescan is started after the record was read (kernel note 4.14).
        queue_.pop();
        rescan_.start(cause);
        return outcome::applied;
    }
    auto const first = model_.find_attached_watch(event.wd);
    if (first == 0) {
        ++counters_.stale;
    } else if ((event.mask & moved_from_bit) == 0) {
        events_.apply(event, first);
    } else if (auto const result = apply_rename(event, known); result != outcome::applied) {
        return result;
    }
    ++counters_.events;
    queue_.pop();
    return outcome::applied;
}

auto event_processor::apply_rename(queued_event const& from, evidence known) -> outcome
{
    bool const is_directory = (from.mask & directory_bit) != 0;
    if (!is_directory && options_.directories_only && !options_.follow_symlinks) {
        return outcome::applied;
    }
    auto const verdict = reader_.read(from, known);
    if (verdict.what == rename_verdict::kind::needs_queue) {
        return outcome::needs_queue;
    }
    if (verdict.what == rename_verdict::kind::needs_time) {
        return outcome::needs_time;
    }
    renames_.apply(from, verdict);
    for (auto const* const later : {&verdict.to, &verdict.back, &verdict.end}) {
        if (*later) {
            queue_.consume(**later);
        }
    }
    return outcome::applied;
}

} // namespace asio_inotify::detail
