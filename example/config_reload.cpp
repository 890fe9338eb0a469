//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A server that reloads its configuration when the file changes (hot reload): config_reload FILE
//
// It sends a greeting to each client. The file has lines "port = NUMBER" and "greeting = TEXT". The
// greeting follows the file, also across atomic replacement. A malformed or missing file changes
// nothing.

#include <asio_inotify.hpp>

#include <boost/asio.hpp>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

struct configuration
{
    std::uint16_t port = 0; // any free port
    std::string greeting = "hello";
};

// Returns the whole configuration, or throws.
configuration load(std::string const& path)
{
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("cannot be opened");
    }
    configuration result;
    for (std::string line; std::getline(file, line);) {
        auto const equals = line.find(" = ");
        auto const key = line.substr(0, equals);
        auto const value = equals == line.npos ? std::string() : line.substr(equals + 3);
        if (key == "greeting") {
            result.greeting = value;
        } else if (key == "port") {
            auto const* const end = value.data() + value.size();
            auto const [last, failure] = std::from_chars(value.data(), end, result.port);
            if (failure != std::errc() || last != end) {
                throw std::runtime_error("'" + value + "' is no port");
            }
        } else {
            throw std::runtime_error("'" + line + "' is not understood");
        }
    }
    return result;
}

asio::awaitable<void> follow(std::string path, configuration& current)
{
    asio_inotify::file_watcher watcher{co_await asio::this_coro::executor};
    watcher.open();
    watcher.add(path);
    for (;;) {
        // After the file is watched, and again after every change: nothing is missed in between.
        try {
            current = load(path);
            std::cout << "greeting is '" << current.greeting << "'" << std::endl;
        } catch (std::exception const& e) {
            std::cout << "kept '" << current.greeting << "': " << e.what() << std::endl;
        }
        co_await watcher.async_receive();
    }
}

asio::awaitable<void> serve(tcp::acceptor acceptor, configuration const& current)
{
    for (;;) {
        auto client = co_await acceptor.async_accept(asio::use_awaitable);
        auto const text = current.greeting + '\n';
        boost::system::error_code ignored;
        co_await asio::async_write(client, asio::buffer(text),
                                   asio::redirect_error(asio::use_awaitable, ignored));
    }
}

int main(int argc, char** argv)
try {
    std::string const path = argc > 1 ? argv[1] : "config";
    asio::io_context context;
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto, int) { context.stop(); });
    // The file must exist at the start.
    configuration current = load(path);
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), current.port}};
    std::cout << "listening on " << acceptor.local_endpoint().port() << std::endl;
    auto const rethrow = [](std::exception_ptr failure) { std::rethrow_exception(failure); };
    asio::co_spawn(context, follow(path, current), rethrow);
    asio::co_spawn(context, serve(std::move(acceptor), current), rethrow);
    context.run();
} catch (std::exception const& e) {
    std::cerr << "config_reload: " << e.what() << '\n';
    return 1;
}
