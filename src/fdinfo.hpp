//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FDINFO_HPP
#define ASIO_INOTIFY_SRC_FDINFO_HPP

#include <boost/system/error_code.hpp>

#include <string_view>
#include <vector>

// What /proc/self/fdinfo tells about an inotify instance.
namespace asio_inotify::detail {

/// The numbers of the watches in the text of an fdinfo file, ascending.
/** Lines that are not of a watch, or of a form that is not known, are passed over. */
[[nodiscard]] std::vector<int> parse_live_numbers(std::string_view text);

/// The numbers of the live watches of an instance, ascending. Needs a mounted /proc.
[[nodiscard]] std::vector<int> live_numbers(int fd, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif
