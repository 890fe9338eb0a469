//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SAVED_WATCH_HPP
#define ASIO_INOTIFY_SAVED_WATCH_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/inode_identity.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <optional>
#include <string>

namespace asio_inotify {

/// One watch of a @ref snapshot, with everything that is needed to add it again.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct saved_watch
{
    /// The watch descriptor.
    watch_descriptor wd;
    /// The event kinds that it reports; empty for a watch that somebody else added without any.
    event_mask mask = event_mask::none;
    /// The persistent options that it was added with: @ref add_options::only_directory,
    /// @ref add_options::dont_follow, @ref add_options::exclude_unlinked and
    /// @ref add_options::one_shot.
    add_options options = add_options::none;
    /// The path that was passed to `add`: any bytes except null bytes; empty if it is not known.
    /** A relative path is resolved in the working directory of the process that restores it. */
    std::string path;
    /// The watched object, if it is known.
    std::optional<inode_identity> identity;

    /// True if all members are equal.
    friend bool operator==(saved_watch const&, saved_watch const&) = default;
};

} // namespace asio_inotify

#endif
