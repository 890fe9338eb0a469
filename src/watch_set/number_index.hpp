//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_NUMBER_INDEX_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_NUMBER_INDEX_HPP

#include "system/keyed_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asio_inotify::detail {

// A hash table from a number to the slot of its watch. Own code, as the hash tables of Boost and of
// the standard library spread neighbouring numbers over their memory: each look-up in a large set
// would be a cache miss, and they offer no prefetch.
//
// Eight consecutive numbers share a cache line, and a keyed hash spreads the lines, so that numbers
// with gaps of any kind do well too. Open addressing: a number whose place is in use goes to the
// next free one.
class number_index
{
public:
    using slot = std::uint32_t;
    static constexpr slot nothing = 0xffff'ffffU;

    /// @ref nothing if the number is not there.
    [[nodiscard]] slot find(int number) const noexcept
    {
        if (!entries_.empty()) {
            for (auto at = home(number); entries_[at].number != 0; at = next_place(at)) {
                if (entries_[at].number == number) {
                    return entries_[at].where;
                }
            }
        }
        return nothing;
    }

    [[nodiscard]] bool contains(int number) const noexcept { return find(number) != nothing; }

    /// Load the number's place into the cache: a @ref find follows soon.
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
        // The random factor keeps others from choosing numbers that collide; golden spreads the
        // lines whatever it is.
        auto const product = factor_ * (value >> line_bits);
        std::size_t const line{(golden * (product ^ product >> 32)) >> shift_};
        return line << line_bits | (value & ((1U << line_bits) - 1));
    }

    [[nodiscard]] std::size_t next_place(std::size_t at) const noexcept
    {
        return (at + 1) & (entries_.size() - 1);
    }

    void place(entry const& e) noexcept;

    // The size is a power of two.
    std::vector<entry> entries_;
    std::size_t size_ = 0;
    // Odd, so that no two lines have the same product.
    std::uint64_t factor_ = process_hash_key().first;
    // 64 minus the number of bits of a line's index.
    unsigned shift_ = 63;
};

} // namespace asio_inotify::detail

#endif
