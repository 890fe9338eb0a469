//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_NUMBER_RANGES_HPP
#define ASIO_INOTIFY_DETAIL_NUMBER_RANGES_HPP

#include <asio_inotify/detail/config.hpp>

#include <cstddef>
#include <map>
#include <optional>

namespace asio_inotify::detail {

// A set of numbers, kept as ranges that do not touch: numbers are given in ascending order, so few
// ranges hold many of them.
class ASIO_INOTIFY_DECL number_ranges
{
public:
    using map = std::map<int, int>;

    number_ranges() = default;

    void insert(int number) { insert(number, number); }

    /// Insert all numbers from `first` to `last`. @pre `first <= last`
    void insert(int first, int last);
    void insert(number_ranges const& other);

    /// Move all numbers of `other` into this set, which takes no memory.
    void merge(number_ranges& other) noexcept;
    void erase(int number);

    /// The same without allocating: a new range takes the memory of one of the ranges of `spare`.
    /** @pre `spare` is not empty. */
    void insert(int number, number_ranges& spare) noexcept;
    void erase(int number, number_ranges& spare) noexcept;

    /// Have at least so many ranges, of arbitrary numbers, to be the `spare` of other sets.
    void reserve_spare(std::size_t ranges);
    void clear() noexcept { last_of_.clear(); }

    [[nodiscard]] bool contains(int number) const noexcept { return last_from(number).has_value(); }

    /// The last number of the range that holds `number`, if one does.
    [[nodiscard]] std::optional<int> last_from(int number) const noexcept;

    [[nodiscard]] bool empty() const noexcept { return last_of_.empty(); }

    /// How many numbers there are.
    [[nodiscard]] std::size_t count() const noexcept;

    /// The last number of each range, by its first.
    [[nodiscard]] map const& ranges() const noexcept { return last_of_; }

private:
    void insert(map::node_type range) noexcept;
    [[nodiscard]] bool erase_at_edge(int number) noexcept;
    [[nodiscard]] map::node_type take_first() noexcept;

    map last_of_;
};

} // namespace asio_inotify::detail

#endif
