//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "one_file.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

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
using asio_inotify::basic_file_watcher;
using asio_inotify::file_change_batch;
using asio_inotify::file_watcher;
using test::error_code;
using fixture = test::one_file<>;

BOOST_FIXTURE_TEST_CASE(cancellation, fixture)
{
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal}) {
        asio::cancellation_signal signal;
        watcher.async_wait(asio::bind_cancellation_slot(signal.slot(), into()));
        poll();
        signal.emit(type);
        test::run(context);
        expect_aborted();
        // What changed before is told by this one or the next.
        make_ready();
        watcher.async_wait(asio::bind_cancellation_slot(signal.slot(), into()));
        signal.emit(type);
        test::run(context);
        if (result.ec) {
            expect_aborted();
            BOOST_TEST(watcher.poll().size() == 1U);
        } else {
            expect_success();
            BOOST_TEST(watcher.poll().empty());
        }
        signal.emit(type);
    }
    watcher.async_wait(into());
    watcher.cancel();
    test::run(context);
    expect_aborted();
}

BOOST_FIXTURE_TEST_CASE(moved_closed_and_destroyed, fixture)
{
    watcher.async_wait(into());
    poll();
    auto moved = std::make_unique<file_watcher>(std::move(watcher));
    BOOST_TEST(!watcher.is_open());
    BOOST_TEST(moved->contains(file));
    finish();
    moved->async_wait(into());
    poll();
    watcher = std::move(*moved);
    finish();
    watcher.async_wait(into());
    poll();
    watcher.close();
    BOOST_TEST(result.calls == 0);
    test::run(context);
    expect_aborted();
    open(*moved);
    asio::cancellation_signal signal;
    moved->async_wait(asio::bind_cancellation_slot(signal.slot(), into()));
    poll();
    moved.reset();
    signal.emit(asio::cancellation_type::terminal);
    test::run(context);
    expect_aborted();
    signal.emit(asio::cancellation_type::terminal);
    open(watcher);
    basic_file_watcher<asio::io_context::executor_type> other(context.get_executor());
    other.open();
    other.add(file);
    other.async_wait(into());
    poll();
    watcher = std::move(other);
    BOOST_TEST(!other.is_open());
    test::run(context);
    expect_aborted();
    watcher.async_wait(into());
    finish();
}

BOOST_FIXTURE_TEST_CASE(the_handler_destroys_the_watcher, fixture)
{
    auto own = std::make_unique<file_watcher>(context);
    open(*own);
    own->async_wait([&](error_code ec, file_change_batch const& batch) {
        own.reset();
        BOOST_TEST(batch.front().path == file.native());
        result(ec, batch);
    });
    finish();
}

BOOST_FIXTURE_TEST_CASE(an_exception_of_the_handler, fixture)
{
    watcher.async_wait([](error_code, file_change_batch const&) { throw 1; });
    make_ready();
    BOOST_CHECK_THROW(test::run(context), int);
    watcher.async_wait(into());
    finish();
}

BOOST_AUTO_TEST_CASE(the_context_goes_first)
{
    auto other = std::make_unique<asio::io_context>();
    auto held = std::make_shared<file_watcher>(*other);
    held->open();
    held->add("/tmp/none");
    held->async_wait([held](error_code, file_change_batch const&) {});
    std::weak_ptr<file_watcher> const left = held;
    held.reset();
    other->poll();
    other.reset();
    BOOST_TEST(left.expired());
}

asio::awaitable<void> use_watcher(fixture& f, bool& finished, std::shared_ptr<int>)
{
    using namespace asio::experimental::awaitable_operators;
    f.make_ready();
    co_await f.watcher.async_wait(asio::use_awaitable);
    asio::post(f.context, [&f] { f.make_ready(); });
    co_await f.watcher.async_wait(asio::use_awaitable);
    f.watcher.add(f.dir / "a/b");
    asio::post(f.context, [&f] { f.watcher.cancel(); });
    co_await f.watcher.async_wait(asio::as_tuple(asio::use_awaitable));
    asio::post(f.context, [&f] { f.watcher.close(); });
    co_await (f.watcher.async_wait(asio::as_tuple(asio::use_awaitable)) &&
              f.watcher.async_wait(asio::as_tuple(asio::use_awaitable)));
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
            watchers[i]->async_wait([&, i, path](error_code ec, file_change_batch const& batch) {
                // A copy of the batch goes on another thread.
                asio::post(pool, [&, ec, batch, path] {
                    wrong += ec || batch.front().path != path ? 1 : 0;
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
