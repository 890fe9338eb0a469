//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/after_hops.hpp"
#include "support/asio/scripted_pump.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <string>
#include <utility>

// How the operation of watchers ends without a batch, with a scripted engine.
BOOST_AUTO_TEST_SUITE(pump_ends)

namespace asio = boost::asio;
using test::error_code;
using test::pumping;
using test::scripted_engine;
using test::step_result;
using fixture = pumping<>;

// Between two steps nothing but the operation knows that there is work left.
BOOST_AUTO_TEST_CASE(moved_to_another_executor_type_between_two_steps)
{
    pumping<asio::io_context::executor_type> f;
    f.pump.async_receive(f.keep());
    f.order({step_result::again});
    f.context.restart();
    while (f.orders.steps == 0) {
        f.context.run_one();
    }
    f.orders.results = {step_result::deliver};
    fixture::pump_type other(std::move(f.pump));
    test::run(f.context);
    BOOST_TEST(f.calls == 1);
    BOOST_TEST((f.result == asio::error::operation_aborted));
    int second = 0;
    other.async_receive([&](error_code ec, std::string const& what) {
        ++second;
        BOOST_TEST(!ec);
        BOOST_TEST(what == "batch");
    });
    f.poll();
    BOOST_TEST(second == 1);
}

BOOST_FIXTURE_TEST_CASE(closed, fixture)
{
    pump.async_receive(keep());
    poll();
    pump.close();
    BOOST_TEST(orders.alive == 0);
    BOOST_TEST(calls == 0);
    test::run(context);
    expect_aborted();
    pump.async_receive(keep());
    BOOST_TEST(calls == 0);
    test::run(context);
    expect(asio::error::bad_descriptor, "");
    // Opened again before the old operation has completed.
    open();
    pump.async_receive(keep());
    order({step_result::again, step_result::deliver});
    context.restart();
    while (orders.steps == 0) {
        context.run_one();
    }
    pump.close();
    open();
    order({step_result::deliver});
    int second = 0;
    pump.async_receive([&](error_code ec, std::string const& what) {
        ++second;
        BOOST_TEST(!ec);
        BOOST_TEST(what == "batch");
    });
    test::run(context);
    expect_aborted();
    BOOST_TEST(second == 1);
}

BOOST_FIXTURE_TEST_CASE(closed_before_the_operation_of_a_closed_pump_ran, fixture)
{
    pump.close();
    pump.async_receive(keep());
    open();
    order({step_result::deliver});
    test::run(context);
    expect(asio::error::bad_descriptor, "");
    BOOST_TEST(orders.steps == 0);
}

BOOST_FIXTURE_TEST_CASE(moved_and_destroyed, fixture)
{
    auto first = std::make_unique<pump_type>(std::move(pump));
    BOOST_TEST(!pump.is_open());
    first->async_receive(keep());
    poll();
    pump = std::move(*first);
    BOOST_TEST(!first->is_open());
    first.reset();
    order({step_result::again, step_result::deliver});
    test::run(context);
    expect_batch();

    first = std::make_unique<pump_type>(std::move(pump));
    first->async_receive(keep());
    poll();
    first.reset();
    test::run(context);
    expect_aborted();
    BOOST_TEST(orders.alive == 0);

    open();
    pump.async_receive([&](error_code ec, std::string const& what) {
        keep()(ec, what);
        pump = pump_type(context.get_executor());
        BOOST_TEST(orders.alive == 0);
    });
    order({step_result::deliver});
    test::run(context);
    expect_batch();
}

