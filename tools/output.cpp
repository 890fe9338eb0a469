//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "output.hpp"

#include "failure.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

/// Open standard output again as non-blocking, if writing to it can block.
/**
 * O_NONBLOCK belongs to the open file description, which the shell and other processes share:
 * setting it there would break them. Writing to regular files does not block (and a second open
 * file description would start at their beginning); sockets cannot be opened.
 *
 * @returns A non-blocking descriptor, -1 if there is none.
 */
int reopen_standard_output()
{
    struct stat status;
    if (::fstat(STDOUT_FILENO, &status) != 0 ||
        (!S_ISFIFO(status.st_mode) && ::isatty(STDOUT_FILENO) == 0)) {
        return -1;
    }
    return ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

[[noreturn]] void throw_write_error(int error)
{
    if (error == EPIPE) {
        throw output_closed{};
    }
    throw failure("write", "standard output", std::generic_category().message(error));
}

} // namespace

output::output(asio::any_io_executor const& ex)
    : nonblocking_(ex)
{
    auto const fd = reopen_standard_output();
    if (fd < 0) {
        return;
    }
    boost::system::error_code ec;
    nonblocking_.assign(fd, ec);
    if (ec) {
        ::close(fd);
    }
}

asio::awaitable<void> output::flush()
{
    std::size_t done = 0;
    auto const fd = nonblocking_.is_open() ? nonblocking_.native_handle() : STDOUT_FILENO;
    while (done != text_.size()) {
        auto const written = ::write(fd, text_.data() + done, text_.size() - done);
        if (written >= 0) {
            done += static_cast<std::size_t>(written);
        } else if (errno == EAGAIN) {
            co_await writable();
        } else if (errno == EINTR) {
            // Let the signal handler run before the next write blocks.
            co_await asio::post(asio::use_awaitable);
        } else {
            auto const error = errno;
            text_.erase(0, done);
            throw_write_error(error);
        }
    }
    text_.clear();
}

asio::awaitable<void> output::writable()
{
    if (nonblocking_.is_open()) {
        co_await nonblocking_.async_wait(asio::posix::stream_descriptor::wait_write,
                                         asio::use_awaitable);
        co_return;
    }
    // Another process has set O_NONBLOCK on it.
    pollfd wanted{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&wanted, 1, -1) < 0) {
        co_await asio::post(asio::use_awaitable);
    }
}

void output::on_closed(std::function<void()> notify)
{
    if (!nonblocking_.is_open() || ::isatty(STDOUT_FILENO) != 0) {
        return;
    }
    // It is never readable, but the last reader closing the pipe is an error condition. All of
    // Asio's reactors complete wait_read then; select does not complete wait_error.
    nonblocking_.async_wait(asio::posix::stream_descriptor::wait_read,
                            [notify = std::move(notify)](boost::system::error_code ec) {
                                if (!ec) {
                                    notify();
                                }
                            });
}

bool output::wants_colour()
{
    auto const* const no_colour = std::getenv("NO_COLOR");
    auto const* const terminal = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
           (terminal == nullptr || std::string_view(terminal) != "dumb");
}

} // namespace asio_watch
