//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/seed.hpp"
#include "support/tree/watched_tree.hpp"

#include <asio_inotify/error.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

struct tree_of_links : test::watched_tree
{
    tree_of_links()
    {
        options.follow_symlinks = true;
        test::tree_replay::expectations expected;
        expected.follow_symlinks = true;
        replay = test::tree_replay(expected);
        make("../out/one/a");
        make("../out/two/b");
    }

    void link(std::string const& target, std::string const& name) const
    {
        fs::create_symlink(target, path(name));
    }

    /// The trees are equal to those on disk, which take() checks, and have these entries.
    void expect_entries(std::initializer_list<char const*> names)
    {
        static_cast<void>(take());
        for (auto const* const name : names) {
            BOOST_TEST(replay.contains(in / name), name);
        }
    }

    test::tree_options options = test::at_once();
};

bool has(test::lines const& seen, std::string const& line)
{
    return std::ranges::find(seen, line) != seen.end();
}

} // namespace

// Links that are followed: the tree is what `find -L` prints, wherever they lead and whatever
// happens there.
BOOST_FIXTURE_TEST_SUITE(tree_links, tree_of_links)

BOOST_AUTO_TEST_CASE(a_link_that_is_replaced_by_a_rename)
{
    start(options);
    link(out / "one", "tmp");
    move("tmp", "l");
    expect_entries({"l/a"});
    link(out / "two", "tmp");
    move("tmp", "l");
    expect_entries({"l/b"});
    BOOST_TEST(!replay.contains(in / "l/a"));
    write("../out/two/b/f");
    write("../out/one/a/f");
    expect_entries({"l/b/f"});
}

BOOST_AUTO_TEST_CASE(a_relative_link_that_moves)
{
    make("x/one/in_x");
    make("y");
    link("one", "x/l");
    start(options);
    BOOST_TEST(replay.contains(in / "x/l/in_x"));
    move("x/l", "y/l");
    BOOST_TEST(has(take(), "renamed dir x/l -> y/l"));
    BOOST_TEST(!replay.contains(in / "y/l/in_x"));
    make("y/one/in_y");
    expect_entries({"y/l/in_y"});
}

BOOST_AUTO_TEST_CASE(a_relative_link_whose_directory_moves)
{
    make("x/d");
    make("x/t/in_x");
    make("y/t/in_y");
    link("../t", "x/d/l");
    start(options);
    BOOST_TEST(replay.contains(in / "x/d/l/in_x"));
    move("x/d", "y/d");
    expect_entries({"y/d/l/in_y"});
    move("y/d", "d");
    static_cast<void>(take());
    make("t/late");
    expect_entries({"d/l/late"});
}

BOOST_AUTO_TEST_CASE(a_target_that_appears_vanishes_and_is_replaced)
{
    link(out / "late", "l");
    start(options);
    BOOST_TEST(replay.contains(in / "l"));
    make("../out/late/a");
    expect_entries({"l/a"});
    move("../out/late", "../out/kept");
    write("../out/kept/unseen");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "l/a"));
    write("../out/late", "a file");
    static_cast<void>(take());
    remove("../out/late");
    make("../out/late/b");
    expect_entries({"l/b"});
    move("../out/late", "../out/old");
    move("../out/kept", "../out/late");
    expect_entries({"l/a", "l/unseen"});
    write("../out/old/unseen");
    static_cast<void>(take());
    remove("../out");
    static_cast<void>(take());
    make("../out/late/c");
    expect_entries({"l/c"});
}

BOOST_AUTO_TEST_CASE(a_chain_of_links)
{
    link("one", "../out/first");
    link(out / "first", "../out/second");
    link(out / "second", "l");
    start(options);
    BOOST_TEST(replay.contains(in / "l/a"));
    fs::remove(out / "first");
    static_cast<void>(take());
    link("two", "../out/first");
    expect_entries({"l/b"});
    fs::create_symlink(out / "one", out / "next");
    fs::rename(out / "next", out / "second");
    expect_entries({"l/a"});
}

BOOST_AUTO_TEST_CASE(a_link_in_a_followed_directory)
{
    link(out, "l");
    link("../two", "../out/one/deep");
    start(options);
    BOOST_TEST(replay.contains(in / "l/one/deep/b"));
    move("../out/two", "../out/three");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "l/one/deep/b"));
    make("../out/two/new");
    expect_entries({"l/one/deep/new"});
}

BOOST_AUTO_TEST_CASE(a_link_to_a_directory_above_it)
{
    make("x/y");
    link(path("x"), "x/y/up");
    start(options);
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "x/y/up"));
    BOOST_TEST(!replay.contains(in / "x/y/up/y"));
    // No circle any more.
    move("x/y", "y");
    expect_entries({"y/up"});
    make("x/z");
    expect_entries({"y/up/z"});
    // And one again.
    move("y", "x/y");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "x/y/up/z"));
    fs::remove(path("x/y/up"));
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "x/y/up"));
}

