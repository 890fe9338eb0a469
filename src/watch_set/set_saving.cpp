//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/set_saving.hpp>

#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/watch_registry.hpp>

#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "watch_set/event_stream.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/set_adopter.hpp"
#include "watch_set/set_revalidator.hpp"
#include "watch_set/set_state.hpp"
#include "watch_set/watch_table.hpp"

#include <boost/assert.hpp>

#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace asio_inotify::detail {
namespace {

watch_descriptor next_number(watch_registry const& registry) noexcept
{
    int const next = registry.table().numbers().cursor();
    return next == 0 ? watch_descriptor{} : watch_descriptor{next};
}

std::optional<inode_identity> known_object(watch_registry const& registry, int wd)
{
    auto const& object = registry.table().object(wd);
    if (!object.is_known()) {
        return std::nullopt;
    }
    inode_identity identity;
    identity.device = object.device;
    identity.inode = object.inode;
    return identity;
}

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

snapshot save_watches(watch_registry const& registry, instance_access const& instance,
                      boost::system::error_code& ec)
{
    auto live = live_watches(instance.fd, ec);
    if (ec) {
        return {};
    }
    std::vector<saved_watch> watches;
    watches.reserve(live.size());
    for (auto& in_kernel : live) {
        if (auto const* const record = registry.find(watch_descriptor{in_kernel.wd})) {
            watches.push_back(saved(*record, std::move(in_kernel.identity)));
        }
    }
    return snapshot(std::move(watches), next_number(registry));
}

watch_report revalidate_watches(watch_registry& registry, instance_access const& instance,
                                boost::system::error_code& ec)
{
    return set_revalidator(registry, instance).run(ec);
}

watch_report adopt_watches(watch_registry& registry, instance_access const& instance,
                           snapshot const& known, boost::system::error_code& ec)
{
    BOOST_ASSERT(registry.size() == 0);
    return set_adopter(registry, instance, known).run(ec);
}

std::string release_state(watch_registry const& registry, instance_access const& instance,
                          watch_event_batch unread, boost::system::error_code& ec)
{
    ec.clear();
    set_state state;
    auto const& numbers = registry.table().numbers();
    state.closing = numbers.closing();
    state.quarantined = numbers.quarantined();
    state.recycled = numbers.recycled();
    state.reconcile = registry.events().must_reconcile();
    std::vector<saved_watch> watches;
    watches.reserve(registry.size());
    for (std::size_t at = 0; auto const* const record = registry.live_from(at); ++at) {
        watches.push_back(saved(*record, known_object(registry, record->wd)));
    }
    for (auto const e : unread) {
        append_record(state.events, e);
        if (!e.is_ignored()) {
            continue;
        }
        // The other side reads the IN_IGNORED, so there the watch is still live.
        auto const watch = e.watch();
        if (registry.find(watch.wd()) != nullptr) {
            // The number was recycled and given to another watch before the event was delivered.
            ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
            return {};
        }
        watches.push_back(
            {watch.wd(), watch.mask(), watch.options(), std::string(watch.path()), std::nullopt});
        for (auto* const retired : {&state.closing, &state.quarantined, &state.recycled}) {
            retired->erase(watch.wd().value());
        }
    }
    state.events += instance.backlog.held();
    state.watches = snapshot(std::move(watches), next_number(registry));
    return to_bytes(state);
}

} // namespace asio_inotify::detail
