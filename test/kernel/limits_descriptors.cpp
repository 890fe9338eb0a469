//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

#include <sys/resource.h>

// The process's descriptors are used up.
BOOST_AUTO_TEST_SUITE(limits_descriptors)

BOOST_AUTO_TEST_CASE(opening)
{
    test::run_in_child([] {
        test::instance i;
        auto const descriptors = test::open_descriptors();
        asio_inotify::inotify other{i.context};
        rlimit limits{};
        BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limits) == 0);
        auto const before = limits;
        limits.rlim_cur = 0;
        BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limits) == 0);
        test::error_code ec;
        other.open(ec);
        // What needs no descriptor works on.
        test::error_code other_ec;
        auto const number = i.in.add("/", test::event_mask::create, other_ec);
        BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
        BOOST_TEST(ec == test::error_code(EMFILE, boost::system::system_category()));
        BOOST_TEST(!other.is_open());
        BOOST_TEST(!other_ec);
        BOOST_TEST(number.value() == 1);
        BOOST_TEST(test::open_descriptors() == descriptors);
        other.open();
        BOOST_TEST(other.is_open());
    });
}

BOOST_AUTO_TEST_SUITE_END()
