//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/watch_table.hpp"

#include "inotify/records.hpp"
#include "support/make_records.hpp"
#include "support/seed.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(watch_table)

using namespace std::string_view_literals;

using table = lib::detail::watch_table;
using record = lib::detail::watch_record;
using lib::detail::watch_state;
using number_state = lib::detail::number_ledger::state;

constexpr std::uint32_t create = 0x100;
constexpr std::uint32_t overflow = 0x4000;
constexpr std::uint32_t ignored = 0x8000;

test::record_maker records()
{
    return {};
}

void add(table& t, int number, std::string_view path, std::uint32_t mask = create)
{
    t.insert(number, path, mask);
    t.confirm(number);
}

std::string known_path(record const& r)
{
    return r.path ? std::string(r.path.get(), r.path_size) : std::string();
}

// The number of the watch that a path finds; 0 if none.
int named(table const& t, std::string_view path)
{
    auto const* const found = t.find(path);
    return found != nullptr ? found->wd : 0;
}

std::set<int> live(table const& t)
{
    std::set<int> result;
    std::size_t position = 0;
    while (auto const* const r = t.live_from(position)) {
        BOOST_REQUIRE(result.insert(r->wd).second);
        ++position;
    }
    return result;
}

struct read_result
{
    table::joined counts;
    // "wd:mask" of each record that is left.
    std::string text;
    std::vector<record const*> watches;
};

read_result join(table& t, test::record_maker const& queued)
{
    auto bytes = queued.bytes();
    std::size_t before = 0;
    for (std::size_t at = 0; at != bytes.size(); at += lib::detail::record_size(&bytes[at])) {
        ++before;
    }
    std::vector<std::byte> pointers(before * sizeof(record const*));
    read_result result;
    result.counts = t.join(bytes.data(), bytes.size(), pointers.data());
    BOOST_REQUIRE_EQUAL(result.counts.events + result.counts.dropped, before);
    std::ostringstream out;
    std::size_t events = 0;
    for (std::size_t at = 0; at != result.counts.size; at += lib::detail::record_size(&bytes[at])) {
        auto const header = lib::detail::load<lib::detail::event_header>(&bytes[at]);
        out << std::dec << header.wd << ":" << std::hex << header.mask << ' ';
        ++events;
    }
    BOOST_REQUIRE_EQUAL(result.counts.events, events);
    result.text = out.str();
    result.watches.resize(events);
    if (events != 0) {
        std::memcpy(result.watches.data(), pointers.data(), events * sizeof(record const*));
    }
    return result;
}

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    table t;
    BOOST_TEST(t.size() == 0U);
    BOOST_TEST((t.find(1) == nullptr));
    BOOST_TEST((t.find("") == nullptr));
    BOOST_TEST((t.find("a") == nullptr));
    BOOST_TEST(live(t).empty());
    BOOST_TEST(t.numbers().next() == 1);
    t.free_gone_records();
    auto const got = join(t, records());
    BOOST_TEST(got.counts.size == 0U);
    BOOST_TEST(!got.counts.overflow);
    BOOST_TEST(table(5).numbers().next() == 5);
}

BOOST_AUTO_TEST_CASE(a_watch_is_found_by_number_and_by_path)
{
    table t;
    t.insert(1, "/a", 0x123);
    t.confirm(1);
    add(t, 7, "/b");
    BOOST_TEST(t.size() == 2U);
    auto const* const r = t.find(1);
    BOOST_REQUIRE((r != nullptr));
    BOOST_TEST((r == t.find("/a")));
    BOOST_TEST(r->wd == 1);
    BOOST_TEST(r->native_mask == 0x123U);
    BOOST_TEST((r->state == watch_state::live));
    BOOST_TEST(known_path(*r) == "/a");
    BOOST_TEST(std::strlen(r->path.get()) == 2U);
    BOOST_TEST(named(t, "/b") == 7);
    for (auto const other : {"/"sv, "/a/"sv, "/a\0"sv, "a"sv, ""sv, "/c"sv}) {
        BOOST_TEST(named(t, other) == 0);
    }
    BOOST_TEST((t.numbers().state_of(7) == number_state::live));
}

