//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/seed.hpp"

#include "tree/model/entry_arena.hpp"
#include "tree/model/name_table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(name_table)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::entry_arena;
using asio_inotify::detail::entry_id;
using asio_inotify::detail::name_hash;
using lib_table = asio_inotify::detail::name_table;

/// Entries and the way to find them, as the index has them.
struct named_entries
{
    entry_id insert(dir_id parent, std::string_view name)
    {
        table.reserve();
        auto const id = entries.make(name);
        entries[id].parent = parent;
        table.insert(entries, id);
        return id;
    }

    void erase(entry_id id)
    {
        table.erase(entries, id);
        entries.free(id);
    }

    [[nodiscard]] entry_id find(dir_id parent, std::string_view name) const
    {
        return table.find(entries, parent, name);
    }

    entry_arena entries;
    lib_table table;
};

BOOST_AUTO_TEST_CASE(nothing_at_first)
{
    named_entries const none;
    BOOST_TEST(none.find(1, "a") == 0U);
    BOOST_TEST(none.find(1, "") == 0U);
    BOOST_TEST(none.table.size() == 0U);
    BOOST_TEST(none.entries.size() == 0U);
}

BOOST_AUTO_TEST_CASE(names_of_all_sizes)
{
    named_entries n;
    std::vector<std::size_t> sizes{1,  2,   3,   4,   5,    7,    8,     9,     15,   16,
                                   17, 254, 255, 256, 4095, 4096, 32000, 65534, 65535};
    std::vector<entry_id> ids;
    for (auto const size : sizes) {
        ids.push_back(n.insert(1, std::string(size, 'x')));
    }
    for (std::size_t i = 0; i != sizes.size(); ++i) {
        std::string const name(sizes[i], 'x');
        BOOST_TEST(n.find(1, name) == ids[i]);
        BOOST_TEST((n.entries[ids[i]].name() == name));
        BOOST_TEST(n.entries[ids[i]].name_data()[sizes[i]] == '\0');
        BOOST_TEST(n.find(2, name) == 0U);
    }
    // Any bytes; and what differs in one byte is another name.
    for (std::size_t const size : sizes) {
        std::string name(size, 'x');
        for (auto const at : {std::size_t{0}, size / 2, size - 1}) {
            for (char const c : {'y', '\xff', '\0', '\n'}) {
                auto changed = name;
                changed[at] = c;
                BOOST_TEST(n.find(1, changed) == 0U);
            }
        }
    }
    for (auto const id : ids) {
        n.erase(id);
    }
    BOOST_TEST(n.entries.size() == 0U);
    BOOST_TEST(n.table.size() == 0U);
}

// Names with the same hash are distinguished by their bytes.
BOOST_AUTO_TEST_CASE(collisions)
{
    constexpr std::uint32_t count = 400'000;
    auto const name = [](std::uint32_t i) { return "name" + std::to_string(i); };
    std::vector<std::pair<std::uint32_t, std::uint32_t>> hashes;
    for (std::uint32_t i = 0; i != count; ++i) {
        hashes.emplace_back(name_hash(1, name(i)), i);
    }
    std::sort(hashes.begin(), hashes.end());
    named_entries n;
    int pairs = 0;
    for (std::size_t i = 1; i != hashes.size(); ++i) {
        if (hashes[i].first != hashes[i - 1].first) {
            continue;
        }
        ++pairs;
        auto const one = name(hashes[i - 1].second);
        auto const other = name(hashes[i].second);
        auto const first = n.insert(1, one);
        BOOST_TEST(n.find(1, other) == 0U);
        auto const second = n.insert(1, other);
        BOOST_TEST(n.find(1, one) == first);
        BOOST_TEST(n.find(1, other) == second);
        n.erase(second);
        BOOST_TEST(n.find(1, one) == first);
        BOOST_TEST(n.find(1, other) == 0U);
    }
    // A hash without a bias makes 19 of them.
    BOOST_TEST(pairs > 0);
    BOOST_TEST(pairs < 60);
}