BOOST_AUTO_TEST_CASE(links_to_themselves_and_to_one_another)
{
    link("self", "self");
    link("b", "a");
    link("a", "b");
    start(options);
    expect_entries({"self", "a", "b"});
    fs::remove(path("b"));
    make("b/c");
    expect_entries({"a/c"});
}

BOOST_AUTO_TEST_CASE(an_exchange_of_a_link_and_a_directory)
{
    link(out / "one", "l");
    make("d/real");
    start(options);
    auto const exchange = [&](char const* one, char const* other) {
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path(one).c_str(), AT_FDCWD, path(other).c_str(),
                                       RENAME_EXCHANGE) == 0);
    };
    exchange("l", "d");
    expect_entries({"d/a", "l/real"});
    exchange("l", "d");
    expect_entries({"l/a", "d/real"});
    link(out / "two", "m");
    exchange("l", "m");
    expect_entries({"m/a", "l/b"});
    // The one that a link leads to, with a file.
    write("../out/file");
    exchange("../out/one", "../out/file");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "m/a"));
    exchange("../out/one", "../out/file");
    expect_entries({"m/a"});
}

BOOST_AUTO_TEST_CASE(only_directories_are_wanted)
{
    options.directories_only = true;
    test::tree_replay::expectations expected;
    expected.follow_symlinks = true;
    expected.directories_only = true;
    replay = test::tree_replay(expected);
    // In a directory without directories.
    make("leaf");
    link(out / "late", "leaf/l");
    link(out / "one", "leaf/m");
    start(options);
    BOOST_TEST(!replay.contains(in / "leaf/l"));
    BOOST_TEST(replay.contains(in / "leaf/m/a"));
    make("../out/late/a");
    expect_entries({"leaf/l/a"});
    remove("../out/late");
    write("../out/late", "a file");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "leaf/l"));
    move("leaf/l", "l");
    remove("../out/late");
    make("../out/late/b");
    expect_entries({"l/b"});
}

BOOST_AUTO_TEST_CASE(what_a_link_leads_to_is_excluded_by_its_path)
{
    options.exclude = {"l/a"};
    test::tree_replay::expectations expected;
    expected.follow_symlinks = true;
    expected.excluded = [this](std::string const& entry, bool) {
        return entry == (in / "l/a").native();
    };
    replay = test::tree_replay(expected);
    link(out / "one", "l");
    start(options);
    BOOST_TEST(!replay.contains(in / "l/a"));
    move("l", "m");
    expect_entries({"m/a"});
    move("m", "l");
    static_cast<void>(take());
    BOOST_TEST(!replay.contains(in / "l/a"));
}

BOOST_AUTO_TEST_CASE(a_mount_where_a_link_leads)
{
    test::run_in_child([] {
        test::enter_mount_namespace();
        tree_of_links tree;
        tree.link(tree.out / "one", "l");
        tree.start(tree.options);
        auto const target = tree.out / "one";
        BOOST_TEST_REQUIRE(::mount("none", target.c_str(), "tmpfs", 0, nullptr) == 0);
        fs::create_directory(target / "mounted");
        tree.expect_entries({"l/mounted"});
        BOOST_TEST(!tree.replay.contains(tree.in / "l/a"));
        BOOST_TEST_REQUIRE(::umount2(target.c_str(), 0) == 0);
        tree.expect_entries({"l/a"});
        // Deeper.
        auto const deeper = tree.out / "one/a";
        BOOST_TEST_REQUIRE(::mount("none", deeper.c_str(), "tmpfs", 0, nullptr) == 0);
        fs::create_directory(deeper / "deeper");
        tree.expect_entries({"l/a/deeper"});
        BOOST_TEST_REQUIRE(::umount2(deeper.c_str(), 0) == 0);
        static_cast<void>(tree.take());
        BOOST_TEST(!tree.replay.contains(tree.in / "l/a/deeper"));
    });
}

// What cannot be watched is reported, and checked every second.
BOOST_AUTO_TEST_CASE(a_link_through_a_directory_that_cannot_be_read)
{
    test::run_in_child([] {
        tree_of_links tree;
        tree.make("../out/h/t/a");
        fs::permissions(tree.dir.path(), fs::perms::all);
        for (auto const* const each : {".", "../out", "../out/h/t", "../out/h/t/a"}) {
            fs::permissions(tree.path(each), fs::perms::all);
        }
        tree.chmod("../out/h", 0711);
        tree.link(tree.out / "h/t", "l");
        test::become_unprivileged();
        tree.open(tree.options);
        tree.add_root();
        tree.run_until(
            [&] { return has(tree.reported, "path_unguarded dir l: Permission denied"); });
        BOOST_TEST(tree.replay.contains(tree.in / "l/a"));
    });
}

