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

// What an instance has to put right between the kernel's queue and the reader. Two rare things:
//
// - Traces. A claim of a number that turned out to be taken made a watch under another number and
//   removed it again. Its events, up to that of its end, stand in the queue and are nobody's: they
//   are taken out of what is read.
// - Held events. Walking to a number reads the queue so that it cannot overflow; the events that
//   are not the walk's own are held here and delivered before anything that is read later.
//
// Without either, finish_read is one atomic load. A read's handler may run on another executor
// than the one that guards the object, so what is rare is behind a mutex.
class ASIO_INOTIFY_DECL read_backlog
{
public:
    read_backlog();
    read_backlog(read_backlog const&) = delete;
    read_backlog& operator=(read_backlog const&) = delete;
    ~read_backlog();

    /// From now on events of this number are traces, until the event of its end was seen.
    void expect_trace(int wd);

    /// The kernel gave this number to a watch of the user's.
    void claimed(int wd);

    /// Make room for so many more held bytes, so that @ref hold cannot fail once events are off the
    /// kernel's queue.
    void reserve(std::size_t size);

    /// Hold whole records that were read after everything that is held already.
    void hold(void const* data, std::size_t size);

    /// The bytes that are held.
    [[nodiscard]] std::string held() const;

    /// The number of bytes that are held.
    [[nodiscard]] std::size_t held_bytes() const;

    /// Turn what a read(2) gave into what the reader gets.
    /**
     * Takes traces out of the `size` bytes at `data`, and puts held events before them, as far as
     * `capacity` goes; the rest is held for the next read.
     * @returns The new size; 0 if there was nothing but traces, or if the next held event does not
     * fit: then `ec` is set.
     */
    [[nodiscard]] std::size_t finish_read(void* data, std::size_t capacity, std::size_t size,
                                          boost::system::error_code& ec);

    /// Forget everything: the instance is closed, and its queue with it.
    void clear();

private:
    struct trace
    {
        int wd;
        bool overflowed;
        bool claimed;
    };

    bool is_trace(std::byte const* record);
    void update_active();

    std::atomic<bool> active_{false};
    mutable std::mutex mutex_;
    std::vector<trace> traces_;
    std::vector<std::byte> held_;
};

} // namespace asio_inotify::detail

#endif
