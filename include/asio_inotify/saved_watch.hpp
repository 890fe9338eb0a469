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

/// What is needed to make a watch again.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct saved_watch
{
    /// The number.
    watch_descriptor wd;
    /// The kinds of events it reports; empty for a watch that others made to report none.
    event_mask mask = event_mask::none;
    /// How it was added, of the options that last: @ref add_options::only_directory,
    /// @ref add_options::dont_follow, @ref add_options::exclude_unlinked and
    /// @ref add_options::one_shot.
    add_options options = add_options::none;
    /// As it was given when the watch was added: any bytes but null ones; empty if it is not known.
    /** Whoever uses it looks a relative one up in his own working directory. */
    std::string path;
    /// The object that was watched, if it is known.
    std::optional<inode_identity> identity;

    /// True if all members are equal.
    friend bool operator==(saved_watch const&, saved_watch const&) = default;
};

} // namespace asio_inotify

#endif
