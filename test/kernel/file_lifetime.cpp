//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/lifetime_cases.hpp"
#include "support/file/file_operation.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

// How the operation of a file watcher ends: cancelled, with its object, with its context, on
// threads.
BOOST_AUTO_TEST_SUITE(file_lifetime)

namespace asio = boost::asio;
namespace cases = test::lifetime_cases;
using asio_inotify::file_change_batch;
using asio_inotify::file_watcher;
using test::error_code;
using fixture = test::file_receive_fixture<>;
using waiting = test::file_wait_fixture<>;

BOOST_AUTO_TEST_CASE(cancelled_by_its_slot)
{
    cases::cancelled_by_its_slot<fixture>();
    cases::cancelled_by_its_slot<waiting>();
}

BOOST_AUTO_TEST_CASE(cancelled_when_it_is_ready)
{
    cases::cancelled_when_it_is_ready<fixture>();
    cases::cancelled_when_it_is_ready<waiting>();
}

BOOST_AUTO_TEST_CASE(a_signal_after_the_object_has_gone)
{
    cases::a_signal_after_the_object_has_gone<fixture>();
    cases::a_signal_after_the_object_has_gone<waiting>();
}

BOOST_AUTO_TEST_CASE(closed)
{
    cases::closed<fixture>();
    cases::closed<waiting>();
    cases::closed_and_opened_at_once<fixture>();
    cases::closed_and_opened_at_once<waiting>();
}

BOOST_AUTO_TEST_CASE(destroyed)
{
    cases::destroyed<fixture>();
    cases::destroyed<waiting>();
}

BOOST_AUTO_TEST_CASE(moved)
{
    cases::moved<fixture>();
    cases::moved<waiting>();
    cases::moved_over<fixture>();
    cases::moved_over<waiting>();
    cases::moved_to_another_executor<fixture>();
    cases::moved_to_another_executor<waiting>();
}

BOOST_AUTO_TEST_CASE(the_handler_ends_the_object)
{
    cases::the_handler_ends_the_object<fixture>();
    cases::the_handler_ends_the_object<waiting>();
}

BOOST_AUTO_TEST_CASE(the_context_ends)
{
    cases::the_context_ends<fixture>();
    cases::the_context_ends<waiting>();
}

BOOST_AUTO_TEST_CASE(cancelled_by_the_watcher)
{
    fixture f;
    f.start(f.into());
    cases::poll(f.context);
    f.object.cancel();
    test::run(f.context);
    f.expect_error(asio::error::operation_aborted);
    f.object.cancel(); // nothing there
    f.result = {};
    f.start(f.into());
    f.finish();
}

asio::awaitable<void> use_watcher(fixture& f, bool& finished, std::shared_ptr<int>)
{
    using namespace asio::experimental::awaitable_operators;
    f.make_ready();
    co_await f.object.async_receive(asio::use_awaitable);
    asio::post(f.context, [&f] { f.make_ready(); });
    co_await f.object.async_receive(asio::use_awaitable);
    f.object.add(f.dir / "a/b");
    asio::post(f.context, [&f] { f.object.cancel(); });
    co_await f.object.async_receive(asio::as_tuple(asio::use_awaitable));
    asio::post(f.context, [&f] { f.object.close(); });
    co_await (f.object.async_receive(asio::as_tuple(asio::use_awaitable)) &&
              f.object.async_receive(asio::as_tuple(asio::use_awaitable)));
    finished = true;
}

BOOST_AUTO_TEST_CASE(everything_ends_after_any_handler)
{
    bool idle = false;
    for (int k = 0; !idle; ++k) {
        BOOST_TEST_REQUIRE(k < 1000);
        auto const kept = std::make_shared<int>();
        {
            fixture f;
            bool finished = false;
            asio::co_spawn(f.context, use_watcher(f, finished, kept), test::rethrow);
            auto const end = std::chrono::steady_clock::now() + test::deadline;
            for (int i = 0; i != k && !idle; ++i) {
                f.context.restart();
                idle = f.context.run_one_until(end) == 0;
            }
            BOOST_TEST((!idle || finished));
        }
        BOOST_TEST(kept.use_count() == 1);
    }
}

// One watcher on a strand of a pool, and another beside it.
BOOST_AUTO_TEST_CASE(on_a_strand_of_several_threads)
{
    test::temp_directory const dir;
    asio::thread_pool pool(4);
    std::array<std::unique_ptr<file_watcher>, 2> watchers;
    std::atomic<int> left = 100;
    std::atomic<int> wrong = 0;
    std::array<std::function<void()>, 2> wait;
    for (std::size_t i = 0; i != 2; ++i) {
        auto const path = dir.write(std::to_string(i));
        watchers[i] = std::make_unique<file_watcher>(asio::make_strand(pool));
        auto& w = *watchers[i];
        w.open();
        w.add(path);
        wait[i] = [&, i, path] {
            watchers[i]->async_receive([&, i, path](error_code ec, file_change_batch const& batch) {
                // A copy of the batch ends on another thread.
                asio::post(pool, [&, ec, batch, path] {
                    wrong += ec || batch.front().path() != path ? 1 : 0;
                });
                if (--left <= 0) {
                    watchers[i]->close();
                    return;
                }
                test::append(path);
                wait[i]();
            });
        };
        asio::post(w.get_executor(), [&, i, path] {
            wait[i]();
            test::append(path);
        });
    }
    pool.join();
    BOOST_TEST(left <= 0);
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
