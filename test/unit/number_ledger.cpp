//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_ledger.hpp"

#include "seed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(number_ledger)

using ledger = lib::detail::number_ledger;
using state = ledger::state;

std::string name(state s)
{
    switch (s) {
    case state::free:
        return "free";
    case state::live:
        return "live";
    case state::closing:
        return "closing";
    case state::quarantined:
        return "quarantined";
    }
    return "?";
}

std::string state_of(ledger const& l, int number)
{
    return name(l.state_of(number));
}

// Claims what the ledger gives.
int claim_next(ledger& l)
{
    int const number = l.next();
    BOOST_REQUIRE_GT(number, 0);
    l.claim(number, 0);
    return number;
}

// A barrier runs, and everything before it is read.
void recycle(ledger& l)
{
    l.barrier_passed(l.begin_barrier(), 0);
    l.read_up_to(0);
}

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    ledger l;
    for (int const number : {1, 2, 1000, INT_MAX}) {
        BOOST_TEST(state_of(l, number) == "free");
        BOOST_TEST(l.find(number) == ledger::no_slot);
    }
    BOOST_TEST(l.next() == 1);
    BOOST_TEST(l.cursor() == 1);
    BOOST_TEST(l.live_count() == 0U);
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.recycled_count() == 0U);
    BOOST_TEST(l.closing().empty());
    BOOST_TEST(l.begin_barrier() == 0U);
    l.read_up_to(1000);
    l.stream_shifted(1000);
    BOOST_TEST(l.next() == 1);
}

BOOST_AUTO_TEST_CASE(the_way_of_a_number_that_is_retired)
{
    ledger l;
    l.claim(1, 7);
    BOOST_TEST(state_of(l, 1) == "live");
    BOOST_TEST(l.find(1) == 7U);
    BOOST_TEST(l.live_count() == 1U);
    l.retire(1);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.find(1) == ledger::no_slot);
    BOOST_TEST(l.live_count() == 0U);
    BOOST_TEST(l.quarantined_count() == 1U);
    auto const batch = l.begin_barrier();
    BOOST_TEST(batch != 0U);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 1U);
    BOOST_TEST(l.barrier_passed(batch, 100) == 1U);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 1U);
    l.read_up_to(99);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.next() == 2);
    l.read_up_to(100);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.recycled_count() == 1U);
    BOOST_TEST(l.next() == 1);
    l.claim(1, 8);
    BOOST_TEST(state_of(l, 1) == "live");
    BOOST_TEST(l.find(1) == 8U);
    BOOST_TEST(l.recycled_count() == 0U);
    BOOST_TEST(l.next() == 2);
}

BOOST_AUTO_TEST_CASE(the_way_of_a_number_whose_watch_ended)
{
    ledger l;
    l.claim(1, 7);
    l.claim(2, 8);
    l.end(1);
    BOOST_TEST(state_of(l, 1) == "closing");
    BOOST_TEST(state_of(l, 2) == "live");
    BOOST_TEST(l.find(1) == ledger::no_slot);
    BOOST_TEST(l.closing().count() == 1U);
    BOOST_TEST(l.closing().contains(1));
    BOOST_TEST(l.live_count() == 1U);
    // It does not become free before it is settled.
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.begin_barrier() == 0U);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "closing");
    l.settle(1);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.closing().empty());
    BOOST_TEST(l.quarantined_count() == 1U);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    recycle(l);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.next() == 1);
}

BOOST_AUTO_TEST_CASE(numbers_ascend_and_skip_those_that_are_not_free)
{
    ledger l;
    l.claim(2, 0);
    l.claim(3, 0);
    l.end(3);
    l.claim(4, 0);
    l.retire(4);
    l.claim(5, 0);
    l.retire(5);
    auto const batch = l.begin_barrier();
    l.claim(6, 0);
    l.retire(6);
    l.claim(8, 0);
    BOOST_TEST(claim_next(l) == 1);
    BOOST_TEST(claim_next(l) == 7);
    BOOST_TEST(claim_next(l) == 9);
    BOOST_TEST(claim_next(l) == 10);
    // Asking changes nothing.
    BOOST_TEST(l.next() == 11);
    BOOST_TEST(l.next() == 11);
    l.barrier_failed(batch);
    BOOST_TEST(l.next() == 11);
}