// Once it was cancelled, an operation takes nothing, however far it was.
BOOST_FIXTURE_TEST_CASE(cancelled_when_the_engine_is_ready, fixture)
{
    for (int by_signal = 0; by_signal != 2; ++by_signal) {
        for (int hops = 0; hops != 6; ++hops) {
            order({step_result::again, step_result::deliver});
            asio::cancellation_signal signal;
            bool is_complete = false;
            bool is_cancelled = false;
            error_code got;
            test::after_hops(context, hops, [&] {
                is_cancelled = !is_complete;
                error_code ec;
                by_signal != 0 ? signal.emit(asio::cancellation_type::total) : pump.cancel(ec);
            });
            pump.async_receive(asio::bind_cancellation_slot(
                signal.slot(), [&](error_code ec, std::string const& what) {
                    is_complete = true;
                    got = ec;
                    BOOST_TEST(what.empty() == ec.failed());
                }));
            test::run(context);
            BOOST_TEST((got == asio::error::operation_aborted) == is_cancelled);
            if (is_cancelled) {
                pump.async_receive(keep());
                test::run(context);
                expect_batch();
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(moved_to_another_executor)
{
    pumping<asio::io_context::executor_type> f;
    asio::cancellation_signal signal;
    f.pump.async_receive(asio::bind_cancellation_slot(signal.slot(), f.keep()));
    f.poll();
    asio_inotify::detail::pump<scripted_engine, asio::any_io_executor> other(std::move(f.pump));
    BOOST_TEST(!f.pump.is_open());
    BOOST_TEST(f.orders.alive == 1);
    signal.emit(asio::cancellation_type::total);
    int second = 0;
    // At once: the old operation does not belong to this object.
    other.async_receive([&](error_code ec, std::string const&) {
        BOOST_TEST(!ec);
        ++second;
    });
    f.orders.results = {step_result::deliver};
    other.engine()->make_ready();
    test::run(f.context);
    f.expect_aborted();
    BOOST_TEST(second == 1);
    decltype(other) const closed(std::move(f.pump));
    BOOST_TEST(!closed.is_open());
}

BOOST_FIXTURE_TEST_CASE(cancelled, fixture)
{
    error_code ec;
    pump.async_receive(keep());
    poll();
    pump.cancel(ec);
    BOOST_TEST(!ec);
    test::run(context);
    expect_aborted();
    // While there is more work: the next operation does it.
    order({step_result::again, step_result::again, step_result::deliver});
    orders.on_step = [&] {
        if (orders.steps == 1) {
            asio::post(context, [&] { pump.cancel(ec); });
        }
    };
    pump.async_receive(keep());
    test::run(context);
    expect_aborted();
    BOOST_TEST(orders.wakes == 1);
    orders.results = {step_result::deliver};
    pump.async_receive(keep());
    test::run(context);
    expect_batch();
    pump.close();
    pump.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

BOOST_FIXTURE_TEST_CASE(cancelled_through_the_slot, fixture)
{
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal}) {
        orders.steps = 0;
        orders.wakes = 0;
        orders.on_step = nullptr;
        asio::cancellation_signal signal;
        auto const start = [&] {
            pump.async_receive(asio::bind_cancellation_slot(signal.slot(), keep()));
        };
        start();
        poll();
        signal.emit(type);
        test::run(context);
        expect_aborted();
        // During a step that has a batch: success wins.
        start();
        orders.on_step = [&] { signal.emit(type); };
        order({step_result::deliver});
        test::run(context);
        expect_batch();
        // During a step that has none.
        start();
        order({step_result::wait, step_result::deliver});
        test::run(context);
        expect_aborted();
        start();
        order({step_result::again, step_result::deliver});
        test::run(context);
        expect_aborted();
        // After each, so that the next operation does what is left.
        BOOST_TEST(orders.wakes == 2);
        orders.on_step = nullptr;
        orders.results = {step_result::deliver};
        start();
        test::run(context);
        expect_batch();
        signal.emit(type);
    }
}

BOOST_FIXTURE_TEST_CASE(a_signal_after_the_object_was_destroyed, fixture)
{
    asio::cancellation_signal signal;
    pump.async_receive(asio::bind_cancellation_slot(signal.slot(), keep()));
    poll();
    pump = pump_type(context.get_executor());
    signal.emit(asio::cancellation_type::total);
    test::run(context);
    expect_aborted();
    signal.emit(asio::cancellation_type::total);
}

BOOST_FIXTURE_TEST_CASE(the_context_is_destroyed_first, fixture)
{
    auto other = std::make_unique<asio::io_context>();
    auto held = std::make_shared<pump_type>(other->get_executor());
    error_code ec;
    held->open(std::make_unique<scripted_engine>(orders), ec);
    held->async_receive([held](error_code, std::string const&) {});
    std::weak_ptr<pump_type> const left = held;
    held.reset();
    other->poll();
    other.reset();
    BOOST_TEST(left.expired());
    BOOST_TEST(orders.alive == 1);
}

BOOST_AUTO_TEST_SUITE_END()
