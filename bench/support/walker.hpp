//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_WALKER_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_WALKER_HPP

#include "stopwatch.hpp"
#include "system.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/inotify.h>
#include <sys/mman.h>
#include <unistd.h>

namespace bench {

/// Walks upwards with a file of its own, as restorers do on kernels without the ioctl.
class walker
{
public:
    walker()
        : scratch_(check(::memfd_create("bench_walk", MFD_CLOEXEC), "memfd_create"))
        , path_("/proc/self/fd/" + std::to_string(scratch_.get()))
    {}

    // Walk until `number` is the next watch descriptor.
    void walk_to(int number)
    {
        while (next_ < number) {
            auto const wd = check(::inotify_add_watch(instance_.get(), path_.c_str(), IN_IGNORED),
                                  "inotify_add_watch");
            check(::inotify_rm_watch(instance_.get(), wd), "inotify_rm_watch");
            next_ = wd + 1;
            // Each removal queues an event; the queue would overflow.
            if (next_ % 4096 == 0) {
                drain();
            }
        }
    }

    [[nodiscard]] int add(std::string const& path) const
    {
        return check(::inotify_add_watch(instance_.get(), path.c_str(), IN_MODIFY),
                     "inotify_add_watch");
    }

private:
    void drain()
    {
        while (::read(instance_.get(), buffer_.data(), buffer_.size()) > 0) {
        }
    }

    unique_fd instance_ = make_instance();
    unique_fd scratch_;
    std::string path_;
    std::vector<std::byte> buffer_ = std::vector<std::byte>(65536);
    int next_ = 1;
};

/// The seconds per step, measured between two numbers, so that the start does not count.
inline double seconds_of_step(std::string const& path, int from, int to)
{
    walker w;
    w.walk_to(from);
    stopwatch const watch;
    w.walk_to(to);
    auto const seconds = watch.seconds();
    if (w.add(path) != to) {
        throw std::runtime_error("the walk did not come to its number");
    }
    return seconds / (to - from);
}

} // namespace bench

#endif
