//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

// MOVED_FROM and MOVED_TO of a rename, with other records in between.
namespace {

struct interleaving : test::watched_tree
{
    interleaving()
    {
        write("x");
        write("y");
    }

    // So many events of 32 bytes that change nothing.
    void fill(int events)
    {
        for (int n = 0; n != events; ++n) {
            BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, (n % 2 == 0 ? x : y).c_str(), nullptr, 0) ==
                               0);
        }
    }

    std::string x = path("x");
    std::string y = path("y");
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_pairs, interleaving)

using test::lines;

// Somewhere among these the first read ends.
BOOST_AUTO_TEST_CASE(split_over_two_reads)
{
    make("d");
    write("d/a");
    start();
    for (int before = 2030; before != 2060; ++before) {
        fill(before);
        move("d/a", "b");
        move("d", "e");
        write("e/file");
        auto const seen = take();
        BOOST_TEST(std::count(seen.begin(), seen.end(), "renamed file d/a -> b") == 1);
        BOOST_TEST(std::count(seen.begin(), seen.end(), "renamed dir d -> e") == 1);
        move("b", "e/a");
        move("e", "d");
        remove("d/file");
        static_cast<void>(take());
    }
}

BOOST_AUTO_TEST_CASE(an_exchange_is_split_over_two_reads)
{
    make("d");
    write("d/of_d");
    make("e");
    write("e/of_e");
    start();
    for (int before = 2040; before != 2056; ++before) {
        fill(before);
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path("d").c_str(), AT_FDCWD, path("e").c_str(),
                                       RENAME_EXCHANGE) == 0);
        auto const seen = take();
        BOOST_TEST(std::count(seen.begin(), seen.end(), "exchanged dir d -> e") == 1);
    }
}

// More is read than the queue can hold, and none of it is what is waited for.
BOOST_AUTO_TEST_CASE(more_follows_than_is_held_back)
{
    auto options = test::at_once();
    options.grace_time = std::chrono::hours(1);
    options.event_bytes = 64 * std::size_t{1024};
    make("d");
    write("d/a");
    start(options);
    move("d/a", "../out/a");
    fill(8000);
    make("d/new");
    auto const seen = take();
    BOOST_TEST(seen.front() == "removed file d/a");
    BOOST_TEST(seen.size() > 8000U);
}

// All of it has happened before the first event is read, so every name that is left has an entry
// again.
BOOST_AUTO_TEST_CASE(names_are_used_again)
{
    make("d");
    make("e");
    write("a");
    start();
    lines expected;
    for (int n = 0; n != 4; ++n) {
        move("a", "d/b");
        move("d", "c");
        move("c/b", "e/a");
        move("c", "d");
        move("e/a", "a");
        expected.insert(expected.end(),
                        {"renamed file a -> d/b", "renamed dir d -> c", "renamed file c/b -> e/a",
                         "renamed dir c -> d", "renamed file e/a -> a"});
    }
    expect(expected);
}

BOOST_AUTO_TEST_CASE(names_are_made_again)
{
    write("f");
    start();
    lines expected;
    for (int n = 0; n != 4; ++n) {
        move("f", "g");
        make("f");
        fs::remove(path("f"));
        move("g", "f");
        // A rename that is undone at once looks like an exchange.
        make("e");
        fs::remove(path("e"));
        expected.insert(expected.end(), {"renamed file f -> g", "created dir f", "removed dir f",
                                         "renamed file g -> f", "created dir e", "removed dir e"});
    }
    expect(expected);
}

// A file that came from outside was not exchanged when it is renamed later.
BOOST_AUTO_TEST_CASE(renamed_after_it_came)
{
    write("../out/a");
    start();
    move("../out/a", "a");
    expect({"created file a"});
    move("a", "b");
    expect({"renamed file a -> b"});
}

// One thread renames, another one writes, so that records come between the two of a pair.
BOOST_AUTO_TEST_CASE(others_events_come_between)
{
    make("d");
    make("e");
    write("a");
    start();
    for (int round = 0; round != 20; ++round) {
        std::atomic<bool> stop = false;
        std::thread writer([&] {
            while (!stop) {
                static_cast<void>(::utimensat(AT_FDCWD, x.c_str(), nullptr, 0));
                static_cast<void>(::utimensat(AT_FDCWD, y.c_str(), nullptr, 0));
            }
        });
        constexpr int renames = 250;
        for (int n = 0; n != renames; ++n) {
            move("a", "d/b");
            move("d", "c");
            move("c/b", "e/a");
            move("c", "d");
            move("e/a", "a");
        }
        stop = true;
        writer.join();
        auto const seen = take();
        // None has become something else, unless there was an overflow.
        auto const renamed = std::count_if(seen.begin(), seen.end(), [](std::string const& line) {
            return line.starts_with("renamed");
        });
        if (std::find(seen.begin(), seen.end(), "rescan_begin") == seen.end()) {
            BOOST_TEST(renamed == 5 * renames);
        }
    }
}

BOOST_AUTO_TEST_CASE(two_threads_rename)
{
    for (auto const* const name : {"a", "b"}) {
        make(name + std::string("/d/e"));
        write(name + std::string("/d/file"));
    }
    start();
    auto const work = [&](std::string const& mine, std::string const& others) {
        for (int n = 0; n != 300; ++n) {
            // Some of it fails, as the other one was faster.
            std::error_code ignored;
            fs::rename(path(mine + "/d"), path(others + "/x"), ignored);
            fs::rename(path(others + "/d/file"), path(mine + "/file"), ignored);
            fs::rename(path(others + "/x"), path(mine + "/d"), ignored);
            fs::rename(path(mine + "/file"), path(mine + "/d/file"), ignored);
            fs::rename(path(mine + "/d/e"), path(others + "/d/e"), ignored);
        }
    };
    for (int round = 0; round != 10; ++round) {
        std::thread one([&] { work("a", "b"); });
        std::thread other([&] { work("b", "a"); });
        one.join();
        other.join();
        static_cast<void>(take());
    }
}

BOOST_AUTO_TEST_SUITE_END()
