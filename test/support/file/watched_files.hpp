//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_FILE_WATCHED_FILES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_FILE_WATCHED_FILES_HPP

#include "support/asio/async_operation.hpp"
#include "support/instance.hpp"
#include "support/temp_directory.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace test {

namespace fs = std::filesystem;
using asio_inotify::file_change_batch;
using asio_inotify::file_change_kind;
using asio_inotify::file_identity;
using asio_inotify::file_watch_options;
using asio_inotify::file_writes;

/// The file that a path leads to, as stat(2) returns it; none if there is none.
inline file_identity identity_of(fs::path const& path)
{
    struct stat s = {};
    return ::stat(path.c_str(), &s) == 0 && !S_ISDIR(s.st_mode) ? file_identity{s.st_dev, s.st_ino}
                                                                : file_identity{};
}

/// Add to the end of a file.
inline void append(fs::path const& path, std::string_view text = "x")
{
    std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

/// A file that is held open for writing.
class writer
{
public:
    explicit writer(fs::path const& path, int flags = O_WRONLY | O_APPEND)
        : fd_(::open(path.c_str(), flags | O_CLOEXEC))
    {
        BOOST_REQUIRE(fd_ >= 0);
    }
    writer(writer const&) = delete;
    writer& operator=(writer const&) = delete;
    ~writer() { ::close(fd_); }

    void write(std::string_view text = "x") const
    {
        BOOST_REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }

    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
};

/// The inotify instances of the process: their descriptors.
inline std::vector<int> inotify_instances()
{
    std::vector<int> found;
    for (auto const& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code ec;
        if (fs::read_symlink(entry.path(), ec) == "anon_inode:inotify") {
            found.push_back(std::stoi(entry.path().filename()));
        }
    }
    return found;
}

/// A directory of the test's own, a watcher that is always waited for, and what it has reported.
struct watched_files
{
    explicit watched_files(fs::path const& place = fs::temp_directory_path())
        : dir(place)
    {
        watcher.open();
        wait();
    }

    [[nodiscard]] fs::path operator/(std::string_view name) const { return dir / name; }

    fs::path add(std::string_view name, file_watch_options const& options = {})
    {
        auto path = dir / name;
        watcher.add(path, options);
        return path;
    }

    /// Let another file take the place of one, at once.
    void replace(std::string_view name, std::string_view content = "new") const
    {
        dir.write("tmp", content);
        fs::rename(dir / "tmp", dir / name);
    }

    /// Let a link, or another one in its place, lead to `target`, at once.
    void point(std::string_view link, fs::path const& target) const
    {
        fs::create_symlink(target, dir / "tmp");
        fs::rename(dir / "tmp", dir / link);
    }

    /// Run until there is nothing to do but to wait.
    void run()
    {
        auto const until = std::chrono::steady_clock::now() + deadline;
        for (;;) {
            context.restart();
            auto const handlers = context.poll();
            pollfd waiting{watcher.native_handle(), POLLIN, 0};
            if (::poll(&waiting, 1, 0) == 0 && handlers == 0) {
                return;
            }
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < until));
        }
    }

    /// What was reported since the last call, as "what name", in alphabetical order.
    std::vector<std::string> reports()
    {
        run();
        auto result = std::exchange(seen, {});
        std::sort(result.begin(), result.end());
        return result;
    }

    /// Check what was reported since the last call, and that no watch is there in vain.
    void expect(std::vector<std::string> const& expected)
    {
        BOOST_TEST(reports() == expected, boost::test_tools::per_element());
        expect_consistent();
    }

    /// The kernel has the watches that the watcher believes it has.
    void expect_consistent()
    {
        auto const instances = inotify_instances();
        BOOST_TEST_REQUIRE(instances.size() == 1U);
        BOOST_TEST(live(instances.front()).size() == watcher.watches());
    }

    /// Check that the last report of a path is its state now.
    void expect_current(fs::path const& path)
    {
        BOOST_TEST((watcher.identity(path) == identity_of(path)), path.native());
    }

    /// Wait until something was reported.
    void run_until_reported()
    {
        auto const until = std::chrono::steady_clock::now() + deadline;
        while (seen.empty()) {
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < until));
            context.restart();
            context.run_one_for(std::chrono::milliseconds(100));
        }
    }

    void wait()
    {
        watcher.async_receive([this](error_code ec, file_change_batch const& batch) {
            if (ec) {
                ended = ec;
                return;
            }
            BOOST_TEST(!batch.empty());
            for (auto const& change : batch) {
                BOOST_TEST(change.path().data()[change.path().size()] == '\0');
                BOOST_TEST((change.kind() == file_change_kind::appeared) != bool(change.before()));
                BOOST_TEST((change.kind() == file_change_kind::disappeared) != bool(change.after()));
                BOOST_TEST((change.kind() == file_change_kind::disappeared) ==
                           change.error().failed());
                seen.push_back(std::string(to_string(change.kind())) + ' ' +
                               fs::path(change.path()).lexically_relative(dir.path()).string());
                last = change.error();
            }
            ++batches;
            wait();
        });
    }

    temp_directory dir;
    asio::io_context context;
    asio_inotify::file_watcher watcher{context};
    std::vector<std::string> seen;
    int batches = 0;
    error_code ended;
    error_code last;
};

/// Where a test can afford many files.
struct watched_files_in_memory : watched_files
{
    watched_files_in_memory()
        : watched_files(place_in_memory())
    {}
};

} // namespace test

#endif
