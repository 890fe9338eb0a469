//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(directory_lister)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using lines = std::vector<std::string>;

struct fixture : test::engine_parts
{
    /// Open the root and begin to list it.
    void begin()
    {
        boost::system::error_code ec;
        lister.begin(root, tree.port.open_path("/r", true, ec), false);
    }

    /// The same after events were lost.
    void begin_check()
    {
        boost::system::error_code ec;
        lister.begin(root, tree.port.open_path("/r", true, ec), true);
    }

    /// The listing until its end.
    void list_all()
    {
        while (lister.is_active()) {
            lister.resume();
        }
    }

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }
};

BOOST_AUTO_TEST_CASE(entries_that_are_listed_are_added)
{
    fixture f;
    f.agenda.scan_subtree(f.root);
    static_cast<void>(f.agenda.take());
    f.tree.model.directory(f.root).clear(tree_directory::deep);
    f.tree.port.list_next(".", true);
    f.tree.port.list_next("..", true);
    f.tree.port.list_next("a", false);
    f.tree.port.list_next("b", true);
    f.begin();
    BOOST_TEST(f.recent.contains(f.root));
    BOOST_TEST(f.lister.open_directory() == f.root);
    BOOST_TEST(f.work_of(f.root) == "");
    f.list_all();
    f.expect({"created file a", "created dir b"});
    BOOST_TEST(f.work_of(f.tree.find_directory("/r/b")) == "*verify list ");
    BOOST_TEST(f.counters.listings == 1U);
}

// The root is a different directory now, or cannot be looked up.
BOOST_AUTO_TEST_CASE(a_listing_ends_with_the_watch_of_its_directory)
{
    for (int const new_watch : {0, 9}) {
        fixture f;
        f.tree.port.list_next("a", false);
        f.begin();
        f.tree.model.release_watch(f.root);
        if (new_watch != 0) {
            f.tree.model.assign_watch(f.root, new_watch);
        }
        f.lister.resume();
        BOOST_TEST(!f.lister.is_active());
        f.expect({});
    }
}

BOOST_AUTO_TEST_CASE(entries_that_are_not_listed_are_removed)
{
    fixture f;
    for (int round = 0; round != 3; ++round) {
        f.add_file("/r", "a");
        f.add_file("/r", "b");
        f.tree.port.list_next("b", false);
        f.begin();
        BOOST_TEST(f.tree.model.directory(f.root).is(tree_directory::unsettled));
        f.list_all();
        BOOST_TEST(!f.tree.model.directory(f.root).is(tree_directory::unsettled));
        f.expect({"removed file a"});
        f.entries.depart(f.root, "b");
        static_cast<void>(f.changes());
    }
}

BOOST_AUTO_TEST_CASE(an_entry_is_missing_after_a_listing_without_it_and_before_its_sweep)
{
    fixture f;
    f.add_file("/r", "a");
    f.add_file("/r", "b");
    auto const is_missing = [&](std::string const& path) {
        return f.lister.is_missing(f.root, f.tree.model.index.entry(f.tree.find(path)));
    };
    f.agenda.scan_subtree(f.root);
    f.tree.port.list_next("b", false);
    f.begin();
    // It can still be listed.
    BOOST_TEST(!is_missing("/r/a"));
    f.list_all();
    // A deep listing is swept when everything was compared.
    BOOST_TEST(is_missing("/r/a"));
    BOOST_TEST(!is_missing("/r/b"));
    f.expect({});
    // The sweep did not come before the next listing: `a` is listed again, and b is gone.
    f.tree.port.list_next("a", false);
    f.agenda.scan_subtree(f.root);
    f.begin();
    f.list_all();
    BOOST_TEST(!is_missing("/r/a"));
    BOOST_TEST(is_missing("/r/b"));
    auto const swept = f.agenda.take_sweep();
    BOOST_TEST_REQUIRE(swept.has_value());
    f.lister.begin_sweep(*swept);
    f.list_all();
    f.expect({"removed file b"});
    BOOST_TEST(!is_missing("/r/a"));
    BOOST_TEST(!f.agenda.take_sweep());
}

BOOST_AUTO_TEST_CASE(entries_that_two_listings_without_a_sweep_did_not_find)
{
    fixture f;
    f.add_file("/r", "a");
    f.add_file("/r", "b");
    f.agenda.scan_subtree(f.root);
    f.tree.port.list_next("b", false);
    f.begin();
    f.list_all();
    f.begin();
    f.list_all();
    f.expect({"removed file b", "removed file a"});
}

BOOST_AUTO_TEST_CASE(while_trees_are_restored_entries_can_be_found_elsewhere)
{
    fixture f;
    f.add_file("/r", "a");
    f.restoration.begin();
    f.begin();
    f.list_all();
    f.expect({});
    BOOST_TEST(f.agenda.take_sweep().value_or(0) == f.root);
}

