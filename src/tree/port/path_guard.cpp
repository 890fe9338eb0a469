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

constexpr std::chrono::seconds retry_after{1};

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

void path_guard::guard(std::string const& path)
{
    BOOST_ASSERT(path.starts_with('/'));
    guarded_.reserve(guarded_.size() + 1);
    auto made = std::make_unique<guarded>();
    made->path = path;
    made->follows = true;
    auto& node = resolver_.tree().walk(resolver_.tree().root(), path, 0);
    made->node = &node;
    node.entries.push_front(*made);
    guarded_.push_back(std::move(made));
    scope_guard undo([&] { unguard(path); });
    resolver_.resolve_now(node, path.c_str());
    undo.dismiss();
}

void path_guard::unguard(std::string_view path) noexcept
{
    auto const at = std::ranges::find_if(guarded_, [&](auto& one) { return one->path == path; });
    if (at != guarded_.end()) {
        release(**at);
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

void path_guard::read_events() noexcept
{
    std::array<std::byte, 8192> buffer;
    boost::system::error_code ec;
    while (auto const size = port_.read_events(buffer.data(), buffer.size(), ec)) {
        for (auto const event : event_batch(buffer.data(), size)) {
            if (event.is_overflow()) {
                resolver_.mark_all();
            } else {
                static_cast<void>(resolver_.apply_event(event));
            }
        }
    }
}

std::vector<std::string> path_guard::take_suspects()
{
    auto const now = port_.now();
    if (retry_at_ && *retry_at_ <= now) {
        retry_at_.reset();
        retry();
    }
    if (port_.is_open()) {
        // Also if nothing is guarded any more: the IN_IGNORED of the last watches are queued.
        read_events();
    }
    std::vector<std::string> suspects;
    is_resolved_ = resolver_.run(now + resolve_for);
    if (!is_resolved_) {
        for (auto const& one : guarded_) {
            suspects.push_back(one->path);
        }
    }
    while (auto* const entry = resolver_.take_entry()) {
        if (is_resolved_) {
            suspects.push_back(static_cast<guarded const&>(*entry).path);
        }
    }
    schedule(now);
    return suspects;
}

void path_guard::schedule(time_point now) noexcept
{
    if (!open_failure_ && !resolver_.has_incomplete()) {
        retry_at_.reset();
    } else if (!retry_at_) {
        retry_at_ = now + retry_after;
    }
}

boost::system::error_code path_guard::failure(std::string_view path) const noexcept
{
    auto const at = std::ranges::find_if(guarded_, [&](auto& one) { return one->path == path; });
    BOOST_ASSERT(at != guarded_.end());
    if (open_failure_) {
        return open_failure_;
    }
    // The links of a circle are watched.
    auto const failure = name_tree::failure_of(*(*at)->node);
    if (failure == ENOSPC) {
        return make_error_code(error::watch_limit_reached);
    }
    return {failure == ELOOP ? 0 : failure, boost::system::system_category()};
}

} // namespace asio_inotify::detail
