//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/make_records.hpp"
#include "support/tree/engine_parts.hpp"

#include "tree/engine/event_applier.hpp"
#include "tree/engine/event_bits.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(event_applier)

using asio_inotify::detail::dir_id;
using lines = std::vector<std::string>;
namespace lib = asio_inotify::detail;

constexpr std::uint32_t ignored = 0x8000;
constexpr std::uint32_t is_directory = 0x40000000;

/// The root "/r" with the directory "/r/a", whose watch descriptor is 2.
struct fixture : test::engine_parts
{
    void apply(int wd, std::uint32_t mask, std::string_view name = {})
    {
        applier.apply({wd, mask, 0, name, 0}, tree.model.find_attached_watch(wd));
    }

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    lib::recent_history history;
    lib::mount_tracker mounts{tree.port, tree.options, tree.model, agenda};
    lib::event_applier applier{tree.options, tree.model, agenda, entries,
                               history,      coverage,   mounts, counters};
    dir_id a = add_directory("/r", "a", 2);
};

/// As if the records were read(2).
void put(lib::event_queue& queue, test::record_maker const& records)
{
    std::ranges::copy(records.bytes(), queue.room().begin());
    queue.append(records.size(), {});
}

BOOST_AUTO_TEST_CASE(entries_come_and_go)
{
    fixture f;
    f.apply(2, lib::created_bit, "x");
    f.apply(2, lib::modified_bit, "x");
    f.apply(2, lib::closed_write_bit, "x");
    f.apply(2, lib::attributes_bit, "x");
    f.apply(2, lib::deleted_bit, "x");
    f.apply(2, lib::created_bit | is_directory, "y");
    f.expect({"created file a/x", "modified file a/x", "closed_write file a/x",
              "attributes file a/x", "removed file a/x", "created dir a/y"});
}