BOOST_AUTO_TEST_CASE(as_a_map)
{
    auto const seed = test::seed();
    std::mt19937_64 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    for (bool const long_names : {false, true}) {
        named_entries n;
        std::map<std::pair<dir_id, std::string>, entry_id> model;
        auto const some = [&] {
            auto const number = random() % 6000;
            auto name = std::to_string(number);
            if (long_names) {
                name.append(number % 300, 'n');
            }
            return std::pair(static_cast<dir_id>(number % 5 + 1), std::move(name));
        };
        for (int step = 0; step != 60000; ++step) {
            auto key = some();
            // More and more, then less and less, down to nothing, twice.
            auto const phase = step % 30000;
            bool const grow = random() % 100 < (phase < 12000 ? 80U : 10U);
            if (grow) {
                auto const [at, is_new] = model.emplace(key, 0);
                if (is_new) {
                    at->second = n.insert(key.first, key.second);
                }
            } else if (!model.empty()) {
                auto victim = model.lower_bound(key);
                victim = victim == model.end() ? model.begin() : victim;
                n.erase(victim->second);
                model.erase(victim);
            }
            if (n.table.size() != model.size() || n.entries.size() != model.size()) {
                BOOST_FAIL("step " << step);
            }
            auto const found = model.find(key);
            BOOST_REQUIRE_EQUAL(n.find(key.first, key.second),
                                found == model.end() ? 0U : found->second);
            if (step % 1000 == 999) {
                for (auto const& [name, id] : model) {
                    BOOST_REQUIRE_EQUAL(n.find(name.first, name.second), id);
                    BOOST_REQUIRE(n.entries[id].name() == name.second);
                }
            }
        }
        while (!model.empty()) {
            n.erase(model.begin()->second);
            model.erase(model.begin());
        }
        BOOST_TEST(n.find(1, "1") == 0U);
    }
}

// As an exchange does it: nothing can fail between them.
BOOST_AUTO_TEST_CASE(reserved_room_outlasts_erasures)
{
    auto const seed = test::seed();
    std::mt19937_64 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        named_entries n;
        std::vector<entry_id> ids;
        for (int i = 0; i != 20000; ++i) {
            ids.push_back(n.insert(1, std::to_string(i)));
        }
        constexpr auto most = asio_inotify::detail::name_table::most_reserved;
        for (std::size_t count = 20000; count != most;) {
            // Fewer and fewer, so that buckets are merged in the meantime.
            auto const moved = 1 + random() % most;
            n.table.reserve(moved);
            for (std::size_t i = 1; i <= moved; ++i) {
                std::swap(ids[random() % (count - i + 1)], ids[count - i]);
                n.table.erase(n.entries, ids[count - i]);
            }
            for (std::size_t i = 1; i <= moved; ++i) {
                n.entries[ids[count - i]].parent += 1;
                n.table.insert(n.entries, ids[count - i]);
            }
            for (std::size_t i = 1; i <= moved; ++i) {
                auto const id = ids[count - i];
                BOOST_REQUIRE_EQUAL(n.find(n.entries[id].parent, n.entries[id].name()), id);
            }
            n.erase(ids[--count]);
        }
        BOOST_TEST(n.table.size() == most);
    }
}

BOOST_AUTO_TEST_CASE(failures_change_nothing)
{
    std::size_t failures = 0;
    named_entries n;
    for (int i = 0; i != 5000; ++i) {
        auto const name = std::to_string(i) + std::string(static_cast<std::size_t>(i % 97), 'n');
        for (std::size_t k = 0;; ++k) {
            BOOST_TEST_REQUIRE(k < 10U);
            try {
                test::allocation_failure const failure(k);
                n.insert(7, name);
                break;
            } catch (std::bad_alloc const&) {
                ++failures;
                BOOST_REQUIRE_EQUAL(n.find(7, name), 0U);
                BOOST_REQUIRE_EQUAL(n.table.size(), static_cast<std::size_t>(i));
                BOOST_REQUIRE_EQUAL(n.entries.size(), static_cast<std::size_t>(i));
            }
        }
    }
    BOOST_TEST((failures > 10U || !test::counts_allocations));
    for (int i = 0; i != 5000; ++i) {
        auto const name = std::to_string(i) + std::string(static_cast<std::size_t>(i % 97), 'n');
        auto const id = n.find(7, name);
        BOOST_REQUIRE(id != 0U);
        n.erase(id);
    }
    BOOST_TEST(n.table.size() == 0U);
}

BOOST_AUTO_TEST_CASE(memory_of_a_million_entries)
{
    constexpr std::size_t count = 1'000'000;
    auto const before = test::allocated_bytes();
    named_entries n;
    std::size_t names = 0;
    for (std::size_t i = 0; i != count; ++i) {
        auto const name = "file-" + std::to_string(i * 7919) + ".txt";
        names += name.size();
        n.insert(static_cast<dir_id>(i / 50 + 1), name);
    }
    auto const bytes = test::allocated_bytes() - before;
    BOOST_TEST_MESSAGE((bytes - names) / count << " bytes for an entry besides its name");
    if (test::counts_allocations) {
        BOOST_TEST(bytes >= names);
        BOOST_TEST(bytes <= names + 56 * count);
    }
    // Growing by one bucket at a time, none is much longer than others: what there is is found.
    BOOST_TEST(n.find(1, "file-0.txt") != 0U);
    BOOST_TEST(n.find(1, "file-1.txt") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
