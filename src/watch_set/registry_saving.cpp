//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The part of watch_registry that leaves the process, or comes from another one.

#include <asio_inotify/detail/watch_registry.hpp>

#include <asio_inotify/detail/barrier_worker.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_report.hpp>

#include "inotify/add_arguments.hpp"
#include "inotify/records.hpp"
#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "watch_set/object_search.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/watch_table.hpp"

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr auto look_up_options = add_options::only_directory | add_options::dont_follow;
constexpr auto shown_options = add_options::exclude_unlinked | add_options::one_shot;

// What the kernel would show of a watch that has lost nothing.
std::uint32_t shown_mask(std::uint32_t native_mask) noexcept
{
    return native_mask & (all_kinds | native(shown_options));
}

void add_finding(watch_report& report, int wd, watch_outcome outcome,
                 boost::system::error_code const& reason, std::string_view path)
{
    if (outcome == watch_outcome::same) {
        ++report.same;
    } else {
        report.findings.push_back({watch_descriptor{wd}, outcome, reason, std::string(path)});
    }
}

boost::system::error_code because(error e)
{
    boost::system::error_code ec;
    ASIO_INOTIFY_FAIL(ec, e);
    return ec;
}

} // namespace

snapshot watch_registry::save(int fd, boost::system::error_code& ec) const
{
    auto live = live_watches(fd, ec);
    if (ec) {
        return {};
    }
    std::vector<saved_watch> watches;
    watches.reserve(live.size());
    for (auto& in_kernel : live) {
        if (auto const* const record = table_->find(in_kernel.wd)) {
            watches.push_back(saved(*record, std::move(in_kernel.identity)));
        }
    }
    return snapshot(std::move(watches), next_number());
}

watch_descriptor watch_registry::next_number() const noexcept
{
    int const next = table_->numbers().cursor();
    return next == 0 ? watch_descriptor{} : watch_descriptor{next};
}

void watch_registry::start_at(watch_descriptor next)
{
    table_ = std::make_unique<watch_table>(next ? next.value() : 0);
}

void watch_registry::add_saved(int fd, saved_watch const& watch, char const* path, path_kind kind,
                               boost::system::error_code& ec)
{
    auto const lasting = native(watch.mask, watch.options);
    auto bits = lasting | native(add_options::create_only);
    if (kind == path_kind::held_object) {
        bits &= ~native(add_options::dont_follow);
    }
    if (!any(watch.mask)) {
        bits |= silent_mask;
    }
    add_number(fd, watch.wd.value(), {path, bits, watch.path, lasting}, ec);
}

// Of a watch that the kernel has: is it on what its path names?
watch_outcome watch_registry::look_at(int fd, watch_record const& record,
                                      boost::system::error_code& reason)
{
    if (!record.path) {
        ASIO_INOTIFY_FAIL(reason, error::watch_moved);
        return watch_outcome::path_unknown;
    }
    auto const options = static_cast<add_options>(record.native_mask) & look_up_options;
    int const found = which_watch(fd, record.path.get(), options, reason);
    if (reason) {
        bool const names_nothing = is_errno(reason, ENOENT) || is_errno(reason, ENOTDIR);
        return names_nothing ? watch_outcome::moved : watch_outcome::failed;
    }
    if (found != record.wd) {
        ASIO_INOTIFY_FAIL(reason, error::watch_moved);
        return watch_outcome::moved;
    }
    return watch_outcome::same;
}

watch_report watch_registry::revalidate(int fd, read_backlog const& left, bool no_read_outstanding,
                                        boost::system::error_code& ec)
{
    watch_report report;
    auto const live = live_watches(fd, ec);
    if (ec) {
        return report;
    }
    std::vector<watch_record const*> records;
    records.reserve(table_->size());
    for (std::size_t at = 0; auto const* const record = table_->live_from(at); ++at) {
        records.push_back(record);
    }
    std::sort(records.begin(), records.end(),
              [](auto const* a, auto const* b) { return a->wd < b->wd; });

    std::vector<int> missing;
    for (auto const* const record : records) {
        if (find_watch(live, record->wd) == nullptr) {
            missing.push_back(record->wd);
        }
    }
    report.foreign = live.size() - (records.size() - missing.size());
    set_missing(fd, left, no_read_outstanding, std::move(missing), ec);
    if (ec) {
        return report;
    }
    // Who made the instance again chose the numbers too.
    kernel_cursor_ = unknown;
    for (auto const* const record : records) {
        auto const* const in_kernel = find_watch(live, record->wd);
        boost::system::error_code reason;
        auto outcome = watch_outcome::gone;
        if (in_kernel == nullptr) {
            reason = because(error::no_such_watch);
        } else {
            outcome = look_at(fd, *record, reason);
            report.compared +=
                outcome == watch_outcome::same || outcome == watch_outcome::moved ? 1U : 0U;
            if (outcome == watch_outcome::same &&
                shown_mask(in_kernel->native_mask) != shown_mask(record->native_mask)) {
                set_mask(fd, watch_descriptor{record->wd},
                         static_cast<event_mask>(record->native_mask & all_kinds), reason);
                outcome = reason ? watch_outcome::failed : outcome;
                report.repaired += reason ? 0U : 1U;
            }
        }
        add_finding(report, record->wd, outcome, reason, path_of(*record));
    }
    return report;
}

