//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_adopter.hpp"

#include <asio_inotify/detail/barrier_worker.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/watch_registry.hpp>

#include "inotify/records.hpp"
#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "watch_set/object_search.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/watch_findings.hpp"
#include "watch_set/watch_table.hpp"

#include <algorithm>
#include <climits>
#include <utility>

namespace asio_inotify::detail {

watch_report set_adopter::run(boost::system::error_code& ec)
{
    auto live = live_watches(instance_.fd, ec);
    if (ec) {
        return std::move(report_);
    }
    // Afterwards the queue has all events of watches that are gone already.
    barrier(ec);
    if (ec) {
        return std::move(report_);
    }
    auto const last = (std::max)(report_gone(live), live.empty() ? 0 : live.back().wd);
    std::vector<saved_watch> watches;
    watches.reserve(live.size());
    for (auto& in_kernel : live) {
        watches.push_back(describe(std::move(in_kernel)));
    }
    find_paths(watches);
    enter(watches);
    std::sort(report_.findings.begin(), report_.findings.end(),
              [](auto const& a, auto const& b) { return a.wd < b.wd; });
    registry_.forget_cursor();
    registry_.note_unknown_objects();
    registry_.table().numbers().skip(last);
    drain(ec);
    if (!ec) {
        set_close_on_exec(instance_.fd);
    }
    // Not a copy: nothing may fail once events are off the queue.
    return std::move(report_);
}

// The known watches that the instance does not have. Returns the largest known number, 0 for none.
int set_adopter::report_gone(std::vector<kernel_watch> const& live)
{
    int last = 0;
    for (auto const& watch : known_.watches()) {
        last = watch.wd.value();
        if (find_watch(live, last) == nullptr) {
            boost::system::error_code reason;
            ASIO_INOTIFY_FAIL(reason, error::no_such_watch);
            add_finding(report_, last, watch_outcome::gone, reason, watch.path);
        }
    }
    return last;
}

saved_watch set_adopter::describe(kernel_watch in_kernel)
{
    saved_watch watch;
    watch.wd = watch_descriptor{in_kernel.wd};
    watch.mask = events_of(in_kernel.native_mask);
    watch.options = options_of(in_kernel.native_mask) & fdinfo_options;
    if (auto const* const was = known_.find(watch.wd)) {
        report_.compared += was->identity ? 1U : 0U;
        if (!was->identity || *was->identity == in_kernel.identity) {
            // Old kernels show no options at all.
            watch.options |= was->options;
            watch.path = was->path;
        }
    }
    watch.identity = std::move(in_kernel.identity);
    return watch;
}

void set_adopter::find_paths(std::vector<saved_watch>& watches)
{
    std::vector<std::size_t> without_path;
    for (std::size_t at = 0; at != watches.size(); ++at) {
        if (watches[at].path.empty()) {
            without_path.push_back(at);
        }
    }
    auto const find_path = [&](std::size_t at, unique_fd const& object, auto const& failure) {
        if (failure) {
            failures_.emplace(watches[at].wd.value(), failure);
            return;
        }
        watches[at].path = path_of_descriptor(object.get());
        if (is_symbolic_link(object.get())) {
            watches[at].options |= add_options::dont_follow;
        }
    };
    object_search().find(without_path, watches, find_path);
}

void set_adopter::enter(std::vector<saved_watch> const& watches)
{
    auto& table = registry_.table();
    table.start_at(known_.next());
    for (auto const& watch : watches) {
        int const wd = watch.wd.value();
        table.insert(wd, watch.path, native(watch.mask, watch.options));
        table.confirm(wd);
        auto outcome = watch_outcome::same;
        boost::system::error_code reason;
        if (watch.path.empty()) {
            outcome = watch_outcome::path_unknown;
            ASIO_INOTIFY_FAIL(reason, error::watch_moved);
            if (auto const failure = failures_.find(wd); failure != failures_.end()) {
                reason = failure->second;
            }
        }
        add_finding(report_, wd, outcome, reason, watch.path);
    }
}

// Holds the events of the queue. A number that has one, and no watch, is quarantined.
void set_adopter::drain(boost::system::error_code& ec)
{
    auto const queued = queued_bytes(instance_.fd, ec);
    if (ec || queued == 0) {
        return;
    }
    // One read, with all memory allocated before it, so that nothing can fail once events are off
    // the queue. At least as large as an event: if another process has read some in the meantime,
    // the next one may be larger than the rest was.
    constexpr std::size_t largest_event = sizeof(event_header) + PATH_MAX;
    std::vector<std::byte> buffer((std::max)(queued, largest_event));
    instance_.backlog.reserve(buffer.size());
    number_ranges spare;
    spare.reserve_spare(buffer.size() / sizeof(event_header));
    auto const size = read_queued(instance_.fd, buffer.data(), buffer.size(), ec);
    auto& numbers = registry_.table().numbers();
    for_each_record(buffer.data(), size, [&](std::byte const* at) {
        int const wd = load<event_header>(at).wd;
        if (wd > 0) {
            numbers.skip(wd);
            numbers.quarantine(wd, spare);
        }
    });
    instance_.backlog.hold(buffer.data(), size);
}

} // namespace asio_inotify::detail
