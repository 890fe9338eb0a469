//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_RESERVATION_HPP
#define ASIO_INOTIFY_DETAIL_SET_RESERVATION_HPP

#include <functional>

namespace asio_inotify::detail {

/// A closed set, for an operation that will open it, or has its instance: a restore or a hand-over.
/** The operation owns it. The set knows it until it is closed. */
struct set_reservation
{
    /// End a wait of the operation, if it has any.
    void cancel()
    {
        cancelled = true;
        if (wake) {
            wake();
        }
    }

    /// The operation has to end.
    bool cancelled = false;
    /// The set was closed: it belongs to the operation no longer.
    bool closed = false;
    /// Empty if the operation does not wait.
    std::function<void()> wake;
};

} // namespace asio_inotify::detail

#endif
