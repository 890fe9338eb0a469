//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/number_ledger.hpp"

#include "support/seed.hpp"
#include "support/set/ledger_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

// Random calls, and a model that does the same with plain containers, number by number.
BOOST_AUTO_TEST_SUITE(number_ledger_model)

using ledger = asio_inotify::detail::number_ledger;
using state = ledger::state;

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
            BOOST_FAIL("number " << number << " is " << test::name(l.state_of(number))
                                 << " instead of " << test::name(expected));
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
                                      << test::name(was));
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
            l.quarantine(number);
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
                test::retire(l, number);
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
                l.freed(number);
                quarantine();
            }
            break;
        }
        compare(l, m);
    }
}

BOOST_AUTO_TEST_CASE(agrees_with_a_model)
{
    auto const seed = test::seed();
    compare_with_model(seed, 1, 60, 50000);
    // A cursor that comes to the end of the numbers.
    compare_with_model(seed, INT_MAX - 39, 40, 50000);
    // Mostly new numbers.
    compare_with_model(seed, 1, 2000, 2000);
}

BOOST_AUTO_TEST_SUITE_END()
