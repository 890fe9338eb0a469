//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/descriptor_path.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

// The path of an open descriptor.
BOOST_AUTO_TEST_SUITE(descriptor_path)

using asio_inotify::detail::descriptor_path;

BOOST_AUTO_TEST_CASE(names_the_descriptor)
{
    BOOST_TEST(descriptor_path(0).c_str() == std::string("/proc/self/fd/0"));
    BOOST_TEST(descriptor_path((std::numeric_limits<int>::max)()).c_str() ==
               std::string("/proc/self/fd/2147483647"));
    BOOST_TEST(descriptor_path((std::numeric_limits<int>::min)()).c_str() ==
               std::string("/proc/self/fd/-2147483648"));
}

BOOST_AUTO_TEST_CASE(names_an_entry_below_the_descriptor)
{
    BOOST_TEST(descriptor_path(7, "name").c_str() == std::string("/proc/self/fd/7/name"));
    BOOST_TEST(descriptor_path(7, "").c_str() == std::string("/proc/self/fd/7/"));
}

BOOST_AUTO_TEST_CASE(cuts_a_name_that_is_too_long)
{
    std::string const longest(descriptor_path::longest_name, 'x');
    std::string const expected = "/proc/self/fd/2147483647/" + longest;
    BOOST_TEST(descriptor_path((std::numeric_limits<int>::max)(), longest).c_str() == expected);
    BOOST_TEST(descriptor_path((std::numeric_limits<int>::max)(), longest + "y").c_str() ==
               expected);
}

BOOST_AUTO_TEST_SUITE_END()
