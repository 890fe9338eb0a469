//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/set_assigner.hpp>

#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/watch_registry.hpp>

#include "system/directory_ops.hpp"
#include "system/inotify_ops.hpp"
#include "values/native.hpp"
#include "watch_set/event_stream.hpp"
#include "watch_set/set_state.hpp"
#include "watch_set/watch_table.hpp"

#include <utility>

namespace asio_inotify::detail {
namespace {

// Watches or ranges of numbers. The look-up of a path takes longest, some microseconds.
constexpr std::size_t work_at_once = 100;

} // namespace

struct set_assigner::implementation
{
    implementation(watch_registry& to, std::string_view bytes, std::size_t most_watches)
        : registry(to)
        , reader(bytes, most_watches)
    {}

    bool parse(boost::system::error_code& ec)
    {
        if (reader.step(work_at_once, ec) && !ec) {
            state = reader.take();
            is_parsed = true;
            registry.table().start_at(state.watches.next());
        }
        return static_cast<bool>(ec);
    }

    void enter(saved_watch const& watch)
    {
        auto& table = registry.table();
        int const wd = watch.wd.value();
        table.insert(wd, watch.path, native(watch.mask, watch.options));
        table.confirm(wd);
        if (watch.identity) {
            table.object(wd) = {watch.identity->inode, watch.identity->device, 0};
        } else if (!watch.path.empty()) {
            table.object(wd) =
                identity_of(watch.path.c_str(), any(watch.options & add_options::dont_follow));
        }
    }

    watch_registry& registry;
    set_state_reader reader;
    set_state state{};
    bool is_parsed = false;
    // The watches that were entered.
    std::size_t entered = 0;
};

set_assigner::set_assigner(watch_registry& registry, std::string_view state,
                           std::size_t most_watches)
    : implementation_(std::make_unique<implementation>(registry, state, most_watches))
{}

set_assigner::~set_assigner() = default;

bool set_assigner::step(boost::system::error_code& ec)
{
    ec.clear();
    auto& self = *implementation_;
    if (!self.is_parsed) {
        return self.parse(ec);
    }
    auto const& watches = self.state.watches.watches();
    for (auto work = work_at_once; work != 0 && self.entered != watches.size(); --work) {
        self.enter(watches[self.entered++]);
    }
    return self.entered == watches.size();
}

void set_assigner::finish(instance_access const& instance)
{
    auto& [registry, reader, state, is_parsed, entered] = *implementation_;
    registry.table().numbers().load(std::move(state.closing), std::move(state.quarantined),
                                    std::move(state.recycled));
    registry.forget_cursor();
    if (state.reconcile) {
        registry.events().note_overflow();
    }
    instance.backlog.hold(state.events.data(), state.events.size());
    set_close_on_exec(instance.fd);
}

} // namespace asio_inotify::detail
