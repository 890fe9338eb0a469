//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/live_superset.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <iterator>

namespace asio_inotify::detail {

void live_superset::insert(int number)
{
    members_.insert(number);
    limit_ranges();
}

void live_superset::erase(int number)
{
    members_.erase(number);
    limit_ranges();
}

void live_superset::limit_ranges()
{
    if (ranges() > max_ranges_) {
        // A dead member costs reading fdinfo when its number is wanted; a range costs memory.
        auto const& ranges = members_.ranges();
        members_.insert(ranges.begin()->first, std::prev(ranges.end())->second);
    }
}

void live_superset::clear() noexcept
{
    members_.clear();
    max_ranges_ = few_ranges;
}

void live_superset::assign(std::vector<int> const& numbers)
{
    BOOST_ASSERT(std::is_sorted(numbers.begin(), numbers.end()));
    clear();
    for (int const number : numbers) {
        members_.insert(number);
    }
    max_ranges_ = few_ranges + 2 * ranges();
}

} // namespace asio_inotify::detail
