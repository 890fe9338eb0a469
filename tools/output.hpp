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

/// The reader has closed standard output. An ordinary end, not an error.
class output_closed : public std::exception
{
public:
    [[nodiscard]] char const* what() const noexcept override { return "output closed"; }
};

/// Standard output: collects text and writes it at once.
/**
 * A slow reader suspends only the coroutine that writes; signals and timers are still handled.
 */
class output
{
public:
    explicit output(boost::asio::any_io_executor const& ex);

    /// The text that the next @ref flush writes; append to it.
    [[nodiscard]] std::string& text() noexcept { return text_; }

    /// Write the text.
    /** @throws failure if writing fails, @ref output_closed if the reader has closed it. @ref text
     * then has the unwritten rest. */
    [[nodiscard]] boost::asio::awaitable<void> flush();

    /// Call a function when the last reader closes the pipe of standard output.
    void on_closed(std::function<void()> notify);

    /// True if standard output is a terminal, TERM is not "dumb" and NO_COLOR is not set.
    [[nodiscard]] static bool wants_colour();

private:
    boost::asio::awaitable<void> writable();

    std::string text_;
    // A non-blocking descriptor of standard output; closed if standard output is used directly.
    boost::asio::posix::stream_descriptor nonblocking_;
};

} // namespace asio_watch

#endif
