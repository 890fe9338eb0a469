//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;

// Roots: what becomes of them, several of them, and how they are spelled.
BOOST_FIXTURE_TEST_SUITE(tree_roots, test::watched_tree)

using test::error_code;
using test::lines;

BOOST_AUTO_TEST_CASE(removed_and_made_again)
{
    make("a/b");
    write("a/file");
    start();
    fs::remove_all(in);
    auto seen = take();
    BOOST_TEST(seen.back() == "root_lost dir .");
    BOOST_TEST(watcher.counters().watches == 0U);
    fs::create_directory(in);
    make("c");
    write("c/file");
    expect({"root_found dir .", "created dir c", "created file c/file"});
    write("c/file");
    expect({"modified file c/file", "closed_write file c/file"});
    // Before the scan.
    fs::remove_all(in);
    fs::create_directory(in);
    make("d");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 1U);
}

// Everything is watched when the call returns, and reported by the next receive.
BOOST_AUTO_TEST_CASE(changed_before_the_first_receive)
{
    for (bool const existing : {true, false}) {
        test::watched_tree tree;
        tree.make("a/b");
        auto options = test::at_once();
        options.report_existing = existing;
        tree.open(options);
        tree.add_root();
        BOOST_TEST(tree.watcher.counters().watches == 3U);
        if (!existing) {
            tree.replay.take_from_disk(tree.in.native());
        }
        tree.write("a/b/new");
        auto const created = test::name_list{"created file a/b/new", "modified file a/b/new",
                                             "closed_write file a/b/new"};
        auto expected =
            existing ? test::name_list{"existing dir a", "existing dir a/b"} : test::name_list{};
        expected.insert(expected.end(), created.begin(), created.end());
        tree.expect(expected);
    }
}

BOOST_AUTO_TEST_CASE(removed_before_the_first_receive)
{
    for (bool const existing : {true, false}) {
        test::watched_tree tree;
        tree.make("a");
        auto options = test::at_once();
        options.report_existing = existing;
        tree.open(options);
        tree.add_root();
        if (!existing) {
            tree.replay.take_from_disk(tree.in.native());
        }
        fs::remove_all(tree.in);
        auto const removed = test::name_list{"removed dir a", "root_lost dir ."};
        auto expected = existing ? test::name_list{"existing dir a"} : test::name_list{};
        expected.insert(expected.end(), removed.begin(), removed.end());
        tree.expect(expected);
        fs::create_directory(tree.in);
        tree.make("b");
        tree.expect({"root_found dir .", "created dir b"});
    }
}

// The existing entries of the first root are still being reported, and nobody receives.
BOOST_AUTO_TEST_CASE(added_in_the_middle_of_a_report)
{
    for (int i = 0; i != 20; ++i) {
        make("a/" + std::to_string(i));
    }
    make("b/c");
    auto options = test::at_once();
    options.report_existing = true;
    options.batch_size = 3;
    open(options);
    add_root("a");
    std::size_t seen = 0;
    for (auto const& change : watcher.try_receive()) {
        replay.apply(change);
        ++seen;
    }
    BOOST_TEST_REQUIRE(seen < 20U);
    add_root("b");
    BOOST_TEST(watcher.counters().watches == 23U);
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 21U);
}

// The existing entries of the first root are still to be reported when the second one is added.
BOOST_AUTO_TEST_CASE(changed_after_two_were_added)
{
    make("a/x");
    make("b/old");
    auto options = test::at_once();
    options.report_existing = true;
    open(options);
    add_root("a");
    add_root("b");
    fs::remove(path("b/old"));
    make("b/new");
    expect({"existing dir a/x", "existing dir b/old", "removed dir b/old", "created dir b/new"});
}

BOOST_AUTO_TEST_CASE(the_roots_of_a_watcher)
{
    make("a/b");
    BOOST_TEST(watcher.roots().empty());
    BOOST_TEST(!watcher.contains(path("a")));
    open();
    BOOST_TEST(watcher.empty());
    add_root("a");
    add_root("a/b");
    BOOST_TEST(watcher.size() == 2U);
    auto roots = watcher.roots();
    std::ranges::sort(roots);
    auto const expected = std::vector<std::string>{path("a").native(), path("a/b").native()};
    BOOST_TEST(roots == expected, boost::test_tools::per_element());
    BOOST_TEST(watcher.contains(path("a/b")));
    BOOST_TEST(watcher.contains(path("a").native() + "//"));
    BOOST_TEST(!watcher.contains(in));
    settle();
    BOOST_TEST(watcher.size() == 2U);
    watcher.remove(path("a").native() + '/');
    BOOST_TEST(watcher.roots() == (std::vector<std::string>{path("a/b").native()}),
               boost::test_tools::per_element());
    BOOST_TEST(watcher.contains(path("a/b")));
}

