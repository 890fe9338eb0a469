//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_WATCH_NUMBERS_HPP
#define ASIO_INOTIFY_DETAIL_WATCH_NUMBERS_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/detail/kernel_cursor.hpp>
#include <asio_inotify/detail/live_superset.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace asio_inotify::detail {

// Adds watches to an instance of which others may have a descriptor too, and chooses their numbers.
//
// A failed claim puts the kernel's cursor back. If the kernel gives another number than the wanted
// one, the stray watch has to be removed and leaves its traces in the queue; so a number that may
// be in use is first looked up among the live ones. A claim can still meet a number in use where
// others add watches to the same instance.
class ASIO_INOTIFY_DECL watch_numbers
{
public:
    /// A new instance: the kernel starts at 1.
    void opened() noexcept;

    /// An instance that was made elsewhere: nothing is known.
    void assigned() noexcept;

    watch_descriptor add(instance_access const& instance, path_ref const& path, event_mask mask,
                         add_options options, boost::system::error_code& ec);

    void add_at(instance_access const& instance, watch_descriptor wanted, path_ref const& path,
                event_mask mask, add_options options, boost::system::error_code& ec);

    void remove(int fd, watch_descriptor wd, boost::system::error_code& ec);

    void set_next(int fd, watch_descriptor next, boost::system::error_code& ec);

    [[nodiscard]] std::size_t walk_limit() const noexcept { return walk_limit_; }
    void walk_limit(std::size_t steps) noexcept { walk_limit_ = steps; }

private:
    void enter(instance_access const& instance, int wd);
    [[nodiscard]] bool is_live(int fd, int wd);
    [[nodiscard]] bool read_live(int fd);
    void remove_stray(instance_access const& instance, int wd);

    kernel_cursor cursor_;
    // No larger number has ever been one of the instance's, as far as this object knows.
    int highest_ = 0;
    // live_ has every watch of the instance that others have not added.
    bool live_known_ = false;
    live_superset live_;
    std::size_t walk_limit_ = 0;
};

} // namespace asio_inotify::detail

#endif
