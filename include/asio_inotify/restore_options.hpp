//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_RESTORE_OPTIONS_HPP
#define ASIO_INOTIFY_RESTORE_OPTIONS_HPP

#include <asio_inotify/detail/config.hpp>

namespace asio_inotify {

/// How watches are restored.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct restore_options
{
    /// Restore nothing unless every watch is again on the object it was on. If false, what can be
    /// restored is, and the report says what is not.
    bool all_or_nothing = true;
    /// Compare the objects with those that were watched: one look at `/proc/self/fdinfo`, which
    /// costs as much again as making the watches. If false, whatever a path names counts as what
    /// was watched.
    bool check_identity = true;
};

} // namespace asio_inotify

#endif
