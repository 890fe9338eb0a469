//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/asio/scripted_pump.hpp"
#include "support/asio/tracker_executor.hpp"
#include "support/printing.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <vector>

// The operation of watchers, with a scripted engine.
BOOST_AUTO_TEST_SUITE(pump)

namespace asio = boost::asio;
using test::error_code;
using test::pumping;
using test::scripted_engine;
using test::step_result;
using fixture = pumping<>;

BOOST_FIXTURE_TEST_CASE(waits_steps_and_delivers, fixture)
{
    pump.async_receive(keep());
    poll();
    BOOST_TEST(orders.steps == 0);
    order({step_result::wait});
    poll();
    BOOST_TEST(orders.steps == 1);
    BOOST_TEST(calls == 0);
    order({step_result::again, step_result::again, step_result::deliver});
    test::run(context);
    BOOST_TEST(orders.steps == 4);
    BOOST_TEST(orders.wakes == 0);
    expect_batch();
}

BOOST_FIXTURE_TEST_CASE(yields_to_other_handlers_between_steps, fixture)
{
    order({step_result::again, step_result::again, step_result::deliver});
    std::vector<int> steps_seen;
    std::function<void()> const note = [&] {
        steps_seen.push_back(orders.steps);
        if (calls == 0) {
            asio::post(context, note);
        }
    };
    orders.on_step = [&] {
        if (orders.steps == 1) {
            asio::post(context, note);
        }
    };
    pump.async_receive(keep());
    test::run(context);
    expect_batch();
    BOOST_TEST(std::count(steps_seen.begin(), steps_seen.end(), 1) > 0);
    BOOST_TEST(std::count(steps_seen.begin(), steps_seen.end(), 2) > 0);
}

BOOST_FIXTURE_TEST_CASE(a_failure_of_the_engine, fixture)
{
    orders.failure = make_error_code(boost::system::errc::not_enough_memory);
    order({step_result::deliver});
    pump.async_receive(keep());
    test::run(context);
    expect(orders.failure, "");
}

BOOST_FIXTURE_TEST_CASE(a_second_operation_is_refused, fixture)
{
    pump.async_receive(keep());
    poll();
    int refused = 0;
    pump.async_receive([&](error_code ec, std::string const& none) {
        ++refused;
        BOOST_TEST(ec == asio_inotify::error::operation_outstanding);
        BOOST_TEST(none.empty());
    });
    BOOST_TEST(refused == 0);
    poll();
    BOOST_TEST(refused == 1);
    order({step_result::deliver});
    test::run(context);
    expect_batch();
    // Not after the handler was called, nor after it was destroyed.
    order({step_result::deliver});
    pump.async_receive([&](error_code, std::string const&) {
        order({step_result::deliver});
        pump.async_receive(keep());
    });
    test::run(context);
    expect_batch();
}

BOOST_FIXTURE_TEST_CASE(on_the_handlers_executor_only, fixture)
{
    std::vector<int> const inside{5};
    test::tracker_executor const tracker(5, context.get_executor());
    orders.on_step = [&] {
        BOOST_TEST(test::tracker_executor::stack() == inside, boost::test_tools::per_element());
    };
    pump.async_receive(asio::bind_executor(tracker, [&](error_code ec, std::string const& what) {
        BOOST_TEST(test::tracker_executor::stack() == inside, boost::test_tools::per_element());
        keep()(ec, what);
    }));
    order({step_result::again, step_result::wait});
    poll();
    order({step_result::again, step_result::deliver});
    test::run(context);
    BOOST_TEST(orders.steps == 4);
    expect_batch();
}

// The executor of a future's handler runs posted functions on any thread.
BOOST_FIXTURE_TEST_CASE(steps_of_a_future_are_on_the_contexts_thread, fixture)
{
    auto const here = std::this_thread::get_id();
    orders.on_step = [&] { BOOST_TEST((std::this_thread::get_id() == here)); };
    auto future = pump.async_receive(asio::use_future);
    order({step_result::again, step_result::again, step_result::deliver});
    test::run(context);
    BOOST_TEST(future.get() == "batch");
    BOOST_TEST(orders.steps == 3);
}

BOOST_FIXTURE_TEST_CASE(allocation_free, fixture)
{
    std::size_t before = 0;
    for (int round = 0; round != 20; ++round) {
        if (round == 10) {
            before = test::allocation_count();
        }
        pump.async_receive([&](error_code, std::string const&) { ++calls; });
        poll();
        pump.engine()->make_ready();
        poll();
        error_code ec;
        pump.cancel(ec);
        poll();
    }
    BOOST_TEST(calls == 20);
    BOOST_TEST(test::allocation_count() == before);
}

BOOST_AUTO_TEST_SUITE_END()