// Filesystems may list what was there when the listing began.
BOOST_AUTO_TEST_CASE(a_name_that_has_departed_since_the_listing_began_is_looked_up)
{
    fixture f;
    f.begin();
    f.lister.note_departure(f.root, "a");
    f.lister.note_departure(f.root, "b");
    f.tree.port.put_file("/r/b");
    f.tree.port.list_next("a", false);
    f.tree.port.list_next("b", true);
    f.tree.port.list_next("c", false);
    f.list_all();
    f.expect({"created file b", "created file c"});
    // The next listing begins after that.
    f.tree.port.list_next("a", false);
    f.begin();
    f.list_all();
    f.expect({"created file a", "removed file c", "removed file b"});
}

BOOST_AUTO_TEST_CASE(entries_depart_while_their_directory_is_listed)
{
    fixture f;
    f.add_file("/r", "a");
    auto const other = f.add_directory("/r", "d", 2);
    f.begin();
    f.tree.port.names.erase("/r/a");
    f.entries.depart(f.root, "a");
    f.entries.depart(other, "b");
    f.tree.port.list_next("a", false);
    f.tree.port.list_next("b", false);
    f.tree.port.list_next("d", true);
    f.list_all();
    f.expect({"removed file a", "created file b"});
}

BOOST_AUTO_TEST_CASE(directories_that_are_listed)
{
    fixture f;
    auto const watched = f.add_directory("/r", "a", 2);
    auto const postponed = f.add_directory("/r", "b", 3);
    auto const unwatched = f.add_directory("/r", "c", 0);
    auto const uncovered = f.add_directory("/r", "d", 4);
    f.coverage.uncover(uncovered, {ENOSPC, boost::system::system_category()});
    static_cast<void>(f.changes());
    f.agenda.postpone(postponed);
    for (auto const* const name : {"a", "b", "c", "d"}) {
        f.tree.port.list_next(name, true);
    }
    f.begin();
    f.list_all();
    f.expect({});
    BOOST_TEST(f.work_of(watched) == "");
    BOOST_TEST(f.work_of(postponed) == "*verify ");
    BOOST_TEST(f.work_of(unwatched) == "*verify list ");
    BOOST_TEST(f.work_of(uncovered) == "");
    for (auto const* const name : {"a", "b", "c", "d"}) {
        f.tree.port.list_next(name, true);
    }
    f.agenda.scan_subtree(f.root);
    f.begin();
    f.list_all();
    for (auto const id : {watched, postponed, unwatched, uncovered}) {
        BOOST_TEST(f.work_of(id) == "*verify list deep ");
    }
}

BOOST_AUTO_TEST_CASE(another_directory_waits_until_the_listing_has_ended)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.begin();
    f.lister.begin(a, 7, false);
    BOOST_TEST(f.lister.open_directory() == f.root);
    BOOST_TEST(f.work_of(a) == "*list ");
    BOOST_TEST(f.access.take(a) == 7);
}

BOOST_AUTO_TEST_CASE(a_directory_that_ends_while_it_is_listed)
{
    boost::system::error_code const gone{ENOENT, boost::system::system_category()};
    fixture f;
    f.tree.port.list_failure = gone;
    f.begin();
    f.list_all();
    // What was to be listed still is.
    BOOST_TEST(f.work_of(f.root) == "*verify list ");
    f.forget_work();
    // Its parent says whether it is there; after four times in a row it is given up.
    auto const a = f.add_directory("/r", "a", 2);
    for (int i = 1; i != 5; ++i) {
        boost::system::error_code ec;
        f.lister.begin(a, f.tree.port.open_path("/r/a", true, ec), false);
        f.list_all();
        if (i != 4) {
            BOOST_TEST(f.work_of(a) == "verify list ");
            BOOST_TEST(f.work_of(f.root) == "*list ");
            f.expect({});
        }
        f.forget_work();
    }
    f.expect({"uncovered dir a: " + gone.message()});
    f.tree.port.list_failure = {EIO, boost::system::system_category()};
    f.begin();
    f.list_all();
    f.expect({"removed dir a", "uncovered dir .: " + f.tree.port.list_failure.message()});
}

// No event says what was written while events were lost. The time stamp does.
BOOST_AUTO_TEST_CASE(files_that_may_have_been_written_to_while_events_were_lost)
{
    constexpr std::int64_t since = 1000;
    for (bool const checks_files : {true, false}) {
        fixture f;
        f.rescan.complete_at(since);
        f.rescan.start();
        auto const list_changed = [&](std::string const& name, std::int64_t changed) {
            f.add_file("/r", name);
            f.tree.port.names["/r/" + name].stamp.status_changed = changed;
            f.tree.port.list_next(name, false);
        };
        list_changed("before", since - 1);
        list_changed("then", since);
        list_changed("after", since + 1);
        // It cannot be found out: a change too many does no harm.
        list_changed("unknown", since - 1);
        f.tree.port.look_failures["/r/unknown"] = {EIO, boost::system::system_category()};
        // An event reports that.
        list_changed("gone", since + 1);
        f.tree.port.names.erase("/r/gone");
        static_cast<void>(f.changes());
        checks_files ? f.begin_check() : f.begin();
        f.list_all();
        f.expect(checks_files
                     ? lines{"modified file then", "modified file after", "modified file unknown"}
                     : lines{});
    }
}

BOOST_AUTO_TEST_SUITE_END()
