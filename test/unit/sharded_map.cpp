//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/sharded_map.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

BOOST_AUTO_TEST_SUITE(sharded_map)

using map = asio_inotify::detail::sharded_map<std::uint64_t, std::string>;

BOOST_AUTO_TEST_CASE(values_by_numbers)
{
    map m;
    BOOST_TEST(m.empty());
    BOOST_TEST(m.find(1) == nullptr);
    m.erase(1);
    constexpr std::uint64_t count = 20000;
    for (std::uint64_t n = 0; n != count; ++n) {
        m.insert_or_assign(n, std::to_string(n));
    }
    m.insert_or_assign(7, "seven");
    m.erase(8);
    BOOST_TEST(!m.empty());
    for (std::uint64_t n = 0; n != count; ++n) {
        auto const* const found = m.find(n);
        BOOST_TEST_REQUIRE((found != nullptr) == (n != 8));
        BOOST_TEST_REQUIRE((n == 8 || *found == (n == 7 ? "seven" : std::to_string(n))));
    }
    BOOST_TEST(m.find(count) == nullptr);
}

// Each part has about the same number of values, so that none takes long.
BOOST_AUTO_TEST_CASE(it_is_emptied_in_parts)
{
    map m;
    for (std::uint64_t n = 0; n != 100; ++n) {
        m.insert_or_assign(n << 40U, "x");
    }
    int parts = 0;
    for (; !m.empty(); ++parts) {
        m.drop_part();
    }
    BOOST_TEST(parts >= 1000);
    BOOST_TEST(m.find(0) == nullptr);
    m.insert_or_assign(1, "again");
    BOOST_TEST(*m.find(1) == "again");
}

BOOST_AUTO_TEST_SUITE_END()
