//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/archetypes.hpp"
#include "support/asio/async_operation.hpp"
#include "support/asio/tracker_executor.hpp"
#include "support/set/connected_sets.hpp"
#include "support/set/saved_set.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// What the operations of a hand-over do with their handlers.
BOOST_FIXTURE_TEST_SUITE(set_hand_over_handlers, test::connected_sets)

using test::error;
using test::error_code;
using test::event_mask;

static_assert(asio::is_deferred<decltype(asio_inotify::async_hand_over(
                  std::declval<test::connected_sets::socket&>(),
                  std::declval<asio_inotify::watch_set&>(), {}))>::value);
static_assert(asio::is_deferred<decltype(asio_inotify::async_take_over(
                  std::declval<test::connected_sets::socket&>(),
                  std::declval<asio_inotify::watch_set&>()))>::value);

BOOST_AUTO_TEST_CASE(the_handlers_executor)
{
    auto const tracked = [&](int id, auto handler) {
        return asio::bind_executor(test::tracker_executor(id, context.get_executor()), handler);
    };
    int calls = 0;
    auto const expect = [&](int id, error_code expected) {
        return tracked(id, [&calls, id, expected](error_code ec) {
            BOOST_TEST(test::tracker_executor::stack() == (std::vector<int>{id}),
                       boost::test_tools::per_element());
            BOOST_TEST(ec == expected);
            ++calls;
        });
    };
    asio_inotify::async_hand_over(here, set, {}, expect(1, {}));
    asio_inotify::async_take_over(there, other, expect(2, {}));
    BOOST_TEST(calls == 0);
    test::run(context);
    BOOST_TEST(calls == 2);
    // Neither inline nor elsewhere where there is nothing to wait for.
    asio_inotify::async_hand_over(here, set, {}, expect(3, asio::error::bad_descriptor));
    asio_inotify::async_take_over(there, other, expect(4, asio::error::already_open));
    BOOST_TEST(calls == 2);
    test::run(context);
    BOOST_TEST(calls == 4);
}

BOOST_AUTO_TEST_CASE(the_handlers_allocator)
{
    test::memory_track sending;
    test::memory_track taking;
    int calls = 0;
    auto const with = [&](test::memory_track& memory) {
        return asio::bind_allocator(test::counting_allocator<>(memory), [&](error_code ec) {
            BOOST_TEST(!ec);
            BOOST_TEST(memory.bytes == 0U);
            ++calls;
        });
    };
    asio_inotify::async_hand_over(here, set, {}, with(sending));
    asio_inotify::async_take_over(there, other, with(taking));
    test::run(context);
    BOOST_TEST(calls == 2);
    BOOST_TEST(sending.allocations > 0U);
    BOOST_TEST(taking.allocations > 0U);
    BOOST_TEST(sending.bytes == 0U);
    BOOST_TEST(taking.bytes == 0U);
}

BOOST_AUTO_TEST_CASE(handlers_that_cannot_be_copied)
{
    int calls = 0;
    asio_inotify::async_hand_over(here, set, {},
                                  [&calls, owned = std::make_unique<int>(1)](error_code ec) {
                                      BOOST_TEST(!ec);
                                      calls += *owned;
                                  });
    asio_inotify::async_take_over(there, other,
                                  [&calls, owned = std::make_unique<int>(1)](error_code ec) {
                                      BOOST_TEST(!ec);
                                      calls += *owned;
                                  });
    test::run(context);
    BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(coroutines)
{
    auto const file = dir.write("file");
    set.add(file, event_mask::attrib);
    fs::permissions(file, fs::perms::owner_all);
    bool taken = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            co_await asio_inotify::async_take_over(there, other);
            asio_inotify::event_buffer<> buffer;
            auto const batch = co_await other.async_read_events(buffer, asio::use_awaitable);
            BOOST_TEST((batch.front().watch().wd() == test::wd(1)));
            taken = true;
        },
        test::rethrow);
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            co_await asio_inotify::async_hand_over(here, set, {}, asio::use_awaitable);
            BOOST_TEST(!set.is_open());
        },
        test::rethrow);
    test::run(context);
    BOOST_TEST(taken);
}

// The executor of such a token runs what is posted to it on threads of its own.
BOOST_AUTO_TEST_CASE(futures)
{
    set.add(dir.path(), event_mask::create);
    auto work = asio::make_work_guard(context);
    std::thread runner([&] { context.run(); });
    auto sent = asio_inotify::async_hand_over(here, set, {}, asio::use_future);
    auto taken = asio_inotify::async_take_over(there, other, asio::use_future);
    BOOST_CHECK_NO_THROW(sent.get());
    BOOST_CHECK_NO_THROW(taken.get());
    auto failed = asio_inotify::async_hand_over(here, set, {}, asio::use_future);
    BOOST_CHECK_THROW(failed.get(), boost::system::system_error);
    work.reset();
    runner.join();
    BOOST_TEST(!set.is_open());
    BOOST_TEST(other.size() == 1U);
}

BOOST_AUTO_TEST_CASE(two_hand_overs_at_once)
{
    asio_inotify::watch_set second(context);
    asio_inotify::watch_set second_other(context);
    second.open();
    auto const file = new_file();
    set.add(file, event_mask::attrib);
    second.add_at(test::wd(7), file, event_mask::attrib);
    test::connected_sets::socket from(context);
    test::connected_sets::socket to(context);
    asio::local::connect_pair(from, to);
    int calls = 0;
    auto const done = [&](error_code ec) {
        BOOST_TEST(!ec);
        ++calls;
    };
    asio_inotify::async_hand_over(here, set, {}, done);
    asio_inotify::async_hand_over(from, second, {}, done);
    asio_inotify::async_take_over(to, second_other, done);
    asio_inotify::async_take_over(there, other, done);
    test::run(context);
    BOOST_TEST(calls == 4);
    fs::permissions(file, fs::perms::owner_all);
    test::expect_events(test::drain(other), {"file1: 1 attrib"});
    test::expect_events(test::drain(second_other), {"file1: 7 attrib"});
}

BOOST_AUTO_TEST_SUITE_END()
