//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Memory: whose it is, that it is free before the handler runs, and what happens without it.

#include "support/allocation_counter.hpp"
#include "support/asio/archetypes.hpp"
#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <new>
#include <tuple>

#include <fcntl.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::basic_inotify;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using test::operation_fixture;
using test::operations;

BOOST_AUTO_TEST_SUITE(async_allocation)

using executors = std::tuple<asio::any_io_executor, asio::io_context::executor_type>;

BOOST_AUTO_TEST_CASE_TEMPLATE(the_handlers_allocator_is_used_and_free_before_the_call, Operation,
                              operations)
{
    operation_fixture<Operation> f;
    test::memory_track memory;
    f.start(asio::bind_allocator(test::counting_allocator<>(memory),
                                 [&](test::error_code ec, auto... batch) {
                                     BOOST_TEST(memory.bytes == 0U);
                                     f.result(ec, batch...);
                                 }));
    BOOST_TEST(memory.allocations == 1U);
    BOOST_TEST(memory.bytes > 0U);
    f.finish();
    BOOST_TEST(memory.allocations == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(also_when_the_handler_has_another_executor, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::io_context other;
    test::memory_track memory;
    f.start(
        asio::bind_executor(other, asio::bind_allocator(test::counting_allocator<>(memory),
                                                        [&](test::error_code ec, auto... batch) {
                                                            BOOST_TEST(memory.bytes == 0U);
                                                            f.result(ec, batch...);
                                                        })));
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(memory.bytes > 0U);
    test::run(other);
    BOOST_TEST(memory.bytes == 0U);
    BOOST_TEST(memory.allocations > 1U);
    expect_events(f.operation, f.result, f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(freed_when_the_operation_never_completes, Operation, operations)
{
    test::memory_track memory;
    {
        operation_fixture<Operation> f;
        f.start(asio::bind_allocator(test::counting_allocator<>(memory), test::into(f.result)));
        BOOST_TEST(memory.bytes > 0U);
    }
    BOOST_TEST(memory.bytes == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_throwing_allocator, Operation, operations)
{
    // The last round is the one in which nothing fails.
    bool failed = true;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_REQUIRE(n < 100);
        operation_fixture<Operation> f;
        asio::cancellation_signal signal;
        test::memory_track memory{.allocations = 0, .bytes = 0, .fail_at = n};
        test::move_only_handler::track track;
        try {
            f.start(asio::bind_cancellation_slot(
                signal.slot(), asio::bind_allocator(test::counting_allocator<>(memory),
                                                    test::move_only_handler(track))));
            failed = false;
        } catch (std::bad_alloc const&) {
            BOOST_TEST(memory.bytes == 0U);
            BOOST_TEST(track.alive == 0);
            BOOST_TEST(track.result.calls == 0);
            signal.emit(asio::cancellation_type::all);
            // As if it had never been called: no work, and the object can do what it could.
            test::run(f.context);
            f.start(test::into(track.result));
        }
        f.files.dir.write("a");
        test::run(f.context);
        expect_events(f.operation, track.result, f.files, {"a"});
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(without_any_memory, Operation, operations)
{
    bool failed = test::counts_allocations;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_REQUIRE(n < 100);
        operation_fixture<Operation> f;
        asio::cancellation_signal signal;
        test::move_only_handler::track track;
        test::move_only_handler handler(track);
        failed = false;
        try {
            test::allocation_failure const failure(n);
            f.start(asio::bind_cancellation_slot(signal.slot(), std::move(handler)));
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        BOOST_TEST(track.alive == (failed ? 1 : 2));
        if (failed) {
            f.start(test::into(track.result));
        }
        f.files.dir.write("a");
        test::run(f.context);
        expect_events(f.operation, track.result, f.files, {"a"});
    }
}

// A file whose writing is one event, and costs no memory.
struct written_file
{
    explicit written_file(test::temp_directory const& dir)
        : fd(::open(dir.write("file").c_str(), O_WRONLY | O_CLOEXEC))
    {
        BOOST_REQUIRE(fd >= 0);
    }

    written_file(written_file const&) = delete;
    written_file& operator=(written_file const&) = delete;
    ~written_file() { ::close(fd); }

    void write() const
    {
        if (::pwrite(fd, "x", 1, 0) != 1) {
            throw std::runtime_error("pwrite");
        }
    }

    int fd;
};

constexpr int warm_up = 100;
constexpr int rounds = 1000;

// Counts what is allocated once everything has its place.
struct meter
{
    int round = 0;
    std::size_t before = 0;
    std::size_t after = 0;

    /// To be called after each read; false when there were enough.
    bool next(test::error_code ec, event_batch batch)
    {
        if (ec || batch.empty()) {
            throw std::runtime_error("nothing read");
        }
        if (++round == warm_up) {
            before = test::allocation_count();
        }
        after = test::allocation_count();
        return round != warm_up + rounds;
    }

    void check() const
    {
        BOOST_TEST(round == warm_up + rounds);
        BOOST_TEST(after - before == 0U);
    }
};

// Reads, waits for a read, and every other time what is read is there before the read is started.
template <class Executor>
struct callback_loop
{
    basic_inotify<Executor>& in;
    event_buffer<>& buffer;
    written_file const& file;
    meter& count;

    void operator()(test::error_code ec, event_batch batch) const
    {
        if (count.next(ec, batch)) {
            start();
        }
    }

    void start() const
    {
        bool const ready = count.round % 2 == 0;
        if (ready) {
            file.write();
        }
        in.async_read_events(buffer, *this);
        if (!ready) {
            file.write();
        }
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(callbacks_allocate_nothing_in_the_long_run, Executor, executors)
{
    asio::io_context context;
    test::temp_directory const dir;
    written_file const file(dir);
    basic_inotify<Executor> in(context);
    in.open();
    in.add(dir.path(), event_mask::modify);
    event_buffer<> buffer;
    meter count;
    callback_loop<Executor>{in, buffer, file, count}.start();
    test::run(context);
    count.check();
}

template <class Executor, class Token>
asio::awaitable<void> coroutine_loop(basic_inotify<Executor>& in, event_buffer<>& buffer,
                                     written_file const& file, meter& count, Token token)
{
    event_batch batch;
    do {
        if (count.round % 2 == 0) {
            file.write();
            co_await in.async_wait(in.wait_read, token);
        } else {
            asio::post(in.get_executor(), [&] { file.write(); });
        }
        batch = co_await in.async_read_events(buffer, token);
    } while (count.next({}, batch));
}

template <class Executor, class Token>
void check_coroutine(Token token)
{
    asio::io_context context;
    test::temp_directory const dir;
    written_file const file(dir);
    basic_inotify<Executor> in(context);
    in.open();
    in.add(dir.path(), event_mask::modify);
    event_buffer<> buffer;
    meter count;
    asio::co_spawn(context, coroutine_loop(in, buffer, file, count, token), test::rethrow);
    test::run(context);
    count.check();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines_allocate_nothing_in_the_long_run, Executor, executors)
{
    check_coroutine<Executor>(asio::use_awaitable);
    check_coroutine<Executor>(asio::deferred);
}

BOOST_AUTO_TEST_CASE(the_counter_counts)
{
    if (!test::counts_allocations) {
        BOOST_TEST_MESSAGE("the sanitizer's operator new does not count");
        return;
    }
    auto const before = test::allocation_count();
    auto const one = std::make_unique<int>(1);
    BOOST_TEST(test::allocation_count() == before + 1);
    BOOST_CHECK_THROW(
        {
            test::allocation_failure const failure(0);
            (void)std::make_unique<int>(*one);
        },
        std::bad_alloc);
}

BOOST_AUTO_TEST_SUITE_END()
