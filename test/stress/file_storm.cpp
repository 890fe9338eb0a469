//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"
#include "support/long_run.hpp"
#include "support/seed.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// A small world that changes at random. Whenever it is quiet, what was reported has to be what is
// on the disk.
BOOST_AUTO_TEST_SUITE(file_storm)

namespace fs = std::filesystem;
using test::file_change_kind;
using test::file_identity;

// Identifies the content of a file.
struct content
{
    file_identity identity;
    std::int64_t size = 0;

    friend bool operator==(content const&, content const&) = default;
};

content content_of(fs::path const& path)
{
    struct stat s = {};
    if (::stat(path.c_str(), &s) != 0 || S_ISDIR(s.st_mode)) {
        return {};
    }
    return {{s.st_dev, s.st_ino}, s.st_size};
}

// Files, directories and links of few names, so that they meet.
class small_world
{
public:
    small_world(fs::path root, std::uint64_t seed)
        : root_(std::move(root))
        , random_(seed)
    {}

    [[nodiscard]] std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    void change()
    {
        auto const a = any_path();
        auto const b = any_path();
        auto const spare = root_ / "spare";
        std::error_code ignored;
        switch (below(12)) {
        case 0:
        case 1:
        case 2:
            write(a, O_APPEND | (below(2) == 0 ? O_CREAT : 0));
            break;
        case 3:
            write(spare, O_CREAT | O_TRUNC);
            ::rename(spare.c_str(), a.c_str());
            break;
        case 4:
            ::unlink(a.c_str());
            break;
        case 5:
            ::rename(a.c_str(), b.c_str());
            break;
        case 6:
            ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
            break;
        case 7:
            ::mkdir(a.c_str(), 0700);
            break;
        case 8:
            if (below(3) == 0) {
                fs::remove_all(a, ignored);
            }
            break;
        case 9:
            ::unlink(spare.c_str());
            ::symlink(any_target().c_str(), spare.c_str());
            ::rename(spare.c_str(), a.c_str());
            break;
        case 10:
            ::link(a.c_str(), b.c_str());
            break;
        default:
            ::chmod(a.c_str(), below(2) == 0 ? 0700 : 0755);
            break;
        }
    }

    [[nodiscard]] fs::path any_path()
    {
        auto path = root_;
        for (auto names = 1 + below(3); names != 0; --names) {
            path /= names_[below(names_.size())];
        }
        return path;
    }

private:
    [[nodiscard]] fs::path any_target()
    {
        switch (below(3)) {
        case 0:
            return any_path();
        case 1:
            return fs::path("..") / names_[below(names_.size())];
        default:
            return names_[below(names_.size())];
        }
    }

    // Each write makes the file longer, so that its size shows the write.
    static void write(fs::path const& path, int flags)
    {
        int const fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | flags, 0600);
        if (fd >= 0) {
            static_cast<void>(::write(fd, "x", 1));
            ::close(fd);
        }
    }

    static constexpr std::array<char const*, 5> names_{"a", "b", "c", "d", "e"};

    fs::path root_;
    std::mt19937_64 random_;
};

// Checks that each report fits to the one before of the same path.
class reported_states
{
public:
    void add(std::string const& path) { states_[path] = content_of(path); }

    void note(asio_inotify::file_change const& change)
    {
        auto& known = states_.at(std::string(change.path())).identity;
        BOOST_TEST((change.before() == known), change.path());
        BOOST_TEST((change.kind() == file_change_kind::appeared) == !known, change.path());
        BOOST_TEST((change.kind() == file_change_kind::disappeared) == !change.after(), change.path());
        known = change.after();
        reported_[std::string(change.path())] = true;
    }

    // The last report of each path is what is on disk.
    void expect_current()
    {
        for (auto& [path, known] : states_) {
            auto const now = content_of(path);
            BOOST_TEST((known.identity == now.identity), path);
            BOOST_TEST((known.size == now.size || reported_[path]), path);
            known = now;
        }
        reported_.clear();
    }

    [[nodiscard]] std::map<std::string, content> const& states() const { return states_; }

private:
    std::map<std::string, content> states_;
    std::map<std::string, bool> reported_;
};

void watch_some(asio_inotify::file_watcher& watcher, small_world& world, reported_states& reported)
{
    for (int i = 0; i != 25; ++i) {
        auto const path = world.any_path().native();
        boost::system::error_code ec;
        watcher.add(path, ec);
        if (!ec) {
            reported.add(path);
        }
    }
}

void remove_all(asio_inotify::file_watcher& watcher, reported_states const& reported)
{
    for (auto const& [path, state] : reported.states()) {
        watcher.remove(path);
    }
    static_cast<void>(watcher.try_receive());
    BOOST_TEST(watcher.watches() == 1U);
    BOOST_TEST(test::live(test::inotify_instances().front()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(quiet_after_some_changes)
{
    auto const seed = test::seed();
    BOOST_TEST_CONTEXT("ASIO_INOTIFY_SEED=" << seed)
    {
        for (std::uint64_t round = 0; round != (test::is_long_run() ? 1200 : 12); ++round) {
            test::temp_directory const dir;
            // Links can lead out of it, but not further than that.
            fs::create_directory(dir / "world");
            small_world world(dir / "world", seed + round);
            for (int i = 0; i != 30; ++i) {
                world.change();
            }
            boost::asio::io_context context;
            asio_inotify::file_watcher watcher(context);
            watcher.open();
            reported_states reported;
            watch_some(watcher, world, reported);
            for (int step = 0; step != 150; ++step) {
                for (auto changes = 1 + world.below(6); changes != 0; --changes) {
                    world.change();
                }
                for (auto batch = watcher.try_receive(); !batch.empty(); batch = watcher.try_receive()) {
                    for (auto const& change : batch) {
                        reported.note(change);
                    }
                }
                reported.expect_current();
            }
            remove_all(watcher, reported);
        }
    }
}

BOOST_AUTO_TEST_CASE(quiet_after_changes_by_another_thread)
{
    auto const seed = test::seed();
    BOOST_TEST_CONTEXT("ASIO_INOTIFY_SEED=" << seed)
    {
        for (std::uint64_t round = 0; round != (test::is_long_run() ? 400 : 4); ++round) {
            test::temp_directory const dir;
            // Links can lead out of it, but not further than that.
            fs::create_directory(dir / "world");
            small_world world(dir / "world", seed + round);
            boost::asio::io_context context;
            asio_inotify::file_watcher watcher(context);
            watcher.open();
            reported_states reported;
            watch_some(watcher, world, reported);
            std::atomic<bool> over = false;
            std::thread changer([&] {
                auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(250);
                while (std::chrono::steady_clock::now() < end) {
                    for (int i = 0; i != 20; ++i) {
                        world.change();
                    }
                }
                over = true;
            });
            auto const note_all = [&] {
                for (auto batch = watcher.try_receive(); !batch.empty(); batch = watcher.try_receive()) {
                    for (auto const& change : batch) {
                        reported.note(change);
                    }
                }
            };
            while (!over) {
                note_all();
            }
            changer.join();
            note_all();
            reported.expect_current();
            remove_all(watcher, reported);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
