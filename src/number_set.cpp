//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/number_set.hpp>

#include <iterator>

namespace asio_inotify::detail {

void number_set::insert(int number)
{
    auto const after = last_of_.upper_bound(number);
    // Widened, as there is no number behind INT_MAX.
    bool const joins_after =
        after != last_of_.end() && static_cast<long long>(number) + 1 == after->first;
    if (after != last_of_.begin()) {
        auto const before = std::prev(after);
        if (before->second >= number) {
            return;
        }
        if (before->second == number - 1) {
            before->second = joins_after ? after->second : number;
            if (joins_after) {
                last_of_.erase(after);
            }
            return;
        }
    }
    int last = number;
    auto hint = after;
    if (joins_after) {
        last = after->second;
        hint = last_of_.erase(after);
    }
    last_of_.emplace_hint(hint, number, last);
    limit_ranges();
}

void number_set::erase(int number)
{
    auto const after = last_of_.upper_bound(number);
    if (after == last_of_.begin()) {
        return;
    }
    auto const range = std::prev(after);
    int const last = range->second;
    if (last < number) {
        return;
    }
    if (last != number) {
        last_of_.emplace_hint(after, number + 1, last);
    }
    if (range->first == number) {
        last_of_.erase(range);
    } else {
        range->second = number - 1;
    }
    limit_ranges();
}

void number_set::limit_ranges()
{
    if (last_of_.size() > most_ranges_) {
        // Too large a set does no harm, too large a map does.
        last_of_.begin()->second = std::prev(last_of_.end())->second;
        last_of_.erase(std::next(last_of_.begin()), last_of_.end());
    }
}

void number_set::clear() noexcept
{
    last_of_.clear();
    most_ranges_ = few_ranges;
}

void number_set::assign(std::vector<int> const& numbers)
{
    clear();
    most_ranges_ = numbers.size();
    for (int const number : numbers) {
        insert(number);
    }
    most_ranges_ = few_ranges + 2 * last_of_.size();
}

bool number_set::contains(int number) const noexcept
{
    auto const after = last_of_.upper_bound(number);
    return after != last_of_.begin() && std::prev(after)->second >= number;
}

} // namespace asio_inotify::detail
