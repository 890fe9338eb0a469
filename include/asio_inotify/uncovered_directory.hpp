//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_UNCOVERED_DIRECTORY_HPP
#define ASIO_INOTIFY_UNCOVERED_DIRECTORY_HPP

#include <boost/system/error_code.hpp>

#include <string>

namespace asio_inotify {

/// A directory of a tree that cannot be watched, and the cause.
struct uncovered_directory
{
    /// The path, as in @ref tree_change::path.
    std::string path;
    /// Why it cannot be watched.
    boost::system::error_code reason;
};

} // namespace asio_inotify

#endif
