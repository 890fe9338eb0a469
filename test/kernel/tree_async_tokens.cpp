//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_watcher_saving.hpp>

#include "support/asio/token_cases.hpp"
#include "support/tree/tree_operation.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <tuple>
#include <utility>

namespace asio = boost::asio;
using asio_inotify::tree_change_batch;
using asio_inotify::tree_watcher;
using fixtures = test::tree_fixtures;

namespace {

// What the functions return without a token.

template <class Watcher>
using receive_result = decltype(std::declval<Watcher&>().async_receive());

template <class Watcher>
using add_root_result = decltype(std::declval<Watcher&>().async_add(""));

template <class Watcher>
using restore_result =
    decltype(async_restore(std::declval<Watcher&>(), asio_inotify::tree_snapshot()));

static_assert(asio::is_deferred<receive_result<tree_watcher>>::value);
static_assert(asio::is_deferred<restore_result<tree_watcher>>::value);
static_assert(asio::is_deferred<add_root_result<tree_watcher>>::value);

using awaiting = asio::use_awaitable_t<>::as_default_on_t<tree_watcher>;
static_assert(std::same_as<receive_result<awaiting>, asio::awaitable<tree_change_batch>>);
static_assert(std::same_as<add_root_result<awaiting>, asio::awaitable<void>>);
static_assert(std::same_as<restore_result<awaiting>, asio::awaitable<void>>);

using awaiting_tuples = asio::as_tuple_t<asio::use_awaitable_t<>>::as_default_on_t<tree_watcher>;
static_assert(std::same_as<receive_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<test::error_code, tree_change_batch>>>);
static_assert(
    std::same_as<add_root_result<awaiting_tuples>, asio::awaitable<std::tuple<test::error_code>>>);

} // namespace

BOOST_AUTO_TEST_SUITE(tree_async_tokens)

namespace cases = test::token_cases;

BOOST_AUTO_TEST_CASE_TEMPLATE(callback, Fixture, fixtures)
{
    cases::callback<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future, Fixture, fixtures)
{
    cases::use_future<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future_reports_errors, Fixture, fixtures)
{
    cases::use_future_reports_errors<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines, Fixture, fixtures)
{
    cases::coroutines<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred_starts_only_when_called, Fixture, fixtures)
{
    cases::deferred_starts_only_when_called<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lazy_token, Fixture, fixtures)
{
    cases::lazy_token<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(initiations_have_an_executor, Fixture, fixtures)
{
    cases::initiations_have_an_executor<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(detached, Fixture, fixtures)
{
    cases::detached<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(consign, Fixture, fixtures)
{
    cases::consign<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_executors_default, Fixture, fixtures)
{
    cases::the_executors_default<Fixture>();
}

BOOST_AUTO_TEST_SUITE_END()