BOOST_AUTO_TEST_CASE(a_directory_that_comes_by_a_rename_is_verified)
{
    fixture f;
    f.apply(1, lib::moved_to_bit | is_directory, "a");
    BOOST_TEST(f.work_of(f.a) == "*verify ");
    f.forget_work();
    f.apply(1, lib::created_bit | is_directory, "a");
    BOOST_TEST(f.work_of(f.a) == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_comes_by_a_rename_is_a_new_one)
{
    fixture f;
    f.add_file("/r", "x");
    f.apply(1, lib::moved_to_bit, "x");
    f.expect({"removed file x", "created file x"});
}

// An exchange with an entry outside of the trees is reported as an arrival and a departure.
BOOST_AUTO_TEST_CASE(an_arrival_from_outside_is_noted)
{
    fixture f;
    f.apply(1, lib::moved_to_bit, "x");
    auto const from = f.history.take_arrival(f.root, "x");
    BOOST_TEST_REQUIRE(from.has_value());
    BOOST_TEST(from->directory == 0U);
    f.apply(1, lib::created_bit, "y");
    BOOST_TEST(!f.history.take_arrival(f.root, "y"));
}

BOOST_AUTO_TEST_CASE(a_directory_that_has_moved_is_verified_at_all_its_places)
{
    fixture f;
    auto const again = f.add_directory("/r", "again", 0);
    f.tree.model.assign_watch(again, 2);
    f.apply(2, lib::move_self_bit);
    BOOST_TEST(f.work_of(f.a) == "*verify ");
    BOOST_TEST(f.work_of(again) == "*verify ");
    BOOST_TEST(f.work_of(f.root) == "");
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_watch_that_has_ended)
{
    fixture f;
    f.apply(2, ignored);
    BOOST_TEST(f.work_of(f.a) == "verify list ");
    BOOST_TEST(f.work_of(f.root) == "*list ");
    BOOST_TEST(f.tree.model.find_watch(2) == 0U);
    BOOST_TEST(f.tree.port.removed.empty());
    f.forget_work();
    f.apply(1, ignored);
    BOOST_TEST((f.agenda.take_suspect() == f.root));
    f.expect({});
}

BOOST_AUTO_TEST_CASE(writes_are_noted_for_the_rename_that_follows)
{
    fixture f;
    f.add_file("/r", "x");
    auto const x = f.tree.find("/r/x");
    f.apply(1, lib::attributes_bit, "x");
    BOOST_TEST(!f.history.was_written(f.root, "x", x));
    f.apply(1, lib::modified_bit, "x");
    BOOST_TEST(f.history.was_written(f.root, "x", x));
    f.apply(1, lib::closed_write_bit, "unknown");
    BOOST_TEST(f.history.was_written(f.root, "unknown", 0));
    f.expect({"attributes file x", "modified file x"});
}

BOOST_AUTO_TEST_CASE(writes_to_known_files_are_applied_at_once)
{
    fixture f;
    f.add_file("/r", "x");
    f.add_file("/r", "y");
    test::record_maker records;
    records.add(1, lib::attributes_bit, 0, "x").add(1, lib::modified_bit, 0, "y");
    records.add(1, lib::created_bit, 0, "z");
    lib::event_queue queue(0);
    put(queue, records);
    BOOST_TEST(f.applier.apply_known_files(queue, 10) == 2U);
    f.expect({"attributes file x", "modified file y"});
    BOOST_TEST(!f.history.was_written(f.root, "x", f.tree.find("/r/x")));
    BOOST_TEST(f.history.was_written(f.root, "y", f.tree.find("/r/y")));
    BOOST_TEST(f.applier.apply_known_files(queue, 10) == 0U);
    BOOST_TEST(queue.front().name == "z");
}

BOOST_AUTO_TEST_CASE(an_event_without_a_name_is_of_no_known_file)
{
    fixture f;
    f.add_file("/r", "x");
    test::record_maker records;
    records.add(1, lib::attributes_bit, 0, "x").add(1, lib::attributes_bit);
    lib::event_queue queue(0);
    put(queue, records);
    BOOST_TEST(f.applier.apply_known_files(queue, 10) == 1U);
    BOOST_TEST(f.applier.apply_known_files(queue, 10) == 0U);
    BOOST_TEST(!queue.empty());
}

BOOST_AUTO_TEST_CASE(events_before_one_that_fails_for_lack_of_memory_are_not_applied_again)
{
    constexpr std::size_t count = 5;
    bool happened = test::counts_allocations;
    for (std::size_t n = 0; happened; ++n) {
        BOOST_TEST_REQUIRE(n < 100U);
        fixture f;
        test::record_maker records;
        for (std::size_t i = 0; i != count; ++i) {
            f.add_file("/r", std::to_string(i));
            records.add(1, lib::attributes_bit, 0, std::to_string(i));
        }
        lib::event_queue queue(0);
        put(queue, records);
        try {
            test::allocation_failure const failure(n);
            happened = false;
            BOOST_TEST(f.applier.apply_known_files(queue, 10) == count);
        } catch (std::bad_alloc const&) {
            happened = true;
        }
        auto const applied = f.changes().size();
        BOOST_TEST(f.counters.events == applied);
        BOOST_TEST(queue.empty() == (applied == count));
        if (applied != count) {
            BOOST_TEST(queue.front().name == std::to_string(applied));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_late_event_uses_the_name_before_a_rename)
{
    fixture f;
    f.add_file("/r/a", "new");
    f.history.note_rename(f.root, "old", f.a, "new");
    f.apply(1, lib::modified_bit, "old");
    f.expect({"modified file a/new"});
    f.entries.depart(f.a, "new");
    static_cast<void>(f.changes());
    f.apply(1, lib::modified_bit, "old");
    f.expect({});
}

BOOST_AUTO_TEST_CASE(the_attributes_of_a_directory)
{
    fixture f;
    boost::system::error_code const cause{EACCES, boost::system::system_category()};
    f.coverage.uncover(f.a, cause);
    static_cast<void>(f.changes());
    // Its parent reports it; for a root only its own watch does.
    f.apply(1, lib::attributes_bit | is_directory, "a");
    f.expect({"attributes dir a"});
    BOOST_TEST(f.work_of(f.a) == "*verify list ");
    f.forget_work();
    f.apply(1, lib::attributes_bit | is_directory);
    f.expect({"attributes dir ."});
    f.retry_requested();
    BOOST_TEST(f.work_of(f.a) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(an_event_at_several_places)
{
    fixture f;
    f.tree.model.assign_watch(f.add_directory("/r", "again", 0), 2);
    f.apply(2, lib::created_bit, "x");
    f.expect({"created file a/x", "created file again/x"});
    // One of them is below an entry that the event removes at another one.
    f.add_directory("/r/a", "y", 3);
    f.add_directory("/r/a/y", "z", 0);
    f.tree.model.assign_watch(f.tree.find_directory("/r/a/y/z"), 2);
    f.apply(2, lib::deleted_bit | is_directory, "y");
    f.expect({"removed dir a/y"});
}

BOOST_AUTO_TEST_SUITE_END()