BOOST_AUTO_TEST_CASE(moved_away_and_back)
{
    make("a");
    write("a/file");
    start();
    fs::rename(in, dir / "elsewhere");
    expect({"removed dir a", "root_lost dir ."});
    fs::create_directory(dir / "elsewhere" / "new");
    expect({});
    fs::rename(dir / "elsewhere", in);
    auto const seen = take();
    BOOST_TEST(seen.front() == "root_found dir .");
    BOOST_TEST(replay.size() == 3U);
    // Before the scan.
    fs::rename(in, dir / "elsewhere");
    fs::rename(dir / "elsewhere", in);
    write("a/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 3U);
}

BOOST_AUTO_TEST_CASE(another_one_in_its_place)
{
    make("a");
    make("../out/b");
    start();
    fs::rename(in, dir / "elsewhere");
    fs::rename(out, in);
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "b"));
    BOOST_TEST(replay.size() == 1U);
    fs::create_directory(dir / "elsewhere" / "new");
    expect({});
    make("b/c");
    expect({"created dir b/c"});
}

BOOST_AUTO_TEST_CASE(no_directory_any_more)
{
    make("a");
    start();
    fs::remove_all(in);
    std::ofstream{in};
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 0U);
    fs::remove(in);
    fs::create_directory(in);
    expect({"root_found dir ."});
}

BOOST_AUTO_TEST_CASE(a_directory_above_it_is_renamed)
{
    make("up/root/a");
    open();
    add_root("up/root");
    static_cast<void>(take());
    move("up", "down");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 0U);
    make("up");
    make("up/root/b");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "up/root/b"));
    remove("up");
    static_cast<void>(take());
    move("down", "up");
    static_cast<void>(take());
    make("up/root/a/c");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
    // And all that is above it.
    remove("up");
    static_cast<void>(take());
    make("up/root/d/e");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
}

BOOST_AUTO_TEST_CASE(through_a_link_that_changes)
{
    make("one/a");
    make("two/b");
    fs::create_directory_symlink("one", path("link"));
    open();
    add_root("link");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "link/a"));
    fs::create_directory_symlink("two", path("new"));
    move("new", "link");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "link/b"));
    BOOST_TEST(replay.size() == 1U);
    make("one/c");
    make("two/b/d");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
}

BOOST_AUTO_TEST_CASE(several)
{
    make("one/a");
    make("two/b");
    open();
    add_root("one");
    add_root("two");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
    write("one/a/file");
    move("one/a", "two/a");
    write("two/a/file");
    expect({"created file one/a/file", "modified file one/a/file", "closed_write file one/a/file",
            "renamed dir one/a -> two/a", "modified file two/a/file",
            "closed_write file two/a/file"});
    remove_root("two");
    write("two/a/file");
    make("one/c");
    expect({"created dir one/c"});
    remove_root("one");
    make("one/d");
    expect({});
    BOOST_TEST(watcher.counters().entries == 0U);
    BOOST_TEST(watcher.counters().watches == 0U);
}

BOOST_AUTO_TEST_CASE(one_in_another)
{
    make("a/b/c");
    start();
    add_root("a/b");
    expect({});
    write("a/b/file");
    expect({"created file a/b/file", "modified file a/b/file", "closed_write file a/b/file"});
    remove_root("a/b");
    make("a/b/d");
    expect({"created dir a/b/d"});
    add_root("a/b");
    static_cast<void>(take());
    // What is left of it is the inner one.
    remove_root();
    make("a/e");
    make("a/b/c/f");
    expect({"created dir a/b/c/f"});
    BOOST_TEST(watcher.counters().directories == 4U);
    BOOST_TEST(replay.size() == 4U);
}

