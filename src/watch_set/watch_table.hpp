//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_WATCH_TABLE_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_WATCH_TABLE_HPP

#include "watch_set/number_ledger.hpp"
#include "watch_set/record_store.hpp"

#include <asio_inotify/detail/watch_record.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

// The watches of a set: found by number and by path, joined with the events of a read. Values
// only; records keep their addresses. A record whose watch is gone is not used again before
// `forget_gone`, as events that were read with it may still be looked at.
class watch_table
{
public:
    explicit watch_table(int cursor = 1)
        : numbers_(cursor)
    {}
    watch_table(watch_table const&) = delete;
    watch_table& operator=(watch_table const&) = delete;

    [[nodiscard]] number_ledger& numbers() noexcept { return numbers_; }
    [[nodiscard]] number_ledger const& numbers() const noexcept { return numbers_; }

    /// Enter a watch, as live. @pre The number is free. Strong exception safety.
    void insert(int number, std::string_view path, std::uint32_t native_mask);

    /// The kernel has made the watch: its path finds it, even if it found another one before.
    /** @pre Nothing was removed since `insert`. */
    void confirm(int number) noexcept;

    /// Take back what `insert` did: there never was such a watch.
    /** @pre Nothing was inserted since. */
    void undo_insert(int number) noexcept;

    /// The user removed a live watch: its number is closing. Strong exception safety.
    void remove(int number);

    [[nodiscard]] watch_record* find(int number) noexcept;
    [[nodiscard]] watch_record const* find(std::string_view path) const noexcept;

    /// The first live watch from a position on, which is moved to it; null behind the last. In no
    /// particular order.
    [[nodiscard]] watch_record const* live_from(std::size_t& position) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return numbers_.live_count() - unburied_; }

    /// What a read gave, joined.
    struct joined
    {
        /// The bytes that are left.
        std::size_t size = 0;
        std::size_t events = 0;
        std::size_t dropped = 0;
        bool overflow = false;
    };

    /// Drop the records that are of no live watch, enter the ends of watches, and write a pointer
    /// to the watch of each record that is left to `watches`.
    joined join(std::byte* data, std::size_t size, std::byte* watches);

    /// Use the records of watches that are gone again, from now on.
    void forget_gone() noexcept;

private:
    struct path_of
    {
        using is_transparent = void;
        watch_table const* table;

        std::string_view operator()(number_ledger::slot s) const noexcept;
        std::string_view operator()(std::string_view path) const noexcept { return path; }
    };
    struct path_hash : path_of
    {
        template <class T>
        std::size_t operator()(T const& key) const noexcept
        {
            return boost::hash<std::string_view>()(path_of::operator()(key));
        }
    };
    struct path_equal : path_of
    {
        template <class T, class U>
        bool operator()(T const& a, U const& b) const noexcept
        {
            return path_of::operator()(a) == path_of::operator()(b);
        }
    };

    [[nodiscard]] number_ledger::slot vacant_slot();
    void end(int number, number_ledger::slot s) noexcept;
    void leave(number_ledger::slot s, watch_state state) noexcept;

    record_store records_;
    std::vector<number_ledger::slot> vacant_;
    std::vector<number_ledger::slot> gone_;
    number_ledger numbers_;
    // Watches that have ended and for whose numbers there was no memory: they look live there.
    std::size_t unburied_ = 0;
    boost::unordered_flat_set<number_ledger::slot, path_hash, path_equal> by_path_{
        0, path_hash{{this}}, path_equal{{this}}};
};

} // namespace asio_inotify::detail

#endif
