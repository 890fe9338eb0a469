//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_INOTIFY_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_INOTIFY_HPP

#include "support/simulation/state_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace test {

/// One inotify instance of a simulated kernel: watches and queue (kernel notes 1 and 4).
/** An object is what can be watched, an inode, by a number that no other object ever has. */
class simulated_inotify
{
public:
    using object = std::uint64_t;

    struct record
    {
        int wd;
        std::uint32_t mask;
        std::uint32_t cookie;
        std::string name;
    };

    /// How many records can be queued, without that of an overflow.
    std::size_t queue_limit = 16384;
    std::size_t watch_limit = 1U << 20;

    /// The instance is closed, and another one made with the same limits.
    void restart()
    {
        auto const limits = std::pair(queue_limit, watch_limit);
        *this = {};
        std::tie(queue_limit, watch_limit) = limits;
    }

    /// inotify_add_watch(2). The number of the watch, or an errno with its sign changed.
    int add(object what, std::uint32_t mask);

    /// INOTIFY_IOC_SETNEXTWD.
    void set_next(int wd) { next_ = wd; }

    /// inotify_rm_watch(2).
    bool remove(int wd);

    /// Something happens that a watch of this object reports if its mask has it.
    /** @param unlinked  It happens by a file name that has been removed.
     * @returns False if it is taken for what was reported last, although that had another cookie.
     */
    bool notify(object what, std::uint32_t mask, std::uint32_t cookie, std::string_view name,
                bool unlinked);

    /// The object is no more: its watch ends.
    void end(object what);

    /// read(2): bytes, 0 if nothing is queued, or an errno with its sign changed.
    std::ptrdiff_t read(std::byte* data, std::size_t size);

    [[nodiscard]] std::vector<int> live() const;
    [[nodiscard]] bool is_watched(object what) const { return numbers_.contains(what); }
    [[nodiscard]] std::size_t watch_count() const { return watches_.size(); }
    [[nodiscard]] std::deque<record> const& queue() const { return queue_; }

    /// Is there a record of an overflow that was not read yet?
    [[nodiscard]] bool is_overflow_queued() const { return overflow_queued_; }

    /// Add everything on which later behaviour depends.
    void describe(state_hash& state) const;

private:
    struct watch
    {
        object what;
        std::uint32_t mask;
    };

    int new_number();
    bool insert(record r);

    std::map<int, watch> watches_;
    std::unordered_map<object, int> numbers_;
    std::deque<record> queue_;
    int next_ = 1;
    bool overflow_queued_ = false;
};

} // namespace test

#endif
