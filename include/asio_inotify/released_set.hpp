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

/// A set without its object: what @ref basic_watch_set::release gives and
/// @ref basic_watch_set::assign takes.
/**
 * For another program in the same process, after execve(2), or another object. The state is no form
 * to be stored: without the descriptor it is worth nothing.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct released_set
{
    /// The descriptor, owned by the holder; -1 for none.
    int handle = -1;
    /// The watches, the numbers that must not be given, and the events that were read and not
    /// delivered.
    std::string state;
};

} // namespace asio_inotify

#endif
