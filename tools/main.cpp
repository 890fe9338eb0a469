//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "failure.hpp"
#include "file_mode.hpp"
#include "flat_mode.hpp"
#include "options.hpp"
#include "output.hpp"
#include "recursive_mode.hpp"
#include "statistics.hpp"
#include "stop_request.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

/// Open closed standard streams, so that files opened later do not get their descriptors.
/** Using such a stream then fails. */
void reserve_standard_streams()
{
    for (auto const fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) < 0) {
            // This is the lowest free descriptor. There is no stream to report a failure.
            static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
        }
    }
}

/// Run a coroutine to its end, even if other operations are outstanding.
template <class Start>
exit_code run(asio::io_context& context, Start start)
{
    std::exception_ptr error;
    auto code = exit_code::failed;
    asio::co_spawn(context, start(), [&](std::exception_ptr thrown, exit_code result) {
        error = std::move(thrown);
        code = result;
        context.stop();
    });
    context.run();
    if (error) {
        std::rethrow_exception(error);
    }
    return code;
}

asio::awaitable<exit_code> print(information const& wanted, output& out)
{
    out.text() = wanted.text;
    co_await out.flush();
    co_return exit_code::done;
}

exit_code run(information const& wanted)
{
    asio::io_context context{1};
    output out{context.get_executor()};
    return run(context, [&] { return print(wanted, out); });
}

exit_code run(options const& wanted, statistics& counters)
{
    asio::io_context context{1};
    output out{context.get_executor()};
    stop_request stop{context.get_executor()};
    out.on_closed([&] { stop.make(); });
    auto const start = wanted.mode == watch_mode::tree   ? recursive_mode
                       : wanted.mode == watch_mode::file ? file_mode
                                                         : flat_mode;
    return run(context, [&] { return start(wanted, out, stop, counters); });
}

/// Convert exceptions to an exit code and print one line for an error.
template <class Function>
exit_code report_errors(Function function)
{
    try {
        return function();
    } catch (output_closed const&) {
        return exit_code::done;
    } catch (failure const& error) {
        complain(error.what());
    } catch (std::exception const& error) {
        complain(failure("error", "", error.what()).what());
    }
    return exit_code::failed;
}

exit_code run(int argc, char const* const* argv)
{
    // Writing to a closed pipe shall fail with EPIPE instead of killing the process.
    std::signal(SIGPIPE, SIG_IGN);
    reserve_standard_streams();
    return report_errors([&] {
        auto const wanted = parse_options(argc, argv);
        if (auto const* text = std::get_if<information>(&wanted)) {
            return run(*text);
        }
        auto const& watch = std::get<options>(wanted);
        statistics counters;
        auto const code = report_errors([&] { return run(watch, counters); });
        if (watch.statistics) {
            std::fputs((counters.to_json() + '\n').c_str(), stderr);
        }
        return code;
    });
}

} // namespace
} // namespace asio_watch

int main(int argc, char** argv)
{
    return static_cast<int>(asio_watch::run(argc, argv));
}
