//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/event_buffer.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(event_buffer)

using smallest = lib::event_buffer<lib::minimum_buffer_size>;

static_assert(lib::minimum_buffer_size == 16 + 256);
static_assert(!std::is_copy_constructible_v<smallest>);
static_assert(!std::is_copy_assignable_v<smallest>);
static_assert(!std::is_move_constructible_v<smallest>);
static_assert(!std::is_move_assignable_v<smallest>);
static_assert(std::is_nothrow_default_constructible_v<smallest>);
static_assert(std::is_convertible_v<smallest&, boost::asio::mutable_buffer>);
// A temporary is gone before anything was read into it, and a constant one cannot be written.
static_assert(!std::is_convertible_v<smallest const&, boost::asio::mutable_buffer>);
static_assert(smallest::size() == 272);
static_assert(lib::event_buffer<>::size() == 65536);
static_assert(alignof(smallest) == 16);

BOOST_AUTO_TEST_CASE(converts_to_its_bytes)
{
    smallest buffer;
    boost::asio::mutable_buffer const bytes = buffer;
    BOOST_TEST(bytes.data() == buffer.data());
    BOOST_TEST(bytes.size() == buffer.size());
    // All of them are its own.
    std::memset(bytes.data(), 0x5a, bytes.size());
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(buffer.data()) % 16 == 0U);
    BOOST_TEST(sizeof buffer == buffer.size());
}

BOOST_AUTO_TEST_CASE(does_not_set_the_bytes)
{
    // Volatile, so that the compiler does not drop the stores before the object begins its life.
    alignas(smallest) static unsigned char volatile memory[sizeof(smallest)];
    std::fill(std::begin(memory), std::end(memory), static_cast<unsigned char>(0x5a));
    auto* const place = const_cast<unsigned char*>(memory);
    auto* const buffer = ::new (static_cast<void*>(place)) smallest();
    BOOST_TEST(std::all_of(std::begin(memory), std::end(memory),
                           [](unsigned char byte) { return byte == 0x5a; }));
    buffer->~smallest();
}

BOOST_AUTO_TEST_SUITE_END()
