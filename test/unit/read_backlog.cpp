//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/read_backlog.hpp>

#include "inotify/records.hpp"
#include "support/make_records.hpp"

#include <asio_inotify/error.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(read_backlog)

using state = lib::detail::read_backlog;

constexpr std::uint32_t create = 0x100;
constexpr std::uint32_t overflow = 0x4000;
constexpr std::uint32_t ignored = 0x8000;

// "wd:mask" of each record, so that a comparison shows what is wrong.
std::string text(std::byte const* data, std::size_t size)
{
    std::ostringstream out;
    for (std::size_t at = 0; at != size; at += lib::detail::record_size(data + at)) {
        auto const header = lib::detail::load<lib::detail::event_header>(data + at);
        out << std::dec << header.wd << ":" << std::hex << header.mask << ' ';
    }
    return out.str();
}

// What a reader gets when the kernel gave these records.
std::string read(state& left, test::record_maker const& queued, std::size_t capacity = 65536)
{
    auto bytes = queued.bytes();
    auto const size = bytes.size();
    bytes.resize(capacity);
    boost::system::error_code ec;
    auto const got = left.finish_read(bytes.data(), capacity, size, ec);
    return ec ? ec.message() : text(bytes.data(), got);
}

test::record_maker records()
{
    return {};
}

void hold(state& left, test::record_maker const& events)
{
    left.reserve(events.size());
    left.hold(events.bytes().data(), events.size());
}

BOOST_AUTO_TEST_CASE(without_anything_a_read_stays_as_it_is)
{
    state left;
    BOOST_TEST(left.held_bytes() == 0U);
    BOOST_TEST(read(left, records().add(1, create, 0, "a").add(2, ignored)) == "1:100 2:8000 ");
    BOOST_TEST(read(left, records()) == "");
}

BOOST_AUTO_TEST_CASE(a_trace_is_taken_out_up_to_its_end)
{
    state left;
    left.expect_trace(5);
    BOOST_TEST(read(left, records().add(1, create).add(5, create).add(2, create)) ==
               "1:100 2:100 ");
    BOOST_TEST(read(left, records().add(5, create, 0, "name")) == "");
    BOOST_TEST(read(left, records().add(5, ignored).add(5, create)) == "5:100 ");
    BOOST_TEST(read(left, records().add(5, ignored)) == "5:8000 ");
}

BOOST_AUTO_TEST_CASE(the_queue_was_lost)
{
    state left;
    hold(left, records().add(3, create));
    auto const last = records().add(1, create, 0, "a").add(2, create).bytes();
    BOOST_TEST(left.queue_was_lost(last.data(), last.size()) == 16U);
    BOOST_TEST(read(left, records().add(4, create)) == "-1:4000 1:100 2:100 3:100 4:100 ");
    BOOST_TEST(left.queue_was_lost(nullptr, 0) == 16U);
    BOOST_TEST(read(left, records()) == "-1:4000 ");
}

// The end of the trace can be among what was lost.
BOOST_AUTO_TEST_CASE(the_queue_was_lost_with_the_end_of_a_trace)
{
    state left;
    left.expect_trace(5);
    static_cast<void>(left.queue_was_lost(nullptr, 0));
    left.claimed(5);
    BOOST_TEST(read(left, records().add(5, create)) == "-1:4000 5:100 ");
}

BOOST_AUTO_TEST_CASE(the_new_watch_of_a_number_gets_the_events_behind_the_trace)
{
    state left;
    left.expect_trace(5);
    left.claimed(5);
    BOOST_TEST(
        read(left, records().add(5, create).add(5, ignored).add(5, create).add(5, ignored)) ==
        "5:100 5:8000 ");
}

BOOST_AUTO_TEST_CASE(two_traces_of_one_number)
{
    state left;
    left.expect_trace(5);
    left.expect_trace(5);
    BOOST_TEST(read(left, records().add(5, ignored).add(5, create)) == "");
    BOOST_TEST(read(left, records().add(5, ignored).add(5, create)) == "5:100 ");
}

BOOST_AUTO_TEST_CASE(traces_of_several_numbers)
{
    state left;
    left.expect_trace(5);
    left.expect_trace(7);
    BOOST_TEST(read(left, records().add(7, ignored).add(7, create).add(5, create)) == "7:100 ");
    BOOST_TEST(read(left, records().add(5, ignored).add(5, create)) == "5:100 ");
}

BOOST_AUTO_TEST_CASE(after_an_overflow_a_claimed_number_is_believed)
{
    state left;
    left.expect_trace(5);
    left.claimed(5);
    // The overflow may have dropped the end of the trace: without it, the new owner would never
    // hear anything.
    BOOST_TEST(read(left, records().add(-1, overflow).add(5, create)) == "-1:4000 5:100 ");
    BOOST_TEST(read(left, records().add(5, ignored)) == "5:8000 ");
}

