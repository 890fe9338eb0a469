//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Every completion token, on both operations: each must see the same event.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/experimental/promise.hpp>
#include <boost/asio/experimental/use_promise.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <future>
#include <memory>

namespace asio = boost::asio;
using test::operation_fixture;
using test::operations;

BOOST_AUTO_TEST_SUITE(async_tokens)

BOOST_AUTO_TEST_CASE_TEMPLATE(callback, Operation, operations)
{
    operation_fixture<Operation> f;
    f.start(test::into(f.result));
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lvalue_callback, Operation, operations)
{
    operation_fixture<Operation> f;
    auto handler = test::into(f.result);
    f.start(handler);
    f.finish();
    auto const& constant = handler;
    f.result = {};
    f.start(constant);
    f.finish("b");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future, Operation, operations)
{
    operation_fixture<Operation> f;
    auto future = f.start(asio::use_future);
    f.files.dir.write("a");
    test::run(f.context);
    if constexpr (Operation::reads) {
        f.result({}, future.get());
    } else {
        future.get();
        f.result({});
    }
    expect_events(f.operation, f.result, f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future_reports_errors, Operation, operations)
{
    operation_fixture<Operation> f;
    auto future = f.start(asio::use_future);
    f.files.in.close();
    test::run(f.context);
    BOOST_CHECK_EXCEPTION(future.get(), boost::system::system_error,
                          [](auto const& e) { return e.code() == asio::error::operation_aborted; });
}

template <class Operation>
asio::awaitable<void> await_one(operation_fixture<Operation>& f)
{
    if constexpr (Operation::reads) {
        auto const batch = co_await f.start(asio::use_awaitable);
        f.result({}, batch);
    } else {
        co_await f.start(asio::use_awaitable);
        f.result({});
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_awaitable, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::co_spawn(f.context, await_one(f), test::rethrow);
    f.finish();
}

template <class Operation>
asio::awaitable<void> await_deferred(operation_fixture<Operation>& f)
{
    auto operation = f.start(asio::deferred);
    static_assert(asio::is_deferred<decltype(operation)>::value);
    if constexpr (Operation::reads) {
        auto const batch = co_await std::move(operation)(asio::use_awaitable);
        f.result({}, batch);
    } else {
        co_await std::move(operation)(asio::use_awaitable);
        f.result({});
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::co_spawn(f.context, await_deferred(f), test::rethrow);
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred_starts_only_when_called, Operation, operations)
{
    operation_fixture<Operation> f;
    auto operation = f.start(asio::deferred);
    f.files.dir.write("early");
    test::run(f.context); // nothing was started: no work
    BOOST_TEST(f.files.drain() == test::name_list{"early"});
    std::move(operation)(test::into(f.result));
    f.finish();
}

template <class Operation>
asio::awaitable<void> await_tuple(operation_fixture<Operation>& f)
{
    auto const results = co_await f.start(asio::as_tuple(asio::use_awaitable));
    std::apply(test::into(f.result), results);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(as_tuple, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::co_spawn(f.context, await_tuple(f), test::rethrow);
    f.finish();
}

template <class Operation>
asio::awaitable<void> await_redirected(operation_fixture<Operation>& f, test::error_code& ec)
{
    if constexpr (Operation::reads) {
        auto const batch = co_await f.start(asio::redirect_error(asio::use_awaitable, ec));
        f.result(ec, batch);
    } else {
        co_await f.start(asio::redirect_error(asio::use_awaitable, ec));
        f.result(ec);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(redirect_error, Operation, operations)
{
    operation_fixture<Operation> f;
    test::error_code ec;
    asio::co_spawn(f.context, await_redirected(f, ec), test::rethrow);
    f.finish();

    f.result = {};
    asio::co_spawn(f.context, await_redirected(f, ec), test::rethrow);
    f.context.restart();
    f.context.poll();
    f.files.in.cancel();
    test::run(f.context);
    expect_aborted(f.result, f.files, {});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(detached, Operation, operations)
{
    operation_fixture<Operation> f;
    f.start(asio::detached);
    f.files.dir.write("a");
    test::run(f.context);
    // A read has taken the event, a wait has left it.
    BOOST_TEST(f.files.drain() == (Operation::reads ? test::name_list{} : test::name_list{"a"}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bind_executor, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::io_context other;
    f.start(asio::bind_executor(other, test::into(f.result)));
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(f.result.calls == 0);
    test::run(other);
    expect_events(f.operation, f.result, f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bind_allocator, Operation, operations)
{
    operation_fixture<Operation> f;
    f.start(asio::bind_allocator(std::allocator<char>(), test::into(f.result)));
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bind_cancellation_slot, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::cancellation_signal signal;
    f.start(asio::bind_cancellation_slot(signal.slot(), test::into(f.result)));
    f.finish();
    f.result = {};
    f.start(asio::bind_cancellation_slot(signal.slot(), test::into(f.result)));
    signal.emit(asio::cancellation_type::terminal);
    test::run(f.context);
    expect_aborted(f.result, f.files, {});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(append_prepend_consign, Operation, operations)
{
    operation_fixture<Operation> f;
    auto const kept = std::make_shared<int>(1);
    auto handler = [&](int first, test::error_code ec, auto... batch_and_last) {
        BOOST_TEST(first == 1);
        auto const arguments = std::tie(batch_and_last...);
        BOOST_TEST(std::get<sizeof...(batch_and_last) - 1>(arguments) == 2);
        BOOST_TEST(kept.use_count() == 2);
        if constexpr (Operation::reads) {
            f.result(ec, std::get<0>(arguments));
        } else {
            f.result(ec);
        }
    };
    f.start(asio::consign(asio::append(asio::prepend(handler, 1), 2), kept));
    f.finish();
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_promise, Operation, operations)
{
    operation_fixture<Operation> f;
    auto promise = f.start(asio::experimental::use_promise);
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(promise.completed());
    promise(test::into(f.result));
    test::run(f.context);
    expect_events(f.operation, f.result, f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(channel, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::experimental::channel<typename Operation::signature> results_of(f.context);
    // A pipeline of deferred operations, of which ours is the first.
    f.start(asio::deferred([&](auto... results) {
        return results_of.async_send(results..., asio::deferred);
    }))([](test::error_code ec) { BOOST_TEST(!ec); });
    results_of.async_receive(test::into(f.result));
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(parallel_group, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::steady_timer timer(f.context, test::deadline);
    int groups = 0;
    asio::experimental::make_parallel_group(timer.async_wait(asio::deferred),
                                            f.start(asio::deferred))
        .async_wait(
            asio::experimental::wait_for_one(),
            [&](std::array<std::size_t, 2> order, test::error_code timer_ec, auto... results) {
                ++groups;
                BOOST_TEST(order[0] == 1U);
                BOOST_TEST(timer_ec == asio::error::operation_aborted);
                f.result(results...);
            });
    f.finish();
    BOOST_TEST(groups == 1);
}

template <class Operation>
asio::awaitable<void> await_with_timer(operation_fixture<Operation>& f, asio::steady_timer& timer)
{
    using namespace asio::experimental::awaitable_operators;
    auto const results = co_await (f.start(asio::as_tuple(asio::use_awaitable)) ||
                                   timer.async_wait(asio::as_tuple(asio::use_awaitable)));
    if (results.index() == 0) {
        std::apply(test::into(f.result), std::get<0>(results));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(awaitable_or, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::steady_timer timer(f.context, test::deadline);
    asio::co_spawn(f.context, await_with_timer(f, timer), test::rethrow);
    f.finish();

    // The other wins: the operation is cancelled, and what comes afterwards is still there.
    f.result = {};
    timer.expires_at(asio::steady_timer::time_point::min());
    asio::co_spawn(f.context, await_with_timer(f, timer), test::rethrow);
    test::run(f.context);
    BOOST_TEST(f.result.calls == 0);
    f.files.dir.write("b");
    BOOST_TEST(f.files.drain() == test::name_list{"b"});
}

BOOST_AUTO_TEST_SUITE_END()
