//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/applied_rename.hpp"

#include <boost/test/unit_test.hpp>

// The part of rename_applier that applies exchanges.
BOOST_AUTO_TEST_SUITE(rename_applier_exchanges)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::rename_verdict;
using swapped = rename_verdict::swapped;

/// The files "/r/a" and "/r/t/b".
struct files : test::applied_rename
{
    files()
    {
        add_file("/r", "a");
        add_file("/r/t", "b");
    }
};

/// The directories "/r/a" and "/r/t/b".
struct directories : test::applied_rename
{
    dir_id a = add_directory("/r", "a", 3);
    dir_id b = add_directory("/r/t", "b", 4);
};

BOOST_AUTO_TEST_CASE(both_entries_change_places)
{
    files f;
    auto const a = f.tree.find("/r/a");
    f.exchange(swapped::both);
    f.expect({"exchanged file a -> t/b"});
    BOOST_TEST(f.tree.find("/r/a") != a);
    directories d;
    d.exchange(swapped::both, true);
    d.expect({"exchanged dir a -> t/b"});
    BOOST_TEST(d.directory("/r/t/b") == d.a);
    BOOST_TEST(d.directory("/r/a") == d.b);
    BOOST_TEST(d.work_of(d.a) == "");
    BOOST_TEST(d.work_of(d.b) == "");
}

BOOST_AUTO_TEST_CASE(postponed_directories_are_resumed_at_their_new_places)
{
    directories d;
    d.agenda.postpone(d.a);
    d.agenda.postpone(d.b);
    d.exchange(swapped::both, true);
    BOOST_TEST(d.work_of(d.a) == "*verify ");
    BOOST_TEST(d.work_of(d.b) == "*verify ");
}

BOOST_AUTO_TEST_CASE(only_the_first_entry_took_part)
{
    directories d;
    d.exchange(swapped::only_first, true);
    d.expect({"renamed dir a -> t/b replaced", "created dir a"});
    BOOST_TEST(d.directory("/r/t/b") == d.a);
    BOOST_TEST(d.work_of(d.a) == "*verify ");
    BOOST_TEST(d.work_of(d.directory("/r/a")) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(only_the_second_entry_took_part)
{
    directories d;
    d.exchange(swapped::only_second, true);
    d.expect({"renamed dir t/b -> a replaced", "created dir t/b"});
    BOOST_TEST(d.directory("/r/a") == d.b);
    BOOST_TEST(d.work_of(d.b) == "*verify ");
    BOOST_TEST(d.work_of(d.directory("/r/t/b")) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(both_entries_were_listed_after_the_exchange)
{
    directories d;
    d.exchange(swapped::none, true);
    d.expect({});
    BOOST_TEST(d.directory("/r/a") == d.a);
    BOOST_TEST(d.work_of(d.a) == "*verify ");
    BOOST_TEST(d.work_of(d.b) == "*verify ");
}

BOOST_AUTO_TEST_CASE(the_types_come_from_the_events)
{
    // The second pair is that of a file.
    test::applied_rename f;
    f.add_directory("/r", "a", 3);
    f.add_file("/r/t", "b");
    rename_verdict verdict{rename_verdict::kind::exchanged, f.root, f.target};
    verdict.to = f.event(2, asio_inotify::detail::moved_to_bit, "b", true);
    verdict.back = f.event(2, asio_inotify::detail::moved_from_bit, "b", false);
    verdict.end = f.event(1, asio_inotify::detail::moved_to_bit, "a", false);
    verdict.which = swapped::only_first;
    f.applier.apply(f.event(1, asio_inotify::detail::moved_from_bit, "a", true), verdict);
    f.expect({"renamed dir a -> t/b replaced", "created file a"});
}

BOOST_AUTO_TEST_CASE(what_is_recent_is_uncertain)
{
    for (bool const is_source : {true, false}) {
        files f;
        f.recent.add(is_source ? f.root : f.target);
        f.exchange(swapped::both);
        f.expect({"exchanged file a -> t/b", "modified file t/b", "modified file a"});
        directories d;
        d.recent.add(is_source ? d.root : d.target);
        d.exchange(swapped::both, true);
        d.expect({"exchanged dir a -> t/b"});
        BOOST_TEST(d.work_of(d.a) == "*verify ");
        BOOST_TEST(d.work_of(d.b) == "*verify ");
    }
}

BOOST_AUTO_TEST_CASE(files_that_were_written_to_under_their_new_names)
{
    files first;
    first.history.note_write(first.target, first.tree.find("/r/t/b"), {});
    first.exchange(swapped::both);
    first.expect({"exchanged file a -> t/b", "modified file t/b"});
    files second;
    second.history.note_write(second.root, second.tree.find("/r/a"), {});
    second.exchange(swapped::both);
    second.expect({"exchanged file a -> t/b", "modified file a"});
}

BOOST_AUTO_TEST_CASE(a_target_that_could_not_be_checked_is_listed)
{
    files f;
    f.exchange(swapped::both, false, true);
    BOOST_TEST(f.work_of(f.target) == "*list ");
    files other;
    other.exchange(swapped::both);
    BOOST_TEST(other.work_of(other.target) == "");
}

BOOST_AUTO_TEST_SUITE_END()
