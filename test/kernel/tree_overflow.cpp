//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/file_time.hpp"
#include "support/skipping.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

// The kernel's queue overflows, and what was lost in it is found.
namespace {

struct overflowing : test::watched_tree
{
    overflowing()
    {
        std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
        write("x");
        write("y");
    }

    [[nodiscard]] bool can_overflow() const
    {
        if (limit <= 0 || limit > 200000) {
            test::print_skipped("max_queued_events is " + std::to_string(limit));
            return false;
        }
        return true;
    }

    // So many events that change nothing.
    void fill(int events)
    {
        for (int n = 0; n != events; ++n) {
            BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, (n % 2 == 0 ? x : y).c_str(), nullptr, 0) ==
                               0);
        }
    }

    // Whatever comes afterwards is lost.
    void overflow() { fill(limit + 1); }

    // The reported changes, without those that fill the queue.
    test::lines take_rest()
    {
        auto seen = take();
        std::erase_if(seen, [](std::string const& line) {
            return line.ends_with(" file x") || line.ends_with(" file y");
        });
        return seen;
    }

    void expect_rest(test::lines expected)
    {
        expected.insert(expected.begin(), "rescan_begin");
        expected.emplace_back("rescan_end");
        auto seen = take_rest();
        BOOST_TEST_REQUIRE(seen.size() >= 2U);
        // The order within the rescan is that of the directory.
        std::sort(seen.begin() + 1, seen.end() - 1);
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        if (seen != expected) {
            for (auto const& line : seen) {
                BOOST_TEST_MESSAGE("  reported: " << line);
            }
        }
        BOOST_TEST(watcher.counters().overflows == 1U);
    }

    int limit = 0;
    std::string x = path("x");
    std::string y = path("y");
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_overflow, overflowing)

BOOST_AUTO_TEST_CASE(nothing_was_lost)
{
    make("a/b");
    write("a/b/file");
    test::next_tick();
    start();
    test::next_tick();
    if (can_overflow()) {
        overflow();
        expect_rest({});
    }
}

BOOST_AUTO_TEST_CASE(structure_was_lost)
{
    make("a/b");
    make("c/d");
    make("e");
    write("a/b/file");
    write("c/file");
    write("gone");
    start();
    if (!can_overflow()) {
        return;
    }
    overflow();
    make("new/deep");
    write("new/deep/file");
    remove("gone");
    remove("e");
    move("a", "c/d/a");
    write("e");
    remove("c/file");
    make("c/file");
    auto const seen = take_rest();
    BOOST_TEST(std::count(seen.begin(), seen.end(), "rescan_begin") == 1);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "rescan_end") == 1);
    write("c/d/a/b/file");
    expect({"modified file c/d/a/b/file", "closed_write file c/d/a/b/file"});
    write("new/deep/file");
    expect({"modified file new/deep/file", "closed_write file new/deep/file"});
}

BOOST_AUTO_TEST_CASE(content_was_lost)
{
    make("a");
    write("a/written");
    write("a/untouched");
    write("a/touched");
    start();
    if (!can_overflow()) {
        return;
    }
    // The last event before is later than the files.
    test::next_tick();
    fill(1);
    static_cast<void>(take());
    test::next_tick();
    overflow();
    write("a/written");
    write("a/new");
    auto const seen = take_rest();
    BOOST_TEST(std::count(seen.begin(), seen.end(), "modified file a/written") == 1);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "modified file a/untouched") == 0);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "created file a/new") == 1);
}

BOOST_AUTO_TEST_CASE(content_was_lost_in_a_directory_that_moved)
{
    make("a/b");
    write("a/b/file");
    start();
    if (!can_overflow()) {
        return;
    }
    test::next_tick();
    overflow();
    write("a/b/file");
    move("a/b", "b");
    auto const seen = take_rest();
    // Moved or replaced: either way the content of the file is reported as modified.
    BOOST_TEST(std::count(seen.begin(), seen.end(), "modified file b/file") +
                   std::count(seen.begin(), seen.end(), "created file b/file") ==
               1);
}

BOOST_AUTO_TEST_CASE(the_second_half_of_a_rename_was_lost)
{
    make("a/b");
    write("a/b/file");
    start();
    if (can_overflow()) {
        fill(limit - 1);
        move("a", "c");
        write("c/b/new");
        static_cast<void>(take_rest());
        BOOST_TEST(replay.size() == 6U);
        write("c/b/new");
        expect({"modified file c/b/new", "closed_write file c/b/new"});
    }
}

BOOST_AUTO_TEST_CASE(the_halves_of_a_file_s_rename_are_lost_at_each_place)
{
    make("d");
    write("a");
    start();
    if (!can_overflow()) {
        return;
    }
    for (int less = 0; less != 4; ++less) {
        fill(limit - less);
        move("a", "d/b");
        move("d", "e");
        write("e/b");
        static_cast<void>(take_rest());
        move("e/b", "a");
        move("e", "d");
        static_cast<void>(take_rest());
    }
}

BOOST_AUTO_TEST_CASE(the_halves_of_an_exchange_are_lost_at_each_place)
{
    make("a/b");
    write("a/b/of_a");
    make("c");
    write("c/of_c");
    start();
    if (!can_overflow()) {
        return;
    }
    for (int less = 0; less != 5; ++less) {
        fill(limit - less);
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path("a").c_str(), AT_FDCWD, path("c").c_str(),
                                       RENAME_EXCHANGE) == 0);
        static_cast<void>(take_rest());
    }
}

