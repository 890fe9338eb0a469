//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/tracker_executor.hpp"
#include "support/printing.hpp"
#include "support/tree/tree_operation.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace asio = boost::asio;
using asio_inotify::basic_tree_watcher;
using asio_inotify::tree_change_batch;
using asio_inotify::tree_watcher;
using test::error_code;

namespace {

using io_executor = asio::io_context::executor_type;
using pool_executor = asio::thread_pool::executor_type;

using executors = std::tuple<asio::any_io_executor, io_executor, asio::strand<io_executor>,
                             asio::strand<asio::any_io_executor>, test::tracker_executor,
                             asio::use_awaitable_t<>::executor_with_default<io_executor>,
                             asio::deferred_t::executor_with_default<asio::any_io_executor>>;

static_assert(std::same_as<tree_watcher, basic_tree_watcher<>>);
static_assert(std::same_as<tree_watcher::executor_type, asio::any_io_executor>);
static_assert(std::same_as<tree_watcher::native_handle_type, int>);
static_assert(std::same_as<tree_watcher::rebind_executor<io_executor>::other,
                           basic_tree_watcher<io_executor>>);
static_assert(std::is_nothrow_move_constructible_v<tree_watcher>);
static_assert(std::is_nothrow_move_assignable_v<tree_watcher>);
static_assert(!std::is_copy_constructible_v<tree_watcher>);
static_assert(!std::is_copy_assignable_v<tree_watcher>);
static_assert(!std::is_default_constructible_v<tree_watcher>);

static_assert(std::is_constructible_v<tree_watcher, asio::io_context&>);
static_assert(std::is_constructible_v<tree_watcher, asio::thread_pool&>);
static_assert(std::is_constructible_v<tree_watcher, io_executor>);
static_assert(std::is_constructible_v<tree_watcher, asio::strand<pool_executor>>);
static_assert(!std::is_convertible_v<asio::io_context&, tree_watcher>);
static_assert(!std::is_convertible_v<asio::any_io_executor, tree_watcher>);
static_assert(!std::is_constructible_v<tree_watcher, asio::io_context>);
static_assert(!std::is_constructible_v<tree_watcher, int>);
static_assert(!std::is_constructible_v<basic_tree_watcher<io_executor>, asio::thread_pool&>);
// Only to executors that the other one can become.
static_assert(std::is_constructible_v<tree_watcher, basic_tree_watcher<io_executor>&&>);
static_assert(std::is_convertible_v<basic_tree_watcher<io_executor>, tree_watcher>);
static_assert(!std::is_constructible_v<basic_tree_watcher<io_executor>, tree_watcher&&>);
static_assert(std::is_assignable_v<tree_watcher&, basic_tree_watcher<io_executor>&&>);

template <class Executor>
Executor make_executor(asio::io_context& context)
{
    if constexpr (std::same_as<Executor, test::tracker_executor>) {
        return {3, context.get_executor()};
    } else if constexpr (requires { typename Executor::inner_executor_type; } &&
                         std::is_constructible_v<Executor, asio::any_io_executor> &&
                         !std::is_constructible_v<Executor, io_executor>) {
        return Executor(asio::any_io_executor(context.get_executor()));
    } else {
        return Executor(context.get_executor());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(tree_async_executors)

// Every member with every executor.
BOOST_AUTO_TEST_CASE_TEMPLATE(every_member, Executor, executors)
{
    test::receive_fixture<> f;
    auto const executor = make_executor<Executor>(f.context);
    basic_tree_watcher<Executor> made(executor);
    BOOST_TEST((made.get_executor() == executor));
    BOOST_TEST(!made.is_open());
    BOOST_TEST(made.native_handle() == -1);
    BOOST_TEST(made.size() == 0U);
    BOOST_TEST(made.uncovered().empty());
    BOOST_TEST(made.counters().directories == 0U);
    error_code ec;
    made.open(ec);
    BOOST_TEST(!ec, ec.message());
    made.open(ec);
    BOOST_TEST(ec == asio::error::already_open);
    BOOST_CHECK_THROW(made.open(), boost::system::system_error);
    BOOST_TEST(made.native_handle() >= 0);
    made.close(ec);
    BOOST_TEST(!ec);
    made.close();
    asio_inotify::tree_options options;
    options.report_existing = true;
    made.open(options, ec);
    BOOST_TEST(!ec, ec.message());

    auto const root = f.dir.path();
    made.add(root, ec);
    BOOST_TEST(!ec, ec.message());
    BOOST_CHECK_THROW(made.add(root), boost::system::system_error);
    made.remove(root, ec);
    BOOST_TEST(!ec, ec.message());
    made.remove(root, ec);
    BOOST_TEST(ec == asio_inotify::error::path_not_watched);
    BOOST_CHECK_THROW(made.remove(root), boost::system::system_error);
    int added = 0;
    made.async_add(root, [&](error_code failure) { added += failure.failed() ? 0 : 1; });
    test::run(f.context);
    BOOST_TEST(added == 1);
    BOOST_TEST(made.size() == 1U);
    BOOST_TEST(made.counters().watches == 1U);
    made.cancel(ec);
    BOOST_TEST(!ec);
    made.cancel();

    basic_tree_watcher<Executor> moved(std::move(made));
    made = std::move(moved);
    basic_tree_watcher<asio::any_io_executor> converted(f.context);
    if constexpr (std::is_constructible_v<asio::any_io_executor, Executor> &&
                  !std::same_as<Executor, asio::any_io_executor>) {
        converted = std::move(made);
        BOOST_TEST(!made.is_open());
    } else {
        f.open(converted);
    }
    test::tree_outcome result;
    f.start_on(converted, f.into(result));
    f.dir.write("file");
    test::run(f.context);
    BOOST_TEST(result.calls == 1);
    BOOST_TEST(!result.ec, result.ec.message());
    made.close();
    made.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    BOOST_CHECK_THROW(made.cancel(), boost::system::system_error);
    made.add(root, ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    made.remove(root, ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(receives, Executor, executors)
{
    test::receive_fixture<> f;
    basic_tree_watcher<Executor> watcher(make_executor<Executor>(f.context));
    f.open(watcher);
    f.start_on(watcher, f.into());
    f.finish();
}

// A strand keeps together what runs on it, the steps of operations too.
BOOST_AUTO_TEST_CASE(handlers_of_a_strand)
{
    test::receive_fixture<> f;
    auto const strand = asio::make_strand(f.context);
    basic_tree_watcher<asio::strand<io_executor>> watcher(strand);
    f.open(watcher);
    f.start_on(watcher, [&](error_code ec, tree_change_batch const& batch) {
        BOOST_TEST(strand.running_in_this_thread());
        f.result(ec, batch);
    });
    f.finish();
}

BOOST_AUTO_TEST_SUITE_END()
