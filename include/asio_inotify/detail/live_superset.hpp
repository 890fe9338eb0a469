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

// A set of watch descriptors that never lacks a member but may have some too many.
//
// Kept as ranges: numbers are handed out one after the other, so that a range holds most of them.
// The kernel removes watches without our knowing, so that members which are gone can stay; where
// they would break the set into more ranges than it has live watches for, the gaps between them
// are filled, and `assign` with the truth makes the set exact again.
class ASIO_INOTIFY_DECL live_superset
{
public:
    live_superset() = default;

    void insert(int number);
    void erase(int number);
    void clear() noexcept;

    /// Replace the content. @pre `numbers` ascend.
    void assign(std::vector<int> const& numbers);

    [[nodiscard]] bool contains(int number) const noexcept { return members_.contains(number); }

    /// The number of ranges: what the set costs.
    [[nodiscard]] std::size_t ranges() const noexcept { return members_.ranges().size(); }

private:
    static constexpr std::size_t few_ranges = 1024;

    void limit_ranges();

    number_ranges members_;
    std::size_t most_ranges_ = few_ranges;
};

} // namespace asio_inotify::detail

#endif
