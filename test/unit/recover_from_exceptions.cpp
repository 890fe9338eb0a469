//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "values/recover_from_exceptions.hpp"

#include <boost/system/errc.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <new>

// A step of an engine without memory, or with a function of the user that throws.
BOOST_AUTO_TEST_SUITE(recover_from_exceptions)

using asio_inotify::detail::recover_from_exceptions;
using asio_inotify::detail::step_result;

BOOST_AUTO_TEST_CASE(a_step_that_succeeds_keeps_its_result)
{
    boost::system::error_code ec;
    int started_over = 0;
    auto const result = recover_from_exceptions(
        ec, [] { return step_result::deliver; }, [&] { ++started_over; });
    BOOST_TEST((result == step_result::deliver));
    BOOST_TEST(!ec);
    BOOST_TEST(started_over == 0);
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_keeps_its_error)
{
    boost::system::error_code ec;
    int started_over = 0;
    auto const result = recover_from_exceptions(
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
    auto const result = recover_from_exceptions(
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

BOOST_AUTO_TEST_CASE(an_exception_of_the_user_starts_over)
{
    using asio_inotify::detail::call_user_function;
    boost::system::error_code ec;
    int started_over = 0;
    auto const result = recover_from_exceptions(
        ec, [] { return call_user_function([]() -> step_result { throw 1; }); },
        [&] { ++started_over; });
    BOOST_TEST((result == step_result::wait));
    BOOST_TEST((ec == asio_inotify::error::callback_failed));
    BOOST_TEST(ec.has_location());
    BOOST_TEST(started_over == 1);
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_user_is_kept_for_the_caller)
{
    using asio_inotify::detail::call_user_function;
    using asio_inotify::detail::catch_callback_failure;
    BOOST_TEST((call_user_function([] { return 7; }) == 7));
    BOOST_CHECK_THROW(
        static_cast<void>(call_user_function([]() -> int { throw std::bad_alloc(); })),
        std::bad_alloc);
    BOOST_TEST((catch_callback_failure([] {}) == nullptr));
    auto const thrown = catch_callback_failure(
        [] { static_cast<void>(call_user_function([]() -> int { throw 1; })); });
    BOOST_CHECK_THROW(std::rethrow_exception(thrown), int);
}

BOOST_AUTO_TEST_SUITE_END()
