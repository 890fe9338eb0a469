//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_ERRORS_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_ERRORS_HPP

#include "values/fail.hpp"

#include <boost/system/error_code.hpp>

#include <cerrno>

// What a failed system call says about a directory.
namespace asio_inotify::detail {

/// There is nothing by that path, or something other than a directory.
[[nodiscard]] inline bool says_nothing_there(boost::system::error_code const& ec) noexcept
{
    return is_errno(ec, ENOENT) || is_errno(ec, ENOTDIR) || is_errno(ec, ELOOP);
}

/// The same, or a server has no such directory any more: the parent is to be listed again. What has
/// no parent that is listed can be there.
[[nodiscard]] inline bool says_gone(boost::system::error_code const& ec) noexcept
{
    return says_nothing_there(ec) || is_errno(ec, ESTALE);
}

/// The process or the system has no descriptor left.
[[nodiscard]] inline bool is_out_of_descriptors(boost::system::error_code const& ec) noexcept
{
    return is_errno(ec, EMFILE) || is_errno(ec, ENFILE);
}

/// The cause can go away without an event. That holds for all that a device or a server can say.
[[nodiscard]] inline bool can_pass(boost::system::error_code const& ec) noexcept
{
    if (ec.category() == boost::system::system_category()) {
        // An event reports changed attributes, and a move ends that there are too many links.
        return !is_errno(ec, EACCES) && !is_errno(ec, ELOOP);
    }
    return ec == error::watch_limit_reached || ec == error::proc_not_mounted ||
           ec == error::too_many_filesystems;
}

} // namespace asio_inotify::detail

#endif
