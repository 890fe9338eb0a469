//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Distinct objects on one pool of threads, and one object on a strand of it. For ThreadSanitizer.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/inotify.h>

namespace asio = boost::asio;
using asio_inotify::basic_inotify;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using asio_inotify::watch_descriptor;

namespace {

constexpr int file_count = 200;

test::name_list file_names()
{
    test::name_list result;
    for (int i = 0; i != file_count; ++i) {
        result.push_back("file" + std::to_string(i));
    }
    return result;
}

/// BOOST_REQUIRE for all threads: the framework's own is for one.
void require(bool condition, char const* what)
{
    if (!condition) {
        throw std::runtime_error(what);
    }
}

/// What the future gives, unless that takes too long.
template <class T>
T get(std::future<T> future)
{
    BOOST_TEST_REQUIRE((future.wait_for(test::deadline) == std::future_status::ready));
    return future.get();
}

template <class Executor>
asio::awaitable<test::name_list> read_all(basic_inotify<Executor>& in)
{
    test::name_list seen;
    event_buffer<4096> buffer;
    while (seen.size() < file_count) {
        for (auto& name : test::names(co_await in.async_read_events(buffer, asio::use_awaitable))) {
            seen.push_back(std::move(name));
        }
    }
    co_return seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(async_threads)

BOOST_AUTO_TEST_CASE(two_objects_on_one_pool)
{
    // The objects end before the pool, whatever happens.
    asio::thread_pool pool(4);
    test::watched<> first{pool};
    test::watched<asio::thread_pool::executor_type> second{pool};
    auto from_first = asio::co_spawn(pool, read_all(first.in), asio::use_future);
    auto from_second = asio::co_spawn(pool, read_all(second.in), asio::use_future);
    auto const expected = file_names();
    for (auto const& name : expected) {
        first.dir.write(name);
        second.dir.write(name);
    }
    BOOST_TEST(get(std::move(from_first)) == expected, boost::test_tools::per_element());
    BOOST_TEST(get(std::move(from_second)) == expected, boost::test_tools::per_element());
    pool.join();
}

// Made, used, moved and destroyed in all threads, each object by one of them at a time.
asio::awaitable<int> short_lives(test::temp_directory const& dir, int rounds)
{
    event_buffer<4096> buffer;
    int seen = 0;
    for (int i = 0; i != rounds; ++i) {
        inotify made(co_await asio::this_coro::executor);
        made.open();
        made.add(dir.path(), event_mask::create);
        dir.write(std::to_string(i));
        inotify in(std::move(made));
        co_await in.async_wait(in.wait_read, asio::use_awaitable);
        seen += static_cast<int>(
            test::names(co_await in.async_read_events(buffer, asio::use_awaitable)).size());
        if constexpr (test::abandoned_among_threads) {
            // Left to the destructor.
            in.async_wait(in.wait_read, [](test::error_code) {});
        }
    }
    co_return seen;
}

BOOST_AUTO_TEST_CASE(many_objects_come_and_go)
{
    std::array<test::temp_directory, 4> dirs;
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

// A strand keeps reading while it adds and removes watches and cancels a wait.
struct busy_object
{
    using strand_type = asio::strand<asio::thread_pool::executor_type>;

    explicit busy_object(asio::thread_pool& pool)
        : files(asio::make_strand(pool))
    {
        // Somebody else's, so that a claim of the number is found out late and leaves traces.
        BOOST_REQUIRE(::inotify_add_watch(files.in.native_handle(), "/", IN_DELETE_SELF) == 2);
    }

    void add_and_remove()
    {
        require(files.in.get_executor().running_in_this_thread(), "not on the strand");
        files.in.remove(files.in.add(other.path(), event_mask::create));
        (void)files.in.available();
        test::error_code ec;
        files.in.add_at(watch_descriptor{2}, other.path(), event_mask::create, ec);
        require(ec.failed(), "the number of another watch");
    }

    void cancel_a_wait()
    {
        auto const signal = std::make_shared<asio::cancellation_signal>();
        files.in.async_wait(files.in.wait_read,
                            asio::bind_cancellation_slot(
                                signal->slot(), [this, signal](test::error_code) { ++waits; }));
        signal->emit(asio::cancellation_type::total);
    }

    test::temp_directory other;
    test::watched<strand_type> files;
    std::atomic<int> waits = 0;
};

BOOST_AUTO_TEST_CASE(one_object_on_a_strand_of_eight_threads)
{
    asio::thread_pool pool(8);
    busy_object object(pool);
    auto const strand = object.files.in.get_executor();
    // Only the files in the watched directory count; removing the other watch reports, too.
    auto read = [&]() -> asio::awaitable<test::name_list> {
        test::name_list seen;
        event_buffer<4096> buffer;
        while (seen.size() < file_count) {
            auto const batch =
                co_await object.files.in.async_read_events(buffer, asio::use_awaitable);
            for (auto const e : batch) {
                if (e.is(event_mask::create)) {
                    seen.emplace_back(e.name());
                }
            }
        }
        co_return seen;
    };
    auto seen = asio::co_spawn(strand, read, asio::use_future);
    auto const expected = file_names();
    for (auto const& name : expected) {
        object.files.dir.write(name);
        asio::post(strand, [&] { object.add_and_remove(); });
        asio::post(strand, [&] { object.cancel_a_wait(); });
    }
    BOOST_TEST(get(std::move(seen)) == expected, boost::test_tools::per_element());
    pool.join();
    BOOST_TEST(object.waits == file_count);
}

// A handler runs on another executor than the one that guards the object.
BOOST_AUTO_TEST_CASE(handlers_elsewhere)
{
    asio::thread_pool pool(4);
    asio::thread_pool others(4);
    using strand_type = asio::strand<asio::thread_pool::executor_type>;
    auto const strand = asio::make_strand(pool);
    test::watched<strand_type> files{strand};
    struct loop
    {
        test::watched<strand_type>& files;
        asio::thread_pool& others;
        event_buffer<4096>& buffer;
        test::name_list& seen;
        std::promise<void>& done;

        void start() { files.in.async_read_events(buffer, asio::bind_executor(others, *this)); }

        void operator()(test::error_code ec, event_batch batch)
        {
            require(!ec, "the read fails");
            for (auto& name : test::names(batch)) {
                seen.push_back(std::move(name));
            }
            if (seen.size() < file_count) {
                asio::post(files.in.get_executor(), [self = *this]() mutable { self.start(); });
            } else {
                done.set_value();
            }
        }
    };
    event_buffer<4096> buffer;
    test::name_list seen;
    std::promise<void> done;
    asio::post(strand, [&] { loop{files, others, buffer, seen, done}.start(); });
    auto const expected = file_names();
    for (auto const& name : expected) {
        files.dir.write(name);
    }
    get(done.get_future());
    pool.join();
    others.join();
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

// A signal is emitted on the object's strand while the handler runs on another executor.
BOOST_AUTO_TEST_CASE(cancelled_while_handlers_run_elsewhere)
{
    asio::thread_pool pool(2);
    asio::thread_pool others(2);
    using strand_type = asio::strand<asio::thread_pool::executor_type>;
    auto const strand = asio::make_strand(pool);
    test::watched<strand_type> files{strand};
    struct loop
    {
        test::watched<strand_type>& files;
        asio::thread_pool& others;
        asio::cancellation_signal signal;
        std::promise<int> done;
        int rounds = 0;

        // On the strand, as everything but the handler.
        void start()
        {
            if (++rounds == 500) {
                done.set_value(rounds);
                return;
            }
            files.in.async_wait(
                files.in.wait_read,
                asio::bind_cancellation_slot(
                    signal.slot(), asio::bind_executor(others, [this](test::error_code) {
                        asio::post(files.in.get_executor(), [this] { start(); });
                    })));
            for (int n = 0; n != 3; ++n) {
                asio::post(files.in.get_executor(),
                           [this] { signal.emit(asio::cancellation_type::all); });
            }
        }
    };
    // Every wait ends at once, unless it is cancelled before.
    files.dir.write("a");
    loop each{files, others, {}, {}};
    asio::post(strand, [&] { each.start(); });
    BOOST_TEST(get(each.done.get_future()) == 500);
    pool.join();
    others.join();
}

BOOST_AUTO_TEST_SUITE_END()
