//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

#include <fcntl.h>
#include <stdio.h>

// Renames within a tree.
namespace {

struct renaming : test::watched_tree
{
    void exchange(std::string const& a, std::string const& b) const
    {
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path(a).c_str(), AT_FDCWD, path(b).c_str(),
                                       RENAME_EXCHANGE) == 0);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_renames, renaming)

BOOST_AUTO_TEST_CASE(a_file_gets_another_name)
{
    make("d");
    write("a");
    start();
    move("a", "b");
    move("b", "d/c");
    expect({"renamed file a -> b", "renamed file b -> d/c"});
    write("d/c");
    expect({"modified file d/c", "closed_write file d/c"});
}

BOOST_AUTO_TEST_CASE(a_file_replaces_another)
{
    write("a");
    write("b");
    start();
    move("a", "b");
    expect({"renamed file a -> b replaced"});
    // As editors do.
    for (int n = 0; n != 3; ++n) {
        write("b~");
        move("b~", "b");
    }
    auto const seen = take();
    BOOST_TEST(std::count(seen.begin(), seen.end(), "renamed file b~ -> b replaced") == 3);
}

BOOST_AUTO_TEST_CASE(a_file_goes_and_comes_back)
{
    write("a");
    start();
    move("a", "b");
    move("b", "a");
    expect({"renamed file a -> b", "renamed file b -> a"});
}

BOOST_AUTO_TEST_CASE(a_file_is_written_between_its_renames)
{
    write("a");
    start();
    move("a", "b");
    write("b");
    move("b", "c");
    write("c");
    expect({"renamed file a -> b", "modified file b", "closed_write file b", "renamed file b -> c",
            "modified file c", "closed_write file c"});
}

BOOST_AUTO_TEST_CASE(a_directory_is_renamed_and_used_at_once)
{
    make("a/b");
    write("a/b/file");
    start();
    move("a", "c");
    write("c/b/file");
    write("c/new");
    make("c/b/d");
    write("c/b/d/file");
    expect({"renamed dir a -> c", "modified file c/b/file", "closed_write file c/b/file",
            "created file c/new", "modified file c/new", "closed_write file c/new",
            "created dir c/b/d", "created file c/b/d/file"});
    write("c/b/d/file");
    expect({"modified file c/b/d/file", "closed_write file c/b/d/file"});
}

