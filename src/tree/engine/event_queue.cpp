//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/event_queue.hpp"

#include "tree/engine/event_bits.hpp"

#include <algorithm>
#include <cstring>

namespace asio_inotify::detail {

std::span<std::byte> event_queue::room()
{
    if (empty()) {
        base_ += end_;
        at_ = 0;
        end_ = 0;
    }
    if (bytes_.size() - end_ < smallest_room) {
        if (at_ >= bytes_.size() / 2 && at_ != 0) {
            std::memmove(bytes_.data(), bytes_.data() + at_, end_ - at_);
            base_ += at_;
            end_ -= at_;
            at_ = 0;
        } else if (bytes_.size() < limit_) {
            bytes_.resize(std::clamp(2 * bytes_.size(), first_size, limit_));
        } else {
            return {};
        }
    }
    return std::span(bytes_).subspan(end_);
}

void event_queue::append(std::size_t size, time_point when)
{
    times_.push_back({base_ + end_ + size, when});
    end_ += size;
}

std::optional<queued_event> event_queue::match_moved_to(std::uint32_t cookie)
{
    auto const behind = at_ + size_at(at_);
    if (behind == end_) {
        return std::nullopt;
    }
    if (auto const next = event_at(behind);
        (next.mask & moved_to_bit) != 0 && next.cookie == cookie) {
        return next;
    }
    searched_ = (std::max)(searched_, base_ + behind);
    auto const passed = std::ranges::find_if(
        targets_, [&](moved_to const& target) { return target.at > base_ + at_; });
    targets_.erase(targets_.begin(), passed);
    std::size_t at{searched_ - base_};
    for (; at != end_; at += size_at(at)) {
        auto const header = load<event_header>(bytes_.data() + at);
        if ((header.mask & moved_to_bit) != 0) {
            targets_.push_back({header.cookie, base_ + at});
        }
    }
    searched_ = base_ + end_;
    for (auto const& target : targets_) {
        if (target.cookie == cookie) {
            auto const found = event_at(std::size_t{target.at - base_});
            if ((found.mask & moved_to_bit) != 0) {
                return found;
            }
        }
    }
    return std::nullopt;
}

std::optional<queued_event> event_queue::find_near(std::uint64_t behind, int wd, std::uint32_t kind,
                                                   std::string_view name) const noexcept
{
    std::size_t at{behind - base_};
    at += size_at(at);
    for (int looked = 0; at != end_ && looked != near; at += size_at(at), ++looked) {
        auto const event = event_at(at);
        if (event.wd == wd && (event.mask & kind) != 0 && event.name == name) {
            return event;
        }
    }
    return std::nullopt;
}

std::optional<queued_event> event_queue::find_next_entry(std::uint64_t behind, int wd,
                                                         int other_wd) const noexcept
{
    std::size_t at{behind - base_};
    at += size_at(at);
    for (int looked = 0; at != end_ && looked != near; at += size_at(at), ++looked) {
        auto const header = load<event_header>(bytes_.data() + at);
        if ((header.mask & entry_bits) != 0 && (header.wd == wd || header.wd == other_wd)) {
            return event_at(at);
        }
    }
    return std::nullopt;
}

auto event_queue::find_mover(queued_event const& from, queued_event const& to, int wd,
                             int other_wd) const noexcept -> mover
{
    std::size_t at{to.at - base_};
    at += size_at(at);
    for (int looked = 0; at != end_; at += size_at(at), ++looked) {
        auto const header = load<event_header>(bytes_.data() + at);
        if ((header.mask & move_self_bit) != 0 && (header.wd == wd || header.wd == other_wd)) {
            return {header.wd, true};
        }
        bool const is_next =
            (header.mask & entry_bits) != 0 && (header.wd == from.wd || header.wd == to.wd);
        if (is_next || looked == near) {
            return {std::nullopt, true};
        }
    }
    return {std::nullopt, false};
}

bool event_queue::has_end(std::uint64_t behind, int wd) const noexcept
{
    return find_near(behind, wd, ignored_bit, {}).has_value();
}

bool event_queue::is_near_end(std::uint64_t behind) const noexcept
{
    std::size_t at{behind - base_};
    for (int looked = 0; looked != near; ++looked) {
        at += size_at(at);
        if (at == end_) {
            return true;
        }
    }
    return false;
}

void event_queue::consume(queued_event const& later) noexcept
{
    constexpr std::uint32_t nothing = 0;
    std::size_t const at{later.at - base_};
    std::memcpy(bytes_.data() + at + offsetof(event_header, mask), &nothing, sizeof nothing);
}

bool event_queue::contains(int wd, std::uint32_t kinds) const noexcept
{
    for (auto at = at_; at != end_; at += size_at(at)) {
        auto const header = load<event_header>(bytes_.data() + at);
        if (header.wd == wd && (header.mask & kinds) != 0) {
            return true;
        }
    }
    return false;
}

bool event_queue::has_overflow() const noexcept
{
    for (auto at = at_; at != end_; at += size_at(at)) {
        if ((load<event_header>(bytes_.data() + at).mask & overflow_bit) != 0) {
            return true;
        }
    }
    return false;
}

} // namespace asio_inotify::detail
