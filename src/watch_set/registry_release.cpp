//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The part of watch_registry that gives a set to another object, and takes it.

#include <asio_inotify/detail/watch_registry.hpp>

#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_event_batch.hpp>

#include "inotify/add_arguments.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/set_state.hpp"
#include "watch_set/watch_table.hpp"

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio_inotify::detail {
namespace {

void append_record(std::string& bytes, event_view e)
{
    event_header header{e.wd().value(), e.native_mask(), e.cookie(), 0};
    header.length = static_cast<std::uint32_t>(e.size_bytes() - sizeof header);
    char begin[sizeof header];
    std::memcpy(begin, &header, sizeof header);
    bytes.append(begin, sizeof header);
    bytes += e.name();
    bytes.append(header.length - e.name().size(), '\0');
}

} // namespace

std::string watch_registry::release(read_backlog const& left, watch_event_batch unread,
                                    boost::system::error_code& ec) const
{
    ec.clear();
    set_state state;
    auto const& numbers = table_->numbers();
    state.closing = numbers.closing();
    state.quarantined = numbers.quarantined();
    state.recycled = numbers.recycled();
    state.reconcile = must_reconcile();
    std::vector<saved_watch> watches;
    watches.reserve(table_->size());
    for (std::size_t at = 0; auto const* const record = table_->live_from(at); ++at) {
        watches.push_back(saved(*record));
    }
    for (auto const e : unread) {
        append_record(state.events, e);
        if (!e.is_ignored()) {
            continue;
        }
        // Whose end is among what was not delivered has not ended for who takes over.
        auto const watch = e.watch();
        int const number = watch.wd().value();
        if (table_->find(number) != nullptr) {
            // Recycled, and given on, while the events were still looked at.
            ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
            return {};
        }
        watches.push_back(
            {watch.wd(), watch.mask(), watch.options(), std::string(watch.path()), std::nullopt});
        for (auto* const retired : {&state.closing, &state.quarantined, &state.recycled}) {
            retired->erase(number);
        }
    }
    state.events += left.held();
    state.watches = snapshot(std::move(watches), next_number());
    return to_bytes(state);
}

void watch_registry::assign(int fd, std::string_view bytes, read_backlog& left,
                            boost::system::error_code& ec)
{
    auto state = set_state_from_bytes(bytes, ec);
    if (ec) {
        return;
    }
    start_at(state.watches.next());
    for (auto const& watch : state.watches.watches()) {
        table_->insert(watch.wd.value(), watch.path, native(watch.mask, watch.options));
        table_->confirm(watch.wd.value());
    }
    table_->numbers().load(std::move(state.closing), std::move(state.quarantined),
                           std::move(state.recycled));
    kernel_cursor_ = unknown;
    overflowed_ = state.reconcile;
    left.hold(state.events.data(), state.events.size());
    set_close_on_exec(fd);
}

} // namespace asio_inotify::detail