BOOST_AUTO_TEST_CASE(claimed_after_the_overflow_was_read)
{
    state left;
    left.expect_trace(5);
    left.expect_trace(6);
    BOOST_TEST(read(left, records().add(-1, overflow).add(5, create)) == "-1:4000 ");
    left.claimed(5);
    BOOST_TEST(read(left, records().add(5, create).add(6, create)) == "5:100 ");
    // Nobody claimed 6: its trace stays.
    BOOST_TEST(read(left, records().add(6, create).add(6, ignored).add(6, create)) == "6:100 ");
}

BOOST_AUTO_TEST_CASE(claiming_another_number_changes_nothing)
{
    state left;
    left.expect_trace(5);
    left.claimed(4);
    left.claimed(6);
    BOOST_TEST(read(left, records().add(-1, overflow).add(5, create).add(4, create)) ==
               "-1:4000 4:100 ");
}

BOOST_AUTO_TEST_CASE(an_overflow_is_never_a_trace)
{
    state left;
    left.expect_trace(-1);
    BOOST_TEST(read(left, records().add(-1, overflow)) == "-1:4000 ");
}

BOOST_AUTO_TEST_CASE(held_events_come_first_and_in_order)
{
    state left;
    hold(left, records().add(1, create, 0, "a").add(2, create));
    hold(left, records().add(3, create));
    BOOST_TEST(left.held_bytes() == 32U + 16U + 16U);
    BOOST_TEST(read(left, records().add(4, create)) == "1:100 2:100 3:100 4:100 ");
    BOOST_TEST(left.held_bytes() == 0U);
    BOOST_TEST(read(left, records().add(5, create)) == "5:100 ");
}

BOOST_AUTO_TEST_CASE(events_that_do_not_fit_are_held_for_the_next_read)
{
    state left;
    hold(left, records().add(1, create, 0, "a").add(2, create, 0, "b").add(3, create, 0, "c"));
    BOOST_TEST(read(left, records(), 64) == "1:100 2:100 ");
    BOOST_TEST(left.held_bytes() == 32U);
    // An event that is read in the meantime comes behind it, though there is no room for it.
    BOOST_TEST(read(left, records().add(4, create), 47) == "3:100 ");
    BOOST_TEST(left.held_bytes() == 16U);
    BOOST_TEST(read(left, records(), 16) == "4:100 ");
    BOOST_TEST(left.held_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(every_capacity_gives_every_event_once_and_in_order)
{
    test::record_maker events;
    for (int wd = 1; wd != 40; ++wd) {
        events.add(wd, create, 0, std::string(static_cast<std::size_t>(wd * 7 % 256), 'n'));
    }
    auto const all = text(events.bytes().data(), events.size());
    for (std::size_t capacity = 272; capacity < events.size() + 2; ++capacity) {
        state left;
        hold(left, events);
        std::string got;
        while (left.held_bytes() != 0) {
            auto const part = read(left, records(), capacity);
            BOOST_REQUIRE(!part.empty());
            got += part;
            BOOST_REQUIRE(got.size() <= all.size());
        }
        BOOST_TEST(got == all);
    }
}

BOOST_AUTO_TEST_CASE(a_held_event_that_does_not_fit)
{
    state left;
    hold(left, records().add(1, create, 0, std::string(300, 'n')).add(2, create));
    BOOST_TEST(read(left, records(), 272) == "buffer is too small for an event");
    // It stays, and so do those behind it.
    BOOST_TEST(left.held_bytes() == 16U + 304U + 16U);
    BOOST_TEST(read(left, records(), 65536) == "1:100 2:100 ");
}

BOOST_AUTO_TEST_CASE(traces_are_removed_before_events_join_the_held_ones)
{
    state left;
    hold(left, records().add(1, create));
    left.expect_trace(5);
    BOOST_TEST(read(left, records().add(5, create).add(2, create).add(5, ignored)) ==
               "1:100 2:100 ");
}

BOOST_AUTO_TEST_CASE(clearing_forgets_everything)
{
    state left;
    hold(left, records().add(1, create));
    left.expect_trace(5);
    left.clear();
    BOOST_TEST(left.held_bytes() == 0U);
    BOOST_TEST(read(left, records().add(5, create)) == "5:100 ");
}

BOOST_AUTO_TEST_CASE(held_bytes_can_be_copied)
{
    state left;
    BOOST_TEST(left.held().empty());
    hold(left, records().add(1, create).add(2, create, 0, "n"));
    auto const copy = left.held();
    BOOST_TEST(copy.size() == left.held_bytes());
    BOOST_TEST(copy.size() == 16U + 32U);
    state other;
    other.hold(copy.data(), copy.size());
    BOOST_TEST(read(other, records(), 65536) == "1:100 2:100 ");
    BOOST_TEST(read(left, records(), 65536) == "1:100 2:100 ");
}

BOOST_AUTO_TEST_SUITE_END()
