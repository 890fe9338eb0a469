//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/handler_cases.hpp"
#include "support/asio/token_cases.hpp"
#include "support/file/file_operation.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <concepts>
#include <filesystem>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

// The asynchronous operation of a file watcher: tokens, handlers, executors.
BOOST_AUTO_TEST_SUITE(file_async)

namespace asio = boost::asio;
namespace tokens = test::token_cases;
namespace handlers = test::handler_cases;
using asio_inotify::basic_file_watcher;
using asio_inotify::file_change_batch;
using asio_inotify::file_watcher;
using test::error_code;
using fixture = test::file_receive_fixture<>;
using waiting = test::file_wait_fixture<>;

template <class Watcher>
using wait_result = decltype(std::declval<Watcher&>().async_receive());

using io_executor = asio::io_context::executor_type;
static_assert(asio::is_deferred<wait_result<file_watcher>>::value);
static_assert(asio::is_deferred<wait_result<basic_file_watcher<io_executor>>>::value);
using awaiting = asio::use_awaitable_t<>::as_default_on_t<file_watcher>;
static_assert(std::same_as<wait_result<awaiting>, asio::awaitable<file_change_batch>>);
using awaiting_tuples = asio::as_tuple_t<asio::use_awaitable_t<>>::as_default_on_t<file_watcher>;
static_assert(std::same_as<wait_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<error_code, file_change_batch>>>);

static_assert(std::same_as<file_watcher, basic_file_watcher<>>);
static_assert(std::same_as<file_watcher::executor_type, asio::any_io_executor>);
static_assert(std::same_as<file_watcher::rebind_executor<io_executor>::other,
                           basic_file_watcher<io_executor>>);
static_assert(std::is_nothrow_move_constructible_v<file_watcher>);
static_assert(std::is_nothrow_move_assignable_v<file_watcher>);
static_assert(!std::is_copy_constructible_v<file_watcher>);
static_assert(!std::is_copy_assignable_v<file_watcher>);
static_assert(!std::is_default_constructible_v<file_watcher>);
static_assert(std::is_constructible_v<file_watcher, asio::thread_pool&>);
static_assert(!std::is_convertible_v<asio::io_context&, file_watcher>);
static_assert(!std::is_convertible_v<asio::any_io_executor, file_watcher>);
static_assert(!std::is_constructible_v<file_watcher, asio::io_context>);
static_assert(!std::is_constructible_v<file_watcher, int>);
static_assert(!std::is_constructible_v<basic_file_watcher<io_executor>, asio::thread_pool&>);
// Only to executors that the other one can become.
static_assert(std::is_convertible_v<basic_file_watcher<io_executor>, file_watcher>);
static_assert(!std::is_constructible_v<basic_file_watcher<io_executor>, file_watcher&&>);
static_assert(std::ranges::random_access_range<file_change_batch>);

BOOST_AUTO_TEST_CASE(tokens_of_all_kinds)
{
    tokens::callback<fixture>();
    tokens::callback<waiting>();
    tokens::use_future<fixture>();
    tokens::use_future<waiting>();
    tokens::use_future_reports_errors<fixture>();
    tokens::use_future_reports_errors<waiting>();
    tokens::coroutines<fixture>();
    tokens::coroutines<waiting>();
    tokens::deferred_starts_only_when_called<fixture>();
    tokens::deferred_starts_only_when_called<waiting>();
    tokens::lazy_token<fixture>();
    tokens::lazy_token<waiting>();
    tokens::detached<fixture>();
    tokens::detached<waiting>();
    tokens::consign<fixture>();
    tokens::consign<waiting>();
}

BOOST_AUTO_TEST_CASE(executors_of_tokens)
{
    tokens::initiations_have_an_executor<fixture>();
    tokens::initiations_have_an_executor<waiting>();
    tokens::the_executors_default<fixture>();
    tokens::the_executors_default<waiting>();
}

BOOST_AUTO_TEST_CASE(moved_not_copied_and_called_as_an_rvalue)
{
    handlers::moved_not_copied_and_called_as_an_rvalue<fixture>();
    handlers::moved_not_copied_and_called_as_an_rvalue<waiting>();
}

BOOST_AUTO_TEST_CASE(an_unfinished_handler_is_destroyed_and_not_called)
{
    handlers::an_unfinished_handler_is_destroyed_and_not_called<fixture>();
    handlers::an_unfinished_handler_is_destroyed_and_not_called<waiting>();
}

BOOST_AUTO_TEST_CASE(called_later_and_on_the_associated_executor_only)
{
    handlers::called_later_and_on_the_associated_executor_only<fixture>();
    handlers::called_later_and_on_the_associated_executor_only<waiting>();
}

BOOST_AUTO_TEST_CASE(called_on_the_objects_executor_without_one_of_its_own)
{
    handlers::called_on_the_objects_executor_without_one_of_its_own<fixture>();
    handlers::called_on_the_objects_executor_without_one_of_its_own<waiting>();
}

BOOST_AUTO_TEST_CASE(an_outstanding_operation_is_work)
{
    handlers::an_outstanding_operation_is_work<fixture>();
    handlers::an_outstanding_operation_is_work<waiting>();
}

BOOST_AUTO_TEST_CASE(the_handlers_allocator_is_used_and_free_before_the_call)
{
    handlers::the_handlers_allocator_is_used_and_free_before_the_call<fixture>();
    handlers::the_handlers_allocator_is_used_and_free_before_the_call<waiting>();
    handlers::its_memory_is_freed_when_the_operation_never_completes<fixture>();
    handlers::its_memory_is_freed_when_the_operation_never_completes<waiting>();
}

BOOST_AUTO_TEST_CASE(a_throwing_allocator)
{
    handlers::a_throwing_allocator<fixture>();
    handlers::a_throwing_allocator<waiting>();
}

