//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "stop_request.hpp"

#include <csignal>

namespace asio_watch {

stop_request::stop_request(boost::asio::any_io_executor const& ex)
    : system_signals_(ex, SIGINT, SIGTERM)
{
    system_signals_.async_wait([this](boost::system::error_code ec, int) {
        if (!ec) {
            // A second signal has its default effect.
            system_signals_.clear();
            make();
        }
    });
}

void stop_request::make()
{
    made_ = true;
    interrupt();
}

} // namespace asio_watch