BOOST_AUTO_TEST_CASE(a_number_is_not_given_again_before_it_is_recycled)
{
    ledger l;
    for (int expected = 1; expected != 1000; ++expected) {
        BOOST_REQUIRE_EQUAL(claim_next(l), expected);
        expected % 3 == 0 ? l.end(expected) : l.retire(expected);
    }
    BOOST_TEST(l.live_count() == 0U);
    BOOST_TEST(l.quarantined_count() == 666U);
    BOOST_TEST(l.closing().count() == 333U);
}

BOOST_AUTO_TEST_CASE(the_cursor_ends_behind_the_last_number)
{
    ledger l(INT_MAX - 2);
    BOOST_TEST(l.cursor() == INT_MAX - 2);
    BOOST_TEST(claim_next(l) == INT_MAX - 2);
    l.claim(INT_MAX, 0);
    BOOST_TEST(claim_next(l) == INT_MAX - 1);
    BOOST_TEST(l.cursor() == 0);
    BOOST_TEST(l.next() == 0);
    // Nothing is given before it is recycled.
    l.retire(INT_MAX);
    l.end(INT_MAX - 1);
    BOOST_TEST(l.next() == 0);
    recycle(l);
    BOOST_TEST(l.cursor() == 0);
    BOOST_TEST(l.next() == INT_MAX);
    BOOST_TEST(claim_next(l) == INT_MAX);
    BOOST_TEST(l.next() == 0);
    l.settle(INT_MAX - 1);
    recycle(l);
    BOOST_TEST(l.next() == INT_MAX - 1);
    // Taken back when the cursor is behind all.
    l.unclaim(INT_MAX - 2);
    BOOST_TEST(l.next() == INT_MAX - 2);
}

BOOST_AUTO_TEST_CASE(the_last_number_may_be_in_any_state)
{
    for (int way = 0; way != 4; ++way) {
        BOOST_TEST_INFO_SCOPE("way " << way);
        ledger l(INT_MAX);
        BOOST_TEST(claim_next(l) == INT_MAX);
        if (way == 1) {
            l.end(INT_MAX);
        } else if (way >= 2) {
            l.retire(INT_MAX);
        }
        if (way == 3) {
            BOOST_TEST(l.begin_barrier() != 0U);
        }
        BOOST_TEST(l.cursor() == 0);
        BOOST_TEST(l.next() == 0);
    }
}

BOOST_AUTO_TEST_CASE(the_lowest_recycled_number_comes_first)
{
    ledger l;
    for (int i = 1; i <= 9; ++i) {
        claim_next(l);
    }
    for (int const number : {8, 3, 4, 6}) {
        l.retire(number);
    }
    recycle(l);
    BOOST_TEST(l.recycled_count() == 4U);
    // The cursor is for those that were never given.
    BOOST_TEST(l.cursor() == 10);
    BOOST_TEST(claim_next(l) == 3);
    // Chosen by the user.
    l.claim(6, 0);
    BOOST_TEST(l.recycled_count() == 2U);
    BOOST_TEST(claim_next(l) == 4);
    BOOST_TEST(claim_next(l) == 8);
    BOOST_TEST(claim_next(l) == 10);
}

