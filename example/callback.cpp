//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Print the events of a directory, with callbacks: callback DIRECTORY

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;
using asio_inotify::event_mask;

// Must stay until the context has called or destroyed the handlers: they use it, and its buffer.
class printer
{
public:
    printer(asio::io_context& context, char const* directory)
        : in_(context)
    {
        in_.open();
        in_.add(directory, event_mask::create | event_mask::close_write | event_mask::delete_);
        std::cout << "watching " << directory << std::endl;
    }

    void read()
    {
        in_.async_read_events(
            buffer_, [this](boost::system::error_code ec, asio_inotify::event_batch batch) {
                if (ec) {
                    std::cerr << "callback: " << ec.message() << '\n';
                    return;
                }
                for (auto e : batch) {
                    std::cout << to_string(e.mask()) << ' ' << e.name() << std::endl;
                }
                read();
            });
    }

private:
    asio_inotify::inotify in_;
    asio_inotify::event_buffer<> buffer_;
};

int main(int argc, char** argv)
try {
    asio::io_context context;
    printer all{context, argc > 1 ? argv[1] : "."};
    all.read();
    context.run();
} catch (std::exception const& e) {
    std::cerr << "callback: " << e.what() << '\n';
    return 1;
}
