//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "echo.hpp"

#include "../support/tally.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace asio = boost::asio;

namespace bench {
namespace {

// Answers first and then starts the next read, as in usual code.
bool handle(asio_inotify::event_batch batch, tally& total, answerer& to)
{
    for (auto const e : batch) {
        total.add(e.wd().value(), static_cast<std::uint32_t>(e.mask()), e.cookie(), e.name());
        if (!to.answer()) {
            return false;
        }
    }
    return true;
}

void throw_if(boost::system::error_code const& ec)
{
    if (ec) {
        throw boost::system::system_error(ec, "watcher");
    }
}

template <class Executor>
void echo_with_callback(std::string const& path, answerer& to)
{
    struct watcher
    {
        explicit watcher(std::string const& path, answerer& answer_to)
            : to(answer_to)
        {
            in.open();
            in.add(path, asio_inotify::event_mask::modify);
        }

        void read()
        {
            in.async_read_events(
                buffer, [this](boost::system::error_code ec, asio_inotify::event_batch batch) {
                    throw_if(ec);
                    if (handle(batch, total, to)) {
                        read();
                    }
                });
        }

        answerer& to;
        asio::io_context context{1};
        asio_inotify::basic_inotify<Executor> in{context};
        asio_inotify::event_buffer<> buffer;
        tally total;
    };
    watcher w(path, to);
    w.read();
    to.ready();
    w.context.run();
}

asio::awaitable<void> read_in_coroutine(asio_inotify::inotify& in, answerer& to)
{
    asio_inotify::event_buffer<> buffer;
    tally total;
    while (handle(co_await in.async_read_events(buffer, asio::use_awaitable), total, to)) {
    }
}

} // namespace

void echo_callback(std::string const& path, answerer& to)
{
    echo_with_callback<asio::io_context::executor_type>(path, to);
}

void echo_callback_any(std::string const& path, answerer& to)
{
    echo_with_callback<asio::any_io_executor>(path, to);
}

void echo_coroutine_any(std::string const& path, answerer& to)
{
    asio::io_context context{1};
    asio_inotify::inotify in(context);
    in.open();
    in.add(path, asio_inotify::event_mask::modify);
    asio::co_spawn(context, read_in_coroutine(in, to), [](std::exception_ptr failure) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    });
    to.ready();
    context.run();
}

std::vector<named_echo_peer> const& echo_peers()
{
    static std::vector<named_echo_peer> const peers{
        {"bare", echo_bare, false},
        {"descriptor", echo_descriptor, false},
        {"callback", echo_callback, true},
        {"callback_any", echo_callback_any, true},
        {"coroutine_any", echo_coroutine_any, true},
    };
    return peers;
}

} // namespace bench
