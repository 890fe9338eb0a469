//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RESTORED_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RESTORED_HPP

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <poll.h>
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

private:
    std::map<int, std::string> before_ = descriptor_targets();
};

} // namespace test

#endif