watch_report watch_registry::adopt(int fd, read_backlog& left, snapshot const& known,
                                   boost::system::error_code& ec)
{
    watch_report report;
    auto live = live_watches(fd, ec);
    if (ec) {
        return report;
    }
    // Events of watches that are gone already are all in the queue when this is over.
    barrier(ec);
    if (ec) {
        return report;
    }
    int last = 0;
    for (auto const& was : known.watches()) {
        last = was.wd.value();
        if (find_watch(live, last) == nullptr) {
            add_finding(report, last, watch_outcome::gone, because(error::no_such_watch), was.path);
        }
    }
    last = std::max(last, live.empty() ? 0 : live.back().wd);

    object_search search;
    std::vector<std::size_t> unknown_paths;
    std::vector<saved_watch> watches;
    watches.reserve(live.size());
    for (auto& in_kernel : live) {
        auto const* const was = known.find(watch_descriptor{in_kernel.wd});
        bool const is_known =
            was != nullptr && (!was->identity || *was->identity == in_kernel.identity);
        report.compared += was != nullptr && was->identity ? 1U : 0U;
        saved_watch watch;
        watch.wd = watch_descriptor{in_kernel.wd};
        watch.mask = static_cast<event_mask>(in_kernel.native_mask & all_kinds);
        watch.options = static_cast<add_options>(in_kernel.native_mask) & shown_options;
        if (is_known) {
            // Old kernels show no options at all.
            watch.options |= was->options;
            watch.path = was->path;
        }
        if (watch.path.empty()) {
            unknown_paths.push_back(watches.size());
        }
        watch.identity = std::move(in_kernel.identity);
        watches.push_back(std::move(watch));
    }
    search.find(unknown_paths, watches,
                [&](std::size_t at, held_file const& object, int failure) {
                    if (failure != 0) {
                        return;
                    }
                    watches[at].path = path_of(object.fd());
                    if (is_symbolic_link(object)) {
                        watches[at].options |= add_options::dont_follow;
                    }
                });

    start_at(known.next());
    for (auto const& watch : watches) {
        int const wd = watch.wd.value();
        table_->insert(wd, watch.path, native(watch.mask, watch.options));
        table_->confirm(wd);
        add_finding(report, wd,
                    watch.path.empty() ? watch_outcome::path_unknown : watch_outcome::same,
                    watch.path.empty() ? because(error::watch_moved) : boost::system::error_code(),
                    watch.path);
    }
    std::sort(report.findings.begin(), report.findings.end(),
              [](auto const& a, auto const& b) { return a.wd < b.wd; });
    kernel_cursor_ = unknown;
    table_->numbers().skip(last);
    drain(fd, left, ec);
    if (!ec) {
        set_close_on_exec(fd);
    }
    return report;
}

// Take the events off the queue that are there now. Events of numbers that no watch has can be
// among them: these numbers are not to be given again. What comes later is of watches that are
// known, and stays where it is, so that this ends while events keep coming.
void watch_registry::drain(int fd, read_backlog& left, boost::system::error_code& ec)
{
    auto const queued = queued_bytes(fd, ec);
    if (ec || queued == 0) {
        return;
    }
    // In one read, and with all the memory that it takes, so that nothing can fail once events are
    // off the queue. Not less than an event takes, if somebody else has read some meanwhile.
    constexpr std::size_t largest_event = sizeof(event_header) + 256;
    std::vector<std::byte> buffer((std::max)(queued, largest_event));
    left.reserve(buffer.size());
    number_ranges spare;
    spare.fill_up(buffer.size() / sizeof(event_header));
    auto const size = read_queued(fd, buffer.data(), buffer.size(), ec);
    for_each_record(buffer.data(), size, [&](std::byte const* at) {
        int const wd = load<event_header>(at).wd;
        if (wd > 0) {
            table_->numbers().skip(wd);
            table_->numbers().burn(wd, spare);
        }
    });
    left.hold(buffer.data(), size);
}

} // namespace asio_inotify::detail
