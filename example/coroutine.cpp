//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Print the events of a directory, with a coroutine: coroutine DIRECTORY

#include <asio_inotify.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using asio_inotify::event_mask;

asio::awaitable<void> watch(std::string directory)
{
    asio_inotify::inotify in{co_await asio::this_coro::executor};
    in.open();
    in.add(directory, event_mask::create | event_mask::close_write | event_mask::delete_);
    std::cout << "watching " << directory << std::endl;
    asio_inotify::event_buffer<> buffer;
    for (;;) {
        for (auto e : co_await in.async_read_events(buffer)) {
            if (e.is_overflow()) {
                std::cout << "events were lost" << std::endl;
            } else {
                std::cout << to_string(e.mask()) << ' ' << e.name() << std::endl;
            }
        }
    }
}

int main(int argc, char** argv)
{
    asio::io_context context;
    asio::co_spawn(context, watch(argc > 1 ? argv[1] : "."), [](std::exception_ptr failure) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    });
    try {
        context.run();
    } catch (std::exception const& e) {
        std::cerr << "coroutine: " << e.what() << '\n';
        return 1;
    }
}
