//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_script.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

// Sequences that have broken a promise once, each as short as it could be made.
BOOST_AUTO_TEST_SUITE(tree_sequences)

namespace {

void expect_exact(std::string_view operations, test::simulated_script script = {})
{
    script.operations = test::parse_operations(operations);
    auto const outcome = test::play(script);
    BOOST_TEST(outcome.broken == "", outcome.broken << '\n'
                                                    << test::describe(script) << outcome.picture);
    // All of it was possible, or it would be another sequence.
    BOOST_TEST(outcome.performed == script.operations.size());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_script_is_read_as_it_is_written)
{
    constexpr std::string_view text =
        "rename /r/a /r/b, of which 3 records at once, 2 calls later\n"
        "limit_watches 7, at rest\n"
        "write /r/b, at rest\n";
    std::string written;
    for (auto const& o : test::parse_operations(text)) {
        written += test::describe(o) + '\n';
    }
    BOOST_TEST(written == text);
}

BOOST_AUTO_TEST_CASE(a_device_that_no_event_reports)
{
    expect_exact(R"(create /r/a, 0 calls later
                    whiteout /r/a /r/b, at rest
                    whiteout /r/b /r/a, at rest)");
    expect_exact(R"(mkdir /r/d, 0 calls later
                    create /r/d/a, 0 calls later
                    whiteout /r/d/a /r/a, of which 0 records at once, at rest
                    rename /r/d /r/e, 0 calls later)");
    expect_exact(R"(mkdir /r/d, 0 calls later
                    whiteout /r/d /o/d, at rest
                    whiteout /r/d /r/e, 3 calls later)");
    // Exchanged before it is looked up, and removed.
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/b/b, 0 calls later
                    whiteout /r/b /r/a, at rest
                    exchange /r/a/b /r/b, 0 calls later)");
    expect_exact(R"(mkdir /r/d, 0 calls later
                    create /r/d/f, 0 calls later
                    create /r/a, 0 calls later
                    whiteout /r/a /r/b, at rest
                    exchange /r/d/f /r/a, 0 calls later
                    unlink /r/d/f, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(a_followed_link_is_exchanged)
{
    expect_exact(R"(mkdir /r/c, 0 calls later
                    symlink /r/c/c /r/b, 1 calls later
                    mkdir /o/b, 2 calls later
                    mkdir /r/b, 1 calls later
                    symlink /r/a /r/c, 0 calls later
                    mkdir /r/a/b, 0 calls later
                    mkdir /r/a/c/c, 0 calls later
                    chmod /r/b/c, at rest
                    mkdir /r/c/b/c, 0 calls later
                    rename /r/a/b/c /r/a/c/b, 0 calls later
                    exchange /r/a /r/a/c/c, 0 calls later
                    rename /r/c/c /r/a/a, 0 calls later
                    chmod /r/b, at rest
                    exchange /r/a /r/b/b, 0 calls later)",
                 {.operations = {}, .follow_symlinks = true});
}

// A whiteout is left at the second name, which looks as if it had been exchanged.
BOOST_AUTO_TEST_CASE(a_file_that_is_renamed_over_a_whiteout_and_back)
{
    expect_exact(R"(create /o/c, 0 calls later
                    whiteout /o/c /r/c, 0 calls later
                    mkdir /r/a, at rest
                    write_close /r/c, 0 calls later
                    exchange /r/c /r/a, 0 calls later
                    whiteout /r/a /o/c, 0 calls later
                    whiteout /o/c /r/a, 0 calls later)",
                 {.operations = {}, .has_both_roots = true});
}