BOOST_AUTO_TEST_CASE(one_around_another)
{
    make("a/b/c");
    write("a/file");
    open();
    add_root("a/b");
    expect({"existing dir a/b/c"});
    add_root();
    auto seen = take();
    std::sort(seen.begin(), seen.end());
    // What is in the inner one is known already.
    lines const expected{"existing dir a", "existing dir a/b", "existing file a/file"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
    write("a/b/c/file");
    expect({"created file a/b/c/file", "modified file a/b/c/file", "closed_write file a/b/c/file"});
    remove_root();
    static_cast<void>(take());
    write("a/b/c/file");
    write("a/file");
    expect({"modified file a/b/c/file", "closed_write file a/b/c/file"});
}

BOOST_AUTO_TEST_CASE(two_parts_share_the_watches_of_the_inner_one)
{
    make("a/b/c/d");
    start();
    for (auto const* const part : {"a/b/c", "a/b"}) {
        add_root(part);
        expect({});
    }
    remove_root();
    // The outer one of the two has the tree.
    expect({});
    make("a/b/c/e");
    expect({"created dir a/b/c/e"});
    BOOST_TEST(watcher.counters().directories == 4U);
    BOOST_TEST(watcher.counters().watches == 4U);
    remove_root("a/b");
    expect({});
    make("a/b/f");
    make("a/b/c/g");
    expect({"created dir a/b/c/g"});
}

BOOST_AUTO_TEST_CASE(one_between_others_is_removed_at_once)
{
    make("a/b/c");
    start();
    add_root("a/b");
    expect({});
    // It has nobody in it yet: the inner one is the outer one's.
    add_root("a");
    remove_root("a");
    expect({});
    write("a/b/file");
    expect({"created file a/b/file", "modified file a/b/file", "closed_write file a/b/file"});
    remove_root();
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_root_is_removed_while_another_one_is_reported)
{
    for (int n = 0; n != 10; ++n) {
        make("one/" + std::to_string(n));
        make("two/" + std::to_string(n));
    }
    auto options = test::at_once();
    options.batch_size = 3;
    open(options);
    add_root("one");
    add_root("two");
    settle_until([&] { return batches == 1; });
    remove_root("two");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_root_is_removed_while_it_is_reported)
{
    for (int n = 0; n != 10; ++n) {
        make("one/" + std::to_string(n) + "/sub");
        make("two/" + std::to_string(n));
    }
    auto options = test::at_once();
    options.batch_size = 3;
    open(options);
    add_root("one");
    add_root("two");
    settle_until([&] { return batches == 1; });
    remove_root("one");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_was_a_root_is_added_again)
{
    make("a");
    start();
    for (int n = 0; n != 3; ++n) {
        remove_root();
        add_root();
        write("a/file");
    }
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
    write("a/file");
    expect({"modified file a/file", "closed_write file a/file"});
}

BOOST_AUTO_TEST_CASE(spelled_in_other_ways)
{
    make("a");
    auto const before = fs::current_path();
    fs::current_path(in);
    open();
    replay.add_root("a");
    replay.add_root(".");
    watcher.add("a//");
    settle();
    write("a/file");
    settle();
    BOOST_TEST(reported.front() == "created file a/file");
    error_code ec;
    watcher.add("a", ec);
    BOOST_TEST(ec == boost::system::errc::file_exists);
    watcher.remove("a/");
    watcher.add(".");
    reported.clear();
    settle();
    write("new");
    // Where a relative path starts is settled when it is given.
    fs::current_path(before);
    write("a/other");
    settle();
    BOOST_TEST(std::count(reported.begin(), reported.end(), "created file ./new") == 1);
    BOOST_TEST(std::count(reported.begin(), reported.end(), "created file ./a/other") == 1);
    watcher.remove(".");
    settle();
    BOOST_TEST(watcher.counters().entries == 0U);
}

BOOST_AUTO_TEST_CASE(paths_that_cannot_be_a_root)
{
    write("file");
    fs::create_symlink("nowhere", path("link"));
    error_code ec;
    watcher.add(in, ec);
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    watcher.remove(in, ec);
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    open();
    watcher.add(path("missing"), ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    watcher.add(path("link"), ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    watcher.add(path("file"), ec);
    BOOST_TEST(ec == boost::system::errc::not_a_directory);
    watcher.add("", ec);
    BOOST_TEST(ec == asio_inotify::error::empty_path);
    watcher.add(std::string("a\0b", 3), ec);
    BOOST_TEST(ec == asio_inotify::error::path_contains_null);
    watcher.remove(in, ec);
    BOOST_TEST(ec == asio_inotify::error::path_not_watched);
    BOOST_TEST(watcher.counters().entries == 0U);
    BOOST_TEST(watcher.counters().watches == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
