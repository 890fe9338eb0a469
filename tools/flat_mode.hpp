//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_FLAT_MODE_HPP
#define ASIO_WATCH_FLAT_MODE_HPP

#include "failure.hpp"
#include "options.hpp"
#include "output.hpp"
#include "statistics.hpp"
#include "stop_request.hpp"

#include <boost/asio/awaitable.hpp>

namespace asio_watch {

/// Run `asio-watch` without a mode option: one watch for each path, print every kernel event.
/**
 * Completes when the options or the stop request say so, when no watch is left, or when the output
 * is closed. All lines and the snapshot have been written then. All arguments must outlive the
 * coroutine.
 *
 * @throws failure
 */
[[nodiscard]] boost::asio::awaitable<exit_code> flat_mode(options const& wanted, output& out,
                                                          stop_request& stop, statistics& counters);

} // namespace asio_watch

#endif
