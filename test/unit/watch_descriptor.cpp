//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_descriptor.hpp>

#include <boost/test/unit_test.hpp>

#include <climits>
#include <unordered_set>

BOOST_AUTO_TEST_SUITE(watch_descriptor)

BOOST_AUTO_TEST_CASE(default_names_no_watch)
{
    BOOST_TEST(asio_inotify::watch_descriptor{}.value() == -1);
    BOOST_TEST(!asio_inotify::watch_descriptor{});
}

BOOST_AUTO_TEST_SUITE_END()
