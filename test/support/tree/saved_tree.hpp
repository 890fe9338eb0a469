//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_SAVED_TREE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_SAVED_TREE_HPP

#include <asio_inotify/tree_watcher_saving.hpp>

#include "support/file/file_time.hpp"
#include "support/tree/watched_tree.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

namespace test {

/// A watched tree whose watcher is saved and restored by another one; the changes of both are
/// replayed.
struct saved_tree : watched_tree
{
    /// Begin to watch. What was written before is not taken for something new.
    void begin(tree_options const& options = at_once())
    {
        next_tick();
        start(options);
        next_tick();
    }

    /// The kernel's lines of the watches, in an order that does not say when they were made.
    [[nodiscard]] lines watches() const
    {
        lines found;
        std::ifstream file("/proc/self/fdinfo/" + std::to_string(instance));
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("inotify ")) {
                found.push_back(line);
            }
        }
        std::ranges::sort(found);
        return found;
    }

    /// The numbers of the watches by the inodes.
    [[nodiscard]] std::map<std::uint64_t, int> numbers() const
    {
        std::map<std::uint64_t, int> found;
        for (auto const& line : watches()) {
            // "inotify wd:1 ino:a8f3 sdev:..."
            auto const inode = line.find(" ino:") + 5;
            found[std::stoull(line.substr(inode), nullptr, 16)] =
                std::stoi(line.substr(11), nullptr, 16);
        }
        return found;
    }

    [[nodiscard]] int largest_number() const
    {
        int largest = 0;
        for (auto const& [inode, wd] : numbers()) {
            largest = (std::max)(largest, wd);
        }
        return largest;
    }

    /// An operation that is outstanding is over.
    void stop()
    {
        if (is_receiving) {
            watcher.cancel();
            context.restart();
            context.poll();
        }
        BOOST_TEST_REQUIRE(!is_receiving);
        failure = {};
    }

    /// Save, by the text, when everything is reported; and end.
    void save()
    {
        settle();
        next_tick();
        stop();
        check();
        saved = saved_now();
        account = watches();
        numbers_before = numbers();
        reported.clear();
        watcher.close();
        next_tick();
    }

    [[nodiscard]] asio_inotify::tree_snapshot saved_now()
    {
        return asio_inotify::tree_snapshot::from_text(asio_inotify::save(watcher).to_text());
    }

    void restore(tree_options const& options = at_once())
    {
        open(options);
        asio_inotify::restore(watcher, saved);
    }

    /// Restore, and check the reported changes: in any order, as it is that of the directories on
    /// disk.
    void expect_found(lines expected, tree_options const& options = at_once())
    {
        restore(options);
        expect_rescan(std::move(expected));
    }

    void expect_rescan(lines expected)
    {
        auto seen = take();
        BOOST_TEST_REQUIRE(seen.size() >= 2U);
        BOOST_TEST(seen.front() == "rescan_begin");
        BOOST_TEST(seen.back() == "rescan_end");
        seen.erase(seen.begin());
        seen.pop_back();
        for (auto const& line : seen) {
            BOOST_TEST_MESSAGE("  reported: " << line);
        }
        std::ranges::sort(seen);
        std::ranges::sort(expected);
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
    }

    /// The watches are line by line what they were.
    void expect_same_watches() const
    {
        BOOST_TEST(watches() == account, boost::test_tools::per_element());
    }

    [[nodiscard]] std::uint64_t inode_of(std::string const& name) const
    {
        struct ::stat status
        {
        };
        BOOST_TEST_REQUIRE(::lstat(path(name).c_str(), &status) == 0);
        return status.st_ino;
    }

    void swap(std::string const& one, std::string const& other) const
    {
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path(one).c_str(), AT_FDCWD, path(other).c_str(),
                                       RENAME_EXCHANGE) == 0);
    }

    asio_inotify::tree_snapshot saved{};
    lines account{};
    std::map<std::uint64_t, int> numbers_before{};
};

} // namespace test

#endif
