//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_RELEASED_SET_HPP
#define ASIO_INOTIFY_RELEASED_SET_HPP

#include <asio_inotify/detail/config.hpp>

#include <string>

namespace asio_inotify {

/// The descriptor and the state of a set, from @ref basic_watch_set::release for
/// @ref basic_watch_set::assign to take.
/**
 * For the next program of the same process, after execve(2), or for another object. Do not store
 * the state: it is useless without the descriptor.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct released_set
{
    /// The inotify file descriptor, which you own; -1 for none.
    int handle = -1;
    /// The watches, the watch descriptors that must not be reused, and the events that were read
    /// but not delivered.
    std::string state;
};

} // namespace asio_inotify

#endif
