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
#include <asio_inotify/event_view.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(event_view)

using view = lib::event_view;

static_assert(sizeof(view) == sizeof(void*));
static_assert(std::is_trivially_copyable_v<view>);
static_assert(!std::is_default_constructible_v<view>);

// Names of which no byte is zero, the high ones included.
std::string name_of_length(std::size_t length, unsigned first)
{
    std::string name(length, '\0');
    for (std::size_t i = 0; i != length; ++i) {
        name[i] = static_cast<char>(1 + (first + i) % 255);
    }
    return name;
}

view only(std::vector<std::byte> const& bytes)
{
    return lib::event_batch(bytes.data(), bytes.size()).front();
}

BOOST_AUTO_TEST_CASE(names_of_every_length)
{
    for (std::size_t length = 0; length != 256; ++length) {
        for (unsigned const first : {0U, 127U, 254U}) {
            auto const name = name_of_length(length, first);
            auto const bytes = test::record_maker().add(7, 0x100, 0, name).bytes();
            auto const event = only(bytes);
            BOOST_TEST(event.name() == name);
            BOOST_TEST(event.name().size() == length);
            BOOST_TEST(event.size_bytes() == bytes.size());
            if (length != 0) {
                // What a C function would see is the same.
                BOOST_TEST(event.name().data() == name);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(sizes_of_records)
{
    for (auto const& [length, size] : {std::pair{0, 16}, std::pair{1, 32}, std::pair{15, 32},
                                       std::pair{16, 48}, std::pair{17, 48}, std::pair{255, 272}}) {
        auto const name = name_of_length(static_cast<std::size_t>(length), 0);
        BOOST_TEST(only(test::record_maker().add(1, 1, 0, name).bytes()).size_bytes() ==
                   static_cast<std::size_t>(size));
    }
}

BOOST_AUTO_TEST_CASE(at_any_address)
{
    auto const record =
        test::record_maker().add(0x01020304, 0x40000080, 0xfedcba98, "name").bytes();
    for (std::size_t shift = 0; shift != 32; ++shift) {
        std::vector<std::byte> bytes(record.size() + shift);
        std::copy(record.begin(), record.end(), bytes.begin() + static_cast<std::ptrdiff_t>(shift));
        auto const event = lib::event_batch(bytes.data() + shift, record.size()).front();
        BOOST_TEST(event.wd().value() == 0x01020304);
        BOOST_TEST(event.native_mask() == 0x40000080U);
        BOOST_TEST(event.cookie() == 0xfedcba98U);
        BOOST_TEST(event.name() == "name");
    }
}

BOOST_AUTO_TEST_CASE(predicates)
{
    for (unsigned bit = 0; bit != 32; ++bit) {
        auto const mask = std::uint32_t{1} << bit;
        auto const bytes = test::record_maker().add(3, mask).bytes();
        auto const event = only(bytes);
        lib::event const copy(event);
        BOOST_TEST(event.native_mask() == mask);
        BOOST_TEST(event.is_unmount() == (mask == 0x2000));
        BOOST_TEST(event.is_overflow() == (mask == 0x4000));
        BOOST_TEST(event.is_ignored() == (mask == 0x8000));
        BOOST_TEST(event.is_directory() == (mask == 0x40000000));
        auto const is_kind = bit < 12 || (bit >= 13 && bit <= 15);
        BOOST_TEST((event.kind() == lib::event_kind(is_kind ? bit : 32)));
        BOOST_TEST((copy.kind() == event.kind()));
        // Only the twelve kinds are in the mask.
        BOOST_TEST(static_cast<std::uint32_t>(event.mask()) == (mask & 0xfffU));
        BOOST_TEST(event.is(lib::event_mask::all) == (mask < 0x1000));
        BOOST_TEST(!event.is(lib::event_mask::none));
        BOOST_TEST(copy.native_mask() == mask);
        BOOST_TEST(copy.mask() == event.mask());
        BOOST_TEST(copy.is_unmount() == event.is_unmount());
        BOOST_TEST(copy.is_overflow() == event.is_overflow());
        BOOST_TEST(copy.is_ignored() == event.is_ignored());
        BOOST_TEST(copy.is_directory() == event.is_directory());
        BOOST_TEST(copy.is(lib::event_mask::all) == event.is(lib::event_mask::all));
    }
}

BOOST_AUTO_TEST_CASE(a_number_of_minus_one_is_no_overflow)
{
    // Some kernels write it in a race (kernel note 2.10).
    auto const bytes = test::record_maker().add(-1, 0x2).bytes();
    BOOST_TEST(!only(bytes).is_overflow());
    BOOST_TEST(only(bytes).wd() == lib::watch_descriptor{});
}

BOOST_AUTO_TEST_CASE(is_asks_for_any_of_the_kinds)
{
    auto const bytes = test::record_maker().add(1, 0x40000040, 9, "x").bytes();
    BOOST_TEST(only(bytes).is(lib::event_mask::move));
    BOOST_TEST(only(bytes).is(lib::event_mask::moved_from));
    BOOST_TEST(!only(bytes).is(lib::event_mask::moved_to | lib::event_mask::create));
}

BOOST_AUTO_TEST_SUITE_END()
