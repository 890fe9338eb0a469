//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/event_stream.hpp"

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/event_view.hpp>

#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "watch_set/watch_table.hpp"

#include <boost/core/no_exceptions_support.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace asio_inotify::detail {

void event_stream::begin_read(instance_access const& instance, boost::system::error_code& ec)
{
    ec.clear();
    if (positions_may_be_too_far_) {
        correct_positions(instance);
    }
    if (must_reconcile()) {
        reconcile(instance, ec);
    }
}

bool event_stream::hold_after_restore(instance_access const& instance, std::byte const* data,
                                      std::size_t size) noexcept
{
    was_restored_ = detector_.take_restored() || was_restored_;
    if (!was_restored_) {
        return false;
    }
    std::uint64_t later = 0;
    BOOST_TRY
    {
        later = instance.backlog.queue_was_lost(data, size);
    }
    BOOST_CATCH(...)
    {
        // Out of memory: after the next read.
        return false;
    }
    BOOST_CATCH_END
    was_restored_ = false;
    must_revalidate_ = true;
    ++counters_.restores;
    if (std::exchange(read_in_flight_, false)) {
        later += size;
        positions_may_be_too_far_ = true;
    }
    table_.numbers().stream_shifted(later);
    missing_.shift(later);
    return true;
}

bool event_stream::put_back(instance_access const& instance, std::byte const* data,
                            std::size_t size) noexcept
{
    BOOST_TRY
    {
        instance.backlog.hold_first(data, size);
    }
    BOOST_CATCH(...)
    {
        return false;
    }
    BOOST_CATCH_END
    shift_by_read(size);
    return true;
}

// Positions that were computed while the records were neither in the queue nor in the backlog.
void event_stream::shift_by_read(std::size_t size) noexcept
{
    if (std::exchange(read_in_flight_, false)) {
        table_.numbers().stream_shifted(size);
        missing_.shift(size);
        positions_may_be_too_far_ = true;
    }
}

std::size_t event_stream::join(std::byte* data, std::size_t size, std::byte* watches)
{
    shift_by_read(size);
    position_ += size;
    auto const result = table_.join(data, size, watches);
    table_.numbers().read_up_to(position_);
    counters_.events += result.events;
    counters_.stale += result.dropped;
    if (result.overflow) {
        ++counters_.overflows;
        missing_.note_overflow();
    }
    return result.size;
}

std::uint64_t event_stream::end_of_queue(instance_access const& instance,
                                         boost::system::error_code& ec)
{
    auto const queued = queued_bytes(instance.fd, ec);
    read_in_flight_ = read_in_flight_ || !instance.may_read;
    return position_ + instance.backlog.held_bytes() + queued;
}

void event_stream::set_missing(instance_access const& instance, std::vector<int> numbers,
                               boost::system::error_code& ec)
{
    auto const report_at = end_of_queue(instance, ec);
    if (!ec) {
        missing_.assign(std::move(numbers), report_at);
    }
}

// Once everything was read, each position is reached.
void event_stream::correct_positions(instance_access const& instance) noexcept
{
    positions_may_be_too_far_ = table_.numbers().is_waiting() || missing_.is_waiting();
    if (positions_may_be_too_far_ && instance.may_read && instance.backlog.held_bytes() == 0 &&
        is_queue_empty(instance.fd)) {
        table_.numbers().read_up_to((std::numeric_limits<std::uint64_t>::max)());
        missing_.queue_was_empty(position_);
        positions_may_be_too_far_ = false;
    }
}

void event_stream::reconcile(instance_access const& instance, boost::system::error_code& ec)
{
    if (missing_.must_compare()) {
        compare(instance, ec);
        // A failure is reported once, so that a user who needs no comparison can read on. The
        // comparison is tried again before each read.
        bool const was_reported = std::exchange(comparison_failed_, static_cast<bool>(ec));
        if (ec && was_reported) {
            ec.clear();
        }
    }
    if (missing_.is_due(position_)) {
        report_missing(instance);
    }
}

// The overflow record was read before, so a further loss queues another one behind the events that
// are queued now (kernel note 4.14). Takes some 4 microseconds for each watch.
void event_stream::compare(instance_access const& instance, boost::system::error_code& ec)
{
    auto const live = live_numbers(instance.fd, ec);
    if (ec) {
        return;
    }
    std::vector<int> missing;
    for (std::size_t at = 0; auto const* const record = table_.live_from(at); ++at) {
        if (!std::binary_search(live.begin(), live.end(), record->wd)) {
            missing.push_back(record->wd);
        }
    }
    set_missing(instance, std::move(missing), ec);
}

void event_stream::report_missing(instance_access const& instance)
{
    std::vector<event_header> ends;
    for (int const wd : missing_.numbers()) {
        if (table_.find(wd) != nullptr) {
            ends.push_back({wd, ignored_bit, 0, 0});
        }
    }
    if (!ends.empty()) {
        auto const size = ends.size() * sizeof(event_header);
        instance.backlog.hold(ends.data(), size);
        table_.numbers().stream_shifted(size);
        counters_.reconciled += ends.size();
    }
    missing_.clear();
}

} // namespace asio_inotify::detail
