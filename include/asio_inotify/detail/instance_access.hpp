//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_INSTANCE_ACCESS_HPP
#define ASIO_INOTIFY_DETAIL_INSTANCE_ACCESS_HPP

namespace asio_inotify::detail {

class read_backlog;

/// An inotify instance, as the I/O object lends it for one call.
struct instance_access
{
    /// -1 if the object is closed.
    int fd;
    /// Events that are off the kernel's queue, or are not to be delivered.
    read_backlog& backlog;
    /// No read is outstanding: the call may take events off the queue, and all events that are not
    /// in it were delivered.
    bool may_read;
};

} // namespace asio_inotify::detail

#endif
