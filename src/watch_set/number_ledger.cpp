//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_ledger.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/assert.hpp>
#include <boost/core/no_exceptions_support.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr int next_above(int number) noexcept
{
    return number == (std::numeric_limits<int>::max)() ? 0 : number + 1;
}

} // namespace

auto number_ledger::state_of(int number) const noexcept -> state
{
    if (live_.contains(number)) {
        return state::live;
    }
    if (closing_.contains(number)) {
        return state::closing;
    }
    bool const in_batch = std::any_of(batches_.begin(), batches_.end(), [number](batch const& b) {
        return b.numbers.contains(number);
    });
    return in_batch || quarantined_.contains(number) ? state::quarantined : state::free;
}

int number_ledger::cursor() const noexcept
{
    int number = cursor_;
    while (number != 0) {
        if (live_.contains(number)) {
            number = next_above(number);
            continue;
        }
        // None is less than each number.
        auto last = (std::max)(closing_.last_from(number), quarantined_.last_from(number));
        for (auto const& b : batches_) {
            last = (std::max)(last, b.numbers.last_from(number));
        }
        if (!last) {
            break;
        }
        number = next_above(*last);
    }
    return number;
}

void number_ledger::skip(int last) noexcept
{
    if (cursor_ != 0 && last >= cursor_) {
        cursor_ = next_above(last);
    }
}

int number_ledger::next() noexcept
{
    if (!recycled_.empty()) {
        return recycled_.ranges().begin()->first;
    }
    // Kept, so that the next call does not pass the same numbers again.
    cursor_ = cursor();
    return cursor_;
}

void number_ledger::claim(int number, slot where)
{
    BOOST_ASSERT(state_of(number) == state::free);
    live_.insert(number, where);
    bool const recycled = recycled_.contains(number);
    if (recycled) {
        scope_guard undo_insert([&] { live_.erase(number); });
        recycled_.erase(number);
        undo_insert.dismiss();
    }
    last_claim_ = {number, cursor_, recycled};
}

void number_ledger::unclaim(int number) noexcept
{
    BOOST_ASSERT(live_.contains(number));
    live_.erase(number);
    // `next` has to give it again, unless it would not have given it before the claim either: a
    // number that the caller chose and that the cursor had passed already.
    auto const& claim = last_claim_;
    bool const last = claim.number == number;
    bool const ahead = !last || (claim.cursor != 0 && number >= claim.cursor);
    bool const passed = number < cursor_ || cursor_ == 0;
    if ((last && claim.recycled) || (ahead && passed)) {
        BOOST_TRY
        {
            recycled_.insert(number);
        }
        BOOST_CATCH(...)
        {
            // Out of memory: it is free, but given only to a caller that chooses it.
        }
        BOOST_CATCH_END
    }
}

void number_ledger::end(int number)
{
    BOOST_ASSERT(live_.contains(number));
    closing_.insert(number);
    live_.erase(number);
}

void number_ledger::quarantine(int number)
{
    reserve_quarantine(1);
    quarantine(number, spare_);
}

void number_ledger::quarantine(int number, number_ranges& spare) noexcept
{
    if (state_of(number) == state::free) {
        recycled_.erase(number, spare);
        quarantined_.insert(number, spare);
    }
}

void number_ledger::reserve_quarantine(std::size_t count)
{
    // Leaving the recycled numbers and joining the quarantined ones can take a range each.
    spare_.reserve_spare(2 * count);
}

void number_ledger::freed(int number)
{
    BOOST_ASSERT(closing_.contains(number));
    quarantined_.insert(number);
    closing_.erase(number);
}

auto number_ledger::begin_barrier() -> ticket
{
    if (quarantined_.empty()) {
        return 0;
    }
    // The step that can fail comes first, so that no number is lost.
    batches_.push_back({++last_ticket_, false, 0, {}});
    batches_.back().numbers = std::exchange(quarantined_, {});
    return last_ticket_;
}

std::size_t number_ledger::barrier_passed(ticket id, std::uint64_t position)
{
    auto const found = find_batch(id);
    if (found == batches_.end()) {
        return 0;
    }
    found->passed = true;
    found->position = position;
    return found->numbers.count();
}

void number_ledger::barrier_failed(ticket id) noexcept
{
    auto const found = find_batch(id);
    if (found != batches_.end()) {
        quarantined_.merge(found->numbers);
        batches_.erase(found);
    }
}

// Events are off the queue when this is called, so it must not fail.
void number_ledger::read_up_to(std::uint64_t position) noexcept
{
    std::erase_if(batches_, [&](batch& b) {
        if (!b.passed || b.position > position) {
            return false;
        }
        recycled_.merge(b.numbers);
        return true;
    });
}

void number_ledger::stream_shifted(std::uint64_t bytes) noexcept
{
    for (auto& b : batches_) {
        b.position += bytes;
    }
}

bool number_ledger::is_waiting() const noexcept
{
    return std::any_of(batches_.begin(), batches_.end(), [](batch const& b) { return b.passed; });
}

number_ranges number_ledger::quarantined() const
{
    auto numbers = quarantined_;
    for (auto const& b : batches_) {
        numbers.insert(b.numbers);
    }
    return numbers;
}

void number_ledger::start_at(int next) noexcept
{
    BOOST_ASSERT(live_.size() == 0 && closing_.empty() && quarantined_count() == 0);
    cursor_ = next;
}

void number_ledger::load(number_ranges closing, number_ranges quarantined,
                         number_ranges recycled) noexcept
{
    BOOST_ASSERT(closing_.empty() && quarantined_count() == 0 && recycled_.empty());
    closing_ = std::move(closing);
    quarantined_ = std::move(quarantined);
    recycled_ = std::move(recycled);
}

std::size_t number_ledger::quarantined_count() const noexcept
{
    auto numbers = quarantined_.count();
    for (auto const& b : batches_) {
        numbers += b.numbers.count();
    }
    return numbers;
}

auto number_ledger::find_batch(ticket id) noexcept -> std::vector<batch>::iterator
{
    return std::find_if(batches_.begin(), batches_.end(),
                        [id](batch const& b) { return b.id == id; });
}

} // namespace asio_inotify::detail
