//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A program to be dumped and restored: criu_watcher DIRECTORY
//
// Watches DIRECTORY/a, DIRECTORY/b and DIRECTORY, says "ready", and prints the events that come.
// SIGUSR1 has it check its set, SIGTERM end.

#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/watch_set.hpp>

#include <boost/asio.hpp>

#include <csignal>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using asio_inotify::add_options;
using asio_inotify::event_mask;

asio::awaitable<void> print_events(asio_inotify::watch_set& set)
{
    asio_inotify::event_buffer<> buffer;
    for (;;) {
        for (auto const e : co_await set.async_read(buffer)) {
            std::cout << e.wd().value() << ' ' << (e.is_ignored() ? "ignored" : to_string(e.mask()))
                      << ' ' << e.name() << std::endl;
        }
    }
}

asio::awaitable<void> check_when_told(asio_inotify::watch_set& set)
{
    asio::signal_set signals{co_await asio::this_coro::executor, SIGUSR1};
    for (;;) {
        co_await signals.async_wait(asio::use_awaitable);
        auto const report = set.revalidate();
        std::cout << "same " << report.same << " repaired " << report.repaired << " findings "
                  << report.findings.size() << " foreign " << report.foreign << std::endl;
        // The next number is one that no watch had, though the kernel has forgotten where it was.
        auto const next = set.add("/proc/self/status", event_mask::delete_self);
        std::cout << "next " << next.value() << std::endl;
        set.remove(next);
    }
}

int main(int, char** argv)
try {
    std::string const directory = argv[1];
    asio::io_context context;
    asio_inotify::watch_set set{context};
    set.open();
    set.remove(set.add("/", event_mask::delete_self)); // 1 is used up
    set.add(directory, event_mask::create,
            add_options::only_directory | add_options::exclude_unlinked);
    set.add(directory + "/a", event_mask::attrib | event_mask::modify);
    set.add_at(asio_inotify::watch_descriptor{0x34d71d6}, directory + "/b", event_mask::attrib,
               add_options::one_shot);
    asio::co_spawn(context, print_events(set), asio::detached);
    asio::co_spawn(context, check_when_told(set), asio::detached);
    std::cout << "ready" << std::endl;
    context.run();
} catch (std::exception const& e) {
    std::cerr << "criu_watcher: " << e.what() << '\n';
    return 1;
}
