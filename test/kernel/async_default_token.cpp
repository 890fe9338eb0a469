//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The token that is not written: the executor's own default, else deferred.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/version.hpp>

#if BOOST_VERSION >= 108600
#include <boost/asio/cancel_after.hpp>
#endif

#include <concepts>
#include <future>

namespace asio = boost::asio;
using asio_inotify::basic_inotify;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::inotify;
using test::error_code;

namespace {

template <class Inotify>
using read_result =
    decltype(std::declval<Inotify&>().async_read_events(std::declval<asio::mutable_buffer>()));

template <class Inotify>
using wait_result = decltype(std::declval<Inotify&>().async_wait(inotify::wait_read));

// Deferred, where the executor says nothing.
static_assert(asio::is_deferred<read_result<inotify>>::value);
static_assert(asio::is_deferred<wait_result<inotify>>::value);
static_assert(
    asio::is_deferred<read_result<basic_inotify<asio::io_context::executor_type>>>::value);
static_assert(
    asio::is_deferred<wait_result<basic_inotify<asio::thread_pool::executor_type>>>::value);

// What the executor says, through all three ways of saying it.
using awaiting = asio::use_awaitable_t<>::as_default_on_t<inotify>;
static_assert(std::same_as<read_result<awaiting>, asio::awaitable<event_batch>>);
static_assert(std::same_as<wait_result<awaiting>, asio::awaitable<void>>);

using awaiting_tuples = asio::as_tuple_t<asio::use_awaitable_t<>>::as_default_on_t<inotify>;
static_assert(std::same_as<read_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<error_code, event_batch>>>);
static_assert(std::same_as<wait_result<awaiting_tuples>, asio::awaitable<std::tuple<error_code>>>);

using explicit_default =
    basic_inotify<asio::use_awaitable_t<>::executor_with_default<asio::io_context::executor_type>>;
static_assert(std::same_as<read_result<explicit_default>, asio::awaitable<event_batch>>);

struct future_executor : asio::io_context::executor_type
{
    using default_completion_token_type = asio::use_future_t<>;

    template <std::convertible_to<asio::io_context::executor_type> Inner>
    future_executor(Inner const& inner) noexcept
        : asio::io_context::executor_type(inner)
    {}
};

using promising = basic_inotify<future_executor>;
static_assert(std::same_as<read_result<promising>, std::future<event_batch>>);
static_assert(std::same_as<wait_result<promising>, std::future<void>>);

} // namespace

BOOST_AUTO_TEST_SUITE(async_default_token)

template <class Inotify>
asio::awaitable<void> read_and_wait(Inotify& in, test::outcome& result)
{
    event_buffer<4096> buffer;
    co_await in.async_wait(Inotify::wait_read);
    result({}, co_await in.async_read_events(buffer));
}

BOOST_AUTO_TEST_CASE(nothing_said_is_deferred_and_can_be_awaited_from_use_awaitable)
{
    asio::io_context context;
    test::watched<> files{context};
    event_buffer<4096> buffer;
    test::outcome result;
    auto wait = files.in.async_wait(inotify::wait_read);
    auto read = files.in.async_read_events(buffer);
    std::move(wait)([&](error_code ec) {
        BOOST_TEST(!ec);
        std::move(read)(test::into(result));
    });
    files.dir.write("a");
    test::run(context);
    BOOST_TEST(result.seen == test::name_list{"a"});
}

BOOST_AUTO_TEST_CASE(as_default_on_an_object)
{
    asio::io_context context;
    test::watched<> files{context};
    auto in = asio::use_awaitable.as_default_on(std::move(files.in));
    static_assert(std::same_as<decltype(in), awaiting>);
    test::outcome result;
    asio::co_spawn(context, read_and_wait(in, result), test::rethrow);
    files.dir.write("a");
    test::run(context);
    BOOST_TEST(result.seen == test::name_list{"a"});
}

BOOST_AUTO_TEST_CASE(as_default_on_a_type)
{
    asio::io_context context;
    test::watched<awaiting::executor_type> files{context};
    test::outcome result;
    asio::co_spawn(context, read_and_wait(files.in, result), test::rethrow);
    files.dir.write("a");
    test::run(context);
    BOOST_TEST(result.seen == test::name_list{"a"});
}

asio::awaitable<void> read_tuples(awaiting_tuples& in, test::outcome& result)
{
    event_buffer<4096> buffer;
    auto const [wait_failure] = co_await in.async_wait(awaiting_tuples::wait_read);
    BOOST_TEST(!wait_failure);
    auto const [ec, batch] = co_await in.async_read_events(buffer);
    result(ec, batch);
}

BOOST_AUTO_TEST_CASE(as_tuple_on_use_awaitable)
{
    asio::io_context context;
    test::watched<awaiting_tuples::executor_type> files{context};
    test::outcome result;
    asio::co_spawn(context, read_tuples(files.in, result), test::rethrow);
    files.dir.write("a");
    test::run(context);
    BOOST_TEST(result.seen == test::name_list{"a"});
    BOOST_TEST(!result.ec);
}

BOOST_AUTO_TEST_CASE(executor_with_default)
{
    asio::io_context context;
    test::watched<explicit_default::executor_type> files{context};
    test::outcome result;
    asio::co_spawn(context, read_and_wait(files.in, result), test::rethrow);
    files.dir.write("a");
    test::run(context);
    BOOST_TEST(result.seen == test::name_list{"a"});
}

BOOST_AUTO_TEST_CASE(an_executor_of_the_users_own)
{
    asio::io_context context;
    test::watched<future_executor> files{context};
    event_buffer<4096> buffer;
    auto waited = files.in.async_wait(promising::wait_read);
    files.dir.write("a");
    test::run(context);
    waited.get();
    auto read = files.in.async_read_events(buffer);
    test::run(context);
    BOOST_TEST(test::names(read.get()) == test::name_list{"a"});
}

// Tokens that adapt "the default one", whatever it is.
template <class Inotify>
asio::awaitable<void> partial_tokens(Inotify& in, test::outcome& result)
{
    event_buffer<4096> buffer;
    error_code ec;
#if BOOST_VERSION >= 108600
    using namespace std::chrono_literals;
    co_await in.async_wait(Inotify::wait_read, asio::cancel_after(test::deadline));
    auto const batch = co_await in.async_read_events(buffer, asio::redirect_error(ec));
    result(ec, batch);
#else
    auto const [wait_failure] = co_await in.async_wait(
        Inotify::wait_read,
        asio::as_tuple_t<asio::default_completion_token_t<typename Inotify::executor_type>>());
    BOOST_TEST(!wait_failure);
    auto const batch = co_await in.async_read_events(
        buffer, asio::redirect_error(
                    asio::default_completion_token_t<typename Inotify::executor_type>(), ec));
    result(ec, batch);
#endif
}

BOOST_AUTO_TEST_CASE(tokens_around_the_default)
{
    asio::io_context context;
    test::watched<awaiting::executor_type> files{context};
    test::outcome result;
    asio::co_spawn(context, partial_tokens(files.in, result), test::rethrow);
    files.dir.write("a");
    test::run(context);
    BOOST_TEST(result.seen == test::name_list{"a"});
    BOOST_TEST(!result.ec);
}

BOOST_AUTO_TEST_SUITE_END()
