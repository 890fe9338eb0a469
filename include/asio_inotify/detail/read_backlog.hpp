//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_READ_BACKLOG_HPP
#define ASIO_INOTIFY_DETAIL_READ_BACKLOG_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/system/error_code.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace asio_inotify::detail {

// Corrects what a read gives, for two rare cases:
//
// - Traces. A claim of a number that turned out to be in use made a stray watch under another
// number
//   and removed it again. The events of the stray watch, up to its IN_IGNORED, are taken out of
//   what is read.
// - Held events. A walk to a number reads the queue so that it cannot overflow. The events that are
//   not the walk's own are held here and delivered before anything that is read later.
//
// Without either, finish_read is one atomic load. The handler of a read may run on a different
// executor than the one that guards the object, so a mutex guards the rare cases.
class ASIO_INOTIFY_DECL read_backlog
{
public:
    read_backlog();
    read_backlog(read_backlog const&) = delete;
    read_backlog& operator=(read_backlog const&) = delete;
    ~read_backlog();

    /// From now on events of this number are traces, up to its IN_IGNORED.
    void expect_trace(int wd);

    /// The kernel gave this number to one of the user's watches.
    void claimed(int wd);

    /// Allocate memory for `size` more held bytes, so that @ref hold cannot fail once events are
    /// off the kernel's queue.
    void reserve(std::size_t size);

    /// Hold whole records, behind those that are held already.
    void hold(void const* data, std::size_t size);

    /// Hold whole records, before those that are held already. Strong exception safety.
    void hold_first(void const* data, std::size_t size);

    /// The kernel's queue was lost, except the whole records at `data` that were read last.
    /**
     * Holds the record of an overflow and these records, before those that are held already.
     * @returns The size of the overflow's record. Strong exception safety.
     */
    std::size_t queue_was_lost(void const* data, std::size_t size);

    /// The bytes that are held.
    [[nodiscard]] std::string held() const;

    /// The number of bytes that are held.
    [[nodiscard]] std::size_t held_bytes() const;

    /// Correct the result of a read(2).
    /**
     * Removes traces from the `size` bytes at `data`, and puts held events before the rest, as many
     * as fit into `capacity`. Everything else is held for the next read.
     * @returns The new size; 0 if there were only traces, or if the first held event does not fit:
     * then `ec` is set.
     */
    [[nodiscard]] std::size_t finish_read(void* data, std::size_t capacity, std::size_t size,
                                          boost::system::error_code& ec);

    /// Drop everything: the instance is closed, and its queue with it.
    void clear();

private:
    struct trace
    {
        int wd;
        bool overflowed;
        bool claimed;
    };

    bool is_trace(std::byte const* record);
    void insert_first(void const* data, std::size_t size);
    void note_overflow();
    void update_active();

    std::atomic<bool> active_{false};
    mutable std::mutex mutex_;
    std::vector<trace> traces_;
    std::vector<std::byte> held_;
};

} // namespace asio_inotify::detail

#endif