BOOST_AUTO_TEST_CASE(no_watch_left_for_the_path_of_a_link)
{
    test::run_in_child([] {
        tree_of_links tree;
        test::enter_user_namespace();
        tree.make("../out/deep/er/t/a");
        tree.link(tree.out / "deep/er/t", "l");
        // For the trees, and too few for the path.
        test::limit("max_inotify_watches", 8);
        tree.open(tree.options);
        tree.add_root();
        auto const limit = make_error_code(asio_inotify::error::watch_limit_reached).message();
        tree.run_until([&] { return has(tree.reported, "path_unguarded dir l: " + limit); });
        tree.reported.clear();
        tree.move("../out/deep/er/t", "../out/deep/er/s");
        tree.run_until([&] { return has(tree.reported, "created file l"); });
        test::limit("max_inotify_watches", 1000);
        tree.run_until([&] { return has(tree.reported, "path_guarded file l"); });
        tree.move("../out/deep/er/s", "../out/deep/er/t");
        tree.expect_entries({"l/a"});
    });
}

// The kernel finds the target from the directory of the last link, but takes no path through all of
// them.
BOOST_AUTO_TEST_CASE(links_in_links_that_are_more_than_a_path_can_have)
{
    constexpr int levels = 15;
    make("../out/n0");
    link("../out/n0", "l");
    for (int i = 0; i != levels; ++i) {
        auto const level = "n" + std::to_string(i);
        auto const next = "n" + std::to_string(i + 1);
        make("../out/" + next);
        link(next, "../out/" + next + "c0");
        link(next + "c0", "../out/" + next + "c1");
        link(out / (next + "c1"), "../out/" + level + "/n");
    }
    open(options);
    add_root();
    std::string last = "l";
    for (int i = 0; i != levels; ++i) {
        last += "/n";
    }
    run_until([&] { return replay.contains(in / last); });
    auto const too_many = boost::system::error_code(ELOOP, boost::system::system_category());
    run_until(
        [&] { return has(reported, "path_unguarded dir " + last + ": " + too_many.message()); });
    BOOST_TEST(!has(reported, "path_unguarded dir l/n: " + too_many.message()));
    // It is checked every second.
    make("../out/other/a");
    fs::remove(path("../out/n14/n"));
    link(out / "other", "../out/n14/next");
    move("../out/n14/next", "../out/n14/n");
    run_until([&] { return replay.contains(in / last / "a"); });
    fs::remove(path("../out/n14c0"));
    link("two", "../out/n14c0");
    fs::path const before = fs::path(last).parent_path();
    run_until([&] { return replay.contains(in / before / "b"); });
    expect_entries({"l/n"});
}

// /proc/self/cwd leads to another directory after chdir(2), which no event reports.
BOOST_AUTO_TEST_CASE(a_link_through_the_working_directory)
{
    make("../out/one/t/1");
    make("../out/two/t/2");
    auto const before = fs::current_path();
    fs::current_path(out / "one");
    link("/proc/self/cwd/t", "l");
    link("/proc/self/cwd", "m");
    open(options);
    add_root();
    auto const cause = make_error_code(asio_inotify::error::pseudo_filesystem).message();
    run_until([&] {
        return has(reported, "path_unguarded dir l: " + cause) &&
               has(reported, "path_unguarded dir m: " + cause);
    });
    BOOST_TEST(replay.contains(in / "l/1"));
    BOOST_TEST(replay.contains(in / "m/a"));
    fs::current_path(out / "two");
    run_until([&] { return replay.contains(in / "l/2") && replay.contains(in / "m/b"); });
    fs::current_path(before);
    fs::remove(path("l"));
    fs::remove(path("m"));
    expect_entries({});
}

