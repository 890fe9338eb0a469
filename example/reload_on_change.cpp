//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Reload when a directory has changed, after a settle time (debounce): reload_on_change DIRECTORY

#include <asio_inotify.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;

asio::awaitable<void> reload_on_change(std::string directory)
{
    asio_inotify::inotify in{co_await asio::this_coro::executor};
    in.open();
    using enum asio_inotify::event_mask;
    in.add(directory, close_write | move | delete_);
    asio_inotify::event_buffer<> buffer;
    asio::steady_timer quiet{co_await asio::this_coro::executor};
    for (;;) {
        // After the watch was made, and again after every change: nothing is missed in between.
        std::cout << "loading " << directory << std::endl;
        do {
            co_await in.async_read_events(buffer);
            quiet.expires_after(std::chrono::milliseconds{200});
            // If both succeed, || returns only one result. A wait takes no events, so none is lost.
        } while ((co_await (in.async_wait(in.wait_read, use_awaitable) ||
                            quiet.async_wait(use_awaitable)))
                     .index() == 0);
    }
}

int main(int argc, char** argv)
try {
    asio::io_context context;
    asio::cancellation_signal stop;
    bool stopped = false;
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto, int) {
        stopped = true;
        stop.emit(asio::cancellation_type::terminal);
    });
    asio::co_spawn(context, reload_on_change(argc > 1 ? argv[1] : "."),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr failure) {
                       if (!stopped) {
                           std::rethrow_exception(failure); // leaves run()
                       }
                   }));
    context.run();
} catch (std::exception const& e) {
    std::cerr << "reload_on_change: " << e.what() << '\n';
    return 1;
}
