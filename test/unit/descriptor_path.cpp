//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/descriptor_path.hpp"

#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstddef>
#include <limits>
#include <string>

// The path of an open descriptor.
BOOST_AUTO_TEST_SUITE(descriptor_path)

using asio_inotify::detail::descriptor_path;
using asio_inotify::detail::entry_path;

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
    BOOST_TEST(entry_path(7, "name").c_str() == std::string("/proc/self/fd/7/name"));
    BOOST_TEST(entry_path(7, "").c_str() == std::string("/proc/self/fd/7/"));
}

BOOST_AUTO_TEST_CASE(a_name_of_more_than_255_bytes_is_cut)
{
    for (std::size_t const size : {255U, 256U, 765U, 1020U, 4000U}) {
        std::string const name(size, 'x');
        BOOST_TEST(entry_path((std::numeric_limits<int>::max)(), name).c_str() ==
                   "/proc/self/fd/2147483647/" + name);
    }
}

BOOST_AUTO_TEST_CASE(a_cut_name_names_a_different_entry)
{
    for (std::size_t const size : {4070U, 4071U, 4072U, 4096U, 70000U}) {
        std::string const path =
            entry_path((std::numeric_limits<int>::max)(), std::string(size, 'x')).c_str();
        BOOST_TEST((path.size() < std::size_t{PATH_MAX}) == (size == 4070U));
    }
}

BOOST_AUTO_TEST_SUITE_END()
