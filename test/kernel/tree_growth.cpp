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
#include <fstream>
#include <string>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Trees that grow faster than they are scanned, and entries that are replaced.
BOOST_FIXTURE_TEST_SUITE(tree_growth, test::watched_tree)

using test::lines;

BOOST_AUTO_TEST_CASE(existing_entries_are_reported_on_request)
{
    make("a/b");
    write("a/b/file");
    write("file");
    open();
    add_root();
    auto seen = take();
    std::sort(seen.begin(), seen.end());
    lines const expected{"existing dir a", "existing dir a/b", "existing file a/b/file",
                         "existing file file"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(existing_entries_are_not_reported_by_default)
{
    make("a/b");
    write("a/file");
    auto options = test::at_once();
    options.report_existing = false;
    open(options);
    add_root();
    settle();
    BOOST_TEST(reported.empty());
    replay.take_from_disk(in.native());
    write("a/b/new");
    expect({"created file a/b/new", "modified file a/b/new", "closed_write file a/b/new"});
}

BOOST_AUTO_TEST_CASE(a_file_is_written)
{
    start();
    write("file");
    expect({"created file file", "modified file file", "closed_write file file"});
    write("file");
    expect({"modified file file", "closed_write file file"});
    chmod("file", 0600);
    expect({"attributes file file"});
    remove("file");
    expect({"removed file file"});
}

BOOST_AUTO_TEST_CASE(files_of_one_directory_after_the_other)
{
    start();
    make("a");
    make("b");
    for (auto const* name : {"a/1", "a/2", "a/3", "b/1", "b/2"}) {
        write(name);
    }
    make("a/d");
    static_cast<void>(take());
    auto const before = watcher.counters().events;
    chmod("a/1", 0600);
    chmod("a/2", 0600);
    write("a/2");
    chmod("a/2", 0600);
    write("a/3");
    chmod("a/d", 0700);
    chmod("a/1", 0640);
    chmod("b/2", 0600);
    write("b/1");
    chmod(".", 0700);
    move("b/1", "b/3");
    chmod("b/3", 0600);
    move("b/3", "a/1");
    write("a/1");
    remove("a/2");
    write("a/2");
    expect({"attributes file a/1",   "attributes file a/2",
            "modified file a/2",     "closed_write file a/2",
            "attributes file a/2",   "modified file a/3",
            "closed_write file a/3", "attributes dir a/d",
            "attributes file a/1",   "attributes file b/2",
            "modified file b/1",     "closed_write file b/1",
            "attributes dir .",      "renamed file b/1 -> b/3",
            "attributes file b/3",   "renamed file b/3 -> a/1 replaced",
            "modified file a/1",     "closed_write file a/1",
            "removed file a/2",      "created file a/2",
            "modified file a/2",     "closed_write file a/2"});
    // A directory reports itself as well, and the two records of a rename count once.
    BOOST_TEST(watcher.counters().events == before + 23);
}

BOOST_AUTO_TEST_CASE(deep_directories_with_files_in_them)
{
    start();
    std::string path = "d";
    for (int depth = 0; depth != 40; ++depth) {
        make(path);
        write(path + "/first");
        write(path + "/second");
        path += "/d";
    }
    auto const seen = take();
    BOOST_TEST(replay.size() == 120U);
    auto const created = std::count_if(seen.begin(), seen.end(), [](std::string const& line) {
        return line.starts_with("created");
    });
    BOOST_TEST(created == 120);
}

BOOST_AUTO_TEST_CASE(directories_are_filled_while_the_program_runs)
{
    constexpr int pairs = 2000;
    start();
    std::atomic<bool> done = false;
    std::thread producer([&] {
        for (int n = 0; n != pairs; ++n) {
            auto const name = path("d" + std::to_string(n));
            ::mkdir(name.c_str(), 0755);
            std::ofstream(name / "file") << 'x';
        }
        done = true;
    });
    run_until([&] { return done.load(); });
    producer.join();
    auto const seen = take();
    BOOST_TEST(replay.size() == 2U * pairs);
    BOOST_TEST(replay.missed_writes() == "");
}

BOOST_AUTO_TEST_CASE(trees_come_and_go_while_the_program_runs)
{
    start();
    std::atomic<bool> done = false;
    std::thread producer([&] {
        for (int n = 0; n != 500; ++n) {
            auto const top = path("d" + std::to_string(n % 7));
            std::error_code ignored;
            fs::create_directories(top / "a" / "b" / "c", ignored);
            std::ofstream(top / "a" / "file") << 'x';
            if (n % 3 != 0) {
                fs::remove_all(top, ignored);
            }
        }
        done = true;
    });
    run_until([&] { return done.load(); });
    producer.join();
    static_cast<void>(take());
}

BOOST_AUTO_TEST_CASE(a_directory_is_removed_before_it_is_scanned)
{
    start();
    make("a");
    remove("a");
    expect({"created dir a", "removed dir a"});
    make("a/b/c");
    write("a/b/c/file");
    remove("a");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 0U);
}

BOOST_AUTO_TEST_CASE(changes_in_a_directory_that_is_removed_are_reported_in_order)
{
    start();
    make("a");
    expect({"created dir a"});
    write("a/file");
    remove("a");
    expect({"created file a/file", "modified file a/file", "closed_write file a/file",
            "removed file a/file", "removed dir a"});
}

BOOST_AUTO_TEST_CASE(a_directory_becomes_a_file)
{
    start();
    make("a/b");
    write("a/b/file");
    static_cast<void>(take());
    remove("a");
    write("a");
    expect({"removed file a/b/file", "removed dir a/b", "removed dir a", "created file a",
            "modified file a", "closed_write file a"});
    // Before the directory is scanned.
    make("b");
    remove("b");
    write("b");
    expect({"created dir b", "removed dir b", "created file b", "modified file b",
            "closed_write file b"});
}

BOOST_AUTO_TEST_CASE(a_file_becomes_a_directory)
{
    start();
    write("a");
    static_cast<void>(take());
    remove("a");
    make("a");
    write("a/file");
    expect({"removed file a", "created dir a", "created file a/file"});
    remove("a");
    write("a");
    remove("a");
    make("a/b");
    write("a/b/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_directory_becomes_a_link_to_the_outside)
{
    start();
    make("a");
    static_cast<void>(take());
    make("../out/b");
    remove("a");
    fs::create_directory_symlink(out, path("a"));
    write("../out/b/file");
    expect({"removed dir a", "created file a"});
    write("../out/b/file");
    write("../out/file");
    chmod("../out/b", 0700);
    expect({});
    // Before the directory is scanned.
    make("c");
    remove("c");
    fs::create_directory_symlink(out, path("c"));
    write("../out/other");
    expect({"created dir c", "removed dir c", "created file c"});
    write("../out/other");
    expect({});
}

BOOST_AUTO_TEST_CASE(a_name_is_used_again)
{
    start();
    make("a/b");
    write("a/b/file");
    static_cast<void>(take());
    for (int n = 0; n != 3; ++n) {
        remove("a");
        make("a/b");
        write("a/b/" + std::to_string(n));
    }
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 3U);
    // The entries of the new directories are reported.
    write("a/b/2");
    expect({"modified file a/b/2", "closed_write file a/b/2"});
}

BOOST_AUTO_TEST_CASE(a_name_is_used_for_a_file_and_a_directory_in_turn)
{
    start();
    for (int n = 0; n != 20; ++n) {
        make("a");
        write("a/file");
        if (n % 5 == 0) {
            static_cast<void>(take());
        }
        remove("a");
        write("a");
        if (n % 7 == 0) {
            static_cast<void>(take());
        }
        remove("a");
    }
    make("a/b");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_directory_with_many_entries)
{
    constexpr int count = 2000;
    make("../out/many");
    for (int n = 0; n != count; ++n) {
        write("../out/many/" + std::string(30, 'f') + std::to_string(n));
    }
    start();
    move("../out/many", "many");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == count + 1U);
    move("many", "../out/many");
    expect({"removed dir many"});
}

// Reading directories is nothing that happens to them.
BOOST_AUTO_TEST_CASE(scanning_is_not_reported)
{
    make("a/b/c");
    write("a/b/file");
    auto options = test::at_once();
    options.report_existing = false;
    open(options);
    add_root();
    settle();
    BOOST_TEST(reported.empty());
    replay.take_from_disk(in.native());
    make("d");
    make("d/e");
    expect({"created dir d", "created dir d/e"});
    expect({});
    for (auto const& entry : fs::recursive_directory_iterator(in)) {
        std::ifstream(entry.path()).get();
    }
    expect({});
}

BOOST_AUTO_TEST_SUITE_END()
