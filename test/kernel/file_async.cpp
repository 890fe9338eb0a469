//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "archetypes.hpp"
#include "one_file.hpp"
#include "tracker_executor.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// The asynchronous operation of a file watcher: tokens, handlers, executors.
BOOST_AUTO_TEST_SUITE(file_async)

namespace asio = boost::asio;
using asio_inotify::basic_file_watcher;
using asio_inotify::file_change_batch;
using asio_inotify::file_watcher;
using test::error;
using test::error_code;

template <class Watcher>
using wait_result = decltype(std::declval<Watcher&>().async_wait());

static_assert(asio::is_deferred<wait_result<file_watcher>>::value);
static_assert(
    asio::is_deferred<wait_result<basic_file_watcher<asio::io_context::executor_type>>>::value);
using awaiting = asio::use_awaitable_t<>::as_default_on_t<file_watcher>;
static_assert(std::same_as<wait_result<awaiting>, asio::awaitable<file_change_batch>>);
using awaiting_tuples = asio::as_tuple_t<asio::use_awaitable_t<>>::as_default_on_t<file_watcher>;
static_assert(std::same_as<wait_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<error_code, file_change_batch>>>);
static_assert(std::same_as<file_watcher::rebind_executor<asio::io_context::executor_type>::other,
                           basic_file_watcher<asio::io_context::executor_type>>);
static_assert(std::is_nothrow_move_constructible_v<file_watcher>);
static_assert(!std::is_copy_constructible_v<file_watcher>);
static_assert(std::ranges::contiguous_range<file_change_batch>);

using test::one_file;
using outcome = test::file_outcome;
using fixture = one_file<>;

BOOST_FIXTURE_TEST_CASE(callback_and_future, fixture)
{
    watcher.async_wait(into());
    finish();
    auto future = watcher.async_wait(asio::use_future);
    make_ready();
    test::run(context);
    BOOST_TEST(future.get().front().path == file.native());
    watcher.async_wait(asio::detached);
    make_ready();
    test::run(context);
    BOOST_TEST(watcher.poll().empty());
    auto failing = watcher.async_wait(asio::use_future);
    watcher.close();
    test::run(context);
    BOOST_CHECK_EXCEPTION(static_cast<void>(failing.get()), boost::system::system_error,
                          [](auto const& e) { return e.code() == asio::error::operation_aborted; });
}

asio::awaitable<void> await_each(fixture& f, int& rounds)
{
    f.make_ready();
    auto batch = co_await f.watcher.async_wait(asio::use_awaitable);
    rounds += batch.size() == 1 ? 1 : 0;
    f.make_ready();
    batch = co_await f.watcher.async_wait();
    rounds += batch.size() == 1 ? 1 : 0;
    f.make_ready();
    batch = co_await f.watcher.async_wait(asio::deferred);
    rounds += batch.size() == 1 ? 1 : 0;
    f.make_ready();
    auto const [ec, changes] = co_await f.watcher.async_wait(asio::as_tuple(asio::use_awaitable));
    rounds += !ec && changes.size() == 1 ? 1 : 0;
    f.make_ready();
    error_code failure;
    batch = co_await f.watcher.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    rounds += !failure && batch.size() == 1 ? 1 : 0;
    f.watcher.close();
    try {
        co_await f.watcher.async_wait();
    } catch (boost::system::system_error const& e) {
        BOOST_TEST(e.code() == asio::error::bad_descriptor);
        ++rounds;
    }
}

BOOST_FIXTURE_TEST_CASE(coroutines, fixture)
{
    int rounds = 0;
    asio::co_spawn(context, await_each(*this, rounds), test::rethrow);
    test::run(context);
    BOOST_TEST(rounds == 6);
}

asio::awaitable<void> await_by_default(awaiting& watcher, int& rounds)
{
    auto const batch = co_await watcher.async_wait();
    rounds += batch.size() == 1 ? 1 : 0;
}

BOOST_FIXTURE_TEST_CASE(the_executors_default, fixture)
{
    int rounds = 0;
    make_ready();
    auto set = asio::use_awaitable.as_default_on(std::move(watcher));
    static_assert(std::same_as<decltype(set), awaiting>);
    asio::co_spawn(context, await_by_default(set, rounds), test::rethrow);
    test::run(context);
    BOOST_TEST(rounds == 1);
}

BOOST_FIXTURE_TEST_CASE(deferred_starts_only_when_called, fixture)
{
    auto operation = watcher.async_wait(asio::deferred);
    make_ready();
    test::run(context); // nothing was started: no work
    BOOST_TEST(watcher.poll().size() == 1U);
    std::move(operation)(into());
    finish();
    file_watcher late(context);
    auto before = late.async_wait(asio::deferred);
    open(late);
    std::move(before)(into());
    finish();
    auto launch = watcher.async_wait(test::lazy_token());
    test::run(context);
    launch(into());
    finish();
}