BOOST_AUTO_TEST_CASE(paths_are_bytes)
{
    table t;
    std::vector<std::string> const paths = {"\xff\xfe",
                                            "a\nb",
                                            " ",
                                            "\x01",
                                            std::string("a\0b", 3),
                                            std::string("a\0c", 3),
                                            std::string("a\0", 2),
                                            "a",
                                            std::string(1, '\0'),
                                            std::string(4095, 'x')};
    int number = 0;
    for (auto const& path : paths) {
        add(t, ++number, path);
    }
    number = 0;
    for (auto const& path : paths) {
        BOOST_TEST(named(t, path) == ++number);
        BOOST_TEST(known_path(*t.find(number)) == path);
        BOOST_TEST((t.find(number)->path.get()[path.size()] == '\0'));
    }
}

BOOST_AUTO_TEST_CASE(a_watch_whose_path_is_unknown)
{
    table t;
    add(t, 1, "");
    add(t, 2, "");
    BOOST_TEST(t.size() == 2U);
    BOOST_TEST((t.find(1)->path == nullptr));
    BOOST_TEST(t.find(1)->path_size == 0U);
    BOOST_TEST((t.find("") == nullptr));
    t.insert(3, "", create);
    t.undo_insert(3);
    t.remove(1);
    BOOST_TEST((live(t) == std::set<int>{2}));
    // Nothing stays of the path that a record had before.
    add(t, 4, "a");
    t.remove(4);
    t.free_gone_records();
    for (int const number : {5, 6, 7}) {
        add(t, number, "");
        BOOST_TEST((t.find(number)->path == nullptr));
        BOOST_TEST(t.find(number)->path_size == 0U);
    }
    BOOST_TEST(named(t, "a") == 0);
}

BOOST_AUTO_TEST_CASE(an_insertion_is_undone)
{
    table t;
    auto const number = t.numbers().next();
    t.insert(number, "a", create);
    t.undo_insert(number);
    BOOST_TEST(t.size() == 0U);
    BOOST_TEST((t.find(number) == nullptr));
    BOOST_TEST(named(t, "a") == 0);
    BOOST_TEST(live(t).empty());
    BOOST_TEST((t.numbers().state_of(number) == number_state::free));
    BOOST_TEST(t.numbers().next() == number);
    // Nobody has seen the record: it is used at once.
    t.insert(1, "b", create);
    auto const* const r = t.find(1);
    t.undo_insert(1);
    add(t, 2, "c");
    BOOST_TEST((t.find(2) == r));
    BOOST_TEST(named(t, "c") == 2);
}

BOOST_AUTO_TEST_CASE(a_watch_is_removed)
{
    table t;
    add(t, 1, "a");
    add(t, 2, "b");
    auto const* const first = t.find(1);
    auto const* const second = t.find(2);
    t.remove(1);
    t.remove(2);
    BOOST_TEST(t.size() == 0U);
    BOOST_TEST((t.find(1) == nullptr));
    BOOST_TEST(named(t, "a") == 0);
    BOOST_TEST(named(t, "b") == 0);
    BOOST_TEST((t.numbers().state_of(1) == number_state::closing));
    BOOST_TEST((t.numbers().state_of(2) == number_state::closing));
    BOOST_TEST((first->state == watch_state::removed));
    BOOST_TEST((second->state == watch_state::removed));
    BOOST_TEST(known_path(*first) == "a");
    BOOST_TEST(first->wd == 1);
    t.free_gone_records();
    BOOST_TEST((first->state == watch_state::vacant));
    BOOST_TEST((first->path == nullptr));
    // The number is another matter.
    BOOST_TEST((t.numbers().state_of(1) == number_state::closing));
}

