//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/watched_tree.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <stdio.h>

namespace fs = std::filesystem;

// Roots that are added while those before, or the directories that they are in, change.
BOOST_FIXTURE_TEST_SUITE(tree_changing_roots, test::watched_tree)

using test::error_code;
using test::lines;

// It is open, and to be listed after the first one.
BOOST_AUTO_TEST_CASE(moved_away_before_it_is_listed)
{
    make("one/a");
    make("two/b");
    write("two/c");
    auto options = test::at_once();
    options.slice_time = {};
    open(options);
    int completed = 0;
    for (auto const* const name : {"one", "two"}) {
        watcher.async_add(path(name), [&](error_code ec) {
            BOOST_TEST(!ec);
            ++completed;
        });
        replay.add_root(path(name).native());
    }
    move("two", "../out/two");
    expect({"root_lost dir two", "existing dir one/a"});
    BOOST_TEST(completed == 2);
    move("../out/two", "two");
    auto seen = take();
    std::sort(seen.begin(), seen.end());
    lines const expected{"created dir two/b", "created file two/c", "root_found dir two"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

// It is a part of the outer one then, as if it had been removed later.
BOOST_AUTO_TEST_CASE(an_inner_one_is_removed_before_it_is_reported)
{
    make("a/x");
    auto options = test::at_once();
    options.slice_time = {};
    open(options);
    add_root();
    static_cast<void>(take());
    error_code result = boost::asio::error::would_block;
    watcher.async_add(path("a"), [&](error_code ec) { result = ec; });
    replay.add_root(path("a").native());
    move("a", "../out/a");
    expect({"removed dir a"});
    BOOST_TEST(!result);
    BOOST_TEST(watcher.contains(path("a")));
    make("a/y");
    expect({"created dir a", "created dir a/y"});
}

BOOST_AUTO_TEST_CASE(an_inner_one_is_removed_with_the_outer_one)
{
    make("a/b/c");
    auto options = test::at_once();
    options.slice_time = {};
    open(options);
    add_root("a");
    static_cast<void>(take());
    watcher.async_add(path("a/b"), [&](error_code ec) { BOOST_TEST(!ec); });
    replay.add_root(path("a/b").native());
    move("a", "../out/a");
    expect({"removed dir a/b", "root_lost dir a"});
    move("../out/a", "a");
    expect({"root_found dir a", "created dir a/b", "created dir a/b/c"});
}

// The watcher has not read yet that there is a directory, as nobody has received the existing
// entries.
BOOST_AUTO_TEST_CASE(an_inner_one_that_is_new)
{
    write("a");
    write("b");
    auto options = test::at_once();
    options.batch_size = 1;
    open(options);
    add_root();
    fs::remove(path("a"));
    make("a/x");
    make("c/d");
    add_root("a");
    add_root("c/d");
    auto seen = take();
    BOOST_TEST(std::ranges::count(seen, "created dir a/x") == 1);
    make("a/y");
    make("c/d/y");
    expect({"created dir a/y", "created dir c/d/y"});
}

BOOST_AUTO_TEST_CASE(one_around_a_lost_one)
{
    make("a");
    open();
    add_root("a");
    move("a", "../out/a");
    expect({"root_lost dir a"});
    watcher.add(in);
    replay = test::tree_replay();
    replay.add_root(in.native());
    expect({});
    make("a/x");
    expect({"created dir a", "created dir a/x"});
    watcher.remove(in);
    replay = test::tree_replay();
    replay.take_from_disk(path("a").native());
    write("a/file");
    expect({"created file a/file", "modified file a/file", "closed_write file a/file"});
}

// The second root was in the tree of the first one, or was that itself: the trees change when that
// is found out, and not before their entries are reported.
BOOST_AUTO_TEST_CASE(moved_out_before_it_is_added)
{
    for (std::string const moved : {"one", "one/a", "one/b", "one/c"}) {
        for (std::size_t received = 0; received != 7; ++received) {
            test::watched_tree tree;
            for (std::string const name : {"one/a", "one/b", "one/c", "two/d"}) {
                tree.make(name);
                tree.write(name + "/file");
            }
            auto options = test::at_once();
            options.batch_size = 1;
            tree.open(options);
            tree.add_root("one");
            tree.settle_until([&] { return tree.reported.size() >= received; });
            BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, tree.path(moved).c_str(), AT_FDCWD,
                                           tree.path("two").c_str(), RENAME_EXCHANGE) == 0);
            tree.add_root("two");
            static_cast<void>(tree.take());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
