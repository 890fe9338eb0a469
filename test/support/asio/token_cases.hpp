//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_TOKEN_CASES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_TOKEN_CASES_HPP

#include "support/asio/archetypes.hpp"
#include "support/asio/async_operation.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

// What any asynchronous operation has to do with the tokens that there are. A Fixture has:
//     asio::io_context context;
//     object_type object;                     ready to start the operation
//     start(token...), start_on(object, ...)  starts it
//     open(object)                            makes another object ready
//     make_ready()                            lets there be what the operation waits for
//     once_more()                             lets it be started again, with a new result
//     outcome_type result; into(); into(outcome)
//     expect_success(), expect_success(outcome), expect_error(ec)
//     expect_done()                           an operation without a handler has succeeded
//     finish()                                makes ready, runs and expects success
//     value_type                              what handlers get besides an error
//     waits                                   if it completes only after make_ready
//     rebind<Executor>, object_on<Executor>
namespace test::token_cases {

/// Call a result with what a coroutine or a future gives.
template <class Fixture, class Get>
void note(Fixture& f, Get get)
{
    if constexpr (std::is_void_v<typename Fixture::value_type>) {
        get();
        f.result({});
    } else {
        f.result({}, get());
    }
}

template <class Fixture>
void callback()
{
    Fixture f;
    auto const handler = f.into();
    f.start(handler);
    f.finish();
}

template <class Fixture>
void use_future()
{
    Fixture f;
    auto future = f.start(asio::use_future);
    f.make_ready();
    run(f.context);
    note(f, [&] { return future.get(); });
    f.expect_success();
}

template <class Fixture>
void use_future_reports_errors()
{
    Fixture f;
    auto future = f.start(asio::use_future);
    f.object.close();
    run(f.context);
    auto const is_aborted = [](boost::system::system_error const& e) {
        return e.code() == asio::error::operation_aborted;
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(future.get()), boost::system::system_error, is_aborted);
}

template <class Fixture, class Token>
asio::awaitable<void> await_one(Fixture& f, Token token)
{
    if constexpr (std::is_void_v<typename Fixture::value_type>) {
        co_await f.start(token);
        f.result({});
    } else {
        f.result({}, co_await f.start(token));
    }
    f.expect_success();
}

template <class Fixture>
asio::awaitable<void> await_each(Fixture& f, int& rounds)
{
    co_await await_one(f, asio::use_awaitable);
    ++rounds;

    f.once_more();
    co_await await_one(f, asio::deferred);
    ++rounds;

    f.once_more();
    if constexpr (std::is_void_v<typename Fixture::value_type>) {
        co_await f.start();
        f.result({});
    } else {
        f.result({}, co_await f.start());
    }
    f.expect_success();
    ++rounds;

    f.once_more();
    auto const results = co_await f.start(asio::as_tuple(asio::use_awaitable));
    std::apply(f.into(), results);
    f.expect_success();
    ++rounds;

    f.once_more();
    error_code failure = asio::error::no_memory;
    co_await await_one(f, asio::redirect_error(asio::use_awaitable, failure));
    BOOST_TEST(!failure);
    ++rounds;

    f.object.close();
    try {
        co_await f.start(asio::use_awaitable);
    } catch (boost::system::system_error const& e) {
        BOOST_TEST(e.code() == asio::error::bad_descriptor);
        ++rounds;
    }
}

template <class Fixture>
void coroutines()
{
    Fixture f;
    int rounds = 0;
    f.make_ready();
    asio::co_spawn(f.context, await_each(f, rounds), rethrow);
    run(f.context);
    BOOST_TEST(rounds == 6);
}

template <class Fixture>
void deferred_starts_only_when_called()
{
    Fixture f;
    auto operation = f.start(asio::deferred);
    static_assert(asio::is_deferred<decltype(operation)>::value);
    static_assert(asio::is_deferred<decltype(f.start())>::value);
    run(f.context); // nothing was started: no work
    BOOST_TEST(f.result.calls == 0);
    // And as often as it is.
    std::as_const(operation)(f.into());
    f.finish();
    f.once_more();
    std::move(operation)(f.into());
    f.finish();
}

template <class Fixture>
void lazy_token()
{
    Fixture f;
    auto launch = f.start(test::lazy_token());
    run(f.context);
    launch(f.into());
    f.finish();
}

template <class Fixture>
void initiations_have_an_executor()
{
    typename Fixture::template rebind<asio::io_context::executor_type> f;
    BOOST_TEST((f.start(executor_of_initiation()) == f.context.get_executor()));
}

template <class Fixture>
void detached()
{
    Fixture f;
    f.start(asio::detached);
    f.make_ready();
    run(f.context);
    f.expect_done();
}

template <class Fixture>
void consign()
{
    Fixture f;
    auto const kept = std::make_shared<int>(1);
    f.start(asio::consign(f.into(), kept));
    BOOST_TEST(kept.use_count() == 2);
    f.finish();
    BOOST_TEST(kept.use_count() == 1);
}

template <class Object, class Fixture>
asio::awaitable<void> await_by_default(Object& object, Fixture& f)
{
    if constexpr (std::is_void_v<typename Fixture::value_type>) {
        co_await f.start_on(object);
        f.result({});
    } else {
        f.result({}, co_await f.start_on(object));
    }
}

template <class Fixture>
void the_executors_default()
{
    Fixture f;
    f.make_ready();
    auto object = asio::use_awaitable.as_default_on(std::move(f.object));
    static_assert(std::is_same_v<decltype(f.start_on(object)),
                                 asio::awaitable<typename Fixture::value_type>>);
    asio::co_spawn(f.context, await_by_default(object, f), rethrow);
    run(f.context);
    f.expect_success();
}

} // namespace test::token_cases

#endif