BOOST_AUTO_TEST_CASE(a_new_directory_is_renamed_before_it_is_scanned)
{
    start();
    make("a/b");
    write("a/b/file");
    move("a", "c");
    move("c/b", "d");
    write("d/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_new_directory_has_the_name_of_one_that_was_renamed)
{
    make("a/b");
    write("a/b/file");
    start();
    move("a", "c");
    make("a/b");
    write("a/b/other");
    write("c/b/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 6U);
    write("a/b/other");
    write("c/b/file");
    expect({"modified file a/b/other", "closed_write file a/b/other", "modified file c/b/file",
            "closed_write file c/b/file"});
}

BOOST_AUTO_TEST_CASE(parents_and_children_in_turn)
{
    make("a/b/c");
    write("a/b/c/file");
    start();
    move("a/b", "b");
    move("a", "b/c/a");
    move("b/c", "c");
    move("b", "c/a/b");
    move("c", "d");
    write("d/file");
    expect({"renamed dir a/b -> b", "renamed dir a -> b/c/a", "renamed dir b/c -> c",
            "renamed dir b -> c/a/b", "renamed dir c -> d", "modified file d/file",
            "closed_write file d/file"});
    move("d/a/b", "b");
    make("b/new");
    move("d/a", "b/new/a");
    write("b/new/a/file");
    static_cast<void>(take());
    write("b/new/a/file");
    expect({"modified file b/new/a/file", "closed_write file b/new/a/file"});
}

BOOST_AUTO_TEST_CASE(into_a_directory_that_is_not_watched_yet)
{
    make("a/b");
    write("a/b/file");
    write("file");
    start();
    make("new");
    move("a", "new/a");
    move("file", "new/file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 5U);
    write("new/a/b/file");
    expect({"modified file new/a/b/file", "closed_write file new/a/b/file"});
}

BOOST_AUTO_TEST_CASE(out_of_a_directory_that_is_not_watched_yet)
{
    start();
    make("new/a/b");
    write("new/a/b/file");
    write("new/file");
    move("new/a", "a");
    move("new/file", "file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 5U);
}

BOOST_AUTO_TEST_CASE(swapped_by_a_third_name)
{
    make("a");
    make("b");
    write("a/of_a");
    write("b/of_b");
    start();
    move("a", "t");
    move("b", "a");
    move("t", "b");
    write("a/of_b");
    expect({"renamed dir a -> t", "renamed dir b -> a", "renamed dir t -> b",
            "modified file a/of_b", "closed_write file a/of_b"});
    write("b/of_a");
    expect({"modified file b/of_a", "closed_write file b/of_a"});
}

BOOST_AUTO_TEST_CASE(files_are_exchanged)
{
    make("d");
    write("a");
    write("b");
    write("d/c");
    start();
    exchange("a", "b");
    expect({"exchanged file a -> b"});
    exchange("a", "d/c");
    write("d/c");
    expect({"exchanged file a -> d/c", "modified file d/c", "closed_write file d/c"});
}

BOOST_AUTO_TEST_CASE(directories_are_exchanged)
{
    make("a/x");
    make("d/b");
    write("a/x/of_a");
    write("d/b/of_b");
    start();
    exchange("a", "d/b");
    write("a/of_b");
    write("d/b/x/of_a");
    expect({"exchanged dir a -> d/b", "modified file a/of_b", "closed_write file a/of_b",
            "modified file d/b/x/of_a", "closed_write file d/b/x/of_a"});
}

BOOST_AUTO_TEST_CASE(a_file_and_a_directory_are_exchanged)
{
    make("a");
    write("a/file");
    write("b");
    start();
    exchange("a", "b");
    expect({"exchanged dir a -> b"});
    exchange("a", "b");
    write("a/file");
    expect({"exchanged file a -> b", "modified file a/file", "closed_write file a/file"});
}

BOOST_AUTO_TEST_CASE(exchanged_more_than_once)
{
    make("a");
    make("b");
    make("c");
    write("a/of_a");
    write("b/of_b");
    write("c/of_c");
    start();
    for (int n = 0; n != 5; ++n) {
        exchange("a", "b");
        exchange("b", "c");
        exchange("c", "a");
    }
    static_cast<void>(take());
    exchange("a", "b");
    exchange("a", "b");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 6U);
}

BOOST_AUTO_TEST_CASE(exchanged_before_they_are_scanned)
{
    start();
    make("a");
    make("b/c");
    write("a/of_a");
    write("b/c/of_b");
    exchange("a", "b");
    static_cast<void>(take());
    exchange("a/c", "b");
    move("b", "c");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 5U);
}

BOOST_AUTO_TEST_CASE(there_and_back_is_no_exchange)
{
    write("a");
    write("b");
    start();
    move("a", "b");
    move("b", "a");
    // An exchange after which one of the two was removed looks the same for files: so it is read
    // again.
    expect({"renamed file a -> b replaced", "renamed file b -> a", "modified file a"});
    make("c/in");
    make("d");
    static_cast<void>(take());
    move("c", "d");
    move("d", "c");
    expect({"renamed dir c -> d replaced", "renamed dir d -> c"});
}

BOOST_AUTO_TEST_CASE(an_empty_directory_is_replaced)
{
    make("a");
    make("b");
    write("a/file");
    start();
    move("a", "b");
    write("b/file");
    expect({"renamed dir a -> b replaced", "modified file b/file", "closed_write file b/file"});
    // And the end of the replaced one does not end the other one's watch.
    make("c");
    write("c/file");
    static_cast<void>(take());
    remove("b/file");
    move("c", "b");
    write("b/file");
    expect({"removed file b/file", "renamed dir c -> b replaced", "modified file b/file",
            "closed_write file b/file"});
}

BOOST_AUTO_TEST_CASE(a_whole_tree_is_renamed_at_once)
{
    for (int n = 0; n != 500; ++n) {
        make("a/" + std::to_string(n) + "/b");
    }
    start();
    auto const listings = watcher.counters().listings;
    move("a", "c");
    expect({"renamed dir a -> c"});
    BOOST_TEST(watcher.counters().listings == listings);
}

BOOST_AUTO_TEST_SUITE_END()
