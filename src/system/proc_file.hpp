//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_PROC_FILE_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_PROC_FILE_HPP

#include <boost/system/error_code.hpp>

#include <string>

namespace asio_inotify::detail {

/// Set the error of a call that failed with errno on a path below /proc.
/** Then "no such file" can mean that /proc is not mounted. */
void fail_on_proc(boost::system::error_code& ec) noexcept;

/// The text of a file in /proc, whose size stat(2) does not know; empty on failure.
[[nodiscard]] std::string read_proc_file(std::string const& path, boost::system::error_code& ec);

/// The same of an open file, from its start.
[[nodiscard]] std::string read_proc_file(int fd, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif
