//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/watch_numbers.hpp>

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/scope_guard.hpp>

#include "inotify/add_arguments.hpp"
#include "inotify/number_walk.hpp"
#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"

#include <algorithm>
#include <limits>

namespace asio_inotify::detail {

void watch_numbers::opened() noexcept
{
    cursor_ = kernel_cursor(1);
    highest_ = 0;
    live_known_ = true;
    live_.clear();
}

void watch_numbers::assigned() noexcept
{
    cursor_.forget();
    // Any number can have events in the queue.
    highest_ = (std::numeric_limits<int>::max)();
    live_known_ = false;
    live_.clear();
}

watch_descriptor watch_numbers::add(instance_access const& instance, path_ref const& path,
                                    event_mask mask, add_options options,
                                    boost::system::error_code& ec)
{
    check_arguments(path, mask, options, ec);
    if (ec) {
        return {};
    }
    // The kernel does not say whether it made a watch or changed one, and only a new one moves the
    // cursor: ask for a new one first.
    constexpr auto create = native(add_options::create_only);
    constexpr auto merge = native(add_options::merge_mask);
    auto const before = cursor_.next();
    int wd = cursor_.add(instance.fd, path.c_str(), (native(mask, options) & ~merge) | create, ec);
    if (!ec) {
        enter(instance, wd);
        return watch_descriptor{wd};
    }
    if (is_errno(ec, EEXIST) && !any(options & add_options::create_only)) {
        wd = cursor_.add(instance.fd, path.c_str(), native(mask, options), ec);
        if (!ec) {
            if (live_known_ && !live_.contains(wd)) {
                // Others have made it, or it is new because the old one ended between the two
                // calls: whether the cursor has moved is unknown.
                cursor_.forget();
                highest_ = (std::max)(highest_, wd);
                live_.insert(wd);
            }
            return watch_descriptor{wd};
        }
    }
    if (before && !cursor_.next()) {
        cursor_.restore(instance.fd, before);
    }
    return {};
}

void watch_numbers::add_at(instance_access const& instance, watch_descriptor wanted,
                           path_ref const& path, event_mask mask, add_options options,
                           boost::system::error_code& ec)
{
    options |= add_options::create_only;
    check_arguments(wanted, path, mask, options, ec);
    if (ec) {
        return;
    }
    if (is_live(instance.fd, wanted.value())) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return;
    }
    auto const before = cursor_.next();
    cursor_.set(instance.fd, wanted.value(), ec);
    if (is_set_next_missing(ec) && walk_limit_ != 0) {
        number_walk(instance, cursor_).to(wanted.value(), walk_limit_, ec);
    }
    if (ec) {
        return;
    }
    auto const claim =
        cursor_.claim(instance.fd, wanted.value(), path.c_str(), native(mask, options), ec);
    switch (claim.verdict) {
    case claim_verdict::made:
        enter(instance, claim.wd);
        return;
    case claim_verdict::taken:
        remove_stray(instance, claim.wd);
        break;
    case claim_verdict::failed:
        break;
    }
    cursor_.restore(instance.fd, before);
}

void watch_numbers::remove(int fd, watch_descriptor wd, boost::system::error_code& ec)
{
    remove_watch(fd, wd, ec);
    // Removed now, or by the kernel before.
    if (!ec || ec == make_error_code(error::no_such_watch)) {
        live_.erase(wd.value());
    }
}

void watch_numbers::set_next(int fd, watch_descriptor next, boost::system::error_code& ec)
{
    if (next.is_valid()) {
        cursor_.set(fd, next.value(), ec);
    } else {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_out_of_range);
    }
}

// Out of memory the watch is removed again, as the caller does not get its number.
void watch_numbers::enter(instance_access const& instance, int wd)
{
    highest_ = (std::max)(highest_, wd);
    instance.backlog.claimed(wd);
    scope_guard remove_again([&] { drop_watch(instance.fd, wd); });
    live_.insert(wd);
    remove_again.dismiss();
}

bool watch_numbers::is_live(int fd, int wd)
{
    if (live_known_ && !live_.contains(wd)) {
        return false;
    }
    // Without /proc nothing is known, and the claim itself shows whether the number is in use.
    return read_live(fd) && live_.contains(wd);
}

bool watch_numbers::read_live(int fd)
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

void watch_numbers::remove_stray(instance_access const& instance, int wd)
{
    scope_guard const remove_at_end([&] { drop_watch(instance.fd, wd); });
    // If the number had a watch before, unread events of that one cannot be distinguished from the
    // traces: one IN_IGNORED too many is better than a lost event.
    if (wd > highest_) {
        highest_ = wd;
        instance.backlog.expect_trace(wd);
    }
}

} // namespace asio_inotify::detail
