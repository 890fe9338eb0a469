//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_THROW_FAILED_HPP
#define ASIO_INOTIFY_SRC_VALUES_THROW_FAILED_HPP

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace asio_inotify::detail {

/// Throw a system_error whose text begins with the call that failed.
[[noreturn]] void throw_failed(boost::system::error_code const& ec, std::string const& call);

/// The text in single quotes, control bytes written as \xNN.
[[nodiscard]] std::string quoted(std::string_view text);

} // namespace asio_inotify::detail

#endif
