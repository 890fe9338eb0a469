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
#include <iterator>
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

    int cursor() const
    {
        int number = cursor_from;
        while (number != 0 && state_of(number) != state::free) {
            number = number == INT_MAX ? 0 : number + 1;
        }
        return number;
    }

    int next()
    {
        if (!recycled.empty()) {
            return *recycled.begin();
        }
        return cursor_from = cursor();
    }

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

// A ledger and its model, on which the same is done. Numbers from `base` on, of which there are
// `width`, are used.
class both
{
public:
    both(std::uint64_t seed, int base, int width)
        : random_(seed)
        , base_(base)
        , width_(width)
        , ledger_(base)
    {
        model_.cursor_from = base;
    }

    void step(int number_of_step)
    {
        using operation = void (both::*)();
        static constexpr operation operations[] = {
            &both::claim_next,     &both::claim_next,     &both::claim_next,
            &both::claim_next,     &both::claim_next,     &both::look_at_cursor,
            &both::quarantine,     &both::begin_barrier,  &both::barrier_passed,
            &both::barrier_passed, &both::barrier_failed, &both::read_up_to,
            &both::read_up_to,     &both::stream_shifted, &both::claim_or_retire,
            &both::retire,         &both::retire,         &both::end,
            &both::unclaim,        &both::freed};
        number_ = base_ + below(width_);
        was_ = model_.state_of(number_);
        auto const what = static_cast<std::size_t>(below(static_cast<int>(std::size(operations))));
        BOOST_TEST_INFO_SCOPE("step " << number_of_step << ", what " << what << ", number "
                                      << number_ << ", " << test::name(was_));
        ticket_ = model_.batches.empty() ? ledger::ticket(999999999)
                                         : model_.batches[random_() % model_.batches.size()].id;
        batch_ = std::find_if(model_.batches.begin(), model_.batches.end(),
                              [&](auto const& b) { return b.id == ticket_; });
        (this->*operations[what])();
        compare(ledger_, model_);
    }

private:
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

    void claim()
    {
        auto const slot = static_cast<ledger::slot>(random_() % 1000);
        ledger_.claim(number_, slot);
        model_.states[number_] = state::live;
        model_.slots[number_] = slot;
        model_.claim(number_);
    }

    void quarantine_in_model()
    {
        model_.states[number_] = state::quarantined;
        model_.slots.erase(number_);
        model_.in_no_batch.insert(number_);
    }

    void claim_next()
    {
        number_ = ledger_.next();
        BOOST_REQUIRE_EQUAL(number_, model_.next());
        if (number_ != 0) {
            BOOST_REQUIRE(model_.state_of(number_) == state::free);
        }
        // The model knows nothing behind the width.
        if (number_ != 0 && number_ - base_ < width_) {
            claim();
        }
    }

    void look_at_cursor() { BOOST_REQUIRE_EQUAL(ledger_.cursor(), model_.cursor()); }

    void quarantine()
    {
        ledger_.quarantine(number_);
        if (was_ == state::free) {
            quarantine_in_model();
            model_.recycled.erase(number_);
        }
    }

    void begin_barrier()
    {
        auto const id = ledger_.begin_barrier();
        BOOST_REQUIRE_EQUAL(id == 0, model_.in_no_batch.empty());
        if (id != 0) {
            for (auto const& b : model_.batches) {
                BOOST_REQUIRE_NE(b.id, id);
            }
            model_.batches.push_back({id, model_.in_no_batch});
            model_.in_no_batch.clear();
        }
    }

    void barrier_passed()
    {
        auto const behind = position_ + random_() % 300;
        auto const numbers = ledger_.barrier_passed(ticket_, behind);
        bool const is_known = batch_ != model_.batches.end();
        BOOST_REQUIRE_EQUAL(numbers, is_known ? batch_->numbers.size() : 0);
        if (is_known) {
            batch_->passed = true;
            batch_->position = behind;
        }
    }

    void barrier_failed()
    {
        if (random_() % 4 != 0) {
            return;
        }
        ledger_.barrier_failed(ticket_);
        if (batch_ != model_.batches.end()) {
            model_.in_no_batch.insert(batch_->numbers.begin(), batch_->numbers.end());
            model_.batches.erase(batch_);
        }
    }

    void read_up_to()
    {
        position_ += random_() % 100;
        ledger_.read_up_to(position_);
        model_.read_up_to(position_);
    }

    void stream_shifted()
    {
        auto const bytes = random_() % 50;
        ledger_.stream_shifted(bytes);
        for (auto& b : model_.batches) {
            b.position += bytes;
        }
    }

    void claim_or_retire()
    {
        if (was_ == state::free) {
            claim();
        } else {
            retire();
        }
    }

    void retire()
    {
        if (was_ != state::live) {
            return freed();
        }
        test::retire(ledger_, number_);
        quarantine_in_model();
    }

    void end()
    {
        if (was_ != state::live) {
            return freed();
        }
        ledger_.end(number_);
        model_.states[number_] = state::closing;
        model_.slots.erase(number_);
    }

    void unclaim()
    {
        if (was_ != state::live) {
            return freed();
        }
        ledger_.unclaim(number_);
        model_.states[number_] = state::free;
        model_.slots.erase(number_);
        model_.unclaim(number_);
    }

    void freed()
    {
        if (was_ == state::closing) {
            ledger_.freed(number_);
            quarantine_in_model();
        }
    }

    std::mt19937_64 random_;
    int base_;
    int width_;
    ledger ledger_;
    model model_;
    std::uint64_t position_ = 0;

    // Of the step.
    int number_ = 0;
    state was_ = state::free;
    ledger::ticket ticket_ = 0;
    std::vector<model::batch>::iterator batch_;
};

void compare_with_model(std::uint64_t seed, int base, int width, int steps)
{
    both b(seed, base, width);
    for (int i = 0; i != steps; ++i) {
        b.step(i);
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