BOOST_AUTO_TEST_CASE(two_watches_with_one_path)
{
    table t;
    add(t, 1, "a");
    t.insert(2, "a", create);
    BOOST_TEST(named(t, "a") == 1);
    t.undo_insert(2);
    BOOST_TEST(named(t, "a") == 1);
    t.insert(3, "a", create);
    BOOST_TEST(named(t, "a") == 1);
    t.confirm(3);
    BOOST_TEST(named(t, "a") == 3);
    BOOST_TEST(t.size() == 2U);
    BOOST_TEST(known_path(*t.find(1)) == "a");
    // The path named another object when the older watch was made.
    t.remove(3);
    BOOST_TEST(named(t, "a") == 0);
    BOOST_TEST((live(t) == std::set<int>{1}));
    add(t, 4, "a");
    BOOST_TEST(named(t, "a") == 4);
    t.remove(1);
    BOOST_TEST(named(t, "a") == 4);
    t.free_gone_records();
    BOOST_TEST(named(t, "a") == 4);
    BOOST_TEST(named(t, std::string("a")) == 4);
}

BOOST_AUTO_TEST_CASE(the_older_one_of_two_ends)
{
    table t;
    add(t, 1, "a");
    add(t, 2, "a");
    join(t, records().add(1, ignored));
    BOOST_TEST(named(t, "a") == 2);
    t.free_gone_records();
    BOOST_TEST(named(t, "a") == 2);
    join(t, records().add(2, ignored));
    BOOST_TEST(named(t, "a") == 0);
}

BOOST_AUTO_TEST_CASE(removed_while_they_are_gone_through)
{
    table t;
    for (int number = 1; number <= 100; ++number) {
        add(t, number, std::to_string(number));
    }
    std::set<int> seen;
    std::set<int> removed;
    std::size_t position = 0;
    while (auto const* const r = t.live_from(position)) {
        int const number = r->wd;
        BOOST_TEST(!removed.contains(number));
        BOOST_TEST(seen.insert(number).second);
        // Asking again from its own position gives the same watch.
        BOOST_TEST((t.live_from(position) == r));
        for (int const victim : {number, number + 1, number / 2}) {
            if (number % 3 == 0 && t.find(victim) != nullptr) {
                t.remove(victim);
                removed.insert(victim);
            }
        }
        ++position;
    }
    for (int number = 1; number <= 100; ++number) {
        BOOST_TEST((seen.contains(number) || removed.contains(number)));
    }
    BOOST_TEST((t.live_from(position) == nullptr));
}

BOOST_AUTO_TEST_CASE(events_get_their_watches)
{
    table t;
    add(t, 1, "a");
    add(t, 2, "b");
    auto const got = join(t, records()
                                 .add(2, create, 0, "name")
                                 .add(9, create, 0, "nobody's")
                                 .add(1, create)
                                 .add(-1, overflow)
                                 .add(9, ignored)
                                 .add(2, create, 0, std::string(255, 'n')));
    BOOST_TEST(got.text == "2:100 1:100 -1:4000 2:100 ");
    BOOST_TEST(got.counts.events == 4U);
    BOOST_TEST(got.counts.dropped == 2U);
    BOOST_TEST(got.counts.size == 32U + 16U + 16U + 272U);
    BOOST_TEST(got.counts.overflow);
    std::vector<record const*> const expected = {t.find(2), t.find(1), nullptr, t.find(2)};
    BOOST_TEST((got.watches == expected));
}

BOOST_AUTO_TEST_CASE(nothing_or_everything_is_dropped)
{
    table t;
    add(t, 1, "a");
    t.remove(1);
    auto got = join(t, records().add(1, create, 0, "x").add(1, ignored).add(5, create));
    BOOST_TEST(got.counts.size == 0U);
    BOOST_TEST(got.counts.events == 0U);
    BOOST_TEST(got.counts.dropped == 3U);
    BOOST_TEST(!got.counts.overflow);
    // The end of a watch that the user had removed changes nothing.
    BOOST_TEST((t.numbers().state_of(1) == number_state::closing));
    add(t, 2, "b");
    got = join(t, records().add(2, create).add(2, create));
    BOOST_TEST(got.text == "2:100 2:100 ");
    BOOST_TEST(got.counts.dropped == 0U);
}

