//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/entry_arena.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

BOOST_AUTO_TEST_SUITE(tree_entry)

using asio_inotify::detail::entry_arena;
using asio_inotify::detail::padded_name;
using lib_entry = asio_inotify::detail::tree_entry;

BOOST_AUTO_TEST_CASE(a_mark_is_set_and_cleared_beside_what_else_is_kept)
{
    entry_arena entries;
    auto& entry = entries[entries.make("name")];
    for (bool const is_directory : {false, true}) {
        for (unsigned const count : {0U, 1U, 33U, 0x3fffU}) {
            entry.flags = is_directory ? lib_entry::directory_flag : std::uint16_t{0};
            entry.set_most_from_here(count);
            for (bool const mark : {true, true, false, false, true}) {
                entry.set_mark(mark);
                BOOST_TEST(entry.is_marked() == mark);
                BOOST_TEST(entry.is_directory() == is_directory);
                BOOST_TEST(entry.most_from_here() == count);
            }
            entry.set_most_from_here(count / 2);
            BOOST_TEST(entry.is_marked());
            BOOST_TEST(entry.is_directory() == is_directory);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_new_entry_has_no_mark)
{
    entry_arena entries;
    auto const id = entries.make("name");
    entries[id].set_mark(true);
    entries.free(id);
    // The same memory.
    auto const again = entries.make("gone");
    BOOST_TEST(again == id);
    BOOST_TEST(!entries[again].is_marked());
}

BOOST_AUTO_TEST_CASE(the_inode_of_a_file_is_no_directory)
{
    entry_arena entries;
    auto& entry = entries[entries.make("name")];
    entry.what = 7;
    BOOST_TEST(entry.directory() == 0U);
    entry.flags |= lib_entry::directory_flag;
    BOOST_TEST(entry.directory() == 7U);
}

BOOST_AUTO_TEST_CASE(names_are_compared_by_all_their_bytes)
{
    entry_arena entries;
    for (std::size_t size = 1; size != 40; ++size) {
        std::string const name(size, 'n');
        auto const& entry = entries[entries.make(name)];
        BOOST_TEST(entry.is_named(name));
        BOOST_TEST(!entry.is_named(name + 'n'));
        BOOST_TEST(!entry.is_named(name.substr(1)));
        for (std::size_t at = 0; at != size; ++at) {
            auto other = name;
            other[at] = 'x';
            BOOST_TEST(!entry.is_named(other));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_longer_name_in_the_same_memory_is_not_compared)
{
    entry_arena entries;
    static_cast<void>(entries.make("not the last one"));
    for (std::size_t size = 1; size != 40; ++size) {
        std::string const longer(size | 7, 'x');
        auto const id = entries.make(longer);
        entries.free(id);
        std::string name(size, 'n');
        BOOST_TEST_REQUIRE(entries.make(name) == id);
        name.resize((size / 16 + 1) * 16);
        BOOST_TEST(entries[id].is_named(padded_name(name.data(), name.size())));
        entries.free(id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
