//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/add_options.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(add_options)

using options = lib::add_options;

constexpr options all[] = {options::only_directory, options::dont_follow, options::exclude_unlinked,
                           options::create_only,    options::merge_mask,  options::one_shot};

static_assert(!any(options::none));
static_assert(any(options::one_shot));
static_assert((options::one_shot | options::dont_follow) != options::one_shot);
static_assert(((options::one_shot | options::dont_follow) & options::dont_follow) ==
              options::dont_follow);

BOOST_AUTO_TEST_CASE(each_is_one_bit_and_no_kind_of_event)
{
    std::uint32_t seen = 0;
    for (auto const option : all) {
        auto const value = static_cast<std::uint32_t>(option);
        BOOST_TEST((value & (value - 1)) == 0U);
        BOOST_TEST((value & 0xfffU) == 0U);
        BOOST_TEST((seen & value) == 0U);
        seen |= value;
    }
}

BOOST_AUTO_TEST_CASE(operators)
{
    for (auto const a : all) {
        for (auto const b : all) {
            auto both = a;
            BOOST_TEST(&(both |= b) == &both);
            BOOST_TEST((both == (a | b)));
            BOOST_TEST((any(a & b)) == (a == b));
            BOOST_TEST(&(both &= b) == &both);
            BOOST_TEST((both == b));
        }
        BOOST_TEST(((a | options::none) == a));
        BOOST_TEST(!any(a & options::none));
    }
}

BOOST_AUTO_TEST_SUITE_END()
