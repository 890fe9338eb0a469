//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// One inotify object with a thread pool (thread safety by a strand): every use of the object runs
// on its strand, the work on its events on any thread, until SIGINT or SIGTERM: threads
// DIRECTORY...

#include <asio_inotify.hpp>

#include <boost/asio.hpp>

#include <csignal>
#include <iostream>
#include <syncstream>

namespace asio = boost::asio;

using strand = asio::strand<asio::thread_pool::executor_type>;
// The executor's type is known, so the object need not use any_io_executor.
using inotify = asio_inotify::basic_inotify<strand>;

void work_on(asio_inotify::event const& e)
{
    std::osyncstream(std::cout) << "closed " << e.name() << '\n' << std::flush;
}

asio::awaitable<void, strand> watch(asio::thread_pool& pool, inotify& in)
{
    asio_inotify::event_buffer<> buffer;
    for (;;) {
        for (auto e : co_await in.async_read_events(buffer)) {
            // The next read into the buffer invalidates the view; the copy stays valid.
            asio::post(pool, [kept = asio_inotify::event(e)] { work_on(kept); });
        }
    }
}

int main(int argc, char** argv)
{
    asio::thread_pool pool{4};
    inotify in{asio::make_strand(pool)};
    in.open(); // no other thread uses the object yet
    asio::signal_set signals{in.get_executor(), SIGINT, SIGTERM};
    signals.async_wait([&](auto, int) { in.close(); });
    asio::co_spawn(in.get_executor(), watch(pool, in), asio::detached);

    // From now on this thread may use the object only through the strand.
    for (int i = 1; i < argc; ++i) {
        asio::post(in.get_executor(), [&in, directory = argv[i]] {
            boost::system::error_code ec;
            in.add(directory, asio_inotify::event_mask::close_write, ec);
            std::osyncstream(std::cout) << (ec ? ec.what() : "watching") << ' ' << directory << '\n'
                                        << std::flush;
        });
    }
    pool.join();
}
