//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A server that replaces its own program while files are made under it, and proves that it was told
// of each of them once: hot_restart DIRECTORY FILES
//
// A writer makes the files 1, 2, 3, and so on. After every few hundred of them the server becomes a
// new program by execve(2), as for an upgrade. The watch goes along, with the events that are
// queued and those of the last batch that were not looked at.

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

// What the program itself has to keep over a restart.
struct progress
{
    int restarts = 0;
    std::vector<int> times_told; // for each file
};

int told(progress const& p)
{
    int sum = 0;
    for (int const n : p.times_told) {
        sum += n;
    }
    return sum;
}

// Becomes a new program. What it needs to know goes into a file in memory that outlives execve(2).
[[noreturn]] void restart(asio_inotify::released_set const& set, progress const& p, pid_t writer,
                          char** argv)
{
    int const memory = ::memfd_create("hot_restart", 0); // not close-on-exec
    std::ofstream out("/proc/self/fd/" + std::to_string(memory), std::ios::binary);
    out << set.handle << ' ' << writer << ' ' << p.restarts + 1 << ' ' << p.times_told.size();
    for (int const n : p.times_told) {
        out << ' ' << n;
    }
    out << '\n' << set.state << std::flush;
    ::fcntl(set.handle, F_SETFD, 0); // not close-on-exec either
    auto descriptor = std::to_string(memory);
    char* const arguments[] = {argv[0], argv[1], argv[2], descriptor.data(), nullptr};
    ::execv("/proc/self/exe", arguments);
    throw std::system_error(errno, std::generic_category(), "execv");
}

// What the program before has left.
asio_inotify::released_set resume(char const* descriptor, progress& p, pid_t& writer)
{
    asio_inotify::released_set set;
    std::ifstream in("/proc/self/fd/" + std::string(descriptor), std::ios::binary);
    std::size_t files = 0;
    in >> set.handle >> writer >> p.restarts >> files;
    p.times_told.resize(files);
    for (int& n : p.times_told) {
        in >> n;
    }
    in.get();
    set.state.assign(std::istreambuf_iterator<char>(in), {});
    ::close(std::stoi(descriptor));
    return set;
}

// A process of its own, which knows nothing of the server.
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
    auto const all = static_cast<int>(p.times_told.size());
    while (told(p) < all) {
        auto const batch = co_await set.async_read(buffer);
        for (auto e = batch.begin(); e != batch.end(); ++e) {
            if (e->is_overflow()) {
                throw std::runtime_error("the queue was full");
            }
            std::size_t file = 0;
            auto const name = (*e).name();
            std::from_chars(name.data(), name.data() + name.size(), file);
            ++p.times_told.at(file - 1);
            if (++here == files_per_program) {
                // In the middle of a batch: what comes behind it goes along.
                restart(set.release(batch.from(++e)), p, writer, argv);
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
        set.assign(resume(argv[3], p, writer));
    } else {
        p.times_told.resize(static_cast<std::size_t>(std::stoi(argv[2])));
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
    for (int const n : p.times_told) {
        lost += n == 0 ? 1 : 0;
        doubled += n > 1 ? 1 : 0;
    }
    std::cout << "files " << p.times_told.size() << ", restarts " << p.restarts << ", lost " << lost
              << ", doubled " << doubled << std::endl;
    return lost == 0 && doubled == 0 && set.available() == 0 ? 0 : 1;
} catch (std::exception const& e) {
    std::cerr << "hot_restart: " << e.what() << '\n';
    return 1;
}
