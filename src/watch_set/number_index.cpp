//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_index.hpp"

#include <boost/assert.hpp>

#include <utility>

namespace asio_inotify::detail {

void number_index::insert(int number, slot where)
{
    BOOST_ASSERT(number > 0 && !contains(number));
    // At most three quarters are in use, so that a search ends soon.
    if (4 * (size_ + 1) > 3 * entries_.size()) {
        constexpr std::size_t smallest = 2U << line_bits;
        std::vector<entry> larger(entries_.empty() ? smallest : 2 * entries_.size());
        shift_ -= entries_.empty() ? 0U : 1U;
        entries_.swap(larger);
        for (auto const& e : larger) {
            if (e.number != 0) {
                place(e);
            }
        }
    }
    place({number, where});
    ++size_;
}

void number_index::place(entry const& e) noexcept
{
    auto at = home(e.number);
    while (entries_[at].number != 0) {
        at = next_place(at);
    }
    entries_[at] = e;
}

void number_index::erase(int number) noexcept
{
    if (entries_.empty()) {
        return;
    }
    auto hole = home(number);
    while (entries_[hole].number != number) {
        if (entries_[hole].number == 0) {
            return;
        }
        hole = next_place(hole);
    }
    // Later entries move up, unless that would put them before the place where their search begins.
    auto const mask = entries_.size() - 1;
    for (auto at = next_place(hole); entries_[at].number != 0; at = next_place(at)) {
        auto const distance = (at - home(entries_[at].number)) & mask;
        if (distance >= ((at - hole) & mask)) {
            entries_[hole] = entries_[at];
            hole = at;
        }
    }
    entries_[hole] = {};
    --size_;
}

} // namespace asio_inotify::detail
