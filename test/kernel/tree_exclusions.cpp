//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <stdio.h>

namespace fs = std::filesystem;

namespace {

using asio_inotify::tree_entry_type;
using test::lines;

/// A tree with exclusions that depend on paths. The replay compares it with what the options leave
/// of the disk, and the watches as well.
struct excluding_tree : test::watched_tree
{
    /// Exclude "build/cache" below each root, by a glob.
    void start_with_glob(std::string const& glob = "build/cache")
    {
        options.exclude = {glob};
        expect_without([this, glob](std::string const& entry, bool) {
            return fs::path(entry).lexically_relative(root) == glob;
        });
        start(options);
    }

    /// Exclude what the function says of a path below the root.
    void start_with_prune(std::function<bool(std::string_view, bool)> pruned)
    {
        options.prune = [this, pruned](std::string_view entry, tree_entry_type type) {
            return pruned(entry.substr(root.native().size()), type == tree_entry_type::directory);
        };
        expect_without([this, pruned](std::string const& entry, bool is_directory) {
            return pruned(std::string_view(entry).substr(root.native().size()), is_directory);
        });
        start(options);
    }

    void expect_without(std::function<bool(std::string const&, bool)> excluded)
    {
        test::tree_replay::expectations expected;
        expected.excluded = std::move(excluded);
        replay = test::tree_replay(expected);
    }

    /// In any order, as it is that of the directories on disk.
    void expect_in_any_order(lines expected)
    {
        auto seen = take();
        std::ranges::sort(seen);
        std::ranges::sort(expected);
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
    }

    void exchange(std::string const& a, std::string const& b) const
    {
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path(a).c_str(), AT_FDCWD, path(b).c_str(),
                                       RENAME_EXCHANGE) == 0);
    }

    [[nodiscard]] std::uint64_t listings() const { return watcher.counters().listings; }

    test::tree_options options = test::at_once();
    // Below which the paths are those of the globs.
    fs::path root = in;
};

} // namespace

// Exclusions that depend on paths, and entries that get other paths.
BOOST_FIXTURE_TEST_SUITE(tree_exclusions, excluding_tree)

BOOST_AUTO_TEST_CASE(a_directory_that_was_ignored_below_the_old_name_is_found_below_the_new_one)
{
    make("build/cache/deep");
    write("build/cache/file");
    start_with_glob();
    BOOST_TEST(watcher.counters().watches == 2U);
    move("build", "other");
    expect_in_any_order({"renamed dir build -> other", "created dir other/cache",
                         "created dir other/cache/deep", "created file other/cache/file"});
    write("other/cache/deep/file");
    expect({"created file other/cache/deep/file", "modified file other/cache/deep/file",
            "closed_write file other/cache/deep/file"});
}

BOOST_AUTO_TEST_CASE(a_directory_is_not_reported_any_more_below_a_name_where_it_is_ignored)
{
    make("x/cache/deep");
    write("x/cache/file");
    make("x/src");
    start_with_glob();
    move("x", "build");
    // In the queue behind the rename.
    write("build/cache/file");
    make("build/cache/deep/more");
    write("build/src/file");
    expect({"renamed dir x -> build", "removed dir build/cache", "created file build/src/file",
            "modified file build/src/file", "closed_write file build/src/file"});
    write("build/cache/file");
    remove("build/cache");
    expect({});
    BOOST_TEST(watcher.counters().watches == 3U);
}

BOOST_AUTO_TEST_CASE(a_file_is_ignored_at_one_path_and_not_at_the_other)
{
    write("x");
    make("build");
    start_with_glob();
    move("x", "build/cache");
    expect({"removed file x"});
    write("build/cache");
    expect({});
    move("build", "other");
    expect({"renamed dir build -> other", "created file other/cache"});
    move("other", "build");
    expect({"renamed dir other -> build", "removed file build/cache"});
    move("build/cache", "y");
    expect({"created file y"});
}

BOOST_AUTO_TEST_CASE(directories_that_are_ignored_change_places_with_others)
{
    make("build/cache/of_build");
    make("x/cache/of_x");
    start_with_glob();
    exchange("x", "build");
    expect_in_any_order({"exchanged dir x -> build", "removed dir build/cache",
                         "created dir x/cache", "created dir x/cache/of_build"});
    // The entries themselves.
    exchange("x/cache", "build/cache");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "x/cache/of_x"));
    BOOST_TEST(!replay.contains(in / "x/cache/of_build"));
    exchange("build/cache", "x/cache");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "x/cache/of_build"));
}

