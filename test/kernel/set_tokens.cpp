//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Every completion token, on both operations of a set: each must give the same result. And the
// token that is not written: the executor's own default, else deferred.

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/asio/archetypes.hpp"
#include "support/set/set_operation.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <concepts>
#include <future>
#include <memory>
#include <utility>

namespace asio = boost::asio;
using asio_inotify::basic_watch_set;
using asio_inotify::watch_event_batch;
using asio_inotify::watch_set;
using test::error_code;
using test::set_fixture;
using test::set_operations;

namespace {

template <class Set>
using read_result =
    decltype(std::declval<Set&>().async_read_events(std::declval<asio::mutable_buffer>()));

template <class Set>
using recycle_result = decltype(async_recycle(std::declval<Set&>()));

static_assert(asio::is_deferred<read_result<watch_set>>::value);
static_assert(asio::is_deferred<recycle_result<watch_set>>::value);
static_assert(
    asio::is_deferred<read_result<basic_watch_set<asio::io_context::executor_type>>>::value);

using awaiting = asio::use_awaitable_t<>::as_default_on_t<watch_set>;
static_assert(std::same_as<read_result<awaiting>, asio::awaitable<watch_event_batch>>);
static_assert(std::same_as<recycle_result<awaiting>, asio::awaitable<std::size_t>>);

using awaiting_tuples = asio::as_tuple_t<asio::use_awaitable_t<>>::as_default_on_t<watch_set>;
static_assert(std::same_as<read_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<error_code, watch_event_batch>>>);
static_assert(std::same_as<recycle_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<error_code, std::size_t>>>);

} // namespace

BOOST_AUTO_TEST_SUITE(set_tokens)

BOOST_AUTO_TEST_CASE_TEMPLATE(callback, Operation, set_operations)
{
    set_fixture<Operation> f;
    auto const handler = f.into();
    f.start(handler);
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future, Operation, set_operations)
{
    set_fixture<Operation> f;
    auto future = f.start(asio::use_future);
    f.make_ready();
    test::run(f.context);
    f.result({}, future.get());
    f.expect_success();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future_reports_errors, Operation, set_operations)
{
    set_fixture<Operation> f;
    auto future = f.start(asio::use_future);
    f.set.close();
    test::run(f.context);
    try {
        static_cast<void>(future.get());
        BOOST_ERROR("no exception");
    } catch (boost::system::system_error const& e) {
        BOOST_TEST(e.code() == asio::error::operation_aborted);
    }
}

template <class Operation>
asio::awaitable<void> await_each(set_fixture<Operation>& f, int& rounds)
{
    f.result({}, co_await f.start(asio::use_awaitable));
    f.expect_success();
    ++rounds;

    f.once_more();
    f.result({}, co_await f.start());
    f.expect_success();
    ++rounds;

    f.once_more();
    f.result({}, co_await f.start(asio::deferred));
    f.expect_success();
    ++rounds;

    f.once_more();
    auto const [ec, what] = co_await f.start(asio::as_tuple(asio::use_awaitable));
    f.result(ec, what);
    f.expect_success();
    ++rounds;

    f.once_more();
    error_code failure;
    f.result({}, co_await f.start(asio::redirect_error(asio::use_awaitable, failure)));
    f.expect_success();
    BOOST_TEST(!failure);
    ++rounds;

    f.set.close();
    try {
        co_await f.start(asio::use_awaitable);
    } catch (boost::system::system_error const& e) {
        BOOST_TEST(e.code() == asio::error::bad_descriptor);
        ++rounds;
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines, Operation, set_operations)
{
    set_fixture<Operation> f;
    int rounds = 0;
    f.make_ready();
    asio::co_spawn(f.context, await_each(f, rounds), test::rethrow);
    test::run(f.context);
    BOOST_TEST(rounds == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred_starts_only_when_called, Operation, set_operations)
{
    set_fixture<Operation> f;
    auto operation = f.start(asio::deferred);
    static_assert(asio::is_deferred<decltype(operation)>::value);
    f.dir.write("early");
    test::run(f.context); // nothing was started: no work
    BOOST_TEST(test::drain(f.set).size() == 1U);
    std::move(operation)(f.into());
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred_before_the_set_was_opened, Operation, set_operations)
{
    set_fixture<Operation> f;
    watch_set late(f.context);
    auto operation = f.operation(late, asio::deferred);
    late.open();
    f.prepare(late);
    std::move(operation)(f.into());
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lazy_token, Operation, set_operations)
{
    set_fixture<Operation> f;
    auto launch = f.start(test::lazy_token());
    test::run(f.context);
    launch(f.into());
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(initiations_have_an_executor, Operation, set_operations)
{
    set_fixture<Operation, asio::io_context::executor_type> f;
    BOOST_TEST((f.start(test::executor_of_initiation()) == f.context.get_executor()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(detached, Operation, set_operations)
{
    set_fixture<Operation> f;
    f.start(asio::detached);
    f.make_ready();
    test::run(f.context);
    BOOST_TEST(test::drain(f.set).size() == (Operation::reads ? 0U : 1U));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(consign, Operation, set_operations)
{
    set_fixture<Operation> f;
    auto const kept = std::make_shared<int>(1);
    f.start(asio::consign(f.into(), kept));
    BOOST_TEST(kept.use_count() == 2);
    f.finish();
    BOOST_TEST(kept.use_count() == 1);
}

template <class Set>
asio::awaitable<void> await_by_default(Set& set, int& rounds)
{
    asio_inotify::event_buffer<4096> buffer;
    auto const batch = co_await set.async_read_events(buffer);
    BOOST_TEST(batch.front().name() == "a");
    BOOST_TEST(co_await async_recycle(set) == 1U);
    ++rounds;
}

BOOST_AUTO_TEST_CASE(the_executors_default)
{
    set_fixture<test::set_read_operation> f;
    int rounds = 0;
    f.make_ready();
    auto set = asio::use_awaitable.as_default_on(std::move(f.set));
    static_assert(std::same_as<decltype(set), awaiting>);
    asio::co_spawn(f.context, await_by_default(set, rounds), test::rethrow);
    test::run(f.context);
    BOOST_TEST(rounds == 1);
}

BOOST_AUTO_TEST_SUITE_END()
