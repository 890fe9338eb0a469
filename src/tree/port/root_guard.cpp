//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/port/root_guard.hpp"

#include "system/inotify_ops.hpp"
#include "values/native.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_mask.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace asio_inotify::detail {

void root_guard::open(boost::system::error_code& ec) noexcept
{
    instance_.reset(open_instance(ec));
}

void root_guard::guard(std::string const& path)
{
    BOOST_ASSERT(path.starts_with('/'));
    if (instance_) {
        guarded_.push_back({path, {}, false});
        watch_ancestors(guarded_.back());
    }
}

void root_guard::unguard(std::string const& path) noexcept
{
    auto const at = std::ranges::find(guarded_, path, &guarded::path);
    if (at != guarded_.end()) {
        auto const ancestors = std::move(at->ancestors);
        guarded_.erase(at);
        remove_unused_watches(ancestors);
    }
}

void root_guard::watch_ancestors(guarded& one)
{
    constexpr auto mask = native(event_mask::create | event_mask::delete_ | event_mask::move |
                                     event_mask::move_self | event_mask::attrib,
                                 add_options::only_directory);
    auto const before = std::exchange(one.ancestors, {});
    for (std::size_t slash = 0; slash != std::string::npos;) {
        auto const next = one.path.find('/', slash + 1);
        auto const name = one.path.substr(slash + 1, next - slash - 1);
        if (!name.empty()) {
            boost::system::error_code ec;
            auto const above = slash == 0 ? std::string("/") : one.path.substr(0, slash);
            auto const wd = add_watch(instance_.get(), above.c_str(), mask, ec);
            if (ec) {
                break;
            }
            one.ancestors.push_back({wd, name});
        }
        slash = next;
    }
    remove_unused_watches(before);
}

void root_guard::remove_unused_watches(std::vector<ancestor> const& candidates) noexcept
{
    for (auto const& candidate : candidates) {
        auto const is_used = std::ranges::any_of(guarded_, [&](auto const& one) {
            return std::ranges::find(one.ancestors, candidate.wd, &ancestor::wd) !=
                   one.ancestors.end();
        });
        if (!is_used) {
            drop_watch(instance_.get(), candidate.wd);
        }
    }
}

std::vector<std::string> root_guard::take_suspects()
{
    std::vector<std::string> suspects;
    if (!instance_) {
        return suspects;
    }
    // Read also if nothing is guarded any more: the IN_IGNORED of the last watches are queued.
    std::array<std::byte, 8192> buffer;
    boost::system::error_code ec;
    while (auto const size = read_queued(instance_.get(), buffer.data(), buffer.size(), ec)) {
        for (auto const event : event_batch(buffer.data(), size)) {
            for (auto& one : guarded_) {
                auto const hit = [&](ancestor const& a) {
                    return a.wd == event.wd().value() &&
                           (event.name().empty() || a.name == event.name());
                };
                one.suspect =
                    one.suspect || event.is_overflow() || std::ranges::any_of(one.ancestors, hit);
            }
        }
    }
    for (auto& one : guarded_) {
        if (std::exchange(one.suspect, false)) {
            watch_ancestors(one);
            suspects.push_back(one.path);
        }
    }
    return suspects;
}

} // namespace asio_inotify::detail
