//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/port/path_guard.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>
#include <asio_inotify/event_batch.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <utility>

namespace asio_inotify::detail {
namespace {

// Resolving some paths takes no longer than a slice of other work. The rest is done in the next
// one.
constexpr std::chrono::milliseconds resolve_for{1};

} // namespace

void path_guard::open() noexcept
{
    boost::system::error_code ec;
    if (!port_.is_open()) {
        port_.open(ec);
    }
    if (!ec) {
        waits_.add(port_.native_handle(), wait_set::readiness::readable, ec);
    }
    open_failure_ = ec;
}

auto path_guard::make(std::string const& path) -> std::unique_ptr<guarded>
{
    BOOST_ASSERT(path.starts_with('/'));
    auto made = std::make_unique<guarded>();
    made->path = path;
    made->follows = true;
    auto& node = resolver_.tree().walk(resolver_.tree().root(), path, 0);
    made->node = &node;
    node.entries.push_front(*made);
    scope_guard undo([&] { release(*made); });
    resolver_.resolve_now(node, path.c_str());
    undo.dismiss();
    return made;
}

void path_guard::guard(std::string const& path)
{
    auto made = make(path);
    scope_guard undo([&] { release(*made); });
    guarded_.emplace(path, std::move(made));
    undo.dismiss();
}

void path_guard::guard_link(link_id id, std::string const& path)
{
    auto& link = links_[id];
    scope_guard undo([&] {
        if (!link) {
            links_.erase(id);
        }
    });
    auto made = make(path);
    undo.dismiss();
    made->link = id;
    // The caller looks where it leads after this.
    resolver_.remove_entry(*made);
    if (link) {
        release(*link);
    }
    link = std::move(made);
}

void path_guard::unguard_link(link_id id) noexcept
{
    if (auto const at = links_.find(id); at != links_.end()) {
        release(*at->second);
        links_.erase(at);
    }
}

void path_guard::unguard(std::string_view path) noexcept
{
    auto const at = guarded_.find(path);
    if (at != guarded_.end()) {
        release(*at->second);
        guarded_.erase(at);
    }
}

void path_guard::release(guarded& one) noexcept
{
    resolver_.remove_entry(one);
    one.node->entries.erase(one);
    resolver_.release(*one.node);
}

void path_guard::retry() noexcept
{
    if (open_failure_) {
        open();
    }
    resolver_.retry_incomplete();
}

// False if there are more than can be read in that time: a directory above is written to fast.
bool path_guard::read_events(time_point until) noexcept
{
    // So many as the queue holds by default are read in any case.
    constexpr unsigned least_reads = 32;
    std::array<std::byte, 8192> buffer;
    boost::system::error_code ec;
    unsigned reads = 0;
    while (auto const size = port_.read_events(buffer.data(), buffer.size(), ec)) {
        for (auto const event : event_batch(buffer.data(), size)) {
            if (event.is_overflow()) {
                resolver_.mark_all();
            } else {
                static_cast<void>(resolver_.apply_event(event));
            }
        }
        if (++reads >= least_reads && port_.now() >= until) {
            return false;
        }
    }
    return true;
}

std::vector<std::string> path_guard::take_suspects()
{
    auto const now = port_.now();
    if (retry_.is_due(now)) {
        retry_.begin(now);
        retry();
    }
    // Also if nothing is guarded any more: the IN_IGNORED of the last watches are queued.
    bool const has_read_all = !port_.is_open() || read_events(now + resolve_for);
    std::vector<std::string> suspects;
    is_resolved_ = has_read_all && resolver_.run(now + resolve_for);
    if (!is_resolved_) {
        for (auto const& one : guarded_) {
            suspects.push_back(one.first);
        }
    }
    constexpr unsigned taken_at_once = 64;
    unsigned taken = 0;
    while (auto* const entry = is_resolved_ ? resolver_.take_entry() : nullptr) {
        auto const& one = static_cast<guarded const&>(*entry);
        if (one.link != 0) {
            suspect_links_.push_back(one.link);
        } else {
            suspects.push_back(one.path);
        }
        // The rest is taken in the next slice.
        is_resolved_ = ++taken % taken_at_once != 0 || port_.now() < now + resolve_for;
    }
    if (is_resolved_) {
        retry_.schedule(open_failure_ || resolver_.has_incomplete(), port_.now());
    }
    return suspects;
}

boost::system::error_code path_guard::failure(std::string_view path) const noexcept
{
    auto const at = guarded_.find(path);
    BOOST_ASSERT(at != guarded_.end());
    return failure_of(*at->second);
}

boost::system::error_code path_guard::link_failure(link_id id) const noexcept
{
    auto const at = links_.find(id);
    BOOST_ASSERT(at != links_.end());
    return failure_of(*at->second);
}

boost::system::error_code path_guard::failure_of(guarded const& one) const noexcept
{
    if (open_failure_) {
        return open_failure_;
    }
    switch (auto const failure = name_tree::failure_of(*one.node)) {
    case ENOSPC:
        return make_error_code(error::watch_limit_reached);
    case -static_cast<int>(blind_spot::remote):
        return make_error_code(error::remote_filesystem);
    case -static_cast<int>(blind_spot::kernel):
        return make_error_code(error::pseudo_filesystem);
    default:
        return {failure, boost::system::system_category()};
    }
}

} // namespace asio_inotify::detail
