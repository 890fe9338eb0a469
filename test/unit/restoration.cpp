//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(restoration)

using asio_inotify::detail::entry_id;
using asio_inotify::detail::listed_entry;
using lines = std::vector<std::string>;

/// The directory "/r/a", in which a file "x" with the inode 7 was when the trees were saved.
struct fixture : test::engine_parts
{
    fixture()
    {
        add_file("/r/a", "x");
        tree.model.index.entry(tree.find("/r/a/x")).what = inode;
        tree.port.put_file("/r/a/x", inode);
        restoration.begin();
        restoration.add_place(inode, a, "x");
    }

    /// The root is listed and has the file "y".
    entry_id move_here(std::uint64_t listed_inode)
    {
        return restoration.move_here(root, {listed_inode, 0, "y", 1, listed_entry::kind::file},
                                     false);
    }

    static constexpr std::uint64_t inode = 7;
    dir_id a = add_directory("/r", "a", 2);
};

BOOST_AUTO_TEST_CASE(an_entry_that_is_found_elsewhere_was_renamed)
{
    fixture f;
    f.tree.port.names.erase("/r/a/x");
    auto const moved = f.move_here(f.inode);
    BOOST_TEST(moved != 0U);
    BOOST_TEST(f.tree.find("/r/y") == moved);
    BOOST_TEST(f.changes() == lines{"renamed file a/x -> y"}, boost::test_tools::per_element());
    // Its directory was listed before with a different entry of that name.
    BOOST_TEST(f.work_of(f.a) == "*list ");
    BOOST_TEST(f.move_here(f.inode) == 0U);
}

// What was known takes as much memory as the trees: it is not freed at once.
BOOST_AUTO_TEST_CASE(a_snapshot_is_forgotten_in_parts)
{
    fixture f;
    f.restoration.numbers.add(f.a, 7);
    BOOST_TEST(!f.restoration.has_rest());
    f.restoration.end();
    BOOST_TEST(!f.restoration.numbers.find(f.a));
    BOOST_TEST(f.move_here(f.inode) == 0U);
    int parts = 0;
    for (; f.restoration.has_rest(); ++parts) {
        f.restoration.drop_part();
    }
    BOOST_TEST(parts >= 2000);
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_where_it_was_has_another_link)
{
    fixture f;
    BOOST_TEST(f.move_here(f.inode) == 0U);
    BOOST_TEST(f.move_here(8) == 0U);
    BOOST_TEST(f.changes().empty());
    BOOST_TEST(f.work_of(f.a) == "");
}

BOOST_AUTO_TEST_SUITE_END()
