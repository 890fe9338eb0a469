//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_INOTIFY_NUMBER_WALK_HPP
#define ASIO_INOTIFY_SRC_INOTIFY_NUMBER_WALK_HPP

#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/detail/kernel_cursor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asio_inotify::detail {

/// Moves the cursor to a number where the kernel has no INOTIFY_IOC_SETNEXTWD.
/**
 * Adds and removes watches until the number is next, as older versions of CRIU do (kernel notes 5.4
 * to 5.7). Each step queues an IN_IGNORED: the walk reads the queue before it can overflow, drops
 * its own events and leaves all others to the backlog.
 */
class number_walk
{
public:
    number_walk(instance_access const& instance, kernel_cursor& cursor) noexcept
        : instance_(instance)
        , cursor_(cursor)
    {}

    /// Walk until the next new watch gets `wanted`, in at most `limit` steps.
    void to(int wanted, std::size_t limit, boost::system::error_code& ec);

private:
    void step_past(int last, std::int64_t limit, boost::system::error_code& ec);
    void drain(boost::system::error_code& ec);

    instance_access const& instance_;
    kernel_cursor& cursor_;
    // The watches of the steps since the queue was read, ascending.
    std::vector<int> own_;
    std::vector<std::byte> buffer_;
};

} // namespace asio_inotify::detail

#endif