BOOST_AUTO_TEST_CASE(written_before_its_rename_is_reported)
{
    expect_exact(R"(create /r/b, 0 calls later
                    rename /r/b /r/c, of which 0 records at once, at rest
                    write /r/c, 0 calls later)");
    expect_exact(R"(create /r/b, 0 calls later
                    create /r/c, 0 calls later
                    exchange /r/b /r/c, of which 0 records at once, at rest
                    write /r/c, 0 calls later)");
    expect_exact(R"(create /r/b, 0 calls later
                    create /r/c, 0 calls later
                    exchange /r/b /r/c, of which 0 records at once, at rest
                    write /r/b, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(exchanged_before_it_was_listed)
{
    expect_exact(R"(create /r/a, at rest
                    mkdir /r/b, at rest
                    exchange /r/a /r/b, 1 calls later)");
    expect_exact(R"(create /r/a, at rest
                    mkdir /r/b, at rest
                    exchange /r/a /r/b, 2 calls later)");
    expect_exact(R"(mkdir /r/a, at rest
                    mkdir /r/a/a, 0 calls later
                    create /r/a/b, 0 calls later
                    exchange /r/a/a /r/a/b, 4 calls later
                    write /r/a/a, 1 calls later)");
}

BOOST_AUTO_TEST_CASE(exchanged_twice_with_an_unwatched_entry)
{
    expect_exact(R"(mkdir /r/a, 0 calls later
                    mkdir /o/a, 0 calls later
                    mkdir /o/b, 0 calls later
                    exchange /r/a /o/a, at rest
                    exchange /o/b /r/a, 0 calls later)");
    expect_exact(R"(mkdir /r/a, 0 calls later
                    mkdir /o/o, at rest
                    mkdir /r/b, 0 calls later
                    rename /r/b /r/a/a, 0 calls later
                    exchange /o/o /r/a/a, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(an_exchange_that_is_read_in_parts)
{
    for (auto const* const records : {"1", "2", "3", "4", "5"}) {
        BOOST_TEST_CONTEXT("records at once: " << records)
        {
            std::string const split = std::string(", of which ") + records + " records at once";
            expect_exact("create /r/a, 0 calls later\n"
                         "create /r/c, 0 calls later\n"
                         "write_close /r/c, at rest\n"
                         "exchange /r/a /r/c" +
                         split + ", 0 calls later\n");
            expect_exact("mkdir /r/b, 0 calls later\n"
                         "mkdir /r/a, at rest\n"
                         "exchange /r/b /r/a" +
                         split +
                         ", 0 calls later\n"
                         "mkdir /r/a/c, 1 calls later\n");
            expect_exact("mkdir /o/a, 0 calls later\n"
                         "mkdir /o/a/a, 0 calls later\n"
                         "mkdir /r/a, at rest\n"
                         "rename /o/a /r/b, at rest\n"
                         "exchange /r/a /r/b/a" +
                         split + ", 0 calls later\n");
        }
    }
}

// What is not remembered any more of the files that were written to last does not help.
std::string many_writes()
{
    std::string all;
    for (int i = 0; i != 10; ++i) {
        all += "write /r/x, 0 calls later\n";
    }
    return all;
}

BOOST_AUTO_TEST_CASE(files_that_come_back_as_others)
{
    auto const begin = "create /r/a, 0 calls later\n"
                       "create /r/x, 0 calls later\n"
                       "create /r/c, at rest\n"
                       "write_close /r/c, at rest\n" +
                       many_writes();
    expect_exact(begin + "exchange /r/a /r/c, of which 2 records at once, at rest\n");
    expect_exact("create /r/d, 0 calls later\n" + begin +
                 "rename /r/c /r/d, at rest\n"
                 "exchange /r/a /r/d, of which 2 records at once, 0 calls later\n");
}

BOOST_AUTO_TEST_CASE(an_exchange_with_a_directory_without_a_watch)
{
    expect_exact(R"(mkdir /r/a, 0 calls later
                    limit_watches 1, at rest
                    mkdir /r/b, 0 calls later
                    rename /r/a /r/b/b, at rest
                    mkdir /r/a, 0 calls later
                    exchange /r/b/b /r/a, of which 3 records at once, 0 calls later
                    mkdir /r/a/b, 2 calls later)",
                 {.operations = {}, .calls_per_slice = 1});
}

BOOST_AUTO_TEST_CASE(an_exchange_that_takes_longer_than_the_grace_time)
{
    expect_exact(R"(mkdir /r/a, 0 calls later
                    create /r/a/a, 0 calls later
                    mkdir /r/d, 0 calls later
                    create /r/d/e, 0 calls later
                    create /r/e, 0 calls later
                    exchange /r/e /r/d, at rest
                    exchange /r/e/e /r/a/a, of which 1 records at once, 0 calls later)",
                 {.operations = {}, .calls_per_slice = 1});
}

BOOST_AUTO_TEST_CASE(renamed_again_after_an_exchange)
{
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/a, at rest
                    exchange /r/b /r/a, at rest
                    rename /r/a /r/c, 0 calls later
                    mkdir /r/c/c, 0 calls later)");
    expect_exact(R"(create /r/a, 0 calls later
                    create /r/d, at rest
                    exchange /r/a /r/d, at rest
                    unlink /r/d, 0 calls later)");
    expect_exact(R"(mkdir /r/a, 0 calls later
                    create /r/a/c, 0 calls later
                    create /r/c, 0 calls later
                    create /r/d, at rest
                    rename /r/c /r/d, at rest
                    exchange /r/a/c /r/d, of which 4 records at once, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(found_by_its_watch_before_its_exchange_is_reported)
{
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/b/e, at rest
                    mkdir /r/e, at rest
                    exchange /r/b/e /r/e, 3 calls later
                    mkdir /r/e/c, 0 calls later)");
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/b/e, at rest
                    mkdir /r/e, at rest
                    exchange /r/b/e /r/e, 2 calls later
                    mkdir /r/e/c, 0 calls later)");
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/b/a, 0 calls later
                    mkdir /r/a, at rest
                    exchange /r/b /r/a, 3 calls later
                    symlink /r/b/a /r/a, 16 calls later
                    mkdir /r/a/a/b, 22 calls later
                    exchange /r/b/a /r/a, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(another_one_by_its_name_before_it_was_watched)
{
    // What is found by the name is the second directory, and the rename that is read then is that
    // of the first one.
    expect_exact(R"(mkdir /r/a, at rest
                    rename /r/a /r/b, 3 calls later
                    mkdir /r/a, 0 calls later
                    create /r/a/a, 7 calls later)");
    // It has gone before it was watched, too.
    expect_exact(R"(mkdir /r/a, at rest
                    rename /r/a /r/b, 3 calls later
                    mkdir /r/a, 0 calls later
                    rename /r/a /o/o, 3 calls later)");
    // There is one only, which was renamed after it was found and before it was watched.
    expect_exact(R"(mkdir /r/a, at rest
                    rename /r/a /r/b, 5 calls later
                    create /r/b/a, 5 calls later)");
}

BOOST_AUTO_TEST_CASE(two_renames_that_resemble_an_exchange)
{
    expect_exact(R"(mkdir /r/d, 0 calls later
                    mkdir /r/c, at rest
                    rename /r/d /r/b, at rest
                    rename /r/c /r/b, 0 calls later
                    rmdir /r/b, 0 calls later
                    symlink /r/b /r/x, 0 calls later
                    rename /r/b /r/c, 0 calls later)");
    // The other one was found by the name without a watch, and has left again in the meantime.
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/a, 0 calls later
                    mkdir /r/b/b, at rest
                    rename /r/a /r/c, 0 calls later
                    mkdir /r/a, 0 calls later
                    rename /r/b /r/a/a, 0 calls later
                    rename /r/c /r/b, 0 calls later
                    rename /r/b /r/c, 0 calls later
                    rename /r/a/a /r/b, 0 calls later
                    create /r/c/a, 0 calls later)");
    // A different directory takes the name between the last read of the queue and the check of the
    // name.
    for (auto const* const calls : {"1", "2", "3", "4"}) {
        expect_exact("create /r/b, 0 calls later\n"
                     "create /r/a, at rest\n"
                     "rename /r/a /r/b, at rest\n"
                     "write_close /r/b, 0 calls later\n"
                     "rename /r/b /r/a, 0 calls later\n"
                     "create /r/b, " +
                     std::string(calls) + " calls later\n");
    }
    expect_exact(R"(create /r/b, 0 calls later
                    create /r/c, 0 calls later
                    create /r/a, at rest
                    rename /r/a /r/b, at rest
                    write_close /r/b, 0 calls later
                    rename /r/b /r/a, 0 calls later
                    rename /r/c /r/b, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(exchanged_with_a_mount_in_it)
{
    expect_exact(R"(mkdir /r/c, 0 calls later
                    mkdir /r/b, 0 calls later
                    mkdir /r/c/c, 0 calls later
                    mount /r/c/c, at rest
                    exchange /r/c /r/b, 1 calls later)");
}

BOOST_AUTO_TEST_CASE(directories_alone)
{
    expect_exact(R"(create /r/d, 0 calls later
                    mkdir /r/c, 0 calls later
                    exchange /r/c /r/d, at rest)",
                 {.operations = {}, .directories_only = true});
    // A different directory takes the name between its watch and its check.
    for (auto const* const calls : {"1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
        BOOST_TEST_CONTEXT("calls later: " << calls)
        {
            expect_exact("mkdir /r/a, 0 calls later\n"
                         "mkdir /r/a/a, 0 calls later\n"
                         "mkdir /r/b, 0 calls later\n"
                         "mkdir /o/a, 0 calls later\n"
                         "mkdir /o/a/a, 0 calls later\n"
                         "rename /o/a /r/b/a, at rest\n"
                         "exchange /r/b/a /r/a/a, " +
                             std::string(calls) + " calls later\n",
                         {.operations = {}, .directories_only = true});
        }
    }
}

BOOST_AUTO_TEST_CASE(mounted_below_a_directory_whose_rename_was_not_read)
{
    expect_exact(R"(mkdir /r/b, 0 calls later
                    mkdir /r/b/b, 0 calls later
                    mkdir /r/a, 0 calls later
                    hold /r/a, at rest
                    rename /r/b /r/a, 0 calls later
                    mount /r/a/b, 0 calls later)");
    // The rename is done and not reported yet.
    expect_exact(R"(mkdir /r/a, 0 calls later
                    mkdir /r/a/a, at rest
                    rename /r/a /r/c, of which 0 records at once, at rest
                    mount /r/c/a, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(exchanged_while_it_is_listed)
{
    test::simulated_script script;
    script.lists_what_was = true;
    script.entries_at_once = 5;
    script.calls_per_slice = 1;
    // Between the two parts of the listing, among others.
    for (int calls = 0; calls != 30; ++calls) {
        expect_exact("create /r/a, 0 calls later\n"
                     "rename /r/a /r/c, 0 calls later\n"
                     "mkdir /r/d, 0 calls later\n"
                     "mkdir /r/b, 0 calls later\n"
                     "mkdir /r/a, at rest\n"
                     "rmdir /r/b, 0 calls later\n"
                     "create /r/b, " +
                         std::to_string(calls) +
                         " calls later\n"
                         "mkdir /o/a, 2 calls later\n"
                         "exchange /r/b /r/a, 0 calls later\n",
                     script);
    }
}

BOOST_AUTO_TEST_CASE(renamed_after_the_place_where_it_comes_was_compared)
{
    for (int calls = 0; calls != 12; ++calls) {
        expect_exact("mkdir /r/c, 0 calls later\n"
                     "mkdir /r/c/a, 0 calls later\n"
                     "mkdir /r/a, 0 calls later\n"
                     "exchange /r/c/a /r/a, at rest\n"
                     "tick, 2 calls later\n"
                     "rename /r/c /r/b, " +
                         std::to_string(calls) + " calls later\n",
                     {.operations = {}, .queue_limit = 3});
    }
}

BOOST_AUTO_TEST_CASE(a_directory_that_replaces_one_that_is_held_open)
{
    // The watch of the one that is replaced does not end: nothing but the MOVED_TO event says so.
    expect_exact(R"(mkdir /o/b, 0 calls later
                    mkdir /r/b, 0 calls later
                    hold /r/b, 0 calls later
                    rename /o/b /r/b, at rest)");
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_opened_to_be_listed_is_verified)
{
    // A different entry has the name of one that has left, and its directory cannot be read now.
    expect_exact(R"(mkdir /r/a, 0 calls later
                    mkdir /r/a/a, 0 calls later
                    create /r/a/a/a, 0 calls later
                    create /o/a, at rest
                    exchange /o/a /r/a/a/a, 0 calls later
                    unreadable /r/a/a, 0 calls later)");
}

BOOST_AUTO_TEST_CASE(nothing_is_scanned_while_events_are_held_back)
{
    expect_exact(R"(mkdir /r/a, 0 calls later
                    mkdir /r/c, 0 calls later
                    rename /r/c /o/b, 0 calls later
                    mkdir /r/c, 0 calls later
                    create /r/b, 0 calls later
                    exchange /r/b /r/c, 0 calls later
                    mkdir /r/b/a, 0 calls later
                    rename /r/c /o/b/a, 0 calls later
                    create /r/c, 0 calls later
                    rmdir /r/b/a, at rest
                    exchange /o/b/a /r/c, 0 calls later
                    create /r/a/b, 0 calls later
                    unlink /r/a/b, 0 calls later
                    rename /r/a /r/b, 0 calls later)");
}

// The options exclude "a/b": a directory "b" is excluded or not, as its parent is called.
BOOST_AUTO_TEST_CASE(a_rename_that_changes_what_is_excluded)
{
    constexpr std::string_view begin = "mkdir /r/a, 0 calls later\n"
                                       "mkdir /r/a/b, 0 calls later\n"
                                       "create /r/a/b/c, 0 calls later\n"
                                       "mkdir /r/c, 0 calls later\n"
                                       "mkdir /r/c/b, 0 calls later\n"
                                       "create /r/c/b/d, at rest\n";
    for (std::size_t const queue_limit : {std::size_t{3}, std::size_t{16384}}) {
        for (std::size_t const entries_at_once : {std::size_t{1}, std::size_t{100}}) {
            for (int calls = 0; calls != 12; ++calls) {
                BOOST_TEST_CONTEXT("queue limit " << queue_limit << ", entries at once "
                                                  << entries_at_once << ", calls " << calls)
                {
                    test::simulated_script script;
                    script.queue_limit = queue_limit;
                    script.entries_at_once = entries_at_once;
                    script.exclude = {"a/b"};
                    auto const later = ", " + std::to_string(calls) + " calls later\n";
                    auto const check = [&](std::string const& changes) {
                        expect_exact(std::string(begin) + changes, script);
                    };
                    check("exchange /r/a /r/c, at rest\n"
                          "write /r/c/b/c" +
                          later);
                    check("rename /r/a /r/d, at rest\n"
                          "rename /r/d/b /o/b" +
                          later);
                    check("rename /r/a /r/d, at rest\n"
                          "rename /r/c /r/a" +
                          later + "mkdir /r/a/b/e, 0 calls later\n");
                    check("rename /r/a /r/d, at rest\n"
                          "rename /r/d /r/a" +
                          later + "rename /r/a /r/e" + later);
                    check("rename /r/c/b /r/b, at rest\n"
                          "rename /r/a /r/c/a" +
                          later + "rename /r/b /r/c/a/d" + later);
                }
            }
        }
    }
}

// Globs are for the path below the root.
BOOST_AUTO_TEST_CASE(a_directory_that_moves_to_another_root)
{
    for (int calls = 0; calls != 12; ++calls) {
        test::simulated_script script;
        script.has_both_roots = true;
        script.exclude = {"a/b"};
        auto const later = ", " + std::to_string(calls) + " calls later\n";
        expect_exact("mkdir /r/a, 0 calls later\n"
                     "mkdir /r/a/b, 0 calls later\n"
                     "create /r/a/b/c, 0 calls later\n"
                     "mkdir /o/c, 0 calls later\n"
                     "mkdir /o/c/b, at rest\n"
                     "rename /r/a /o/d, at rest\n"
                     "rename /o/c /r/a" +
                         later + "create /r/a/b/d, 0 calls later\n" + "exchange /r/a /o/d" + later,
                     script);
    }
}

// A change of the type, where directories alone are excluded at a name.
BOOST_AUTO_TEST_CASE(a_name_at_which_only_one_type_is_excluded)
{
    for (unsigned prune = 2; prune != 9; ++prune) {
        test::simulated_script script;
        script.prune = prune;
        for (auto const* const change :
             {"exchange /r/a /r/b, at rest\n", "exchange /r/a /o/a, at rest\n",
              "exchange /o/a /r/b, at rest\n",
              "unlink /r/b, at rest\nrename /r/a /r/b, 0 calls later\n"}) {
            expect_exact(std::string("mkdir /r/a, 0 calls later\n"
                                     "create /r/b, 0 calls later\n"
                                     "create /r/a/c, 0 calls later\n"
                                     "create /o/a, at rest\n") +
                             change,
                         script);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
