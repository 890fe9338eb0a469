//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_WATCHED_TREE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_WATCHED_TREE_HPP

#include "support/asio/async_operation.hpp"
#include "support/temp_directory.hpp"
#include "support/tree/tree_replay.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

namespace test {

using asio_inotify::tree_change_mask;
using asio_inotify::tree_options;
using lines = std::vector<std::string>;

/// The options of a test that wants to know when nothing more will come.
inline tree_options at_once()
{
    tree_options options;
    options.report_existing = true;
    // Without it, it could not be seen that a first half of a rename is waiting for its second.
    options.grace_time = std::chrono::milliseconds(0);
    return options;
}

/// A directory to be watched, one beside it, and a watcher whose changes are replayed.
/** Names are relative to the watched directory; "../out" is the one beside it. */
struct watched_tree
{
    watched_tree()
    {
        std::filesystem::create_directory(in);
        std::filesystem::create_directory(out);
    }

    [[nodiscard]] std::filesystem::path path(std::string const& name) const
    {
        return name == "." ? in : in / name;
    }

    // What is done to the directory; each has to succeed.

    void make(std::string const& name) const
    {
        std::error_code ec;
        std::filesystem::create_directories(path(name), ec);
        BOOST_TEST_REQUIRE(!ec, name << ": " << ec.message());
    }

    void write(std::string const& name, std::string const& content = "x") const
    {
        std::ofstream file(path(name), std::ios::binary | std::ios::app);
        file << content;
        file.close();
        BOOST_TEST_REQUIRE(!!file, name);
    }

    void move(std::string const& from, std::string const& to) const
    {
        std::error_code ec;
        std::filesystem::rename(path(from), path(to), ec);
        BOOST_TEST_REQUIRE(!ec, from << " -> " << to << ": " << ec.message());
    }

    void remove(std::string const& name) const
    {
        BOOST_TEST_REQUIRE(std::filesystem::remove_all(path(name)) != 0U, name);
    }

    void chmod(std::string const& name, unsigned mode) const
    {
        std::filesystem::permissions(path(name), std::filesystem::perms{mode});
    }

    // The watcher.

    void open(tree_options const& options = at_once())
    {
        auto const before = inotify_descriptors();
        watcher.open(options);
        auto const after = inotify_descriptors();
        // Made first, and so with the smaller number; another one is for what is above the roots.
        std::vector<int> made;
        std::ranges::set_difference(after, before, std::back_inserter(made));
        BOOST_TEST_REQUIRE(!made.empty());
        instance = made.front();
    }

    void add_root(std::string const& name = ".")
    {
        auto const root = name == "." ? in : (in / name).lexically_normal();
        watcher.add(root);
        replay.add_root(root.native());
    }

    void remove_root(std::string const& name = ".")
    {
        auto const root = name == "." ? in : (in / name).lexically_normal();
        watcher.remove(root);
        replay.remove_root(root.native());
    }

    /// Watch, and forget the changes that report existing entries.
    void start(tree_options const& options = at_once())
    {
        open(options);
        add_root();
        static_cast<void>(take());
    }

    void receive()
    {
        is_receiving = true;
        watcher.async_receive([this](error_code ec, asio_inotify::tree_change_batch batch) {
            is_receiving = false;
            if (ec) {
                BOOST_TEST(batch.empty());
                failure = ec;
                return;
            }
            BOOST_TEST(!batch.empty());
            ++batches;
            for (auto const& change : batch) {
                if (is_replaying) {
                    replay.apply(change);
                }
                reported.push_back(describe(change, in.native()));
            }
            if (watcher.is_open()) {
                receive();
            }
        });
    }

    /// True while there is something for the watcher to do.
    [[nodiscard]] bool is_busy() const
    {
        ::pollfd ready{watcher.native_handle(), POLLIN, 0};
        return ::poll(&ready, 1, 0) != 0;
    }

    /// Let the watcher do what can be done without waiting.
    void settle()
    {
        auto const end = std::chrono::steady_clock::now() + deadline;
        if (!is_receiving) {
            receive();
        }
        context.restart();
        while (context.poll() != 0 || is_busy()) {
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < end), "is busy without end");
            context.restart();
        }
        BOOST_TEST_REQUIRE(!failure, failure.message());
    }

    /// Let the watcher do one thing after the other until a condition holds.
    template <class Condition>
    void settle_until(Condition condition)
    {
        auto const end = std::chrono::steady_clock::now() + deadline;
        while (!condition()) {
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < end), "nothing left to do");
            if (!is_receiving) {
                receive();
            }
            context.restart();
            context.poll_one();
        }
    }

    /// Let the watcher work until a condition holds, for what needs time.
    template <class Condition>
    void run_until(Condition condition)
    {
        auto const end = std::chrono::steady_clock::now() + deadline;
        if (!is_receiving) {
            receive();
        }
        while (!condition()) {
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < end), "waits in vain");
            context.restart();
            context.run_one_for(std::chrono::milliseconds(100));
        }
    }

    /// See that everything is as it should be.
    void check()
    {
        for (auto const& fault : replay.faults()) {
            BOOST_TEST(fault.empty(), fault);
        }
        BOOST_TEST(!replay.is_rescanning());
        if (!is_replaying) {
            return;
        }
        BOOST_TEST(replay.differences() == "");
        BOOST_TEST(replay.differences_of_watches(instance) == "");
    }

    /// Let the watcher do what it can, check the result, and return the reported changes.
    [[nodiscard]] lines take()
    {
        settle();
        check();
        return std::exchange(reported, {});
    }

    /// The same, for a test that has said what to expect.
    void expect(lines const& expected)
    {
        auto const seen = take();
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        if (seen != expected) {
            for (auto const& line : seen) {
                BOOST_TEST_MESSAGE("  reported: " << line);
            }
        }
    }

    temp_directory dir;
    std::filesystem::path in = dir / "in";
    std::filesystem::path out = dir / "out";
    asio::io_context context;
    asio_inotify::tree_watcher watcher{context};
    tree_replay replay;
    bool is_replaying = true;
    int instance = -1;
    bool is_receiving = false;
    error_code failure{};
    lines reported{};
    int batches = 0;
};

} // namespace test

#endif
