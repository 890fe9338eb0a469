//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/saved_tree.hpp"

#include <asio_inotify/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

// A tree is saved and restored by another watcher, which reports the changes in between.
BOOST_FIXTURE_TEST_SUITE(tree_save, test::saved_tree)

using asio_inotify::error;
using test::lines;

BOOST_AUTO_TEST_CASE(nothing_changed)
{
    make("a/b/c");
    make("d");
    write("file");
    write("a/b/file");
    begin();
    // Numbers with gaps.
    make("e");
    make("f");
    remove("e");
    write("f/file");
    save();
    BOOST_TEST(saved.size() == 9U);
    BOOST_TEST(saved.roots() == lines{in.native()}, boost::test_tools::per_element());
    expect_found({});
    BOOST_TEST(account.size() == 6U);
    expect_same_watches();
    // It still works.
    write("a/b/c/new");
    move("f", "d/f");
    remove("d/f/file");
    expect({"created file a/b/c/new", "modified file a/b/c/new", "closed_write file a/b/c/new",
            "renamed dir f -> d/f", "removed file d/f/file"});
}

BOOST_AUTO_TEST_CASE(an_empty_tree)
{
    begin();
    save();
    expect_found({});
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(saved_entries_are_not_reported_again)
{
    write("file");
    auto options = test::at_once();
    options.report_existing = false;
    test::next_tick();
    open(options);
    add_root();
    settle();
    replay.take_from_disk(in.native());
    save();
    // Whatever the options say of new roots.
    expect_found({});
}

BOOST_AUTO_TEST_CASE(created)
{
    make("a");
    begin();
    save();
    write("file");
    write("a/file");
    make("b/c");
    write("b/c/file");
    expect_found({"created file file", "created file a/file", "created dir b", "created dir b/c",
                  "created file b/c/file"});
}

BOOST_AUTO_TEST_CASE(removed)
{
    make("a/b/c");
    make("d");
    write("a/b/file");
    write("d/file");
    write("file");
    begin();
    save();
    remove("a");
    remove("d/file");
    remove("file");
    expect_found({"removed dir a", "removed file d/file", "removed file file"});
    BOOST_TEST(watches().size() == 2U);
}

BOOST_AUTO_TEST_CASE(modified)
{
    make("a");
    write("a/written");
    write("a/not written");
    write("mode");
    begin();
    save();
    write("a/written");
    chmod("mode", 0600);
    chmod("a", 0700);
    expect_found({"modified file a/written", "modified file mode"});
    BOOST_TEST(replay.missed_writes() == "");
}

BOOST_AUTO_TEST_CASE(replaced_files)
{
    write("a");
    write("b");
    begin();
    save();
    write("../out/new");
    move("../out/new", "a");
    remove("b");
    write("b");
    expect_found({"modified file a", "modified file b"});
}

BOOST_AUTO_TEST_CASE(another_file_that_is_older)
{
    write("file");
    write("same");
    begin();
    save();
    auto entries = saved.entries();
    for (auto& entry : entries) {
        if (entry.name == "file") {
            entry.inode = (std::numeric_limits<std::uint64_t>::max)();
        }
    }
    saved = {std::move(entries), saved.time()};
    expect_found({"modified file file"});
    save();
    expect_found({});
}

BOOST_AUTO_TEST_CASE(other_types)
{
    make("directory");
    write("directory/file");
    write("file");
    // There already, so that they do not get the numbers of inodes that are removed.
    write("../out/new");
    make("../out/new_directory/a");
    begin();
    save();
    remove("directory");
    move("../out/new", "directory");
    remove("file");
    move("../out/new_directory", "file");
    expect_found({"removed dir directory", "created file directory", "removed file file",
                  "created dir file", "created dir file/a"});
}

BOOST_AUTO_TEST_CASE(moved_files)
{
    make("a/b");
    write("a/in");
    write("a/b/out");
    write("same");
    begin();
    save();
    move("a/in", "a/b/in");
    move("a/b/out", "out");
    move("same", "Same");
    make("new");
    // The time of a file that was moved is that of its move.
    expect_found({"renamed file a/in -> a/b/in", "modified file a/b/in",
                  "renamed file a/b/out -> out", "modified file out", "renamed file same -> Same",
                  "modified file Same", "created dir new"});
}

BOOST_AUTO_TEST_CASE(moved_over_the_edge)
{
    make("a");
    write("a/file");
    write("file");
    begin();
    save();
    move("a", "../out/a");
    move("file", "../out/file");
    write("../out/b");
    move("../out/b", "b");
    expect_found({"removed dir a", "removed file file", "created file b"});
}

BOOST_AUTO_TEST_CASE(moved_directories)
{
    make("a/b/c");
    make("d");
    write("a/b/c/file");
    write("a/file");
    begin();
    save();
    move("a/b", "d/B");
    move("a", "e");
    restore();
    auto seen = take();
    BOOST_TEST_REQUIRE(seen.size() == 4U);
    // The outer one may be found before the inner one.
    std::ranges::replace(seen, "renamed dir e/b -> d/B", "renamed dir a/b -> d/B");
    BOOST_TEST(std::ranges::count(seen, "renamed dir a -> e") == 1);
    BOOST_TEST(std::ranges::count(seen, "renamed dir a/b -> d/B") == 1);
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(moved_into_a_new_directory)
{
    make("a/b");
    write("a/b/file");
    write("file");
    begin();
    save();
    make("new/dir");
    move("a", "new/dir/a");
    move("file", "new/dir/a/b/file2");
    restore();
    expect_rescan({"created dir new", "created dir new/dir", "renamed dir a -> new/dir/a",
                   "renamed file file -> new/dir/a/b/file2", "modified file new/dir/a/b/file2"});
}

BOOST_AUTO_TEST_CASE(moved_below_one_another)
{
    make("a/b/c");
    write("a/1");
    write("a/b/2");
    write("a/b/c/3");
    begin();
    save();
    auto const before = account.size();
    move("a/b/c", "c");
    move("a/b", "c/b");
    move("a", "c/b/a");
    expect_found({"renamed dir a/b/c -> c", "renamed dir a/b -> c/b", "renamed dir a -> c/b/a"});
    BOOST_TEST(before == 4U);
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(swapped_files)
{
    make("a");
    write("one");
    write("a/two");
    begin();
    save();
    swap("one", "a/two");
    restore();
    auto const seen = take();
    BOOST_TEST(std::ranges::count_if(seen, [](auto const& line) {
                   return line.starts_with("exchanged file ");
               }) == 1);
    BOOST_TEST(std::ranges::count(seen, "modified file one") == 1);
    BOOST_TEST(std::ranges::count(seen, "modified file a/two") == 1);
    BOOST_TEST(seen.size() == 5U);
}

BOOST_AUTO_TEST_CASE(swapped_directories)
{
    make("a/1");
    make("b/2");
    write("a/file");
    write("b/2/file");
    begin();
    save();
    swap("a", "b");
    restore();
    auto const seen = take();
    BOOST_TEST_REQUIRE(seen.size() == 3U);
    BOOST_TEST(seen[1].starts_with("exchanged dir "));
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(a_ring_of_directories)
{
    for (auto const* name : {"a", "b", "c", "d"}) {
        make(std::string(name) + "/of " + name);
    }
    begin();
    save();
    move("a", "x");
    move("d", "a");
    move("c", "d");
    move("b", "c");
    move("x", "b");
    restore();
    static_cast<void>(take());
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(a_file_and_a_directory_have_swapped_their_names)
{
    make("a/b");
    write("file");
    begin();
    save();
    swap("a", "file");
    restore();
    static_cast<void>(take());
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(a_name_taken_by_another_directory)
{
    make("a/1");
    make("b/2");
    begin();
    save();
    // One is gone, the other has its name.
    remove("a");
    move("b", "a");
    restore();
    static_cast<void>(take());
    BOOST_TEST(watches().size() == 3U);
    for (auto const& line : watches()) {
        BOOST_TEST(std::ranges::count(account, line) == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_replaced_directory)
{
    make("a/b");
    write("a/file");
    begin();
    save();
    move("a", "../out/a");
    make("a/c");
    restore();
    expect_rescan({"removed dir a", "created dir a", "created dir a/c"});
    BOOST_TEST(watches().size() == 3U);
}

// What the kernel may do with the number of an inode that is gone.
BOOST_AUTO_TEST_CASE(a_replaced_directory_with_the_same_inode)
{
    make("a/b");
    write("a/file");
    write("a/same");
    begin();
    save();
    move("a", "../out/a");
    make("a/c");
    write("a/same");
    auto entries = saved.entries();
    for (auto& entry : entries) {
        if (entry.name == "a") {
            BOOST_TEST_REQUIRE(entry.wd != 0);
            entry.inode = inode_of("a");
        }
    }
    saved = {std::move(entries), saved.time()};
    restore();
    expect_rescan(
        {"removed dir a/b", "removed file a/file", "modified file a/same", "created dir a/c"});
}

BOOST_AUTO_TEST_CASE(hard_links)
{
    write("a");
    make("d");
    fs::create_hard_link(path("a"), path("d/b"));
    begin();
    save();
    // Each of the names can be the one that is taken for the file's.
    fs::create_hard_link(path("a"), path("c"));
    move("a", "A");
    restore();
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 4U);
    save();
    remove("A");
    remove("c");
    move("d/b", "b");
    restore();
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
}

// Their inodes are not known when their events are read.
BOOST_AUTO_TEST_CASE(files_created_since)
{
    make("a");
    begin();
    write("file");
    write("a/file");
    make("b");
    write("b/file");
    save();
    for (auto const& entry : saved.entries()) {
        BOOST_TEST(entry.inode != 0U, entry.name);
    }
    move("file", "moved");
    move("a/file", "b/moved");
    move("b", "c");
    expect_found({"renamed file file -> moved", "modified file moved", "renamed dir b -> c",
                  "renamed file a/file -> c/moved", "modified file c/moved"});
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(names_of_any_bytes)
{
    std::string every_byte;
    for (int value = 1; value != 256; ++value) {
        every_byte += value == '/' ? '_' : static_cast<char>(value);
    }
    make("a\nb/\xff\xfe");
    write("a\nb/" + every_byte.substr(0, 200));
    begin();
    save();
    write("a\nb/\xff\xfe/\\x41");
    expect_found({"created file a\nb/\xff\xfe/\\x41"});
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(saved_again_at_once)
{
    make("a/b");
    make("c");
    write("a/b/file");
    write("file");
    begin();
    save();
    auto const first = saved;
    expect_found({});
    save();
    auto const sorted = [](asio_inotify::tree_snapshot const& s) {
        std::vector<std::string> all;
        for (auto const& e : s.entries()) {
            all.push_back(std::to_string(e.depth) + ' ' + std::to_string(e.wd) + ' ' +
                          std::to_string(e.inode) + ' ' + std::to_string(e.device) + ' ' + e.name);
        }
        std::ranges::sort(all);
        return all;
    };
    BOOST_TEST(sorted(saved) == sorted(first), boost::test_tools::per_element());
    // And after changes it is what is on disk.
    move("a", "d");
    write("c/new");
    expect_found({"renamed dir a -> d", "created file c/new"});
    save();
    expect_found({});
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(other_options)
{
    make("a/cache");
    make("b");
    write("a/file.o");
    write("b/file");
    begin();
    save();
    auto options = test::at_once();
    options.exclude = {"cache", "*.o"};
    restore(options);
    is_replaying = false;
    expect_rescan({"removed dir a/cache", "removed file a/file.o"});
    watcher.close();
    context.poll();
    failure = {};
    options = test::at_once();
    options.directories_only = true;
    restore(options);
    expect_rescan({"removed file a/file.o", "removed file b/file"});
}

BOOST_AUTO_TEST_CASE(other_exclusions_by_path)
{
    make("x/cache/deep");
    begin();
    save();
    auto options = test::at_once();
    options.exclude = {"build/cache"};
    is_replaying = false;
    move("x", "build");
    expect_found({"renamed dir x -> build", "removed dir build/cache"}, options);
    save();
    expect_found({"created dir build/cache", "created dir build/cache/deep"});
}

BOOST_AUTO_TEST_CASE(a_root_in_another_one_that_is_excluded_there_by_other_options)
{
    for (std::string const glob : {"build/cache", "build", "build/cache/deep", "none"}) {
        make("build/cache/deep");
        is_replaying = false;
        begin();
        watcher.add(in / "build/cache");
        static_cast<void>(take());
        save();
        auto options = test::at_once();
        options.exclude = {glob};
        lines expected;
        if (glob == "build/cache/deep") {
            // Paths are those below the outer root.
            expected = {"removed dir build/cache/deep"};
        } else if (glob != "none") {
            expected = {"removed dir " + glob, "root_lost dir build/cache",
                        "root_found dir build/cache", "created dir build/cache/deep"};
        }
        expect_found(expected, options);
        make("build/cache/new");
        expect({"created dir build/cache/new"});
        BOOST_TEST(watcher.counters().watches ==
                   (glob == "build" || glob == "build/cache/deep" ? 4U : 5U));
        stop();
        watcher.close();
        remove("build");
    }
}

BOOST_AUTO_TEST_CASE(renamed_in_between_with_exclusions_by_path)
{
    auto options = test::at_once();
    options.exclude = {"build/cache"};
    test::tree_replay::expectations expected;
    expected.excluded = [this](std::string const& entry, bool) {
        return fs::path(entry).lexically_relative(in) == "build/cache";
    };
    replay = test::tree_replay(expected);
    make("build/cache/deep");
    make("x/cache/of_x");
    begin(options);
    save();
    move("build", "other");
    move("x", "y");
    expect_found({"renamed dir build -> other", "renamed dir x -> y", "created dir other/cache",
                  "created dir other/cache/deep"},
                 options);
    save();
    move("other", "z");
    move("y", "build");
    expect_found({"renamed dir other -> z", "renamed dir y -> build", "removed dir build/cache"},
                 options);
    BOOST_TEST(watches().size() == 5U);
}

BOOST_AUTO_TEST_CASE(directories_only)
{
    make("a/b");
    write("a/file");
    auto options = test::at_once();
    options.directories_only = true;
    is_replaying = false;
    begin(options);
    save();
    BOOST_TEST(saved.size() == 3U);
    move("a", "c");
    make("c/d");
    write("c/file2");
    expect_found({"renamed dir a -> c", "created dir c/d"}, options);
    BOOST_TEST(watches().size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