BOOST_AUTO_TEST_CASE(a_directory_far_above_is_renamed)
{
    make("a/b/build/cache/deep");
    make("c/b/build/cache/deep");
    start_with_glob("a/b/build/cache");
    move("a", "d");
    expect_in_any_order(
        {"renamed dir a -> d", "created dir d/b/build/cache", "created dir d/b/build/cache/deep"});
    move("c/b", "d/e");
    expect({"renamed dir c/b -> d/e"});
    move("d/b", "d/f");
    move("d/e", "d/b");
    move("d", "a");
    expect({"renamed dir d/b -> d/f", "renamed dir d/e -> d/b", "renamed dir d -> a",
            "removed dir a/b/build/cache"});
}

BOOST_AUTO_TEST_CASE(nothing_is_reported_of_names_that_last_until_the_next_rename)
{
    make("build/cache/deep");
    start_with_glob();
    move("build", "a");
    move("a", "b");
    move("b", "build");
    expect({"renamed dir build -> a", "renamed dir a -> b", "renamed dir b -> build"});
    move("build", "a");
    expect({"renamed dir build -> a", "created dir a/cache", "created dir a/cache/deep"});
    move("a", "build");
    move("build", "b");
    expect({"renamed dir a -> build", "removed dir build/cache", "renamed dir build -> b",
            "created dir b/cache", "created dir b/cache/deep"});
}

BOOST_AUTO_TEST_CASE(a_directory_moves_into_an_ignored_place_and_out_again)
{
    make("build/cache/deep");
    make("a/b");
    write("a/b/file");
    start_with_glob();
    move("a", "build/cache/a");
    expect({"removed dir a"});
    write("build/cache/a/b/file");
    expect({});
    move("build/cache/a", "c");
    expect({"created dir c", "created dir c/b", "created file c/b/file"});
    move("build/cache", "d");
    expect({"created dir d", "created dir d/deep"});
    move("d", "build/cache");
    expect({"removed dir d"});
}

BOOST_AUTO_TEST_CASE(a_function_is_asked_again_about_all_below_a_new_path)
{
    make("x/y/keep");
    make("x/y/no/deep");
    write("x/y/no/deep/file");
    make("z/y/no/deep");
    start_with_prune([](std::string_view below, bool) { return below == "/z/y/no"; });
    std::size_t const before = replay.size();
    move("x", "a");
    expect({"renamed dir x -> a"});
    move("z", "x");
    expect({"renamed dir z -> x", "created dir x/y/no", "created dir x/y/no/deep"});
    move("a", "z");
    expect({"renamed dir a -> z", "removed dir z/y/no"});
    exchange("x/y", "z/y");
    expect({"exchanged dir x/y -> z/y", "removed dir z/y/no", "created dir x/y/no",
            "created dir x/y/no/deep", "created file x/y/no/deep/file"});
    BOOST_TEST(replay.size() == before);
}

BOOST_AUTO_TEST_CASE(a_file_and_a_directory_change_places_where_only_one_type_is_ignored)
{
    write("no");
    make("a/deep");
    start_with_prune(
        [](std::string_view below, bool is_directory) { return is_directory && below == "/no"; });
    exchange("no", "a");
    expect({"exchanged file no -> a", "removed dir no"});
    exchange("a", "no");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "no"));
    BOOST_TEST(replay.contains(in / "a/deep"));
    // With one that is in no tree.
    make("../out/dir");
    exchange("no", "../out/dir");
    expect({"removed file no"});
    exchange("no", "../out/dir");
    expect({"created file no"});
    remove("no");
    make("no/more");
    remove("no");
    write("no");
    static_cast<void>(take());
}

BOOST_AUTO_TEST_CASE(a_file_takes_the_name_of_a_directory_where_only_files_are_ignored)
{
    make("no/deep");
    write("a");
    start_with_prune(
        [](std::string_view below, bool is_directory) { return !is_directory && below == "/no"; });
    exchange("no", "a");
    expect({"exchanged dir no -> a", "removed file no"});
    write("no");
    expect({});
    exchange("no", "a");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "no/deep"));
    BOOST_TEST(replay.contains(in / "a"));
}

