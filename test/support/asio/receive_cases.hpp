//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_RECEIVE_CASES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_RECEIVE_CASES_HPP

#include "support/asio/async_operation.hpp"

#include <asio_inotify/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <thread>

#include <sys/time.h>

// What all watchers have in common: receive and wait, with and without a thread's time.
//
// A fixture has:
//     boost::asio::io_context context;
//     object                           an open watcher on the context
//     void change();                   let there be one change
namespace test::receive_cases {

namespace asio = boost::asio;
using asio_inotify::error;

template <class Fixture>
void a_wait_takes_nothing()
{
    Fixture f;
    BOOST_TEST(f.object.try_receive().empty());
    f.change();
    f.object.wait();
    f.object.wait();
    BOOST_TEST(f.object.try_receive().size() == 1U);
    BOOST_TEST(f.object.try_receive().empty());
    f.change();
    for (int i = 0; i != 2; ++i) {
        error_code ec = asio::error::would_block;
        f.object.async_wait([&](error_code failure) { ec = failure; });
        run(f.context);
        BOOST_TEST(!ec);
    }
    std::size_t received = 0;
    f.object.async_receive([&](error_code, auto const& batch) { received = batch.size(); });
    run(f.context);
    BOOST_TEST(received == 1U);
    BOOST_TEST(f.object.try_receive().empty());
}

template <class Fixture>
void a_receive_waits()
{
    for (bool const takes : {true, false}) {
        Fixture f;
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            f.change();
        });
        if (takes) {
            BOOST_TEST(f.object.receive().size() == 1U);
        } else {
            f.object.wait();
        }
        later.join();
        BOOST_TEST(f.object.try_receive().size() == (takes ? 0U : 1U));
    }
}

template <class Object>
void expect_failure(Object& object, error_code const& expected)
{
    error_code ec;
    BOOST_TEST(object.try_receive(ec).empty());
    BOOST_TEST(ec == expected);
    ec.clear();
    BOOST_TEST(object.receive(ec).empty());
    BOOST_TEST(ec == expected);
    ec.clear();
    object.wait(ec);
    BOOST_TEST(ec == expected);
    auto const throws = [&](boost::system::system_error const& e) { return e.code() == expected; };
    BOOST_CHECK_EXCEPTION(static_cast<void>(object.try_receive()), boost::system::system_error,
                          throws);
    BOOST_CHECK_EXCEPTION(static_cast<void>(object.receive()), boost::system::system_error, throws);
    BOOST_CHECK_EXCEPTION(object.wait(), boost::system::system_error, throws);
}

template <class Fixture>
void one_at_a_time()
{
    for (bool const takes : {true, false}) {
        Fixture f;
        int completed = 0;
        if (takes) {
            f.object.async_receive([&](error_code ec, auto const&) { completed += ec ? 0 : 1; });
        } else {
            f.object.async_wait([&](error_code ec) { completed += ec ? 0 : 1; });
        }
        expect_failure(f.object, error::operation_outstanding);
        int refused = 0;
        f.object.async_receive([&](error_code ec, auto const&) {
            refused += ec == error::operation_outstanding ? 1 : 0;
        });
        f.object.async_wait(
            [&](error_code ec) { refused += ec == error::operation_outstanding ? 1 : 0; });
        f.context.restart();
        f.context.poll();
        BOOST_TEST(refused == 2);
        f.change();
        run(f.context);
        BOOST_TEST(completed == 1);
        BOOST_TEST(f.object.try_receive().size() == (takes ? 0U : 1U));
    }
}

/// The process gets SIGALRM, which does nothing, every 20 milliseconds.
class alarms
{
public:
    alarms()
    {
        struct sigaction ignoring = {};
        ignoring.sa_handler = [](int) {};
        BOOST_REQUIRE(::sigaction(SIGALRM, &ignoring, &before_) == 0);
        ::itimerval const often{{0, 20'000}, {0, 20'000}};
        BOOST_REQUIRE(::setitimer(ITIMER_REAL, &often, nullptr) == 0);
    }
    alarms(alarms const&) = delete;
    alarms& operator=(alarms const&) = delete;
    ~alarms()
    {
        ::itimerval const never{};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &before_, nullptr);
    }

private:
    struct sigaction before_ = {};
};

template <class Fixture>
void interrupted_by_a_signal()
{
    Fixture f;
    error_code received;
    error_code waited;
    {
        alarms const ringing;
        BOOST_TEST(f.object.receive(received).empty());
        f.object.wait(waited);
    }
    BOOST_TEST(received == asio::error::interrupted);
    BOOST_TEST(waited == asio::error::interrupted);
    f.change();
    BOOST_TEST(f.object.receive().size() == 1U);
}

template <class Fixture>
void cancelled_and_closed()
{
    Fixture f;
    error_code ec;
    f.object.async_wait([&](error_code failure) { ec = failure; });
    f.context.restart();
    f.context.poll();
    f.change();
    f.object.cancel();
    run(f.context);
    BOOST_TEST(ec == asio::error::operation_aborted);
    BOOST_TEST(f.object.try_receive().size() == 1U);
    f.object.close();
    expect_failure(f.object, asio::error::bad_descriptor);
}

} // namespace test::receive_cases

#endif