BOOST_AUTO_TEST_CASE(initiations_tell_their_executor)
{
    one_file<asio::io_context::executor_type> f;
    BOOST_TEST((f.watcher.async_wait(test::executor_of_initiation()) == f.context.get_executor()));
    BOOST_TEST((f.watcher.get_executor() == f.context.get_executor()));
}

struct picky_handler
{
    explicit picky_handler(outcome& o, std::shared_ptr<int> kept)
        : result(&o)
        , alive(std::move(kept))
    {}
    picky_handler(picky_handler&&) noexcept = default;
    picky_handler& operator=(picky_handler&&) = delete;
    ~picky_handler() = default;

    void operator()(error_code ec, file_change_batch const& batch) && { (*result)(ec, batch); }

    outcome* result;
    std::shared_ptr<int> alive;
};

BOOST_FIXTURE_TEST_CASE(moved_not_copied_and_called_as_an_rvalue, fixture)
{
    auto const kept = std::make_shared<int>(0);
    watcher.async_wait(picky_handler(result, kept));
    BOOST_TEST(kept.use_count() == 2);
    finish();
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(an_unfinished_handler_is_destroyed_and_not_called)
{
    auto const kept = std::make_shared<int>(0);
    outcome result;
    for (bool const ready : {false, true}) {
        fixture f;
        if (ready) {
            f.make_ready();
        }
        f.watcher.async_wait(picky_handler(result, kept));
        BOOST_TEST(kept.use_count() == 2);
    }
    BOOST_TEST(kept.use_count() == 1);
    BOOST_TEST(result.calls == 0);
}

BOOST_AUTO_TEST_CASE(called_later_and_on_the_associated_executor_only)
{
    std::vector<int> const inside{7};
    struct early_end
    {
        std::function<void(file_watcher&)> prepare;
        error_code expected;
    };
    std::vector<early_end> const ends{
        {[](auto& w) { w.close(); }, asio::error::bad_descriptor},
        {[](auto& w) { w = file_watcher(w.get_executor()); }, asio::error::bad_descriptor},
        {[](auto& w) { file_watcher const taken = std::move(w); }, asio::error::bad_descriptor},
        {[](auto&) {}, {}},
        {[](auto& w) { w.async_wait(asio::detached); }, error::operation_outstanding},
    };
    for (auto const& end : ends) {
        fixture f;
        if (end.expected != error::operation_outstanding) {
            f.make_ready();
        }
        end.prepare(f.watcher);
        bool initiating = false;
        asio::post(f.context, [&] {
            initiating = true;
            f.watcher.async_wait(
                asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                    [&](error_code ec, file_change_batch const& batch) {
                                        BOOST_TEST(!initiating);
                                        BOOST_TEST(test::tracker_executor::stack() == inside,
                                                   boost::test_tools::per_element());
                                        f.result(ec, batch);
                                        f.watcher.close();
                                    }));
            initiating = false;
        });
        test::run(f.context);
        BOOST_TEST(f.result.calls == 1);
        BOOST_TEST(f.result.ec == end.expected);
    }
}

BOOST_AUTO_TEST_CASE(called_on_the_watchers_executor_without_one_of_its_own)
{
    fixture f;
    test::tracker_executor const tracker(3, f.context.get_executor());
    basic_file_watcher<test::tracker_executor> tracked(tracker);
    f.open(tracked);
    std::vector<int> const inside{3};
    tracked.async_wait([&](error_code ec, file_change_batch const& batch) {
        BOOST_TEST(test::tracker_executor::stack() == inside, boost::test_tools::per_element());
        f.result(ec, batch);
    });
    f.finish();
}

BOOST_FIXTURE_TEST_CASE(work_on_the_handlers_context, fixture)
{
    asio::io_context other;
    watcher.async_wait(asio::bind_executor(other, into()));
    poll();
    other.poll();
    BOOST_TEST(!other.stopped()); // kept by the operation
    make_ready();
    while (result.calls == 0) {
        poll();
        other.restart();
        other.poll();
    }
    expect_success();
}

BOOST_FIXTURE_TEST_CASE(the_handlers_memory, fixture)
{
    test::memory_track track;
    test::counting_allocator<> const allocator(track);
    watcher.async_wait(
        asio::bind_allocator(allocator, [&](error_code ec, file_change_batch const& batch) {
            BOOST_TEST(track.bytes == 0U);
            result(ec, batch);
        }));
    BOOST_TEST(track.allocations > 0U);
    finish();
    BOOST_TEST(track.bytes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
