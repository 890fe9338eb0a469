//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/async_operation.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace asio = boost::asio;
using asio_inotify::basic_tree_watcher;
using asio_inotify::tree_change_batch;
using asio_inotify::tree_change_mask;
using asio_inotify::tree_watcher;

namespace {

using pool_executor = asio::thread_pool::executor_type;
using strand_type = asio::strand<pool_executor>;
using name_set = std::set<std::string>;

constexpr int directory_count = 40;

asio_inotify::tree_options all_there_is()
{
    asio_inotify::tree_options options;
    options.report_existing = true;
    options.report = tree_change_mask::existing | tree_change_mask::created;
    return options;
}

/// Directories with entries, which events or a scan find: they are reported in any case.
name_set make_entries(test::temp_directory const& dir)
{
    name_set made;
    for (int i = 0; i != directory_count; ++i) {
        auto const name = "dir" + std::to_string(i);
        std::filesystem::create_directory(dir / name);
        dir.write(name + "/file" + std::to_string(i));
        made.insert(name);
        made.insert("file" + std::to_string(i));
    }
    return made;
}

void take_names(tree_change_batch const& batch, name_set& to)
{
    for (auto const& change : batch) {
        if (!to.insert(std::filesystem::path(change.path()).filename()).second) {
            throw std::runtime_error("reported twice");
        }
    }
}

template <class T>
T get(std::future<T> future)
{
    BOOST_TEST_REQUIRE((future.wait_for(test::deadline) == std::future_status::ready));
    return future.get();
}

template <class Executor>
asio::awaitable<name_set> receive_all(basic_tree_watcher<Executor>& watcher)
{
    name_set seen;
    while (seen.size() < 2 * directory_count) {
        take_names(co_await watcher.async_receive(asio::use_awaitable), seen);
    }
    co_return seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tree_async_threads)

BOOST_AUTO_TEST_CASE(two_objects_on_one_pool)
{
    test::temp_directory const first_dir;
    test::temp_directory const second_dir;
    asio::thread_pool pool(4);
    tree_watcher first(pool);
    basic_tree_watcher<pool_executor> second(pool);
    first.open(all_there_is());
    first.add(first_dir.path());
    second.open(all_there_is());
    second.add(second_dir.path());
    auto from_first = asio::co_spawn(pool, receive_all(first), asio::use_future);
    auto from_second = asio::co_spawn(pool, receive_all(second), asio::use_future);
    auto const expected = make_entries(first_dir);
    make_entries(second_dir);
    BOOST_TEST((get(std::move(from_first)) == expected));
    BOOST_TEST((get(std::move(from_second)) == expected));
    pool.join();
}

asio::awaitable<int> short_lives(test::temp_directory const& dir, int rounds)
{
    int seen = 0;
    for (int i = 0; i != rounds; ++i) {
        tree_watcher made(co_await asio::this_coro::executor);
        made.open();
        co_await made.async_add(dir.path(), asio::use_awaitable);
        dir.write(std::to_string(i));
        tree_watcher watcher(std::move(made));
        auto const batch = co_await watcher.async_receive(asio::use_awaitable);
        seen += batch.empty() ? 0 : 1;
        if constexpr (test::abandoned_among_threads) {
            // Left to the destructor.
            watcher.async_receive([](test::error_code, tree_change_batch const&) {});
        }
    }
    co_return seen;
}

BOOST_AUTO_TEST_CASE(many_objects_come_and_go)
{
    std::array<test::temp_directory, 4> const dirs;
    asio::thread_pool pool(4);
    std::vector<std::future<int>> results;
    for (auto const& dir : dirs) {
        // The wait that is left to the destructor may end on another thread.
        results.push_back(
            asio::co_spawn(asio::make_strand(pool), short_lives(dir, 25), asio::use_future));
    }
    for (auto& result : results) {
        BOOST_TEST(get(std::move(result)) == 25);
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(one_object_on_a_strand_of_eight_threads)
{
    test::temp_directory const dir;
    test::temp_directory const other;
    other.write("not-reported");
    asio::thread_pool pool(8);
    auto const strand = asio::make_strand(pool);
    basic_tree_watcher<strand_type> watcher(strand);
    watcher.open(all_there_is());
    watcher.add(dir.path());
    int additions = 0;
    int refused = 0;
    auto const add_and_remove = [&] {
        watcher.async_add(other.path(), [&](test::error_code ec) {
            // One may still be at it while the next one comes.
            ++additions;
            test::error_code ignored;
            if (!ec) {
                watcher.remove(other.path(), ignored);
            }
        });
        static_cast<void>(watcher.counters());
        static_cast<void>(watcher.uncovered());
    };
    auto const refuse_and_cancel = [&] {
        auto const signal = std::make_shared<asio::cancellation_signal>();
        watcher.async_receive(asio::bind_cancellation_slot(
            signal->slot(), [&, signal](test::error_code ec, tree_change_batch const& batch) {
                refused += ec && batch.empty() ? 1 : 0;
            }));
        signal->emit(asio::cancellation_type::total);
    };
    // The entries of the other tree are reported if the receive saw the end of its addition.
    auto receive = [&]() -> asio::awaitable<name_set> {
        name_set seen;
        while (seen.size() < 2 * directory_count) {
            auto const batch = co_await watcher.async_receive(asio::use_awaitable);
            for (auto const& change : batch) {
                if (change.path().starts_with(dir.path().native())) {
                    seen.emplace(std::filesystem::path(change.path()).filename());
                }
            }
        }
        co_return seen;
    };
    auto seen = asio::co_spawn(strand, receive, asio::use_future);
    name_set expected;
    std::promise<void> started;
    asio::post(strand, [&] { started.set_value(); });
    get(started.get_future());
    for (int i = 0; i != directory_count; ++i) {
        auto const name = "dir" + std::to_string(i);
        std::filesystem::create_directory(dir / name);
        dir.write(name + "/file" + std::to_string(i));
        expected.insert(name);
        expected.insert("file" + std::to_string(i));
        asio::post(strand, add_and_remove);
        if (i + 1 != directory_count) {
            asio::post(strand, refuse_and_cancel);
        }
    }
    BOOST_TEST((get(std::move(seen)) == expected));
    std::promise<void> closed;
    asio::post(strand, [&] {
        watcher.close();
        closed.set_value();
    });
    get(closed.get_future());
    pool.join();
    BOOST_TEST(additions == directory_count);
    BOOST_TEST(refused > 0);
}

// Batches are let go of on another thread, and their memory is used again here.
BOOST_AUTO_TEST_CASE(batches_go_elsewhere)
{
    test::temp_directory const dir;
    asio::thread_pool pool(1);
    asio::io_context context;
    tree_watcher watcher(context);
    watcher.open(all_there_is());
    watcher.add(dir.path());
    std::atomic<std::size_t> bytes = 0;
    int rounds = 0;
    std::size_t expected = 0;
    auto const receive = [&](auto const& self) -> void {
        auto const name = "file" + std::to_string(rounds);
        dir.write(name);
        expected += dir.path().native().size() + 1 + name.size();
        watcher.async_receive([&](test::error_code ec, tree_change_batch batch) {
            BOOST_TEST(!ec);
            asio::post(pool, [&bytes, batch = std::move(batch)] {
                for (auto const& change : batch) {
                    bytes += change.path().size();
                }
            });
            if (++rounds != 200) {
                self(self);
            }
        });
    };
    receive(receive);
    test::run(context);
    pool.join();
    BOOST_TEST(rounds == 200);
    BOOST_TEST(bytes == expected);
}

// The steps of a future's operation are not on a thread of their own.
BOOST_AUTO_TEST_CASE(futures)
{
    test::temp_directory const dir;
    make_entries(dir);
    asio::io_context context;
    tree_watcher watcher(context);
    auto options = all_there_is();
    options.slice_time = std::chrono::microseconds(1);
    watcher.open(options);
    auto added = watcher.async_add(dir.path(), asio::use_future);
    auto received = watcher.async_receive(asio::use_future);
    context.restart();
    while (added.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        BOOST_TEST_REQUIRE(context.run_one_for(test::deadline) != 0U);
        static_cast<void>(watcher.counters());
    }
    added.get();
    test::run(context);
    BOOST_TEST(!received.get().empty());
}

// A receive that a timer cancels has taken nothing, however close they come.
BOOST_AUTO_TEST_CASE(a_receive_or_a_timer)
{
    using namespace asio::experimental::awaitable_operators;
    constexpr int count = 400;
    test::temp_directory const dir;
    asio::thread_pool pool(2);
    auto const strand = asio::make_strand(pool);
    tree_watcher watcher(strand);
    watcher.open(all_there_is());
    watcher.add(dir.path());
    auto receive = [&]() -> asio::awaitable<name_set> {
        name_set seen;
        asio::steady_timer timer(strand);
        for (int round = 0; seen.size() != count; ++round) {
            timer.expires_after(std::chrono::microseconds(20 * (round % 40)));
            auto const first = co_await (watcher.async_receive(asio::use_awaitable) ||
                                         timer.async_wait(asio::use_awaitable));
            if (first.index() == 0) {
                take_names(std::get<0>(first), seen);
            }
        }
        co_return seen;
    };
    auto seen = asio::co_spawn(strand, receive, asio::use_future);
    name_set expected;
    for (int n = 0; n != count; ++n) {
        expected.insert(dir.write(std::to_string(n)).filename());
        // At another time of the timer for each; nothing waits for it.
        std::this_thread::sleep_for(std::chrono::microseconds(n % 50));
    }
    BOOST_TEST((get(std::move(seen)) == expected));
    pool.join();
}

BOOST_AUTO_TEST_SUITE_END()