BOOST_AUTO_TEST_CASE(a_link_to_an_open_directory)
{
    auto const directory = ::open((out / "one").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    link("/proc/self/fd/" + std::to_string(directory), "l");
    start(options);
    BOOST_TEST(replay.contains(in / "l/a"));
    move("../out/one", "../out/moved");
    make("../out/moved/late");
    expect_entries({"l/late"});
    auto const other = ::open((out / "two").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    BOOST_TEST_REQUIRE(::dup2(other, directory) == directory);
    ::close(other);
    run_until([&] { return replay.contains(in / "l/b"); });
    ::close(directory);
    run_until([&] { return !replay.contains(in / "l/b"); });
    expect_entries({"l"});
}

// With two links in each directory there are exponentially many paths.
BOOST_AUTO_TEST_CASE(a_directory_at_too_many_places)
{
    constexpr int levels = 12;
    for (int i = 0; i != levels; ++i) {
        make("../out/d" + std::to_string(i));
        for (auto const* const name : {"a", "b"}) {
            link(out / ("d" + std::to_string(i + 1)), "../out/d" + std::to_string(i) + "/" + name);
        }
    }
    make("../out/d" + std::to_string(levels) + "/end");
    link(out / "d0", "l");
    open(options);
    add_root();
    settle();
    check();
    auto const cause = make_error_code(asio_inotify::error::too_many_places).message();
    auto const crowded = [&] {
        return std::ranges::count_if(
            reported, [&](auto const& line) { return line.ends_with(": " + cause); });
    };
    // All places of the first six, and then 64 of the 128 that those have below them.
    BOOST_TEST(crowded() == 64 * (levels - 6));
    BOOST_TEST(watcher.counters().directories < 64U * 3 * levels);
    reported.clear();
    write("../out/d12/end/f");
    settle();
    BOOST_TEST(std::ranges::count_if(reported, [](auto const& line) {
                   return line.starts_with("created file ") && line.ends_with("/end/f");
               }) == 64);
    // There is room when others are gone.
    fs::remove(path("../out/d0/a"));
    expect_entries({"l/b/b/b/b/b/b"});
    BOOST_TEST(watcher.counters().directories > 64U * 3);
    fs::remove(path("../out/d5/a"));
    fs::remove(path("../out/d4/a"));
    for (int i = 6; i != levels; ++i) {
        fs::remove(path("../out/d" + std::to_string(i) + "/a"));
    }
    expect_entries({"l/b/a/b/b/b/b/b/b/b/b/b/b/end/f"});
    BOOST_TEST(watcher.uncovered().empty());
}

// What happened at the old targets after the links led elsewhere is not reported at the links,
// even if it takes a while to look up so many paths.
BOOST_AUTO_TEST_CASE(very_many_links_lead_elsewhere_at_once)
{
    constexpr int count = 2000;
    for (int i = 0; i != count; ++i) {
        auto const name = std::to_string(i);
        make("../out/old/" + name);
        make("../out/new/" + name);
        link(out / "current" / name, name);
    }
    move("../out/old", "../out/current");
    start(options);
    reported.clear();
    move("../out/current", "../out/old");
    move("../out/new", "../out/current");
    for (int i = 0; i < count; i += 7) {
        make("../out/old/" + std::to_string(i) + "/late");
    }
    settle();
    BOOST_TEST(
        std::ranges::none_of(reported, [](auto const& line) { return line.ends_with("/late"); }));
    expect_entries({"1", "1999"});
}

BOOST_AUTO_TEST_CASE(a_link_that_is_removed_is_guarded_no_longer)
{
    start(options);
    auto const watches = [] {
        std::size_t all = 0;
        for (auto const fd : test::inotify_descriptors()) {
            all += test::watched_inodes(fd).size();
        }
        return all;
    };
    auto const before = watches();
    link(out / "one", "l");
    make("d");
    link(out / "two", "d/m");
    expect_entries({"l/a", "d/m/b"});
    BOOST_TEST(watches() > before);
    fs::remove(path("l"));
    remove("d");
    static_cast<void>(take());
    // The guard drops the last of its watches in one of its next turns.
    run_until([&] { return watches() == before; });
}

BOOST_AUTO_TEST_CASE(random_operations_on_links)
{
    std::mt19937_64 random(test::seed());
    auto const below = [&](std::uint64_t n) { return random() % n; };
    auto const name = [&] { return std::string(1, static_cast<char>('a' + below(4))); };
    auto const place = [&] {
        auto text = below(3) == 0 ? std::string("../out/") : std::string();
        for (auto depth = below(3); depth != 0; --depth) {
            text += name() + '/';
        }
        return text + name();
    };
    start(options);
    for (unsigned round = 0; round != 150; ++round) {
        for (auto left = 1 + below(6); left != 0; --left) {
            std::error_code ignored;
            switch (below(8)) {
            case 0:
            case 1:
                fs::create_directory(path(place()), ignored);
                break;
            case 2:
                fs::create_symlink(path(place()).lexically_normal(), path(place()), ignored);
                break;
            case 3:
                fs::create_symlink((below(2) == 0 ? "../" : "") + name(), path(place()), ignored);
                break;
            case 4:
                fs::remove_all(path(place()), ignored);
                break;
            case 5:
                ::renameat2(AT_FDCWD, path(place()).c_str(), AT_FDCWD, path(place()).c_str(),
                            RENAME_EXCHANGE);
                break;
            default:
                fs::rename(path(place()), path(place()), ignored);
                break;
            }
        }
        static_cast<void>(take());
    }
}

BOOST_AUTO_TEST_SUITE_END()
