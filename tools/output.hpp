//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_OUTPUT_HPP
#define ASIO_WATCH_OUTPUT_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <exception>
#include <functional>
#include <string>

namespace asio_watch {

/// Nobody reads standard output any more: no error, but the end.
class output_closed : public std::exception
{
public:
    [[nodiscard]] char const* what() const noexcept override { return "output closed"; }
};

/// Standard output: text is gathered, and written in one go.
/**
 * A reader that does not keep up suspends the coroutine that writes and nothing else, so that
 * signals and timers are still attended to.
 */
class output
{
public:
    explicit output(boost::asio::any_io_executor const& ex);

    /// Where to append what the next @ref flush writes.
    [[nodiscard]] std::string& text() noexcept { return text_; }

    /// Write what was gathered.
    /** @throws failure if that is not possible, @ref output_closed if nobody reads it. The text is
     * what was not written then. */
    [[nodiscard]] boost::asio::awaitable<void> flush();

    /// Call a function as soon as standard output is a pipe that nobody reads any more.
    void on_closed(std::function<void()> notify);

    /// True if colours are welcome: a terminal, which is not said to be dumb, and no NO_COLOR.
    [[nodiscard]] static bool wants_colour();

private:
    boost::asio::awaitable<void> writable();

    std::string text_;
    // A non-blocking descriptor of our own; closed if standard output is used as it is.
    boost::asio::posix::stream_descriptor own_;
};

} // namespace asio_watch

#endif
