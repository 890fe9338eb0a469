//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_DIRECTORY_OPS_HPP
#define ASIO_INOTIFY_SRC_DIRECTORY_OPS_HPP

#include "held_file.hpp"

#include <boost/system/error_code.hpp>

namespace asio_inotify::detail {

/// What a path names, held: another path that goes on naming the same object.
/** Opening it is not reported to any watch (kernel note 4.32). */
class pinned_path : public held_file
{
public:
    /** @param dont_follow  Take a symbolic link itself, not what it points to. */
    pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept;
};

} // namespace asio_inotify::detail

#endif
