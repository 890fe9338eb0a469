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

/// Open what standard output leads to once more, if writing to it can block.
/**
 * The flag that keeps writes from blocking belongs to the open file, which we share with the shell
 * and with everyone else who has this standard output: set there, it would break them. Files do not
 * block (and an open file of our own would start at their beginning), sockets cannot be opened.
 *
 * @returns A non-blocking descriptor, -1 if there is none.
 */
int open_own_description()
{
    struct stat status;
    if (::fstat(STDOUT_FILENO, &status) != 0 ||
        (!S_ISFIFO(status.st_mode) && ::isatty(STDOUT_FILENO) == 0)) {
        return -1;
    }
    return ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

[[noreturn]] void write_failed(int error)
{
    if (error == EPIPE) {
        throw output_closed{};
    }
    throw failure("write", "standard output", std::generic_category().message(error));
}

} // namespace

output::output(asio::any_io_executor const& ex)
    : own_(ex)
{
    auto const own = open_own_description();
    if (own < 0) {
        return;
    }
    boost::system::error_code ec;
    own_.assign(own, ec);
    if (ec) {
        ::close(own);
    }
}

asio::awaitable<void> output::flush()
{
    std::size_t done = 0;
    auto const fd = own_.is_open() ? own_.native_handle() : STDOUT_FILENO;
    while (done != text_.size()) {
        auto const written = ::write(fd, text_.data() + done, text_.size() - done);
        if (written >= 0) {
            done += static_cast<std::size_t>(written);
        } else if (errno == EAGAIN) {
            co_await writable();
        } else if (errno == EINTR) {
            // Let the handler of the signal run before the next write blocks.
            co_await asio::post(asio::use_awaitable);
        } else {
            auto const error = errno;
            text_.erase(0, done);
            write_failed(error);
        }
    }
    text_.clear();
}

asio::awaitable<void> output::writable()
{
    if (own_.is_open()) {
        co_await own_.async_wait(asio::posix::stream_descriptor::wait_write, asio::use_awaitable);
        co_return;
    }
    // Somebody else made it non-blocking.
    pollfd wanted{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&wanted, 1, -1) < 0) {
        co_await asio::post(asio::use_awaitable);
    }
}

void output::on_closed(std::function<void()> notify)
{
    if (!own_.is_open() || ::isatty(STDOUT_FILENO) != 0) {
        return;
    }
    // Never readable, but the end of the readers is an error, which all of Asio's reactors report
    // to who waits for reading; select does not to who waits for an error.
    own_.async_wait(asio::posix::stream_descriptor::wait_read,
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
