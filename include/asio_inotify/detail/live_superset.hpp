//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_LIVE_SUPERSET_HPP
#define ASIO_INOTIFY_DETAIL_LIVE_SUPERSET_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/number_ranges.hpp>

#include <cstddef>
#include <vector>

namespace asio_inotify::detail {

// A superset of the live watch descriptors: no live one is missing, some may be dead.
//
// Kept as ranges, as numbers are given in ascending order and a range holds most of them. The
// kernel removes watches without notice, so dead members can stay. If they would break the set into
// more ranges than there are live watches for, the gaps are filled; `assign` makes the set exact
// again.
class ASIO_INOTIFY_DECL live_superset
{
public:
    live_superset() = default;

    void insert(int number);
    void erase(int number);
    void clear() noexcept;

    /// Replace the members by the live watches. @pre `numbers` ascend.
    void assign(std::vector<int> const& numbers);

    [[nodiscard]] bool contains(int number) const noexcept { return members_.contains(number); }

    /// The number of ranges, each of which is one allocation.
    [[nodiscard]] std::size_t ranges() const noexcept { return members_.ranges().size(); }

private:
    static constexpr std::size_t few_ranges = 1024;

    void limit_ranges();

    number_ranges members_;
    std::size_t max_ranges_ = few_ranges;
};

} // namespace asio_inotify::detail

#endif
