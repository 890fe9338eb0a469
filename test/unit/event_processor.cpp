//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/make_records.hpp"
#include "support/tree/engine_parts.hpp"

#include "tree/engine/event_bits.hpp"
#include "tree/engine/event_processor.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(event_processor)

using lib_processor = asio_inotify::detail::event_processor;
using progress = lib_processor::progress;
using lines = std::vector<std::string>;
namespace lib = asio_inotify::detail;

constexpr std::uint32_t is_directory = 0x40000000;

/// The root "/r" with the directory "/r/t", whose watch descriptor is 2.
struct fixture : test::engine_parts
{
    progress process()
    {
        boost::system::error_code ec;
        auto result = progress::has_read;
        while (result == progress::has_read) {
            result = events.process(lib_processor::time_point::max(), ec);
        }
        BOOST_TEST(!ec);
        return result;
    }

    void queue(test::record_maker const& records) { tree.port.queued = records.bytes(); }

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    lib::mount_tracker mounts{tree.port, tree.options, tree.model, agenda};
    lib_processor events{tree.port, tree.options, tree.model, agenda, recent, access,
                         links,     lister,       coverage,   mounts, rescan, counters};
    dir_id target = add_directory("/r", "t", 2);
};

BOOST_AUTO_TEST_CASE(nothing_is_recent_when_the_queue_was_empty)
{
    fixture f;
    f.recent.add(f.root);
    f.recent.add(f.target);
    boost::system::error_code ec;
    f.lister.begin(f.target, f.tree.port.open_path("/r/t", true, ec), false);
    f.queue(test::record_maker().add(1, lib::created_bit, 0, "a"));
    BOOST_TEST((f.process() == progress::all_done));
    f.expect({"created file a"});
    BOOST_TEST(!f.recent.contains(f.root));
    // Its listing goes on.
    BOOST_TEST(f.recent.contains(f.target));
}

BOOST_AUTO_TEST_CASE(a_rename_without_its_pair_holds_back_what_is_behind_it)
{
    fixture f;
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r/a");
    test::record_maker records;
    records.add(1, lib::moved_from_bit, 7, "a").add(1, lib::created_bit, 0, "b");
    f.queue(records);
    BOOST_TEST((f.process() == progress::held));
    BOOST_TEST((f.events.deadline() == f.tree.port.time + f.tree.options.grace_time));
    f.expect({});
    f.tree.port.time += f.tree.options.grace_time;
    BOOST_TEST((f.process() == progress::all_done));
    f.expect({"removed file a", "created file b"});
}

BOOST_AUTO_TEST_CASE(a_rename_over_a_file_is_applied_when_the_queue_is_empty)
{
    fixture f;
    f.add_file("/r", "a");
    f.add_file("/r/t", "b");
    test::record_maker records;
    records.add(1, lib::moved_from_bit, 7, "a").add(2, lib::moved_to_bit, 7, "b");
    f.queue(records);
    // It could have been the first half of an exchange.
    BOOST_TEST((f.process() == progress::all_done));
    f.expect({"renamed file a -> t/b replaced"});
}

BOOST_AUTO_TEST_CASE(a_rename_that_looks_like_half_an_exchange_waits)
{
    fixture f;
    f.add_directory("/r", "a", 3);
    f.add_directory("/r/t", "b", 4);
    test::record_maker records;
    records.add(1, lib::moved_from_bit | is_directory, 7, "a");
    records.add(2, lib::moved_to_bit | is_directory, 7, "b");
    f.queue(records);
    BOOST_TEST((f.process() == progress::held));
    // The watch of the directory that is replaced ends: that is all.
    f.queue(test::record_maker().add(4, 0x8000));
    BOOST_TEST((f.process() == progress::all_done));
    f.expect({"renamed dir a -> t/b replaced"});
}

BOOST_AUTO_TEST_CASE(the_move_of_a_root_stops_before_the_next_event)
{
    fixture f;
    test::record_maker records;
    records.add(1, lib::created_bit, 0, "a").add(1, lib::move_self_bit);
    records.add(1, lib::created_bit, 0, "b");
    f.queue(records);
    BOOST_TEST((f.process() == progress::root_suspect));
    f.expect({"created file a"});
    BOOST_TEST((f.agenda.take_suspect() == f.root));
    BOOST_TEST((f.process() == progress::all_done));
    f.expect({"created file b"});
}

BOOST_AUTO_TEST_CASE(a_queued_event_says_that_a_root_has_moved)
{
    fixture f;
    boost::system::error_code ec;
    f.queue(test::record_maker().add(1, lib::created_bit, 0, "a").add(2, lib::move_self_bit));
    BOOST_TEST(!f.events.has_end_of(f.root, ec));
    f.queue(test::record_maker().add(1, lib::move_self_bit));
    BOOST_TEST(f.events.has_end_of(f.root, ec));
    // The roots are checked before these events are applied.
    BOOST_TEST((f.events.process(lib_processor::time_point::max(), ec) == progress::has_read));
    BOOST_TEST((f.process() == progress::root_suspect));
    f.expect({"created file a"});
}

BOOST_AUTO_TEST_CASE(a_rescan_by_request_comes_after_the_events_that_were_read)
{
    fixture f;
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r/a");
    f.queue(test::record_maker().add(1, lib::moved_from_bit, 7, "a"));
    boost::system::error_code ec;
    BOOST_TEST(f.events.read(ec));
    f.rescan.complete_at(100);
    BOOST_TEST(f.events.queue_rescan(lib::rescan_cause::restored));
    BOOST_TEST(!f.events.is_empty());
    // The rename is not held back any longer: its second half was lost.
    BOOST_TEST((f.process() == progress::all_done));
    f.expect({"removed file a", "rescan_begin"});
    BOOST_TEST(f.rescan.is_after_restore());
    BOOST_TEST(f.rescan.writes_missed_since() == 100);
    BOOST_TEST(f.counters.overflows == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
