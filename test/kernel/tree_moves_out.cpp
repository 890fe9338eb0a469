//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

namespace fs = std::filesystem;

// What goes over the edge of a tree, and nothing of what happens beyond it.
BOOST_FIXTURE_TEST_SUITE(tree_moves_out, test::watched_tree)

BOOST_AUTO_TEST_CASE(a_tree_moves_in)
{
    make("../out/a/b");
    write("../out/a/b/file");
    start();
    move("../out/a", "a");
    expect({"created dir a", "created dir a/b", "created file a/b/file"});
    write("a/b/file");
    expect({"modified file a/b/file", "closed_write file a/b/file"});
}

BOOST_AUTO_TEST_CASE(a_tree_moves_out)
{
    make("a/b");
    write("a/b/file");
    start();
    move("a", "../out/a");
    write("../out/a/b/file");
    expect({"removed dir a"});
    // The watches are gone, and with them what happens there.
    write("../out/a/b/file");
    make("../out/a/b/c");
    chmod("../out/a", 0700);
    fs::remove_all(out / "a");
    expect({});
    BOOST_TEST(watcher.counters().watches == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_moves_out_and_in)
{
    write("a");
    start();
    move("a", "../out/a");
    write("../out/a");
    expect({"removed file a"});
    move("../out/a", "b");
    expect({"created file b"});
    move("b", "../out/b");
    move("../out/b", "c");
    expect({"removed file b", "created file c"});
}

BOOST_AUTO_TEST_CASE(out_and_back_in)
{
    make("a/b");
    write("a/b/file");
    start();
    move("a", "../out/a");
    write("../out/a/b/outside");
    move("../out/a", "c");
    write("c/b/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 4U);
    write("c/b/file");
    expect({"modified file c/b/file", "closed_write file c/b/file"});
    // Under the name that it had.
    move("c", "../out/c");
    move("../out/c", "c");
    static_cast<void>(take());
    write("c/b/file");
    expect({"modified file c/b/file", "closed_write file c/b/file"});
    // And as two.
    move("c", "../out/c");
    static_cast<void>(take());
    write("../out/c/b/late");
    move("../out/c", "d");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_part_comes_back_in)
{
    make("a/b/c");
    write("a/b/c/file");
    start();
    move("a", "../out/a");
    move("../out/a/b", "b");
    write("b/c/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 3U);
    write("b/c/file");
    expect({"modified file b/c/file", "closed_write file b/c/file"});
    move("b", "../out/a/b");
    move("../out/a/b/c", "c");
    move("../out/a", "c/a");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 4U);
}

BOOST_AUTO_TEST_CASE(one_moves_out_while_another_moves_in)
{
    make("a");
    write("a/of_a");
    write("f");
    make("../out/b");
    write("../out/b/of_b");
    write("../out/g");
    start();
    move("a", "../out/a");
    move("../out/b", "b");
    move("f", "../out/f");
    move("../out/g", "g");
    expect({"removed dir a", "created dir b", "removed file f", "created file g",
            "created file b/of_b"});
    // Under each other's names.
    move("b", "../out/t");
    move("../out/a", "b");
    move("../out/t", "a");
    move("g", "../out/t");
    move("../out/f", "g");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "a" / "of_b"));
    BOOST_TEST(replay.contains(in / "b" / "of_a"));
    BOOST_TEST(replay.size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_directory_from_outside_takes_the_place_of_one)
{
    make("a");
    make("../out/a/b");
    start();
    move("../out/a", "a");
    static_cast<void>(take());
    write("a/b/file");
    expect({"created file a/b/file", "modified file a/b/file", "closed_write file a/b/file"});
    make("../out/c");
    make("c/d");
    static_cast<void>(take());
    move("c", "../out/c");
    write("../out/c/d/file");
    expect({"removed dir c"});
}

BOOST_AUTO_TEST_CASE(exchanged_with_the_outside)
{
    make("a/b");
    write("a/b/of_a");
    make("../out/c");
    write("../out/c/of_c");
    start();
    BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path("a").c_str(), AT_FDCWD, (out / "c").c_str(),
                                   RENAME_EXCHANGE) == 0);
    write("../out/c/b/of_a");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 2U);
    write("../out/c/b/of_a");
    expect({});
    write("a/of_c");
    expect({"modified file a/of_c", "closed_write file a/of_c"});
}

// The second half can come later than the first, but not for ever.
BOOST_AUTO_TEST_CASE(moves_out_are_reported_after_the_grace_time)
{
    auto options = test::at_once();
    options.grace_time = std::chrono::milliseconds(50);
    write("a");
    make("d/e");
    start(options);
    move("a", "../out/a");
    settle();
    BOOST_TEST(reported.empty());
    run_until([&] { return !reported.empty(); });
    expect({"removed file a"});
    // Nothing overtakes what is held back.
    move("d", "../out/d");
    write("b");
    settle();
    BOOST_TEST(reported.empty());
    run_until([&] { return !reported.empty(); });
    expect({"removed dir d", "created file b", "modified file b", "closed_write file b"});
}

BOOST_AUTO_TEST_CASE(a_second_half_ends_the_waiting)
{
    auto options = test::at_once();
    options.grace_time = std::chrono::hours(1);
    write("a");
    start(options);
    move("a", "b");
    expect({"renamed file a -> b"});
}

BOOST_AUTO_TEST_SUITE_END()
