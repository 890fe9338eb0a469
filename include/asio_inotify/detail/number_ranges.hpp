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

namespace asio_inotify::detail {

// A set of numbers, kept as ranges that do not touch: numbers are handed out one after the other,
// so that few ranges hold many of them.
class ASIO_INOTIFY_DECL number_ranges
{
public:
    using map = std::map<int, int>;

    number_ranges() = default;

    void insert(int number) { insert(number, number); }

    /// Insert all numbers from `first` to `last`. @pre `first <= last`
    void insert(int first, int last);
    void insert(number_ranges const& other);

    /// Insert the numbers of another one, which is empty then. Takes no memory.
    void take(number_ranges& other) noexcept;
    void erase(int number);

    /// The same with the memory of a range of another one, which may have one range less then.
    /** @pre `spare` is not empty. */
    void insert(int number, number_ranges& spare) noexcept;
    void erase(int number, number_ranges& spare) noexcept;

    /// Have so many ranges at least, of whatever numbers, for others to take the memory of.
    void fill_up(std::size_t ranges);
    void clear() noexcept { last_of_.clear(); }

    [[nodiscard]] bool contains(int number) const noexcept { return last_from(number) != nothing; }

    /// The last number of the range that holds `number`; @ref nothing if none does.
    [[nodiscard]] int last_from(int number) const noexcept;
    static constexpr int nothing = -1;

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
