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
    members_.insert(number);
    limit_ranges();
}

void number_set::erase(int number)
{
    members_.erase(number);
    limit_ranges();
}

void number_set::limit_ranges()
{
    if (ranges() > most_ranges_) {
        // Too large a set does no harm, too large a map does.
        auto const& ranges = members_.ranges();
        members_.insert(ranges.begin()->first, std::prev(ranges.end())->second);
    }
}

void number_set::clear() noexcept
{
    members_.clear();
    most_ranges_ = few_ranges;
}

void number_set::assign(std::vector<int> const& numbers)
{
    clear();
    for (int const number : numbers) {
        members_.insert(number);
    }
    most_ranges_ = few_ranges + 2 * ranges();
}

} // namespace asio_inotify::detail
