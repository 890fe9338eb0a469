//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_FILE_MODE_HPP
#define ASIO_WATCH_FILE_MODE_HPP

#include "failure.hpp"
#include "options.hpp"
#include "output.hpp"
#include "statistics.hpp"
#include "stop_request.hpp"

#include <boost/asio/awaitable.hpp>

namespace asio_watch {

/// Run `asio-watch --file`: print the changes of state of the files at the paths.
/**
 * Completes when the options or the stop request say so, or when the output is closed. All lines
 * have been written then. All arguments must outlive the coroutine.
 *
 * @throws failure
 */
[[nodiscard]] boost::asio::awaitable<exit_code> file_mode(options const& wanted, output& out,
                                                          stop_request& stop, statistics& counters);

} // namespace asio_watch

#endif
