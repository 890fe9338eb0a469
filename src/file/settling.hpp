//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_SETTLING_HPP
#define ASIO_INOTIFY_SRC_FILE_SETTLING_HPP

#include "file/file_entry.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace asio_inotify::detail {

/// The entries whose changes wait for the settle time (debounce), ordered by deadline.
class settling_entries
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Make room for so many entries, so that @ref schedule does not allocate.
    void reserve(std::size_t entries)
    {
        if (entries > waiting_.capacity()) {
            waiting_.reserve((std::max)(entries, 2 * waiting_.capacity()));
        }
    }

    /// Let an entry wait for a deadline, which replaces the one before.
    /** @pre There is room. */
    void schedule(file_entry& entry, time_point deadline) noexcept
    {
        entry.deadline = deadline;
        // An entry that waits already is moved to its new place when its old deadline comes.
        if (!entry.settling) {
            BOOST_ASSERT(waiting_.size() < waiting_.capacity());
            entry.settling = true;
            push({deadline, &entry});
        }
    }

    /// Remove and return an entry whose deadline has come; null if there is none.
    [[nodiscard]] file_entry* take(time_point now) noexcept
    {
        while (!waiting_.empty() && waiting_.front().until <= now) {
            auto* const entry = waiting_.front().entry;
            std::pop_heap(waiting_.begin(), waiting_.end(), later);
            waiting_.pop_back();
            if (entry->deadline <= now) {
                entry->settling = false;
                return entry;
            }
            push({entry->deadline, entry});
        }
        return nullptr;
    }

    void remove(file_entry& entry) noexcept
    {
        if (entry.settling) {
            entry.settling = false;
            std::erase_if(waiting_, [&](waiting const& w) { return w.entry == &entry; });
            std::make_heap(waiting_.begin(), waiting_.end(), later);
        }
    }

    /// Not later than the first deadline; the largest time if there is none.
    [[nodiscard]] time_point next() const noexcept
    {
        return waiting_.empty() ? (time_point::max)() : waiting_.front().until;
    }

private:
    struct waiting
    {
        time_point until;
        file_entry* entry;
    };

    static bool later(waiting const& a, waiting const& b) noexcept { return a.until > b.until; }

    void push(waiting const& w) noexcept
    {
        waiting_.push_back(w);
        std::push_heap(waiting_.begin(), waiting_.end(), later);
    }

    std::vector<waiting> waiting_;
};

} // namespace asio_inotify::detail

#endif
