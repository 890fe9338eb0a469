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

/// Options of @ref restore.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct restore_options
{
    /// Fail and restore nothing unless every watch can be restored on its object. If false, restore
    /// the watches that can be restored; the report lists the others.
    bool all_or_nothing = true;
    /// Compare each object with the one that was watched. This reads `/proc/self/fdinfo` once,
    /// which costs more than adding the watches. If false, the object at each path is taken for the
    /// watched one.
    bool check_identity = true;
};

} // namespace asio_inotify

#endif
