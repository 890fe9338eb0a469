//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Cancelling one operation: nothing is lost, success wins, and slots never dangle.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace asio = boost::asio;
using asio::cancellation_type;
using asio_inotify::inotify;
using test::operation_fixture;
using test::operations;

BOOST_AUTO_TEST_SUITE(async_cancellation)

struct cancelling
{
    char const* name;
    void (*cancel)(asio::cancellation_signal&, inotify&);
};

// All that ends an operation and leaves the instance as it is.
constexpr std::array<cancelling, 5> cancellings{{
    {"terminal", [](auto& signal, auto&) { signal.emit(cancellation_type::terminal); }},
    {"partial", [](auto& signal, auto&) { signal.emit(cancellation_type::partial); }},
    {"total", [](auto& signal, auto&) { signal.emit(cancellation_type::total); }},
    {"all", [](auto& signal, auto&) { signal.emit(cancellation_type::all); }},
    {"cancel()", [](auto&, auto& in) { in.cancel(); }},
}};

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pending_operation_is_aborted_and_nothing_is_lost, Operation,
                              operations)
{
    for (auto const& with : cancellings) {
        for (bool const waits_in_the_kernel : {false, true}) {
            BOOST_TEST_CONTEXT(with.name << ", " << waits_in_the_kernel)
            {
                operation_fixture<Operation> f;
                asio::cancellation_signal signal;
                f.start(asio::bind_cancellation_slot(signal.slot(), test::into(f.result)));
                if (waits_in_the_kernel) {
                    f.context.poll();
                }
                with.cancel(signal, f.files.in);
                test::run(f.context);
                BOOST_TEST(f.result.calls == 1);
                BOOST_TEST(f.result.ec == asio::error::operation_aborted);
                // The object still works, with all its watches.
                f.result = {};
                f.start(test::into(f.result));
                f.finish("after");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_other_type_does_anything, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::cancellation_signal signal;
    f.start(asio::bind_cancellation_slot(signal.slot(), test::into(f.result)));
    signal.emit(cancellation_type::none);
    f.context.poll();
    BOOST_TEST(f.result.calls == 0);
    f.finish();
}

// epoll reads at once; select and io_uring may read later, and then not at all.
BOOST_AUTO_TEST_CASE(events_are_delivered_or_left)
{
    for (auto const& with : cancellings) {
        BOOST_TEST_CONTEXT(with.name)
        {
            operation_fixture<test::read_operation> f;
            asio::cancellation_signal signal;
            f.files.dir.write("before");
            f.start(asio::bind_cancellation_slot(signal.slot(), test::into(f.result)));
            with.cancel(signal, f.files.in);
            test::run(f.context);
#if !defined(BOOST_ASIO_HAS_EPOLL)
            if (f.result.ec) {
                expect_aborted(f.result, f.files, {"before"});
                continue;
            }
#endif
            expect_events(f.operation, f.result, f.files, {"before"});
        }
    }
}

// Completed on the object's context, while the handler is in the queue of its own: too late.
BOOST_AUTO_TEST_CASE_TEMPLATE(between_completion_and_handler, Operation, operations)
{
    for (auto const& with : cancellings) {
        BOOST_TEST_CONTEXT(with.name)
        {
            operation_fixture<Operation> f;
            asio::io_context other;
            asio::cancellation_signal signal;
            f.start(asio::bind_cancellation_slot(signal.slot(),
                                                 asio::bind_executor(other, test::into(f.result))));
            f.context.poll();
            f.files.dir.write("a");
            test::run(f.context);
            with.cancel(signal, f.files.in);
            test::run(f.context);
            test::run(other);
            expect_events(f.operation, f.result, f.files, {"a"});
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(only_the_operation_of_the_slot, Operation, operations)
{
    operation_fixture<Operation> f;
    std::array<asio::cancellation_signal, 3> signals;
    std::array<test::outcome, 3> results;
    std::array<Operation, 3> each;
    for (std::size_t i = 0; i != 3; ++i) {
        each[i](f.files.in,
                asio::bind_cancellation_slot(signals[i].slot(), test::into(results[i])));
    }
    f.context.poll();
    signals[1].emit(cancellation_type::total);
    f.context.poll();
    BOOST_TEST(results[0].calls == 0);
    BOOST_TEST(results[1].ec == asio::error::operation_aborted);
    BOOST_TEST(results[2].calls == 0);
    signals[0].emit(cancellation_type::total);
    f.context.poll();
    BOOST_TEST(results[0].ec == asio::error::operation_aborted);
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(results[1].calls == 1);
    expect_events(f.operation, results[2], f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(emitted_in_the_handler_and_after_it, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::cancellation_signal signal;
    f.start(asio::bind_cancellation_slot(signal.slot(), [&](test::error_code ec, auto... batch) {
        signal.emit(cancellation_type::all);
        f.result(ec, batch...);
    }));
    f.finish();
    signal.emit(cancellation_type::all);
    // It is not the next operation that was cancelled.
    f.files.drain();
    test::outcome next;
    f.operation(f.files.in, test::into(next));
    signal.emit(cancellation_type::all);
    f.context.poll();
    BOOST_TEST(next.calls == 0);
    f.files.in.cancel();
    test::run(f.context);
    BOOST_TEST(next.ec == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(emitted_after_the_end_of_the_object, Operation, operations)
{
    asio::io_context context;
    std::optional<test::watched<>> files(std::in_place, context);
    Operation start;
    asio::cancellation_signal completed;
    asio::cancellation_signal pending;
    test::outcome first;
    test::outcome second;
    start(files->in, asio::bind_cancellation_slot(completed.slot(), test::into(first)));
    files->dir.write("a");
    test::run(context);
    BOOST_TEST(first.calls == 1);
    files->drain();
    start(files->in, asio::bind_cancellation_slot(pending.slot(), test::into(second)));
    files.reset();
    for (auto* const signal : {&completed, &pending}) {
        signal->emit(cancellation_type::all);
    }
    test::run(context);
    BOOST_TEST(second.calls == 1);
    BOOST_TEST(second.ec == asio::error::operation_aborted);
    for (auto* const signal : {&completed, &pending}) {
        signal->emit(cancellation_type::all);
    }
}

// Its handler is still to be called, and its slot to be used, when the object and its context end.
BOOST_AUTO_TEST_CASE_TEMPLATE(emitted_after_the_end_of_the_context, Operation, operations)
{
    asio::io_context other;
    asio::cancellation_signal signal;
    test::outcome result;
    Operation start;
    {
        asio::io_context context;
        test::watched<> files{context};
        start(files.in, asio::bind_cancellation_slot(
                            signal.slot(), asio::bind_executor(other, test::into(result))));
        files.dir.write("a");
        context.run();
        signal.emit(cancellation_type::all);
    }
    signal.emit(cancellation_type::all);
    BOOST_TEST(result.calls == 0);
    other.run();
    BOOST_TEST(result.calls == 1);
    BOOST_TEST(!result.ec);
    signal.emit(cancellation_type::all);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_follows_a_moved_object, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::cancellation_signal signal;
    f.start(asio::bind_cancellation_slot(signal.slot(), test::into(f.result)));
    f.context.poll();
    inotify constructed(std::move(f.files.in));
    inotify assigned(f.context);
    assigned = std::move(constructed);
    signal.emit(cancellation_type::total);
    test::run(f.context);
    f.files.in = std::move(assigned);
    f.files.dir.write("after");
    expect_aborted(f.result, f.files, {"after"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_is_harmless_after_a_converting_move, Operation, operations)
{
    asio::io_context context;
    test::watched<asio::io_context::executor_type> files{context};
    Operation start;
    test::outcome result;
    asio::cancellation_signal signal;
    start(files.in, asio::bind_cancellation_slot(signal.slot(), test::into(result)));
    context.poll();
    inotify converted(std::move(files.in));
    signal.emit(cancellation_type::all); // may cancel or not
    context.poll();
    converted.cancel();
    test::run(context);
    BOOST_TEST(result.calls == 1);
    BOOST_TEST(result.ec == asio::error::operation_aborted);
    signal.emit(cancellation_type::all);
}

template <class Operation>
asio::awaitable<void> cancelled_read(operation_fixture<Operation>& f)
{
    try {
        co_await f.start(asio::use_awaitable);
        f.result({});
    } catch (boost::system::system_error const& e) {
        f.result(e.code());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_is_cancelled, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::cancellation_signal signal;
    asio::co_spawn(f.context, cancelled_read(f),
                   asio::bind_cancellation_slot(signal.slot(), test::rethrow));
    f.context.poll();
    signal.emit(cancellation_type::terminal);
    test::run(f.context);
    f.files.dir.write("after");
    expect_aborted(f.result, f.files, {"after"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_group_is_cancelled, Operation, operations)
{
    operation_fixture<Operation> f;
    Operation other;
    asio::cancellation_signal signal;
    asio::experimental::make_parallel_group(f.start(asio::deferred),
                                            other(f.files.in, asio::deferred))
        .async_wait(
            asio::experimental::wait_for_all(),
            asio::bind_cancellation_slot(signal.slot(), [&](std::array<std::size_t, 2>,
                                                            test::error_code first, auto... rest) {
                auto const results = std::tie(rest...);
                f.result(first);
                BOOST_TEST((std::get<sizeof...(rest) / 2>(results)) ==
                           asio::error::operation_aborted);
            }));
    f.context.poll();
    signal.emit(cancellation_type::total);
    test::run(f.context);
    f.files.dir.write("after");
    expect_aborted(f.result, f.files, {"after"});
}

BOOST_AUTO_TEST_CASE(cancelling_a_closed_object)
{
    asio::io_context context;
    inotify in(context);
    test::error_code ec;
    in.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    BOOST_CHECK_THROW(in.cancel(), boost::system::system_error);
    in.open();
    in.cancel(); // nothing to cancel
    inotify const taken(std::move(in));
    in.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_SUITE_END()
