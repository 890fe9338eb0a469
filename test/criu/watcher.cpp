//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A program to be dumped and restored: criu_watcher DIRECTORY
//
// Watches what is in DIRECTORY with every object of the library, prints "ready", and then one line
// for each event and change. The names of the directories below are those of the objects:
//
//     set/     a set with watches on set/a, set/b and set/
//     tree/    a tree watcher
//     files/   a file watcher for each file that files/list names
//
// SIGUSR1 makes it print its state, SIGUSR2 calls revalidate and rescan.

#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/file_watcher.hpp>
#include <asio_inotify/tree_watcher.hpp>
#include <asio_inotify/watch_set.hpp>
#include <asio_inotify/watch_set_saving.hpp>

#include <boost/asio.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
using asio_inotify::add_options;
using asio_inotify::event_mask;

namespace {

void print_report(char const* name, asio_inotify::watch_report const& report)
{
    using asio_inotify::watch_outcome;
    std::cout << "set " << name << " same " << report.same << " replaced "
              << report.count(watch_outcome::replaced) << " moved "
              << report.count(watch_outcome::moved) << " gone " << report.count(watch_outcome::gone)
              << " repaired " << report.repaired << " foreign " << report.foreign << std::endl;
}

class watcher
{
public:
    explicit watcher(std::string directory)
        : directory_(std::move(directory))
    {}

    void run()
    {
        open();
        asio::co_spawn(context_, print_events(), asio::detached);
        asio::co_spawn(context_, print_changes(), asio::detached);
        asio::co_spawn(context_, print_files(), asio::detached);
        asio::co_spawn(context_, obey_signals(), asio::detached);
        asio::co_spawn(context_, count_seconds(), asio::detached);
        context_.run();
    }

private:
    void open()
    {
        set_.open();
        set_.remove(set_.add("/", event_mask::delete_self)); // 1 is used up
        set_.add(directory_ + "/set", event_mask::create,
                 add_options::only_directory | add_options::exclude_unlinked);
        set_.add(directory_ + "/set/a", event_mask::attrib | event_mask::modify);
        set_.add_at(asio_inotify::watch_descriptor{0x34d71d6}, directory_ + "/set/b",
                    event_mask::attrib, add_options::one_shot);
        asio_inotify::tree_options options;
        options.report_existing = true;
        tree_.open(options);
        tree_.add(directory_ + "/tree");
        files_.open();
        std::ifstream list(directory_ + "/files/list");
        for (std::string name; std::getline(list, name);) {
            files_.add(directory_ + "/files/" + name);
        }
    }

    asio::awaitable<void> print_events()
    {
        asio_inotify::event_buffer<> buffer;
        for (;;) {
            auto const batch = co_await set_.async_read_events(buffer);
            if (auto const report = set_.take_restore_report()) {
                print_report("restored", *report);
            }
            for (auto const e : batch) {
                if (e.is_overflow()) {
                    std::cout << "set overflow" << std::endl;
                } else {
                    std::cout << "set " << e.wd().value() << ' '
                              << (e.is_ignored() ? "ignored" : to_string(e.mask())) << ' '
                              << e.name() << std::endl;
                }
            }
        }
    }

    asio::awaitable<void> print_changes()
    {
        auto const below = directory_.size() + sizeof("/tree");
        auto const name = [&](std::string_view path) {
            return path.substr(path.size() < below ? path.size() : below);
        };
        bool is_ready = false;
        for (;;) {
            auto const batch = co_await tree_.async_receive(asio::use_awaitable);
            for (auto const& c : batch) {
                std::cout << "tree " << c.kind() << ' ' << to_string(c.type()) << ' ';
                if (!c.old_path().empty()) {
                    std::cout << name(c.old_path()) << " -> ";
                }
                std::cout << name(c.path()) << '\n';
            }
            std::cout << std::flush;
            if (!std::exchange(is_ready, true)) {
                std::cout << "ready" << std::endl;
            }
        }
    }

    asio::awaitable<void> print_files()
    {
        for (;;) {
            auto const batch = co_await files_.async_receive(asio::use_awaitable);
            for (auto const& change : batch) {
                std::cout << "file " << to_string(change.kind()) << ' '
                          << change.path().substr(change.path().rfind('/') + 1) << std::endl;
            }
        }
    }

    asio::awaitable<void> obey_signals()
    {
        asio::signal_set signals{context_, SIGUSR1, SIGUSR2};
        for (;;) {
            if (co_await signals.async_wait(asio::use_awaitable) == SIGUSR1) {
                print_state();
            } else {
                print_report("revalidated", revalidate(set_));
                tree_.rescan();
                files_.rescan();
            }
        }
    }

    void print_state()
    {
        // The next number is one that no watch had, though the kernel has forgotten where it was.
        auto const next = set_.add("/proc/self/status", event_mask::delete_self);
        set_.remove(next);
        std::cout << "state next " << next.value() << " restores " << set_.counters().restores
                  << ' ' << tree_.counters().restores << ' ' << files_.counters().restores
                  << " notices " << set_.notices_restores() << tree_.notices_restores()
                  << files_.notices_restores() << std::endl;
    }

    // Timers of the context are armed at the dump.
    asio::awaitable<void> count_seconds()
    {
        asio::steady_timer timer{context_};
        for (int n = 1;; ++n) {
            timer.expires_after(std::chrono::seconds(1));
            co_await timer.async_wait(asio::use_awaitable);
            std::cout << "second " << n << std::endl;
        }
    }

    std::string directory_;
    asio::io_context context_;
    asio_inotify::watch_set set_{context_};
    asio_inotify::tree_watcher tree_{context_};
    asio_inotify::file_watcher files_{context_};
};

} // namespace

int main(int, char** argv)
try {
    watcher(argv[1]).run();
} catch (std::exception const& e) {
    std::cerr << "criu_watcher: " << e.what() << '\n';
    return 1;
}