BOOST_AUTO_TEST_CASE(a_number_is_taken_back)
{
    ledger l;
    // The cursor stands on it: it comes again by itself.
    l.claim(1, 0);
    l.unclaim(1);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.find(1) == ledger::no_slot);
    BOOST_TEST(l.recycled_count() == 0U);
    BOOST_TEST(claim_next(l) == 1);
    // The cursor has moved past it.
    BOOST_TEST(l.next() == 2);
    l.unclaim(1);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.cursor() == 2);
    BOOST_TEST(l.next() == 1);
    l.claim(1, 0);
    // The cursor is not there yet.
    l.claim(5, 0);
    l.unclaim(5);
    BOOST_TEST(state_of(l, 5) == "free");
    for (int expected = 2; expected != 8; ++expected) {
        BOOST_TEST(claim_next(l) == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_number_is_taken_back_that_the_cursor_had_passed)
{
    // Nothing has changed: it is free as before, and comes only when it is asked for.
    ledger l(1000);
    l.claim(5, 0);
    l.unclaim(5);
    BOOST_TEST(state_of(l, 5) == "free");
    BOOST_TEST(l.next() == 1000);
    // One that was recycled is offered again.
    l.claim(5, 0);
    l.retire(5);
    static_cast<void>(l.barrier_passed(l.begin_barrier(), 0));
    l.read_up_to(0);
    BOOST_TEST(l.next() == 5);
    l.claim(5, 0);
    BOOST_TEST(l.next() == 1000);
    l.unclaim(5);
    BOOST_TEST(l.next() == 5);
}

BOOST_AUTO_TEST_CASE(a_burnt_number)
{
    ledger l;
    l.burn(1);
    l.burn(3);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 2U);
    BOOST_TEST(claim_next(l) == 2);
    BOOST_TEST(claim_next(l) == 4);
    recycle(l);
    BOOST_TEST(l.next() == 1);
    // One that was recycled.
    l.burn(1);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    BOOST_TEST(l.recycled_count() == 1U);
    BOOST_TEST(l.next() == 3);
    // Nothing for those of others.
    l.burn(2);
    BOOST_TEST(state_of(l, 2) == "live");
    l.end(2);
    l.burn(2);
    BOOST_TEST(state_of(l, 2) == "closing");
    l.burn(1);
    BOOST_TEST(l.quarantined_count() == 1U);
    auto const batch = l.begin_barrier();
    l.burn(1);
    BOOST_TEST(l.quarantined_count() == 1U);
    BOOST_TEST(l.begin_barrier() == 0U);
    BOOST_TEST(l.barrier_passed(batch, 0) == 1U);
}

BOOST_AUTO_TEST_CASE(a_barrier_takes_quarantined_numbers_only)
{
    ledger l;
    for (int i = 1; i <= 5; ++i) {
        claim_next(l);
    }
    l.end(2);
    l.retire(3);
    l.retire(4);
    auto const batch = l.begin_barrier();
    l.settle(2);
    l.retire(5);
    BOOST_TEST(l.barrier_passed(batch, 10) == 2U);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "live");
    // These came after the beginning.
    BOOST_TEST(state_of(l, 2) == "quarantined");
    BOOST_TEST(state_of(l, 5) == "quarantined");
    BOOST_TEST(state_of(l, 3) == "free");
    BOOST_TEST(state_of(l, 4) == "free");
    BOOST_TEST(l.quarantined_count() == 2U);
    recycle(l);
    BOOST_TEST(l.quarantined_count() == 0U);
    BOOST_TEST(l.recycled_count() == 4U);
}

BOOST_AUTO_TEST_CASE(a_barrier_that_has_not_passed_frees_nothing)
{
    ledger l;
    l.burn(1);
    auto const batch = l.begin_barrier();
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    // What was read before it passed does not count.
    BOOST_TEST(l.barrier_passed(batch, 10) == 1U);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    l.read_up_to(10);
    BOOST_TEST(state_of(l, 1) == "free");
}

BOOST_AUTO_TEST_CASE(several_barriers_at_once)
{
    ledger l;
    std::vector<ledger::ticket> batches;
    for (int i = 1; i <= 4; ++i) {
        l.burn(i);
        l.burn(10 * i);
        batches.push_back(l.begin_barrier());
        BOOST_TEST(batches.back() != 0U);
        BOOST_TEST(l.begin_barrier() == 0U);
    }
    BOOST_TEST(std::set<ledger::ticket>(batches.begin(), batches.end()).size() == 4U);
    BOOST_TEST(l.quarantined_count() == 8U);
    // In another order than they began.
    BOOST_TEST(l.barrier_passed(batches[3], 30) == 2U);
    BOOST_TEST(l.barrier_passed(batches[0], 50) == 2U);
    BOOST_TEST(l.barrier_passed(batches[2], 30) == 2U);
    l.read_up_to(29);
    BOOST_TEST(l.recycled_count() == 0U);
    l.read_up_to(30);
    BOOST_TEST(l.recycled_count() == 4U);
    for (int const number : {3, 4, 30, 40}) {
        BOOST_TEST(state_of(l, number) == "free");
    }
    for (int const number : {1, 2, 10, 20}) {
        BOOST_TEST(state_of(l, number) == "quarantined");
    }
    l.barrier_failed(batches[1]);
    BOOST_TEST(l.quarantined_count() == 4U);
    l.read_up_to(50);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(state_of(l, 2) == "quarantined");
    BOOST_TEST(l.quarantined_count() == 2U);
    // Those of the failed one are taken by the next.
    l.burn(7);
    auto const again = l.begin_barrier();
    BOOST_TEST(again != 0U);
    BOOST_TEST(std::count(batches.begin(), batches.end(), again) == 0);
    BOOST_TEST(l.barrier_passed(again, 60) == 3U);
    l.read_up_to(60);
    BOOST_TEST(l.quarantined_count() == 0U);
}

