//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(entry_changes)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using lines = std::vector<std::string>;

struct fixture : test::engine_parts
{
    using engine_parts::engine_parts;

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    dir_id directory(std::string const& path) { return tree.find_directory(path); }
};

constexpr bool is_directory = true;
constexpr bool moved = true;

BOOST_AUTO_TEST_CASE(a_new_directory_is_scanned)
{
    fixture f;
    f.entries.arrive(f.root, "a", is_directory, !moved);
    f.expect({"created dir a"});
    BOOST_TEST(f.work_of(f.directory("/r/a")) == "*verify list ");
    f.entries.arrive(f.root, "b", !is_directory, moved);
    f.expect({"created file b"});
}

BOOST_AUTO_TEST_CASE(a_file_is_gone_when_a_directory_that_is_excluded_has_its_name)
{
    asio_inotify::tree_options options;
    options.prune = [](std::string_view path, asio_inotify::tree_entry_type type) {
        return path == "/r/a" && type == asio_inotify::tree_entry_type::directory;
    };
    for (bool const by_rename : {true, false}) {
        fixture f(options);
        f.add_file("/r", "a");
        f.entries.arrive(f.root, "a", is_directory, by_rename);
        f.expect({"removed file a"});
        f.entries.arrive(f.root, "a", is_directory, by_rename);
        f.expect({});
    }
}

BOOST_AUTO_TEST_CASE(a_directory_that_was_listed_before_its_event_was_read)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.entries.arrive(f.root, "a", is_directory, !moved);
    f.expect({});
    BOOST_TEST(f.work_of(a) == "");
    // It waited for this event.
    f.agenda.postpone(a);
    f.entries.arrive(f.root, "a", is_directory, !moved);
    BOOST_TEST(f.work_of(a) == "*verify ");
}

BOOST_AUTO_TEST_CASE(a_directory_that_came_by_a_rename_can_be_a_different_one)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.entries.arrive(f.root, "a", is_directory, moved);
    f.expect({});
    BOOST_TEST(f.work_of(a) == "*verify ");
}

BOOST_AUTO_TEST_CASE(a_directory_that_was_not_listed_yet_can_be_a_different_one)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.tree.model.directory(f.root).set(tree_directory::mark);
    f.entries.arrive(f.root, "a", is_directory, !moved);
    f.expect({});
    BOOST_TEST(f.work_of(a) == "*verify ");
    BOOST_TEST(f.tree.model.index.entry(f.tree.find("/r/a")).is_marked());
}

BOOST_AUTO_TEST_CASE(a_directory_that_a_listing_did_not_find_is_gone)
{
    fixture f;
    f.add_directory("/r", "a", 2);
    f.tree.model.directory(f.root).set(tree_directory::mark | tree_directory::unsettled);
    f.entries.arrive(f.root, "a", is_directory, !moved);
    f.expect({"removed dir a", "created dir a"});
    BOOST_TEST(f.work_of(f.directory("/r/a")) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(a_directory_without_a_watch_is_scanned)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 0);
    f.entries.arrive(f.root, "a", is_directory, !moved);
    f.expect({});
    BOOST_TEST(f.work_of(a) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(during_a_rescan_everything_below_is_scanned)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.rescan.compare_all();
    f.forget_work();
    f.entries.arrive(f.root, "a", is_directory, !moved);
    BOOST_TEST(f.work_of(a) == "*verify list deep ");
    f.entries.directory_arrived(0);
}

BOOST_AUTO_TEST_CASE(a_file_that_came_by_a_rename_replaces_the_one_of_its_name)
{
    fixture f;
    f.add_file("/r", "a");
    f.entries.arrive(f.root, "a", !is_directory, !moved);
    f.expect({});
    f.entries.arrive(f.root, "a", !is_directory, moved);
    f.expect({"removed file a", "created file a"});
}

BOOST_AUTO_TEST_CASE(the_last_event_decides_on_the_type)
{
    fixture f;
    f.add_file("/r", "a");
    f.entries.arrive(f.root, "a", is_directory, !moved);
    f.expect({"removed file a", "created dir a"});
    f.entries.arrive(f.root, "a", !is_directory, !moved);
    f.expect({"removed dir a", "created file a"});
}

BOOST_AUTO_TEST_CASE(an_entry_departs)
{
    fixture f;
    f.add_file("/r", "a");
    f.entries.depart(f.root, "a");
    f.expect({"removed file a"});
    f.entries.depart(f.root, "a");
    f.expect({});
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_still_there_is_added)
{
    fixture f;
    f.tree.port.put_file("/r/a");
    f.tree.port.put_directory("/r/b", 7);
    f.tree.model.directory(f.root).set(tree_directory::mark);
    f.entries.add_if_present(f.root, "a");
    f.entries.add_if_present(f.root, "b");
    f.entries.add_if_present(f.root, "c");
    f.expect({"created file a", "created dir b"});
    BOOST_TEST(f.work_of(f.directory("/r/b")) == "*verify list ");
    BOOST_TEST(f.recent.contains(f.root));
    // As if they were listed now.
    BOOST_TEST(f.tree.model.index.entry(f.tree.find("/r/a")).is_marked());
    f.entries.add_if_present(f.root, "a");
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_opened_is_listed_later)
{
    fixture f;
    f.tree.port.names.erase("/r");
    f.entries.add_if_present(f.root, "a");
    f.expect({});
    BOOST_TEST(f.work_of(f.root) == "*list ");
}

BOOST_AUTO_TEST_CASE(files_where_only_directories_are_wanted)
{
    asio_inotify::tree_options options;
    options.directories_only = true;
    fixture f(options);
    f.add_directory("/r", "a", 2);
    f.entries.arrive(f.root, "a", !is_directory, moved);
    f.expect({"removed dir a"});
    f.tree.port.put_file("/r/b");
    f.entries.add_if_present(f.root, "b");
    f.expect({});
}

BOOST_AUTO_TEST_SUITE_END()
