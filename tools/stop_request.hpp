//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_STOP_REQUEST_HPP
#define ASIO_WATCH_STOP_REQUEST_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/signal_set.hpp>

namespace asio_watch {

/// A request to end the program in an orderly way, by a signal or a closed output.
/**
 * A mode binds @ref slot to each wait and checks @ref is_made before it. A write in progress is not
 * interrupted; a second signal ends the program at once.
 */
class stop_request
{
public:
    /// Handle SIGINT and SIGTERM.
    explicit stop_request(boost::asio::any_io_executor const& ex);

    /// Make the request.
    void make();

    /// True if the mode shall end.
    [[nodiscard]] bool is_made() const noexcept { return made_; }

    /// End the wait that the slot is bound to, without making the request.
    void interrupt() { signal_.emit(boost::asio::cancellation_type::terminal); }

    /// The slot for the operation that the mode waits for.
    [[nodiscard]] boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }

private:
    boost::asio::signal_set system_signals_;
    boost::asio::cancellation_signal signal_;
    bool made_ = false;
};

} // namespace asio_watch

#endif
