//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/recent_history.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

BOOST_AUTO_TEST_SUITE(recent_history)

using lib_history = asio_inotify::detail::recent_history;

constexpr std::size_t most_writes = 8;
constexpr std::size_t most_renames = 8;
constexpr std::size_t most_arrivals = 16;

BOOST_AUTO_TEST_CASE(a_write_to_the_entry_that_is_replaced)
{
    lib_history history;
    BOOST_TEST(!history.was_written(1, "a", 10));
    history.note_write(1, 10, {});
    BOOST_TEST(history.was_written(1, "a", 10));
    BOOST_TEST(!history.was_written(1, "a", 11));
    BOOST_TEST(!history.was_written(2, "a", 10));
    // The entry was known, so that the write was not one to a name without an entry.
    BOOST_TEST(!history.was_written(1, "a", 0));
}

BOOST_AUTO_TEST_CASE(a_write_to_a_name_without_an_entry)
{
    lib_history history;
    BOOST_TEST(!history.was_written(1, "a", 0));
    history.note_write(1, 0, "a");
    BOOST_TEST(history.was_written(1, "a", 0));
    BOOST_TEST(!history.was_written(1, "b", 0));
    BOOST_TEST(!history.was_written(2, "a", 0));
    BOOST_TEST(!history.was_written(1, "a", 10));
}

BOOST_AUTO_TEST_CASE(the_oldest_writes_are_forgotten)
{
    lib_history history;
    for (unsigned i = 1; i <= most_writes; ++i) {
        history.note_write(1, i, {});
    }
    BOOST_TEST(history.was_written(1, "a", 1));
    history.note_write(1, 100, {});
    BOOST_TEST(!history.was_written(1, "a", 1));
    BOOST_TEST(history.was_written(1, "a", 2));
    BOOST_TEST(history.was_written(1, "a", 100));
}

BOOST_AUTO_TEST_CASE(a_late_event_finds_the_new_name_of_a_file)
{
    lib_history history;
    BOOST_TEST(history.find_renamed(1, "a") == nullptr);
    history.note_rename(1, "a", 2, "b");
    auto const* const now = history.find_renamed(1, "a");
    BOOST_TEST_REQUIRE(now != nullptr);
    BOOST_TEST(now->directory == 2U);
    BOOST_TEST(now->name == "b");
    BOOST_TEST(history.find_renamed(2, "a") == nullptr);
    BOOST_TEST(history.find_renamed(1, "b") == nullptr);
    BOOST_TEST(history.find_renamed(2, "b") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_oldest_renames_are_forgotten)
{
    lib_history history;
    for (std::size_t i = 0; i != most_renames; ++i) {
        history.note_rename(1, std::to_string(i), 2, "x");
    }
    BOOST_TEST(history.find_renamed(1, "0") != nullptr);
    history.note_rename(1, "more", 2, "y");
    BOOST_TEST(history.find_renamed(1, "0") == nullptr);
    BOOST_TEST(history.find_renamed(1, "1") != nullptr);
    BOOST_TEST_REQUIRE(history.find_renamed(1, "more") != nullptr);
    BOOST_TEST(history.find_renamed(1, "more")->name == "y");
}

BOOST_AUTO_TEST_CASE(an_arrival_is_taken_once)
{
    lib_history history;
    BOOST_TEST(!history.take_arrival(1, "a"));
    history.note_arrival(1, "a", 2, "b");
    BOOST_TEST(!history.take_arrival(1, "b"));
    BOOST_TEST(!history.take_arrival(2, "a"));
    auto const from = history.take_arrival(1, "a");
    BOOST_TEST_REQUIRE(from.has_value());
    BOOST_TEST(from->directory == 2U);
    BOOST_TEST(from->name == "b");
    BOOST_TEST(!history.take_arrival(1, "a"));
}

BOOST_AUTO_TEST_CASE(an_arrival_from_a_place_that_is_not_watched)
{
    lib_history history;
    history.note_arrival(1, "a", 0, {});
    auto const from = history.take_arrival(1, "a");
    BOOST_TEST_REQUIRE(from.has_value());
    BOOST_TEST(from->directory == 0U);
    BOOST_TEST(from->name == "");
}

BOOST_AUTO_TEST_CASE(the_last_arrival_at_a_name_counts)
{
    lib_history history;
    history.note_arrival(1, "a", 2, "b");
    history.note_arrival(1, "a", 3, "c");
    BOOST_TEST(history.take_arrival(1, "a").value().directory == 3U);
    BOOST_TEST(!history.take_arrival(1, "a"));
}

BOOST_AUTO_TEST_CASE(the_oldest_arrivals_are_forgotten)
{
    lib_history history;
    for (std::size_t i = 0; i != most_arrivals + 1; ++i) {
        history.note_arrival(1, std::to_string(i), 2, "x");
    }
    BOOST_TEST(!history.take_arrival(1, "0"));
    for (std::size_t i = 1; i != most_arrivals + 1; ++i) {
        BOOST_TEST(history.take_arrival(1, std::to_string(i)).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
