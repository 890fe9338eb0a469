//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_WATCH_NUMBERS_HPP
#define ASIO_INOTIFY_DETAIL_WATCH_NUMBERS_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/live_superset.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace asio_inotify::detail {

class read_backlog;

// Adding watches to an instance, and what has to be remembered to choose their numbers.
//
// The kernel does not tell its cursor (the number from which it searches for the next new watch),
// and what a failure does to it depends on the failure (kernel notes 1.10 to 1.15). So it is
// tracked here, and put back after a failed claim.
//
// Nor does it refuse a number that is taken: it gives another one. That watch would have to be
// removed again and leave its traces in the queue, so that a number which may be taken is first
// looked for among the live ones. Only where others add watches to the same instance can a claim
// still go wrong.
class ASIO_INOTIFY_DECL watch_numbers
{
public:
    /// A new instance: the kernel starts at 1.
    void opened() noexcept;

    /// An instance from elsewhere: nothing is known.
    void assigned() noexcept;

    watch_descriptor add(int fd, read_backlog& left, path_ref path, event_mask mask,
                         add_options options, boost::system::error_code& ec);

    /// `may_read` says that no read is outstanding, so that a walk may take events off the queue.
    void add_at(int fd, read_backlog& left, bool may_read, watch_descriptor wanted, path_ref path,
                event_mask mask, add_options options, boost::system::error_code& ec);

    void remove(int fd, watch_descriptor wd, boost::system::error_code& ec);

    void set_next(int fd, watch_descriptor next, boost::system::error_code& ec);

    [[nodiscard]] std::size_t walk_limit() const noexcept { return walk_limit_; }
    void walk_limit(std::size_t steps) noexcept { walk_limit_ = steps; }

private:
    static constexpr int unknown = 0;

    void created(int fd, read_backlog& left, int wd);
    [[nodiscard]] bool is_live(int fd, int wd);
    [[nodiscard]] bool learn_live(int fd);
    void undo_claim(int fd, read_backlog& left, int wd);
    void walk_to(int fd, read_backlog& left, bool may_read, int wanted,
                 boost::system::error_code& ec);
    void put_back(int fd, int cursor);

    int cursor_ = unknown;
    // No number above has ever been one of the instance's, as far as this object knows.
    int highest_ = 0;
    bool live_known_ = false;
    live_superset live_;
    std::size_t walk_limit_ = 0;
};

} // namespace asio_inotify::detail

#endif
