//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/number_ranges.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace asio_inotify::detail {

void number_ranges::insert(int first, int last)
{
    BOOST_ASSERT(first <= last);
    auto after = last_of_.upper_bound(first);
    if (after != last_of_.begin()) {
        auto const before = std::prev(after);
        // Widened, as INT_MAX + 1 overflows.
        if (static_cast<long long>(before->second) + 1 >= first) {
            if (before->second >= last) {
                return;
            }
            first = before->first;
            after = before;
        }
    }
    // The ranges that the new one overlaps or touches become part of it. If the first of them
    // begins where the new one does, it is changed and not replaced: nothing is allocated.
    auto const kept = after != last_of_.end() && after->first == first ? after : last_of_.end();
    if (kept != last_of_.end()) {
        ++after;
    }
    while (after != last_of_.end() && after->first <= static_cast<long long>(last) + 1) {
        last = (std::max)(last, after->second);
        after = last_of_.erase(after);
    }
    if (kept != last_of_.end()) {
        kept->second = (std::max)(kept->second, last);
    } else {
        last_of_.emplace_hint(after, first, last);
    }
}

void number_ranges::insert(number_ranges const& other)
{
    for (auto const& [first, last] : other.last_of_) {
        insert(first, last);
    }
}

void number_ranges::merge(number_ranges& other) noexcept
{
    while (!other.last_of_.empty()) {
        insert(other.take_first());
    }
}

void number_ranges::insert(map::node_type range) noexcept
{
    auto const after = last_of_.upper_bound(range.key());
    bool const touches_before = after != last_of_.begin() &&
                                static_cast<long long>(std::prev(after)->second) + 1 >= range.key();
    if (touches_before) {
        // The range before grows, which takes no memory.
        insert(range.key(), range.mapped());
        return;
    }
    auto next = after;
    while (next != last_of_.end() && next->first <= static_cast<long long>(range.mapped()) + 1) {
        range.mapped() = (std::max)(range.mapped(), next->second);
        next = last_of_.erase(next);
    }
    last_of_.insert(std::move(range));
}

void number_ranges::erase(int number)
{
    if (!erase_at_edge(number)) {
        auto const after = last_of_.upper_bound(number);
        auto const range = std::prev(after);
        last_of_.emplace_hint(after, number + 1, range->second);
        range->second = number - 1;
    }
}

void number_ranges::insert(int number, number_ranges& spare) noexcept
{
    BOOST_ASSERT(!spare.empty());
    auto range = spare.take_first();
    range.key() = number;
    range.mapped() = number;
    insert(std::move(range));
}

void number_ranges::erase(int number, number_ranges& spare) noexcept
{
    if (!erase_at_edge(number)) {
        auto const range = std::prev(last_of_.upper_bound(number));
        BOOST_ASSERT(!spare.empty());
        auto rest = spare.take_first();
        rest.key() = number + 1;
        rest.mapped() = std::exchange(range->second, number - 1);
        last_of_.insert(std::move(rest));
    }
}

void number_ranges::reserve_spare(std::size_t ranges)
{
    for (int number = 1; last_of_.size() < ranges; number += 2) {
        insert(number);
    }
}

// Erases the number and returns true unless it is inside a range, which would become two.
bool number_ranges::erase_at_edge(int number) noexcept
{
    auto const after = last_of_.upper_bound(number);
    if (after == last_of_.begin()) {
        return true;
    }
    auto const range = std::prev(after);
    if (range->second < number) {
        return true;
    }
    if (range->second == number) {
        if (range->first == number) {
            last_of_.erase(range);
        } else {
            range->second = number - 1;
        }
        return true;
    }
    if (range->first == number) {
        auto rest = last_of_.extract(range);
        rest.key() = number + 1;
        last_of_.insert(std::move(rest));
        return true;
    }
    return false;
}

auto number_ranges::take_first() noexcept -> map::node_type
{
    return last_of_.extract(last_of_.begin());
}

std::optional<int> number_ranges::last_from(int number) const noexcept
{
    auto const after = last_of_.upper_bound(number);
    if (after == last_of_.begin() || std::prev(after)->second < number) {
        return std::nullopt;
    }
    return std::prev(after)->second;
}

std::size_t number_ranges::count() const noexcept
{
    std::size_t numbers = 0;
    for (auto const& [first, last] : last_of_) {
        numbers += static_cast<std::size_t>(last - first) + 1;
    }
    return numbers;
}

} // namespace asio_inotify::detail
