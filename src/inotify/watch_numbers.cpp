//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/watch_numbers.hpp>

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/read_backlog.hpp>

#include "inotify/add_arguments.hpp"
#include "inotify/records.hpp"
#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace asio_inotify::detail {
namespace {

constexpr int highest = (std::numeric_limits<int>::max)();

} // namespace

void watch_numbers::opened() noexcept
{
    cursor_ = 1;
    highest_ = 0;
    live_known_ = true;
    live_.clear();
}

void watch_numbers::assigned() noexcept
{
    cursor_ = unknown;
    // Any number can have events in the queue.
    highest_ = highest;
    live_known_ = false;
    live_.clear();
}

watch_descriptor watch_numbers::add(int fd, read_backlog& left, path_ref path, event_mask mask,
                                    add_options options, boost::system::error_code& ec)
{
    check_arguments(path, mask, options, ec);
    if (ec) {
        return {};
    }
    // The kernel does not tell whether it made a watch or changed one, and only a new one moves
    // the cursor: ask for a new one first.
    constexpr auto create = native(add_options::create_only);
    constexpr auto merge = native(add_options::merge_mask);
    int wd = add_watch(fd, path.c_str(), (native(mask, options) & ~merge) | create, ec);
    if (!ec) {
        created(fd, left, wd);
        return watch_descriptor{wd};
    }
    if (ec.value() == EEXIST && !any(options & add_options::create_only)) {
        wd = add_watch(fd, path.c_str(), native(mask, options), ec);
        if (!ec) {
            if (live_known_ && !live_.contains(wd)) {
                // Others have made it, or it is new as the old one ended between the two calls:
                // whether the cursor has moved is not known.
                cursor_ = unknown;
                highest_ = (std::max)(highest_, wd);
                live_.insert(wd);
            }
            return watch_descriptor{wd};
        }
    }
    if (took_number(ec) && cursor_ != unknown) {
        put_back(fd, std::exchange(cursor_, unknown));
    }
    return {};
}

void watch_numbers::add_at(int fd, read_backlog& left, bool may_read, watch_descriptor wanted,
                           path_ref path, event_mask mask, add_options options,
                           boost::system::error_code& ec)
{
    options |= add_options::create_only;
    check_arguments(wanted, path, mask, options, ec);
    if (ec) {
        return;
    }
    if (is_live(fd, wanted.value())) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return;
    }
    int const before = cursor_;
    detail::set_next(fd, wanted.value(), ec);
    if (is_set_next_missing(ec) && walk_limit_ != 0) {
        walk_to(fd, left, may_read, wanted.value(), ec);
    }
    if (ec) {
        return;
    }
    int const wd = add_watch(fd, path.c_str(), native(mask, options), ec);
    if (wd == wanted.value()) {
        created(fd, left, wd);
        return;
    }
    if (ec) {
        if (took_number(ec)) {
            cursor_ = unknown;
        }
    } else {
        undo_claim(fd, left, wd);
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
    }
    put_back(fd, before);
}

void watch_numbers::remove(int fd, watch_descriptor wd, boost::system::error_code& ec)
{
    remove_watch(fd, wd, ec);
    // Gone now, or gone before.
    if (!ec || ec == make_error_code(error::no_such_watch)) {
        live_.erase(wd.value());
    }
}

void watch_numbers::set_next(int fd, watch_descriptor next, boost::system::error_code& ec)
{
    if (!next.is_valid()) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_out_of_range);
        return;
    }
    detail::set_next(fd, next.value(), ec);
    if (!ec) {
        cursor_ = next.value();
    }
}

void watch_numbers::created(int fd, read_backlog& left, int wd)
{
    cursor_ = number_behind(wd);
    highest_ = (std::max)(highest_, wd);
    left.claimed(wd);
    // A watch that the caller never hears of must not stay.
    watch_guard watch(fd, wd);
    live_.insert(wd);
    watch.keep();
}