BOOST_AUTO_TEST_CASE(a_watch_ends)
{
    table t;
    add(t, 1, "a");
    add(t, 2, "b");
    auto const* const r = t.find(1);
    auto const got = join(
        t, records().add(1, create).add(1, ignored).add(1, create).add(2, create).add(1, ignored));
    BOOST_TEST(got.text == "1:100 1:8000 2:100 ");
    BOOST_TEST(got.counts.dropped == 2U);
    std::vector<record const*> const expected = {r, r, t.find(2)};
    BOOST_TEST((got.watches == expected));
    BOOST_TEST((t.find(1) == nullptr));
    BOOST_TEST(named(t, "a") == 0);
    BOOST_TEST((live(t) == std::set<int>{2}));
    BOOST_TEST(t.size() == 1U);
    BOOST_TEST((t.numbers().state_of(1) == number_state::closing));
    BOOST_TEST((r->state == watch_state::ended));
    // Others come and go in the meantime.
    for (int number = 3; number != 100; ++number) {
        add(t, number, std::to_string(number));
        BOOST_TEST((t.find(number) != r));
    }
    BOOST_TEST(known_path(*r) == "a");
    BOOST_TEST(r->wd == 1);
    BOOST_TEST(r->native_mask == create);
    t.free_gone_records();
    BOOST_TEST((r->state == watch_state::vacant));
    BOOST_TEST((r->path == nullptr));
    add(t, 100, "c");
    BOOST_TEST((t.find(100) == r));
    BOOST_TEST(named(t, "c") == 100);
}

BOOST_AUTO_TEST_CASE(records_keep_their_addresses)
{
    table t;
    std::vector<record const*> at;
    for (int number = 1; number <= 10000; ++number) {
        add(t, number, std::to_string(number));
        at.push_back(t.find(number));
    }
    BOOST_TEST(std::set<record const*>(at.begin(), at.end()).size() == at.size());
    for (int number = 1; number <= 10000; ++number) {
        auto const* const r = at[static_cast<std::size_t>(number) - 1];
        BOOST_REQUIRE(t.find(number) == r);
        BOOST_REQUIRE(t.find(std::to_string(number)) == r);
        BOOST_REQUIRE_EQUAL(r->wd, number);
    }
    // As many again, in the same memory.
    for (int number = 1; number <= 10000; ++number) {
        t.remove(number);
    }
    t.free_gone_records();
    for (int number = 10001; number <= 20000; ++number) {
        add(t, number, "");
    }
    std::set<record const*> const before(at.begin(), at.end());
    for (int number = 10001; number <= 20000; ++number) {
        BOOST_REQUIRE(before.contains(t.find(number)));
    }
}

// A table, and a model that does the same with plain containers.
class table_beside_model
{
public:
    explicit table_beside_model(std::uint64_t seed)
        : random_(seed)
    {}

    void step(int number_of_step)
    {
        number_ = 1 + static_cast<int>(random_() % 40);
        auto const what = random_() % 8;
        BOOST_TEST_INFO_SCOPE("step " << number_of_step << ", what " << what << ", number "
                                      << number_);
        bool const is_free = table_.numbers().state_of(number_) == number_state::free;
        if (what < 3 && is_free) {
            insert();
        } else if (what == 3 && watches_.contains(number_)) {
            table_.remove(number_);
            leave(number_, watch_state::removed);
        } else if (what == 4) {
            join_records();
        } else if (what == 5 && random_() % 4 == 0) {
            table_.free_gone_records();
            gone_.clear();
        } else if (what == 6) {
            recycle();
        }
        compare();
    }

private:
    struct watch
    {
        std::string path;
        std::uint32_t mask;
        record const* at;
    };

    // A watch that has ended and whose record is still valid.
    struct gone_watch
    {
        int number;
        watch was;
        watch_state state;
    };