BOOST_AUTO_TEST_CASE(ends_of_watches_were_lost)
{
    make("a/b/c");
    make("d");
    start();
    if (can_overflow()) {
        overflow();
        remove("a");
        move("d", "../out/d");
        expect_rest({"removed dir a", "removed dir d"});
        make("a/b");
        static_cast<void>(take_rest());
    }
}

BOOST_AUTO_TEST_CASE(another_directory_has_the_name)
{
    make("a/b");
    write("a/b/file");
    make("e/old");
    start();
    if (!can_overflow()) {
        return;
    }
    overflow();
    remove("a");
    make("a/b");
    write("a/b/other");
    move("e", "../out/e");
    make("e/new");
    static_cast<void>(take_rest());
    write("a/b/other");
    expect({"modified file a/b/other", "closed_write file a/b/other"});
}

BOOST_AUTO_TEST_CASE(directories_have_changed_places)
{
    make("a/of_a");
    make("b/of_b");
    make("c/d/e");
    start();
    if (!can_overflow()) {
        return;
    }
    overflow();
    move("a", "t");
    move("b", "a");
    move("t", "b");
    // The child becomes the parent.
    move("c/d", "d");
    move("c", "d/e/c");
    static_cast<void>(take_rest());
    BOOST_TEST(replay.contains(in / "a" / "of_b"));
    BOOST_TEST(replay.contains(in / "d" / "e" / "c"));
    for (auto const* const name : {"a/of_b", "b/of_a", "d", "d/e", "d/e/c"}) {
        std::string const file = std::string(name) + "/file";
        write(file);
        expect({"created file " + file, "modified file " + file, "closed_write file " + file});
    }
}

// Events are lost again during the rescan.
BOOST_AUTO_TEST_CASE(during_the_rescan)
{
    for (int n = 0; n != 30; ++n) {
        make("a/" + std::to_string(n) + "/b");
        write("a/" + std::to_string(n) + "/file");
    }
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds(0);
    start(options);
    if (!can_overflow()) {
        return;
    }
    for (int steps = 0; steps != 40; steps += 10) {
        auto const n = std::to_string(steps % 30);
        overflow();
        move("a/" + n, "n");
        settle_until([&] { return replay.is_rescanning(); });
        for (int step = 0; step != steps; ++step) {
            context.restart();
            context.poll_one();
        }
        overflow();
        move("n", "m");
        move("a/7", "a/8/b/7");
        write("m/new" + std::to_string(steps));
        static_cast<void>(take_rest());
        move("a/8/b/7", "a/7");
        move("m", "a/" + n);
        static_cast<void>(take_rest());
    }
}

// As far as is known, it replaces the directory that it is in.
BOOST_AUTO_TEST_CASE(a_file_takes_the_place_of_its_directory)
{
    make("b");
    write("b/b");
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds(0);
    start(options);
    if (can_overflow()) {
        overflow();
        move("b", "d");
        settle_until([&] { return replay.is_rescanning(); });
        move("d/b", "b");
        write("b");
        static_cast<void>(take_rest());
        BOOST_TEST(replay.size() == 4U);
    }
}

BOOST_AUTO_TEST_CASE(changes_during_the_rescan)
{
    for (int n = 0; n != 20; ++n) {
        make("a/" + std::to_string(n) + "/b");
    }
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds(0);
    start(options);
    if (!can_overflow()) {
        return;
    }
    overflow();
    move("a", "c");
    settle_until([&] { return replay.is_rescanning(); });
    for (int n = 0; n != 20; ++n) {
        auto const from = "c/" + std::to_string(n);
        auto const to =
            (n % 2 == 0 ? "c/x" : "c/" + std::to_string(n - 1) + "x/b") + std::to_string(n);
        if (n % 2 != 0) {
            make("c/" + std::to_string(n - 1) + "x/b");
        }
        move(from, to);
        write(to + "/b/file");
        context.restart();
        context.poll_one();
    }
    static_cast<void>(take_rest());
}

BOOST_AUTO_TEST_CASE(the_root_is_lost_in_it)
{
    make("a/b");
    start();
    if (can_overflow()) {
        overflow();
        fs::rename(in, dir / "elsewhere");
        static_cast<void>(take());
        fs::create_directory(in);
        make("new");
        static_cast<void>(take());
        BOOST_TEST(replay.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(during_the_initial_scan)
{
    for (int n = 0; n != 20; ++n) {
        make("a/" + std::to_string(n) + "/b");
    }
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds(0);
    open(options);
    if (!can_overflow()) {
        return;
    }
    add_root();
    receive();
    for (int step = 0; step != 7; ++step) {
        context.poll_one();
    }
    overflow();
    move("a", "b");
    make("b/3/b/new");
    static_cast<void>(take_rest());
    BOOST_TEST(replay.size() == 44U);
}

// Nobody asks for changes: nothing is read, and one look is enough afterwards.
BOOST_AUTO_TEST_CASE(nobody_receives_for_a_long_time)
{
    start();
    if (!can_overflow()) {
        return;
    }
    watcher.cancel();
    context.restart();
    context.run();
    BOOST_TEST(failure == boost::asio::error::operation_aborted);
    failure = {};
    for (int round = 0; round != 3; ++round) {
        overflow();
        make("r" + std::to_string(round) + "/d");
    }
    auto const seen = take_rest();
    BOOST_TEST(std::count(seen.begin(), seen.end(), "rescan_begin") == 1);
    BOOST_TEST(replay.size() == 8U);
}

BOOST_AUTO_TEST_SUITE_END()
