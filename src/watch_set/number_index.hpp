//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_NUMBER_INDEX_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_NUMBER_INDEX_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asio_inotify::detail {

// Where the watch of a number is kept. Own code, as the hash tables of Boost and of the standard
// spread neighbouring numbers over their memory: each look-up of a large set is a miss of the
// cache then, and there is no way to ask for the memory before it is needed.
//
// Eight numbers that follow each other share a cache line, and lines are spread by a hash, so that
// numbers with gaps of any kind do well too. Open addressing: a number that finds its place taken
// goes to the next one that is free.
class number_index
{
public:
    using slot = std::uint32_t;
    static constexpr slot nothing = 0xffff'ffffU;

    /// @ref nothing if the number is not there.
    [[nodiscard]] slot find(int number) const noexcept
    {
        if (!entries_.empty()) {
            for (auto at = home(number); entries_[at].number != 0; at = behind(at)) {
                if (entries_[at].number == number) {
                    return entries_[at].where;
                }
            }
        }
        return nothing;
    }

    [[nodiscard]] bool contains(int number) const noexcept { return find(number) != nothing; }

    /// The number will be looked for soon.
    void prefetch(int number) const noexcept
    {
        if (!entries_.empty()) {
            __builtin_prefetch(&entries_[home(number)]);
        }
    }

    /// @pre The number is positive and not there. Strong exception safety.
    void insert(int number, slot where);

    /// Nothing happens if the number is not there.
    void erase(int number) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct entry
    {
        int number = 0;
        slot where = nothing;
    };

    static constexpr unsigned line_bits = 3;

    [[nodiscard]] std::size_t home(int number) const noexcept
    {
        auto const value = static_cast<std::size_t>(number);
        constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15U;
        std::size_t const line{(golden * (value >> line_bits)) >> shift_};
        return line << line_bits | (value & ((1U << line_bits) - 1));
    }

    [[nodiscard]] std::size_t behind(std::size_t at) const noexcept
    {
        return (at + 1) & (entries_.size() - 1);
    }

    void place(entry const& e) noexcept;

    // As many as a power of two.
    std::vector<entry> entries_;
    std::size_t size_ = 0;
    // The lines are numbered by so many bits less than 64.
    unsigned shift_ = 63;
};

} // namespace asio_inotify::detail

#endif
