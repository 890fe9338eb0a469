//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_SETTLING_HPP
#define ASIO_INOTIFY_SRC_FILE_SETTLING_HPP

#include "file/file_entry.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace asio_inotify::detail {

/// The entries that wait for their path to be quiet.
class settling_entries
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Have room for so many: then adding does not fail.
    void reserve(std::size_t entries)
    {
        if (entries > waiting_.capacity()) {
            waiting_.reserve((std::max)(entries, 2 * waiting_.capacity()));
        }
    }

    /// Let an entry wait until a time, instead of any it waited for before.
    void wait(file_entry& entry, time_point until) noexcept
    {
        entry.deadline = until;
        // One that waits already is put into its place when its old time has come.
        if (!entry.settling) {
            entry.settling = true;
            push({until, &entry});
        }
    }

    /// An entry whose time has come, which waits no more; null if there is none.
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

    /// When to take the next one, or somewhat before; the largest for never.
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
