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

/// The trees below the paths: each change of them.
/**
 * Completes when the options or the stop request say so, or when nobody reads the output; what
 * there is to print has been written then, and so has the snapshot. While the trees are looked at
 * for the first time nothing is printed yet, and a stop request is followed at once. All arguments
 * must outlive the coroutine.
 *
 * @throws failure
 */
[[nodiscard]] boost::asio::awaitable<exit_code>
recursive_mode(options const& wanted, output& out, stop_request& stop, statistics& counters);

} // namespace asio_watch

#endif
