//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A server that replaces its own program (hot restart) while another process creates files, and
// shows that each file is reported exactly once: hot_restart DIRECTORY FILES
//
// A writer creates the files 1, 2, 3, and so on. After every few hundred files the server replaces
// its program with execve(2), as for an upgrade. It passes on the watch, the queued events, and the
// unhandled events of the last batch.

#include <asio_inotify.hpp>

#include <boost/asio.hpp>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace asio = boost::asio;

// The state of the program itself, which it keeps across a restart.
struct progress
{
    int restarts = 0;
    std::vector<int> times_reported; // for each file
};

int reported(progress const& p)
{
    int sum = 0;
    for (int const n : p.times_reported) {
        sum += n;
    }
    return sum;
}

// Replaces the program. Its state is in a memory file, which survives execve(2).
[[noreturn]] void restart(asio_inotify::released_set const& set, progress const& p, pid_t writer,
                          char** argv)
{
    int const memory = ::memfd_create("hot_restart", 0); // not close-on-exec
    std::ofstream out("/proc/self/fd/" + std::to_string(memory), std::ios::binary);
    out << set.native_handle() << ' ' << writer << ' ' << p.restarts + 1 << ' '
        << p.times_reported.size();
    for (int const n : p.times_reported) {
        out << ' ' << n;
    }
    out << '\n' << set.state() << std::flush;
    ::fcntl(set.native_handle(), F_SETFD, 0); // not close-on-exec either
    auto descriptor = std::to_string(memory);
    char* const arguments[] = {argv[0], argv[1], argv[2], descriptor.data(), nullptr};
    ::execv("/proc/self/exe", arguments);
    throw std::system_error(errno, std::generic_category(), "execv");
}

// Reads the state that the previous program has written.
asio_inotify::released_set resume(char const* descriptor, progress& p, pid_t& writer)
{
    int handle = -1;
    std::ifstream in("/proc/self/fd/" + std::string(descriptor), std::ios::binary);
    std::size_t files = 0;
    in >> handle >> writer >> p.restarts >> files;
    p.times_reported.resize(files);
    for (int& n : p.times_reported) {
        in >> n;
    }
    in.get();
    std::string state(std::istreambuf_iterator<char>(in), {});
    ::close(std::stoi(descriptor));
    return {handle, std::move(state)};
}

// Runs in a separate process that knows nothing of the server.
pid_t start_writer(std::filesystem::path const& directory, int files)
{
    pid_t const child = ::fork();
    if (child == 0) {
        for (int n = 1; n <= files; ++n) {
            std::ofstream(directory / std::to_string(n)) << n;
        }
        ::_exit(0);
    }
    return child;
}

asio::awaitable<void> serve(asio_inotify::watch_set& set, progress& p, pid_t writer, char** argv)
{
    constexpr int files_per_program = 300;
    asio_inotify::event_buffer<> buffer;
    int here = 0;
    auto const all = static_cast<int>(p.times_reported.size());
    while (reported(p) < all) {
        auto const batch = co_await set.async_read_events(buffer);
        for (auto e = batch.begin(); e != batch.end(); ++e) {
            if (e->is_overflow()) {
                throw std::runtime_error("the queue was full");
            }
            std::size_t file = 0;
            auto const name = (*e).name();
            std::from_chars(name.data(), name.data() + name.size(), file);
            ++p.times_reported.at(file - 1);
            if (++here == files_per_program) {
                // In the middle of a batch: the remaining events are passed on.
                restart(release(set, batch.from(++e)), p, writer, argv);
            }
        }
    }
}

int main(int argc, char** argv)
try {
    if (argc < 3) {
        std::cerr << "usage: hot_restart DIRECTORY FILES\n";
        return 1;
    }
    asio::io_context context;
    asio_inotify::watch_set set{context};
    progress p;
    pid_t writer = 0;
    if (argc > 3) {
        assign(set, resume(argv[3], p, writer));
    } else {
        p.times_reported.resize(static_cast<std::size_t>(std::stoi(argv[2])));
        set.open();
        set.add(argv[1], asio_inotify::event_mask::create);
        writer = start_writer(argv[1], std::stoi(argv[2]));
    }
    asio::co_spawn(context, serve(set, p, writer, argv), [](std::exception_ptr failure) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    });
    context.run();
    ::waitpid(writer, nullptr, 0);

    int lost = 0;
    int doubled = 0;
    for (int const n : p.times_reported) {
        lost += n == 0 ? 1 : 0;
        doubled += n > 1 ? 1 : 0;
    }
    std::cout << "files " << p.times_reported.size() << ", restarts " << p.restarts << ", lost "
              << lost << ", doubled " << doubled << std::endl;
    return lost == 0 && doubled == 0 && set.available() == 0 ? 0 : 1;
} catch (std::exception const& e) {
    std::cerr << "hot_restart: " << e.what() << '\n';
    return 1;
}
