//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "values/recover_from_bad_alloc.hpp"

#include <boost/system/errc.hpp>
#include <boost/test/unit_test.hpp>

#include <new>

// A step of an engine without memory.
BOOST_AUTO_TEST_SUITE(recover_from_bad_alloc)

using asio_inotify::detail::recover_from_bad_alloc;
using asio_inotify::detail::step_result;

BOOST_AUTO_TEST_CASE(a_step_that_succeeds_keeps_its_result)
{
    boost::system::error_code ec;
    int started_over = 0;
    auto const result = recover_from_bad_alloc(
        ec, [] { return step_result::deliver; }, [&] { ++started_over; });
    BOOST_TEST((result == step_result::deliver));
    BOOST_TEST(!ec);
    BOOST_TEST(started_over == 0);
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_keeps_its_error)
{
    boost::system::error_code ec;
    int started_over = 0;
    auto const result = recover_from_bad_alloc(
        ec,
        [&] {
            ec = make_error_code(boost::system::errc::io_error);
            return step_result::again;
        },
        [&] { ++started_over; });
    BOOST_TEST((result == step_result::again));
    BOOST_TEST((ec == boost::system::errc::io_error));
    BOOST_TEST(started_over == 0);
}

BOOST_AUTO_TEST_CASE(out_of_memory_starts_over)
{
    boost::system::error_code ec;
    int started_over = 0;
    auto const result = recover_from_bad_alloc(
        ec, []() -> step_result { throw std::bad_alloc(); },
        [&] {
            BOOST_TEST((ec == boost::system::errc::not_enough_memory));
            ++started_over;
        });
    BOOST_TEST((result == step_result::wait));
    BOOST_TEST((ec == boost::system::errc::not_enough_memory));
    BOOST_TEST(ec.has_location());
    BOOST_TEST(started_over == 1);
}

BOOST_AUTO_TEST_SUITE_END()