BOOST_AUTO_TEST_CASE(tickets_that_name_no_batch)
{
    ledger l;
    l.burn(1);
    auto const batch = l.begin_barrier();
    BOOST_TEST(l.barrier_passed(0, 0) == 0U);
    BOOST_TEST(l.barrier_passed(batch + 1, 0) == 0U);
    l.barrier_failed(0);
    l.barrier_failed(batch + 1);
    l.read_up_to(UINT64_MAX);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    l.barrier_passed(batch, 0);
    l.read_up_to(0);
    BOOST_TEST(l.barrier_passed(batch, 0) == 0U);
    l.barrier_failed(batch);
    BOOST_TEST(state_of(l, 1) == "free");
    BOOST_TEST(l.quarantined_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_shifted_stream)
{
    ledger l;
    l.burn(1);
    l.barrier_passed(l.begin_barrier(), 100);
    l.burn(2);
    auto const later = l.begin_barrier();
    l.stream_shifted(32);
    l.stream_shifted(16);
    l.read_up_to(147);
    BOOST_TEST(state_of(l, 1) == "quarantined");
    l.read_up_to(148);
    BOOST_TEST(state_of(l, 1) == "free");
    // A position that is named later is one in the stream as it is then.
    l.barrier_passed(later, 150);
    l.read_up_to(149);
    BOOST_TEST(state_of(l, 2) == "quarantined");
    l.read_up_to(150);
    BOOST_TEST(state_of(l, 2) == "free");
}

// The same with plain containers, number by number.
struct model
{
    struct batch
    {
        ledger::ticket id;
        std::set<int> numbers;
        bool passed = false;
        std::uint64_t position = 0;
    };

    std::map<int, state> states;
    std::map<int, ledger::slot> slots;
    std::set<int> in_no_batch;
    std::set<int> recycled;
    std::vector<batch> batches;
    int cursor_from;
    int last_claim = 0;
    bool was_recycled = false;
    int cursor_at_claim = 0;

    state state_of(int number) const
    {
        auto const found = states.find(number);
        return found == states.end() ? state::free : found->second;
    }

    std::size_t count(state s) const
    {
        return static_cast<std::size_t>(std::count_if(
            states.begin(), states.end(), [s](auto const& each) { return each.second == s; }));
    }

    int cursor()
    {
        while (cursor_from != 0 && state_of(cursor_from) != state::free) {
            cursor_from = cursor_from == INT_MAX ? 0 : cursor_from + 1;
        }
        return cursor_from;
    }

    int next() { return recycled.empty() ? cursor() : *recycled.begin(); }

    void claim(int number)
    {
        last_claim = number;
        was_recycled = recycled.erase(number) != 0;
        cursor_at_claim = cursor_from;
    }

    void unclaim(int number)
    {
        bool const passed = cursor_from == 0 || number < cursor_from;
        bool const was_passed = cursor_at_claim == 0 || number < cursor_at_claim;
        if (number == last_claim ? was_recycled || (passed && !was_passed) : passed) {
            recycled.insert(number);
        }
    }

    void read_up_to(std::uint64_t position)
    {
        std::erase_if(batches, [&](batch const& b) {
            bool const free = b.passed && b.position <= position;
            if (free) {
                for (int const number : b.numbers) {
                    states[number] = state::free;
                    recycled.insert(number);
                }
            }
            return free;
        });
    }
};

void compare(ledger const& l, model const& m)
{
    for (auto const& [number, expected] : m.states) {
        if (l.state_of(number) != expected) {
            BOOST_FAIL("number " << number << " is " << name(l.state_of(number)) << " instead of "
                                 << name(expected));
        }
        auto const slot = m.slots.find(number);
        BOOST_REQUIRE_EQUAL(l.find(number), slot == m.slots.end() ? ledger::no_slot : slot->second);
        BOOST_REQUIRE_EQUAL(l.closing().contains(number), expected == state::closing);
    }
    BOOST_REQUIRE_EQUAL(l.live_count(), m.count(state::live));
    BOOST_REQUIRE_EQUAL(l.closing().count(), m.count(state::closing));
    BOOST_REQUIRE_EQUAL(l.quarantined_count(), m.count(state::quarantined));
    BOOST_REQUIRE_EQUAL(l.recycled_count(), m.recycled.size());
}

// Numbers from `base` on, of which there are `width`, are touched.
void compare_with_model(std::uint64_t seed, int base, int width, int steps)
{
    std::mt19937_64 random(seed);
    ledger l(base);
    model m;
    m.cursor_from = base;
    std::uint64_t position = 0;
    auto const up_to = [&](int limit) {
        return static_cast<int>(random() % static_cast<unsigned>(limit));
    };
    for (int i = 0; i != steps; ++i) {
        int number = base + up_to(width);
        auto const was = m.state_of(number);
        auto const what = up_to(20);
        BOOST_TEST_INFO_SCOPE("step " << i << ", what " << what << ", number " << number << ", "
                                      << name(was));
        auto const claim = [&] {
            auto const slot = static_cast<ledger::slot>(random() % 1000);
            l.claim(number, slot);
            m.states[number] = state::live;
            m.slots[number] = slot;
            m.claim(number);
        };
        auto const quarantine = [&] {
            m.states[number] = state::quarantined;
            m.slots.erase(number);
            m.in_no_batch.insert(number);
        };
        auto const ticket = m.batches.empty() ? ledger::ticket(999999999)
                                              : m.batches[random() % m.batches.size()].id;
        auto const found = std::find_if(m.batches.begin(), m.batches.end(),
                                        [&](auto const& b) { return b.id == ticket; });
        switch (what) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4: {
            number = l.next();
            BOOST_REQUIRE_EQUAL(number, m.next());
            if (number != 0) {
                BOOST_REQUIRE(m.state_of(number) == state::free);
            }
            // The model does not look behind the width.
            if (number != 0 && number - base < width) {
                claim();
            }
            break;
        }
        case 5:
            BOOST_REQUIRE_EQUAL(l.cursor(), m.cursor());
            break;
        case 6:
            l.burn(number);
            if (was == state::free) {
                quarantine();
                m.recycled.erase(number);
            }
            break;
        case 7: {
            auto const id = l.begin_barrier();
            BOOST_REQUIRE_EQUAL(id == 0, m.in_no_batch.empty());
            if (id != 0) {
                for (auto const& b : m.batches) {
                    BOOST_REQUIRE_NE(b.id, id);
                }
                m.batches.push_back({id, m.in_no_batch});
                m.in_no_batch.clear();
            }
            break;
        }
        case 8:
        case 9: {
            auto const behind = position + random() % 300;
            auto const numbers = l.barrier_passed(ticket, behind);
            BOOST_REQUIRE_EQUAL(numbers, found == m.batches.end() ? 0 : found->numbers.size());
            if (found != m.batches.end()) {
                found->passed = true;
                found->position = behind;
            }
            break;
        }
        case 10:
            if (random() % 4 == 0) {
                l.barrier_failed(ticket);
                if (found != m.batches.end()) {
                    m.in_no_batch.insert(found->numbers.begin(), found->numbers.end());
                    m.batches.erase(found);
                }
            }
            break;
        case 11:
        case 12:
            position += random() % 100;
            l.read_up_to(position);
            m.read_up_to(position);
            break;
        case 13: {
            auto const bytes = random() % 50;
            l.stream_shifted(bytes);
            for (auto& b : m.batches) {
                b.position += bytes;
            }
            break;
        }
        default:
            if (was == state::free && what == 14) {
                claim();
            } else if (was == state::live && what <= 16) {
                l.retire(number);
                quarantine();
            } else if (was == state::live && what == 17) {
                l.end(number);
                m.states[number] = state::closing;
                m.slots.erase(number);
            } else if (was == state::live && what == 18) {
                l.unclaim(number);
                m.states[number] = state::free;
                m.slots.erase(number);
                m.unclaim(number);
            } else if (was == state::closing) {
                l.settle(number);
                quarantine();
            }
            break;
        }
        compare(l, m);
    }
}

BOOST_AUTO_TEST_CASE(does_what_a_model_does)
{
    auto const seed = test::seed();
    compare_with_model(seed, 1, 60, 50000);
    // A cursor that comes to the end of the numbers.
    compare_with_model(seed, INT_MAX - 39, 40, 50000);
    // Mostly new numbers.
    compare_with_model(seed, 1, 2000, 2000);
}

BOOST_AUTO_TEST_SUITE_END()