    void insert()
    {
        auto const path = random_() % 5 == 0 ? "" : std::to_string(random_() % 15);
        auto const mask = static_cast<std::uint32_t>(random_() % 4096);
        table_.insert(number_, path, mask);
        watches_[number_] = {path, mask, table_.find(number_)};
        for (auto const& each : gone_) {
            BOOST_REQUIRE(each.was.at != table_.find(number_));
        }
        if (random_() % 4 == 0) {
            table_.undo_insert(number_);
            leave(number_, watch_state::vacant);
            return;
        }
        table_.confirm(number_);
        if (!path.empty()) {
            by_path_[path] = number_;
        }
    }

    void leave(int number, watch_state state)
    {
        auto const& w = watches_.at(number);
        if (auto const found = by_path_.find(w.path);
            found != by_path_.end() && found->second == number) {
            by_path_.erase(found);
        }
        if (state != watch_state::vacant) {
            gone_.push_back({number, w, state});
        }
        watches_.erase(number);
    }

    void join_records()
    {
        test::record_maker queued;
        std::string expected;
        std::vector<record const*> pointers;
        bool overflown = false;
        for (auto n = random_() % 12; n != 0; --n) {
            int const wd = 1 + static_cast<int>(random_() % 40);
            auto const kind = random_() % 16;
            std::string const name(random_() % 40, 'n');
            if (kind == 0) {
                queued.add(-1, overflow);
                expected += "-1:4000 ";
                pointers.push_back(nullptr);
                overflown = true;
                continue;
            }
            queued.add(wd, kind < 4 ? ignored : create, 0, kind < 4 ? std::string() : name);
            if (auto const found = watches_.find(wd); found != watches_.end()) {
                expected += std::to_string(wd) + (kind < 4 ? ":8000 " : ":100 ");
                pointers.push_back(found->second.at);
                if (kind < 4) {
                    leave(wd, watch_state::ended);
                }
            }
        }
        auto const got = join(table_, queued);
        BOOST_REQUIRE_EQUAL(got.text, expected);
        BOOST_REQUIRE(got.watches == pointers);
        BOOST_REQUIRE_EQUAL(got.counts.overflow, overflown);
    }

    void recycle()
    {
        auto& numbers = table_.numbers();
        while (!numbers.closing().empty()) {
            numbers.freed(numbers.closing().ranges().begin()->first);
        }
        numbers.barrier_passed(numbers.begin_barrier(), 0);
        numbers.read_up_to(0);
    }

    void compare()
    {
        std::set<int> expected_live;
        for (auto const& [n, w] : watches_) {
            expected_live.insert(n);
            auto const* const r = table_.find(n);
            BOOST_REQUIRE(r == w.at);
            BOOST_REQUIRE_EQUAL(known_path(*r), w.path);
            BOOST_REQUIRE_EQUAL(r->native_mask, w.mask);
        }
        BOOST_REQUIRE(live(table_) == expected_live);
        BOOST_REQUIRE_EQUAL(table_.size(), watches_.size());
        for (int n = 0; n != 15; ++n) {
            auto const found = by_path_.find(std::to_string(n));
            BOOST_REQUIRE_EQUAL(named(table_, std::to_string(n)),
                                found == by_path_.end() ? 0 : found->second);
        }
        BOOST_REQUIRE_EQUAL(named(table_, ""), 0);
        for (auto const& each : gone_) {
            BOOST_REQUIRE_EQUAL(each.was.at->wd, each.number);
            BOOST_REQUIRE_EQUAL(known_path(*each.was.at), each.was.path);
            BOOST_REQUIRE(each.was.at->state == each.state);
        }
    }

    std::mt19937_64 random_;
    table table_;
    std::map<int, watch> watches_;
    std::map<std::string, int> by_path_;
    std::vector<gone_watch> gone_;
    int number_ = 0;
};

BOOST_AUTO_TEST_CASE(does_what_a_model_does)
{
    table_beside_model both(test::seed());
    for (int i = 0; i != 20000; ++i) {
        both.step(i);
    }
}

BOOST_AUTO_TEST_SUITE_END()