BOOST_AUTO_TEST_CASE(a_followed_link_is_asked_about_as_a_directory)
{
    make("../out/a");
    options.follow_symlinks = true;
    test::tree_replay::expectations expected;
    expected.follow_symlinks = true;
    expected.excluded = [](std::string const& entry, bool is_directory) {
        return !is_directory && fs::path(entry).filename() == "link";
    };
    options.prune = [](std::string_view entry, tree_entry_type type) {
        return type != tree_entry_type::directory && entry.ends_with("/link");
    };
    replay = test::tree_replay(expected);
    start(options);
    fs::create_directory_symlink(out, path("link"));
    expect({"created dir link", "created dir link/a"});
    move("link", "other");
    expect({"renamed dir link -> other"});
    move("other", "link");
    expect({"renamed dir other -> link"});
    fs::remove(path("link"));
    expect({"removed dir link"});
    fs::create_directory_symlink(out, path("link"));
    static_cast<void>(take());
    move("link", "../other");
    expect({"removed dir link"});
}

BOOST_AUTO_TEST_CASE(a_directory_moves_between_roots)
{
    make("one/build/cache/deep");
    make("two/x/build/cache/deep");
    options.exclude = {"build/cache"};
    expect_without([this](std::string const& entry, bool) {
        auto const below = fs::path(entry).lexically_relative(in);
        return below == "one/build/cache" || below == "two/build/cache";
    });
    open(options);
    add_root("one");
    add_root("two");
    static_cast<void>(take());
    move("one/build", "two/y");
    expect_in_any_order({"renamed dir one/build -> two/y", "created dir two/y/cache",
                         "created dir two/y/cache/deep"});
    move("two/x/build", "one/build");
    expect({"renamed dir two/x/build -> one/build", "removed dir one/build/cache"});
    move("one/build", "two/x/build");
    expect_in_any_order({"renamed dir one/build -> two/x/build", "created dir two/x/build/cache",
                         "created dir two/x/build/cache/deep"});
}

BOOST_AUTO_TEST_CASE(a_part_becomes_a_root_of_its_own)
{
    make("a/x/deep");
    make("a/a/x/deep");
    options.exclude = {"a/x"};
    expect_without([this](std::string const& entry, bool) {
        return fs::path(entry).lexically_relative(root) == "a/x";
    });
    start(options);
    add_root("a");
    expect({});
    BOOST_TEST(replay.contains(in / "a/a/x/deep"));
    root = in / "a";
    remove_root();
    expect_in_any_order({"created dir a/x", "created dir a/x/deep", "removed dir a/a/x"});
    write("a/x/deep/file");
    write("a/a/x/deep/file");
    expect({"created file a/x/deep/file", "modified file a/x/deep/file",
            "closed_write file a/x/deep/file"});
}

BOOST_AUTO_TEST_CASE(a_root_becomes_a_part_of_another_one)
{
    for (bool const reports_existing : {true, false}) {
        make("a/x/deep");
        make("a/a/x/deep");
        options.exclude = {"a/x"};
        options.report_existing = reports_existing;
        expect_without([this](std::string const& entry, bool) {
            return fs::path(entry).lexically_relative(root) == "a/x";
        });
        is_replaying = reports_existing;
        root = in / "a";
        open(options);
        add_root("a");
        static_cast<void>(take());
        root = in;
        add_root();
        lines expected{"removed dir a/x", "created dir a/a/x", "created dir a/a/x/deep"};
        if (reports_existing) {
            expected.emplace_back("existing dir a");
        }
        expect_in_any_order(expected);
        write("a/x/deep/file");
        write("a/a/x/deep/file");
        expect({"created file a/a/x/deep/file", "modified file a/a/x/deep/file",
                "closed_write file a/a/x/deep/file"});
        BOOST_TEST(watcher.counters().watches == 5U);
        watcher.close();
        context.restart();
        context.poll();
        failure = {};
        remove("a");
    }
}

