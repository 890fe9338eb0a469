//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/make_records.hpp"
#include "support/printing.hpp"

#include <asio_inotify/event.hpp>
#include <asio_inotify/event_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <concepts>
#include <iterator>
#include <ranges>
#include <type_traits>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(event_batch)

using batch = lib::event_batch;

static_assert(std::ranges::view<batch>);
static_assert(std::ranges::borrowed_range<batch>);
static_assert(std::ranges::forward_range<batch>);
static_assert(std::ranges::common_range<batch>);
static_assert(std::ranges::viewable_range<batch>);
static_assert(std::ranges::forward_range<batch const>);
static_assert(!std::ranges::bidirectional_range<batch>);
static_assert(!std::ranges::sized_range<batch>);
static_assert(std::forward_iterator<batch::iterator>);
static_assert(std::is_same_v<batch::iterator, batch::const_iterator>);
static_assert(std::is_same_v<std::iterator_traits<batch::iterator>::iterator_category,
                             std::input_iterator_tag>);
static_assert(std::is_same_v<std::ranges::range_reference_t<batch>, lib::event_view>);
static_assert(std::is_same_v<std::ranges::range_value_t<batch>, lib::event_view>);
static_assert(std::is_trivially_copyable_v<batch>);
static_assert(std::is_nothrow_default_constructible_v<batch>);
static_assert(sizeof(batch) == 2 * sizeof(void*));

std::vector<int> numbers(batch events)
{
    std::vector<int> result;
    for (auto const event : events) {
        result.push_back(event.wd().value());
    }
    return result;
}

std::vector<std::byte> three()
{
    return test::record_maker().add(1, 0x100, 0, "one").add(2, 0x8000).add(3, 0x2, 0, "x").bytes();
}

BOOST_AUTO_TEST_CASE(empty_ones)
{
    batch const none;
    BOOST_TEST(none.empty());
    BOOST_TEST(none.size_bytes() == 0U);
    BOOST_TEST((none.begin() == none.end()));
    BOOST_TEST(std::ranges::distance(none) == 0);
    BOOST_TEST(none.data() == static_cast<void const*>(nullptr));
    char byte = 0;
    BOOST_TEST(batch(&byte, 0).empty());
    BOOST_TEST(batch(nullptr, 0).empty());
}

BOOST_AUTO_TEST_CASE(default_constructed_iterators_are_equal)
{
    BOOST_TEST((batch::iterator() == batch::iterator()));
    BOOST_TEST((batch::iterator() == batch().begin()));
    auto const bytes = three();
    BOOST_TEST((batch::iterator() != batch(bytes.data(), bytes.size()).begin()));
}

BOOST_AUTO_TEST_CASE(gives_the_records_in_order)
{
    auto const bytes = three();
    batch const events(bytes.data(), bytes.size());
    BOOST_TEST(!events.empty());
    BOOST_TEST(events.size_bytes() == bytes.size());
    BOOST_TEST(events.data() == static_cast<void const*>(bytes.data()));
    BOOST_TEST(numbers(events) == (std::vector{1, 2, 3}), boost::test_tools::per_element());
    BOOST_TEST(std::ranges::distance(events) == 3);
    BOOST_TEST(events.front().name() == "one");
}

BOOST_AUTO_TEST_CASE(iterators)
{
    auto const bytes = three();
    batch const events(bytes.data(), bytes.size());
    auto it = events.begin();
    auto const before = it++;
    BOOST_TEST((*before).wd().value() == 1);
    BOOST_TEST(it->wd().value() == 2);
    BOOST_TEST(it->is_ignored());
    auto& moved = ++it;
    BOOST_TEST(&moved == &it);
    BOOST_TEST(it->name() == "x");
    // Multi-pass: a copy goes the same way.
    auto copy = before;
    std::advance(copy, 2);
    BOOST_TEST((copy == it));
    BOOST_TEST((++it == events.end()));
}

BOOST_AUTO_TEST_CASE(copies_see_the_same_buffer)
{
    auto const bytes = three();
    batch events(bytes.data(), bytes.size());
    auto copy = events;
    events = batch();
    BOOST_TEST(events.empty());
    BOOST_TEST(numbers(copy) == (std::vector{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(iterators_outlive_the_batch)
{
    auto const bytes = three();
    auto const found = std::ranges::find_if(batch(bytes.data(), bytes.size()),
                                            [](auto event) { return event.is_ignored(); });
    BOOST_TEST((*found).wd().value() == 2);
}

BOOST_AUTO_TEST_CASE(works_with_views_and_algorithms)
{
    auto const bytes = three();
    batch const events(bytes.data(), bytes.size());
    std::vector<lib::event> const copies(events.begin(), events.end());
    BOOST_TEST(copies.size() == 3U);
    BOOST_TEST(copies[2].name() == "x");
    BOOST_TEST(std::ranges::count_if(events, [](auto e) { return !e.name().empty(); }) == 2);
    auto const named = std::ranges::find_if(
        events, [](auto e) { return e.name() == "x" && e.is(lib::event_mask::modify); });
    BOOST_TEST((named != events.end()));
}

BOOST_AUTO_TEST_SUITE_END()