bool watch_numbers::is_live(int fd, int wd)
{
    if (live_known_ && !live_.contains(wd)) {
        return false;
    }
    // Without /proc nothing is known; the claim itself then tells.
    return learn_live(fd) && live_.contains(wd);
}

bool watch_numbers::learn_live(int fd)
{
    boost::system::error_code ignored;
    auto const numbers = live_numbers(fd, ignored);
    if (ignored) {
        return false;
    }
    live_.assign(numbers);
    live_known_ = true;
    return true;
}

// The kernel gave another number than the wanted one, which somebody else has taken.
void watch_numbers::undo_claim(int fd, read_backlog& left, int wd)
{
    watch_guard const taken_away_at_end(fd, wd);
    // If the number had another watch before, events of that one may be unread, and cannot be told
    // from the traces: then better one IN_IGNORED too many than an event lost.
    if (wd > highest_) {
        highest_ = wd;
        left.expect_trace(wd);
    }
    cursor_ = number_behind(wd);
}

void watch_numbers::put_back(int fd, int cursor)
{
    boost::system::error_code ignored;
    if (cursor == unknown) {
        auto const live = live_numbers(fd, ignored);
        if (ignored) {
            return;
        }
        cursor = live.empty() ? 1 : number_behind(live.back());
    }
    detail::set_next(fd, cursor, ignored);
    if (!ignored) {
        cursor_ = cursor;
    }
}

void watch_numbers::walk_to(int fd, read_backlog& left, bool may_read, int wanted,
                            boost::system::error_code& ec)
{
    auto const live = live_numbers(fd, ec);
    if (ec) {
        return;
    }
    auto const is_live = [&](int wd) { return std::binary_search(live.begin(), live.end(), wd); };
    if (is_live(wanted)) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return;
    }
    // The last number to be used up: after it, the first free one is the wanted.
    int last = wanted - 1;
    while (last > 0 && is_live(last)) {
        --last;
    }
    if (cursor_ != unknown && cursor_ > last && cursor_ <= wanted) {
        return;
    }
    auto const limit =
        static_cast<std::int64_t>((std::min)(walk_limit_, static_cast<std::size_t>(highest)));
    if (last == 0 || cursor_ > last || (cursor_ != unknown && last - cursor_ >= limit)) {
        ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
        return;
    }
    if (!may_read) {
        ASIO_INOTIFY_FAIL(ec, error::read_outstanding);
        return;
    }
    scratch_inode const scratch(ec);
    if (ec) {
        return;
    }

    std::vector<int> own;
    std::vector<std::byte> buffer(65536);
    auto const drain = [&](boost::system::error_code& failure) {
        for (;;) {
            left.reserve(buffer.size());
            auto const size = read_queued(fd, buffer.data(), buffer.size(), failure);
            if (size == 0) {
                own.clear();
                return;
            }
            left.hold(buffer.data(), remove_records(buffer.data(), size, [&](auto const* record) {
                          return std::binary_search(own.begin(), own.end(),
                                                    load<event_header>(record).wd);
                      }));
        }
    };

    // A quarter of the usual queue, so that others have room in it as well (kernel note 5.6).
    constexpr std::size_t most_undrained = 4096;
    constexpr auto step_mask = silent_mask | native(add_options::create_only);
    boost::system::error_code drain_failure;
    for (std::int64_t steps = 0; cursor_ == unknown || cursor_ <= last; ++steps) {
        if (steps == limit) {
            ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
            break;
        }
        int const wd = add_watch(fd, scratch.path(), step_mask, ec);
        if (ec) {
            cursor_ = took_number(ec) ? unknown : cursor_;
            break;
        }
        drop_watch(fd, wd);
        own.push_back(wd);
        cursor_ = number_behind(wd);
        if (wd > last) {
            // Where the cursor stood was not known: already behind the wanted number.
            ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
            break;
        }
        if (own.size() == most_undrained) {
            drain(drain_failure);
        }
    }
    drain(drain_failure);
    if (!ec && drain_failure) {
        ec = drain_failure;
    }
}

} // namespace asio_inotify::detail
