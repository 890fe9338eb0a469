//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_RECURSIVE_MODE_HPP
#define ASIO_WATCH_RECURSIVE_MODE_HPP

#include "failure.hpp"
#include "options.hpp"
#include "output.hpp"
#include "statistics.hpp"
#include "stop_request.hpp"

#include <boost/asio/awaitable.hpp>

namespace asio_watch {

/// Run `asio-watch --recursive`: print the changes of the trees at the paths.
/**
 * Completes when the options or the stop request say so, or when the output is closed. All lines
 * and the snapshot have been written then. During the initial scan it prints nothing and obeys a
 * stop request at once. All arguments must outlive the coroutine.
 *
 * @throws failure
 */
[[nodiscard]] boost::asio::awaitable<exit_code>
recursive_mode(options const& wanted, output& out, stop_request& stop, statistics& counters);

} // namespace asio_watch

#endif
