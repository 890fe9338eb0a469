//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/port/root_guard.hpp"

#include "system/inotify_ops.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_mask.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace asio_inotify::detail {

root_guard::~root_guard()
{
    if (fd_ >= 0) {
        close_instance(fd_);
    }
}

void root_guard::open(boost::system::error_code& ec) noexcept
{
    fd_ = open_instance(ec);
}

void root_guard::guard(std::string const& path)
{
    if (fd_ >= 0) {
        guarded_.push_back({path, {}, false});
        watch_steps(guarded_.back());
    }
}

void root_guard::unguard(std::string const& path) noexcept
{
    auto const at = std::ranges::find(guarded_, path, &guarded::path);
    if (at != guarded_.end()) {
        auto const steps = std::move(at->steps);
        guarded_.erase(at);
        end_unused(steps);
    }
}

void root_guard::watch_steps(guarded& one)
{
    constexpr auto mask =
        static_cast<std::uint32_t>(event_mask::create | event_mask::delete_ | event_mask::move |
                                   event_mask::move_self | event_mask::attrib) |
        static_cast<std::uint32_t>(add_options::only_directory);
    auto const before = std::exchange(one.steps, {});
    for (std::size_t slash = 0; slash != std::string::npos;) {
        auto const next = one.path.find('/', slash + 1);
        auto const name = one.path.substr(slash + 1, next - slash - 1);
        if (!name.empty()) {
            boost::system::error_code ec;
            auto const above = slash == 0 ? std::string("/") : one.path.substr(0, slash);
            auto const wd = add_watch(fd_, above.c_str(), mask, ec);
            if (ec) {
                break;
            }
            one.steps.push_back({wd, name});
        }
        slash = next;
    }
    end_unused(before);
}

void root_guard::end_unused(std::vector<step> const& gone) noexcept
{
    for (auto const& unused : gone) {
        auto const is_used = std::ranges::any_of(guarded_, [&](auto const& one) {
            return std::ranges::find(one.steps, unused.wd, &step::wd) != one.steps.end();
        });
        if (!is_used) {
            drop_watch(fd_, unused.wd);
        }
    }
}

std::vector<std::string> root_guard::take_suspects()
{
    std::vector<std::string> suspects;
    if (fd_ < 0) {
        return suspects;
    }
    // Also if nothing is guarded any more: the ends of the last watches are to be read.
    std::array<std::byte, 8192> buffer;
    boost::system::error_code ec;
    while (auto const size = read_queued(fd_, buffer.data(), buffer.size(), ec)) {
        for (auto const event : event_batch(buffer.data(), size)) {
            for (auto& one : guarded_) {
                auto const hit = [&](step const& s) {
                    return s.wd == event.wd().value() &&
                           (event.name().empty() || s.name == event.name());
                };
                one.suspect =
                    one.suspect || event.is_overflow() || std::ranges::any_of(one.steps, hit);
            }
        }
    }
    for (auto& one : guarded_) {
        if (std::exchange(one.suspect, false)) {
            watch_steps(one);
            suspects.push_back(one.path);
        }
    }
    return suspects;
}

} // namespace asio_inotify::detail
