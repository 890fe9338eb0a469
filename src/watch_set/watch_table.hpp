//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_WATCH_TABLE_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_WATCH_TABLE_HPP

#include "system/keyed_hash.hpp"
#include "watch_set/number_ledger.hpp"
#include "watch_set/record_store.hpp"

#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

// The watches of a set: look-up by number and by path, and the join with the events of a read.
// Values only; records keep their addresses. The record of a watch that is gone is not reused
// before `free_gone_records`, as the user may still hold events that point to it.
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

    /// Begin the ascending cursor at a number; not valid for behind INT_MAX. @pre No watch was
    /// entered yet.
    void start_at(watch_descriptor next) noexcept
    {
        numbers_.start_at(next.is_valid() ? next.value() : 0);
    }

    /// Enter a live watch. @pre The number is free. Strong exception safety.
    void insert(int number, std::string_view path, std::uint32_t native_mask);

    /// The kernel has made the watch: its path now finds it, even if it found another watch before.
    /** @pre The watch is live, and nothing was removed since `insert`. */
    void confirm(int number) noexcept;

    /// The kernel has not made the watch: undo `insert`.
    /** @pre Nothing was inserted or removed since. */
    void undo_insert(int number) noexcept;

    /// The user removed a live watch: its number is closing. @pre It is live. Strong exception
    /// safety.
    void remove(int number);

    [[nodiscard]] watch_record* find(int number) noexcept;
    [[nodiscard]] watch_record const* find(std::string_view path) const noexcept;

    /// The object that a live watch was added on, as far as it is known. @pre The watch is live.
    [[nodiscard]] object_identity& object(int number) noexcept
    {
        return records_.object(numbers_.find(number));
    }
    [[nodiscard]] object_identity const& object(int number) const noexcept
    {
        return records_.object(numbers_.find(number));
    }

    /// The first live watch from `position` on, which moves to it; null behind the last one. The
    /// order is unspecified.
    [[nodiscard]] watch_record const* live_from(std::size_t& position) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept
    {
        return numbers_.live_count() - ended_but_live_;
    }

    /// The result of a join.
    struct joined
    {
        /// The bytes that are left of the records.
        std::size_t size = 0;
        std::size_t events = 0;
        std::size_t dropped = 0;
        bool overflow = false;
    };

    /// Drop the events of numbers that are not live, mark watches as ended at their IN_IGNORED, and
    /// write a pointer to the watch of each event that is left to `watches`.
    joined join(std::byte* data, std::size_t size, std::byte* watches);

    /// Make the records of watches that are gone vacant.
    void free_gone_records() noexcept;

private:
    struct path_key
    {
        using is_transparent = void;
        watch_table const* table;

        std::string_view operator()(number_ledger::slot s) const noexcept;
        std::string_view operator()(std::string_view path) const noexcept { return path; }
    };
    struct path_hash : path_key
    {
        using is_avalanching = void;

        template <class T>
        std::size_t operator()(T const& key) const noexcept
        {
            return keyed_hash(path_key::operator()(key));
        }
    };
    struct path_equal : path_key
    {
        template <class T, class U>
        bool operator()(T const& a, U const& b) const noexcept
        {
            return path_key::operator()(a) == path_key::operator()(b);
        }
    };

    [[nodiscard]] number_ledger::slot vacant_slot();
    void end(int number, number_ledger::slot s) noexcept;
    void retire(number_ledger::slot s, watch_state state) noexcept;

    record_store records_;
    std::vector<number_ledger::slot> vacant_;
    std::vector<number_ledger::slot> gone_;
    number_ledger numbers_;
    // Ended watches that are still live in the ledger, as it had no memory for another state.
    std::size_t ended_but_live_ = 0;
    boost::unordered_flat_set<number_ledger::slot, path_hash, path_equal> by_path_{
        0, path_hash{{this}}, path_equal{{this}}};
};

} // namespace asio_inotify::detail

#endif