BOOST_AUTO_TEST_CASE(exceptions_of_a_handler)
{
    handlers::exceptions_of_a_handler<fixture>();
    handlers::exceptions_of_a_handler<waiting>();
}

BOOST_AUTO_TEST_CASE(two_objects_on_one_context)
{
    handlers::two_objects_on_one_context<fixture>();
    handlers::two_objects_on_one_context<waiting>();
}

BOOST_AUTO_TEST_CASE(a_second_wait_is_refused)
{
    fixture f;
    f.start(f.into());
    test::file_outcome refused;
    asio::post(f.context, [&] {
        f.start(asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                    [&](error_code ec, file_change_batch const& batch) {
                                        handlers::expect_tracker(7);
                                        refused(ec, batch);
                                    }));
        BOOST_TEST(refused.calls == 0);
    });
    f.context.poll();
    BOOST_TEST(refused.calls == 1);
    BOOST_TEST(refused.ec == asio_inotify::error::operation_outstanding);
    error_code ec;
    BOOST_TEST(f.object.try_receive(ec).empty());
    BOOST_TEST(ec == asio_inotify::error::operation_outstanding);
    BOOST_TEST(f.result.calls == 0);
    f.finish();
}

using executors = std::tuple<asio::any_io_executor, io_executor, asio::strand<io_executor>,
                             asio::use_awaitable_t<>::executor_with_default<io_executor>,
                             asio::deferred_t::executor_with_default<asio::any_io_executor>>;

// Every member with every executor.
BOOST_AUTO_TEST_CASE_TEMPLATE(every_member, Executor, executors)
{
    fixture f;
    Executor const executor(f.context.get_executor());
    basic_file_watcher<Executor> made(executor);
    BOOST_TEST((made.get_executor() == executor));
    BOOST_TEST(!made.is_open());
    BOOST_TEST(made.native_handle() == -1);
    error_code ec;
    made.open(ec);
    BOOST_TEST(!ec, ec.message());
    BOOST_CHECK_THROW(made.open(), boost::system::system_error);
    BOOST_TEST(made.native_handle() >= 0);
    made.close(ec);
    BOOST_TEST(!ec);
    made.close();
    f.open(made);
    BOOST_CHECK_THROW(made.add(f.file), boost::system::system_error);
    made.remove(f.file);
    BOOST_CHECK_THROW(made.remove(f.file), boost::system::system_error);
    made.add(f.file, ec);
    made.remove(f.file, ec);
    made.add(f.file, {}, ec);
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(made.contains(f.file));
    BOOST_TEST((made.identity(f.file) == test::identity_of(f.file)));
    BOOST_TEST(made.size() == 1U);
    BOOST_TEST(!made.empty());
    BOOST_TEST(made.watches() > 1U);
    BOOST_TEST(made.try_receive().empty());
    BOOST_TEST(made.try_receive(ec).empty());
    BOOST_TEST(made.counters().looks > 1U);
    made.cancel(ec);
    BOOST_TEST(!ec);
    made.cancel();

    basic_file_watcher<Executor> moved(std::move(made));
    made = std::move(moved);
    f.start_on(made, f.into());
    f.finish();
    if constexpr (std::is_constructible_v<asio::any_io_executor, Executor> &&
                  !std::same_as<Executor, asio::any_io_executor>) {
        file_watcher converted(std::move(made));
        converted = basic_file_watcher<Executor>(executor);
    }
    made.close();
    BOOST_CHECK_THROW(made.cancel(), boost::system::system_error);
    BOOST_CHECK_THROW(made.add(f.file), boost::system::system_error);
    BOOST_CHECK_THROW(made.remove(f.file), boost::system::system_error);
    BOOST_CHECK_THROW(static_cast<void>(made.try_receive()), boost::system::system_error);
}

// A strand keeps together what runs on it, the steps of operations too.
BOOST_AUTO_TEST_CASE(handlers_of_a_strand)
{
    fixture f;
    auto const strand = asio::make_strand(f.context);
    basic_file_watcher<asio::strand<io_executor>> watcher(strand);
    f.open(watcher);
    f.start_on(watcher, [&](error_code ec, file_change_batch const& batch) {
        BOOST_TEST(strand.running_in_this_thread());
        f.result(ec, batch);
    });
    f.finish();
}

// A wait that a timer cancels has taken nothing, however close they come.
BOOST_AUTO_TEST_CASE(a_wait_or_a_timer)
{
    using namespace asio::experimental::awaitable_operators;
    test::temp_directory const dir;
    auto const file = dir.write("certificate");
    asio::thread_pool pool(2);
    auto const strand = asio::make_strand(pool);
    file_watcher watcher(strand);
    watcher.open();
    watcher.add(file);
    // Gives the number of changes that were reported; the next is made when one was.
    auto wait = [&]() -> asio::awaitable<int> {
        int reported = 0;
        asio::steady_timer timer(strand);
        auto const end = std::chrono::steady_clock::now() + test::deadline;
        for (int round = 0; reported != 300; ++round) {
            std::filesystem::rename(dir.write("new"), file);
            for (bool is_reported = false; !is_reported;) {
                if (std::chrono::steady_clock::now() > end) {
                    co_return reported;
                }
                timer.expires_after(std::chrono::microseconds(10 * (round % 40)));
                auto const first = co_await (watcher.async_receive(asio::use_awaitable) ||
                                             timer.async_wait(asio::use_awaitable));
                is_reported = first.index() == 0;
            }
            ++reported;
        }
        co_return reported;
    };
    auto reported = asio::co_spawn(strand, wait, asio::use_future);
    BOOST_TEST(reported.get() == 300);
    pool.join();
}

BOOST_AUTO_TEST_SUITE_END()
