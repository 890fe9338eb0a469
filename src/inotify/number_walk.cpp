//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "inotify/number_walk.hpp"

#include <asio_inotify/detail/read_backlog.hpp>

#include "inotify/records.hpp"
#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "values/native.hpp"

#include <algorithm>
#include <limits>

namespace asio_inotify::detail {

void number_walk::to(int wanted, std::size_t limit, boost::system::error_code& ec)
{
    auto const live = live_numbers(instance_.fd, ec);
    if (ec) {
        return;
    }
    auto const is_live = [&](int wd) { return std::binary_search(live.begin(), live.end(), wd); };
    if (is_live(wanted)) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return;
    }
    // The last number to be used up: after it, the wanted one is the first that is free.
    int last = wanted - 1;
    while (last > 0 && is_live(last)) {
        --last;
    }
    auto const next = cursor_.next();
    if (next && *next > last && *next <= wanted) {
        return;
    }
    constexpr std::size_t highest = (std::numeric_limits<int>::max)();
    auto const most_steps = static_cast<std::int64_t>((std::min)(limit, highest));
    if (last == 0 || (next && (*next > last || last - *next >= most_steps))) {
        ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
        return;
    }
    if (!instance_.may_read) {
        ASIO_INOTIFY_FAIL(ec, error::operation_outstanding);
        return;
    }
    step_past(last, most_steps, ec);
}

void number_walk::step_past(int last, std::int64_t limit, boost::system::error_code& ec)
{
    scratch_inode const scratch(ec);
    if (ec) {
        return;
    }
    // A quarter of the usual queue, so that others have room in it as well (kernel note 5.6).
    constexpr std::size_t most_undrained = 4096;
    constexpr auto step_mask = silent_mask | native(add_options::create_only);
    buffer_.resize(65536);
    boost::system::error_code drain_failure;
    for (std::int64_t steps = 0; cursor_.next().value_or(last) <= last; ++steps) {
        if (steps == limit) {
            ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
            break;
        }
        int const wd = cursor_.add(instance_.fd, scratch.path(), step_mask, ec);
        if (ec) {
            break;
        }
        drop_watch(instance_.fd, wd);
        own_.push_back(wd);
        if (wd > last) {
            // The cursor was unknown, and has passed the wanted number already.
            ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
            break;
        }
        if (own_.size() == most_undrained) {
            drain(drain_failure);
        }
    }
    drain(drain_failure);
    if (!ec && drain_failure) {
        ec = drain_failure;
    }
}

void number_walk::drain(boost::system::error_code& ec)
{
    auto const is_own = [this](std::byte const* record) {
        return std::binary_search(own_.begin(), own_.end(), load<event_header>(record).wd);
    };
    for (;;) {
        instance_.backlog.reserve(buffer_.size());
        auto const size = read_queued(instance_.fd, buffer_.data(), buffer_.size(), ec);
        if (size == 0) {
            own_.clear();
            return;
        }
        instance_.backlog.hold(buffer_.data(), remove_records(buffer_.data(), size, is_own));
    }
}

} // namespace asio_inotify::detail