BOOST_AUTO_TEST_CASE(a_root_in_a_part_that_is_added_together_with_the_one_around_both)
{
    make("a/b/a/b/x");
    make("a/b/b/x");
    options.exclude = {"b/x"};
    expect_without([this](std::string const& entry, bool) {
        return fs::path(entry).lexically_relative(root) == "b/x";
    });
    root = in / "a/b";
    open(options);
    add_root("a/b");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "a/b/b/x"));
    root = in;
    add_root("a");
    add_root();
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "a/b/b/x"));
    BOOST_TEST(replay.contains(in / "a/b/a/b/x"));
}

BOOST_AUTO_TEST_CASE(a_root_in_an_ignored_place_of_another_one)
{
    make("build/cache/deep");
    make("x/cache/of_x");
    is_replaying = false;
    start_with_glob();
    watcher.add(in / "build/cache");
    expect({"existing dir build/cache/deep"});
    make("build/cache/deep/more");
    expect({"created dir build/cache/deep/more"});
    // The one is lost when the other one gets its directory.
    move("build", "other");
    auto seen = take();
    BOOST_TEST(std::ranges::count(seen, "root_lost dir build/cache") == 1);
    BOOST_TEST(std::ranges::count(seen, "created dir other/cache") == 1);
    make("other/cache/deep/more/new");
    expect({"created dir other/cache/deep/more/new"});
    move("other", "build");
    seen = take();
    // Under the path that it has by then: the root is checked before the rename is applied.
    BOOST_TEST(std::ranges::count(seen, "removed dir build/cache") +
                   std::ranges::count(seen, "removed dir other/cache") ==
               1);
    BOOST_TEST(std::ranges::count(seen, "root_found dir build/cache") == 1);
    make("build/cache/deep/more/new/last");
    expect({"created dir build/cache/deep/more/new/last"});
}

BOOST_AUTO_TEST_CASE(renames_that_no_exclusion_depends_on_list_nothing)
{
    make("a/.git/deep");
    make("a/b");
    write("a/b/file.o");
    options.exclude = {".git", "*.o"};
    expect_without([](std::string const& entry, bool) {
        return fs::path(entry).filename() == ".git" || fs::path(entry).extension() == ".o";
    });
    start(options);
    auto const before = listings();
    move("a", "c");
    expect({"renamed dir a -> c"});
    BOOST_TEST(listings() == before);
}

BOOST_AUTO_TEST_CASE(only_directories_from_which_something_was_left_out_are_listed_again)
{
    for (int n = 0; n != 20; ++n) {
        make("a/" + std::to_string(n) + "/b");
    }
    make("a/build/cache");
    make("a/7/b/.git");
    options.exclude = {"a/build/cache", ".git"};
    expect_without([this](std::string const& entry, bool) {
        return fs::path(entry).lexically_relative(in) == "a/build/cache" ||
               fs::path(entry).filename() == ".git";
    });
    start(options);
    auto const before = listings();
    move("a", "c");
    expect({"renamed dir a -> c", "created dir c/build/cache"});
    // "c/build", and the new one.
    BOOST_TEST(listings() == before + 2);
    move("c", "a");
    expect({"renamed dir c -> a", "removed dir a/build/cache"});
    BOOST_TEST(listings() == before + 2);
}

BOOST_AUTO_TEST_CASE(a_large_directory_is_asked_about_in_slices)
{
    constexpr int files = 3000;
    for (int n = 0; n != files; ++n) {
        std::ofstream(path(".") / std::to_string(n));
    }
    make("x");
    for (int n = 0; n != files; ++n) {
        std::ofstream(path("x") / std::to_string(n));
    }
    options.slice_time = std::chrono::microseconds(0);
    options.batch_size = 100;
    std::size_t asked = 0;
    std::size_t most_asked = 0;
    std::size_t last = 0;
    options.prune = [&](std::string_view entry, tree_entry_type) {
        ++asked;
        return entry.find("/build/") != std::string_view::npos;
    };
    expect_without(
        [](std::string const& entry, bool) { return entry.find("/build/") != std::string::npos; });
    start(options);
    move("x", "build");
    asked = 0;
    std::size_t steps = 0;
    settle_until([&] {
        most_asked = (std::max)(most_asked, asked - last);
        last = asked;
        ++steps;
        return reported.size() == files + 1U;
    });
    BOOST_TEST(reported.front() == "renamed dir x -> build");
    BOOST_TEST(most_asked <= 200U);
    BOOST_TEST(steps >= files / 200U);
    reported.clear();
    expect({});
}

BOOST_AUTO_TEST_SUITE_END()
