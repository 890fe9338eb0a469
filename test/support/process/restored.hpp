//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RESTORED_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RESTORED_HPP

#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace test {

/// The descriptors of the process, and what they are, as /proc/self/fd shows it.
inline std::map<int, std::string> descriptor_targets()
{
    std::map<int, std::string> found;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code ec;
        auto const what = std::filesystem::read_symlink(entry.path(), ec);
        // Not the one that lists them.
        if (!ec && !what.native().starts_with("/proc/")) {
            found.emplace(std::stoi(entry.path().filename()), what.native());
        }
    }
    return found;
}

/// Does to the descriptors of an object what a restore by CRIU does.
/** Construct it before the object is opened. */
class restoring
{
public:
    /// Those of one kind that were opened since, such as "pipe:" and "anon_inode:[timerfd]".
    [[nodiscard]] std::vector<int> opened(std::string_view kind) const
    {
        std::vector<int> found;
        for (auto const& [fd, what] : descriptor_targets()) {
            if (!before_.contains(fd) && what.starts_with(kind)) {
                found.push_back(fd);
            }
        }
        return found;
    }

    /// CRIU adds the time of now to a timer, or sets it early: it expires at once.
    void expire_timers() const
    {
        for (int const fd : opened("anon_inode:[timerfd]")) {
            itimerspec const now{{}, {0, 1}};
            BOOST_REQUIRE(::timerfd_settime(fd, 0, &now, nullptr) == 0);
            pollfd expired{fd, POLLIN, 0};
            BOOST_REQUIRE(::poll(&expired, 1, 10'000) == 1);
        }
    }

    /// Queued events are lost.
    void lose_events() const
    {
        for (int const fd : opened("anon_inode:inotify")) {
            std::array<char, 65536> bytes;
            pollfd queued{fd, POLLIN, 0};
            while (::poll(&queued, 1, 0) > 0 && ::read(fd, bytes.data(), bytes.size()) > 0) {
            }
        }
    }

    /// Pipes are made again, and descriptors added to the kernel's sets again.
    /** @param epoll  The set that the pipes are in; -1 for none. */
    void remake_pipes(int epoll) const
    {
        auto const pipes = opened("pipe:");
        BOOST_REQUIRE(pipes.size() == 1U);
        int ends[2];
        BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
        BOOST_REQUIRE(::dup3(ends[0], pipes.front(), O_CLOEXEC) == pipes.front());
        ::close(ends[0]);
        ::close(ends[1]);
        if (epoll >= 0) {
            epoll_event event{};
            event.events = EPOLLIN | EPOLLET;
            BOOST_REQUIRE(::epoll_ctl(epoll, EPOLL_CTL_ADD, pipes.front(), &event) == 0);
        }
    }

    /// All of this.
    void restore(int epoll = -1) const
    {
        lose_events();
        remake_pipes(epoll);
        expire_timers();
    }

private:
    std::map<int, std::string> before_ = descriptor_targets();
};

} // namespace test

#endif
