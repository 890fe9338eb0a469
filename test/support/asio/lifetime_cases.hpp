//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_LIFETIME_CASES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_LIFETIME_CASES_HPP

#include "support/asio/async_operation.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <utility>

// How any asynchronous operation ends before its time. Fixtures are those of token_cases.hpp.
namespace test::lifetime_cases {

/// The handlers that are ready, and none that waits.
inline void poll(asio::io_context& context)
{
    context.restart();
    context.poll();
}

/// How far an operation has come: not yet started, or as far as it comes by itself.
template <class Fixture>
void begin(Fixture& f, bool polled)
{
    if (polled && Fixture::waits) {
        poll(f.context);
    }
}

template <class Fixture>
void run_until_called(Fixture& f, typename Fixture::outcome_type const& result)
{
    f.context.restart();
    while (result.calls == 0) {
        BOOST_TEST_REQUIRE(f.context.run_one_for(deadline) != 0U);
    }
}

template <class Fixture>
void cancelled_by_its_slot()
{
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal, asio::cancellation_type::all}) {
        for (bool const polled : {false, true}) {
            Fixture f;
            asio::cancellation_signal signal;
            f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
            begin(f, polled);
            BOOST_TEST(signal.slot().has_handler());
            signal.emit(type);
            signal.emit(type);
            run(f.context);
            f.expect_error(asio::error::operation_aborted);
            // Nothing is lost, and the slot can be used again.
            f.result = {};
            f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
            f.finish();
            // Too late, and of nothing.
            signal.emit(type);
            run(f.context);
            BOOST_TEST(f.result.calls == 1);
        }
    }
}

/// The cancelled operation or the next one reports what had happened before.
template <class Fixture>
void cancelled_when_it_is_ready()
{
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal}) {
        bool cancelled = true;
        for (int handlers = 0; cancelled; ++handlers) {
            BOOST_TEST_REQUIRE(handlers < 100);
            BOOST_TEST_CONTEXT(handlers << " handlers before")
            {
                Fixture f;
                asio::cancellation_signal signal;
                f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
                f.make_ready();
                for (int i = 0; i != handlers; ++i) {
                    f.context.poll_one();
                }
                signal.emit(type);
                run(f.context);
                BOOST_TEST(f.result.calls == 1);
                cancelled = f.result.ec.failed();
                if (cancelled) {
                    f.expect_error(asio::error::operation_aborted);
                    f.result = {};
                    f.start(f.into());
                    run(f.context);
                }
                f.expect_success();
            }
        }
    }
}

template <class Fixture>
void a_signal_after_the_object_has_gone()
{
    asio::cancellation_signal signal;
    std::optional<Fixture> f;
    f.emplace();
    f->start(asio::bind_cancellation_slot(signal.slot(), f->into()));
    begin(*f, true);
    {
        auto const gone = std::move(f->object);
    }
    signal.emit(asio::cancellation_type::total);
    run(f->context);
    f->expect_error(asio::error::operation_aborted);
    signal.emit(asio::cancellation_type::total);
    f.reset();
    signal.emit(asio::cancellation_type::total);
}

template <class Fixture>
void closed()
{
    for (bool const polled : {false, true}) {
        Fixture f;
        f.start(f.into());
        begin(f, polled);
        f.object.close();
        BOOST_TEST(f.result.calls == 0);
        run(f.context);
        f.expect_error(asio::error::operation_aborted);
        f.result = {};
        f.open(f.object);
        f.start(f.into());
        f.finish();
    }
}

/// The operation of before is none of the object that was opened again.
template <class Fixture>
void closed_and_opened_at_once()
{
    for (bool const polled : {false, true}) {
        Fixture f;
        f.start(f.into());
        begin(f, polled);
        f.object.close();
        f.open(f.object);
        typename Fixture::outcome_type second;
        f.start(f.into(second));
        f.make_ready();
        run(f.context);
        f.expect_error(asio::error::operation_aborted);
        f.expect_success(second);
    }
}

template <class Fixture>
void destroyed()
{
    for (bool const polled : {false, true}) {
        Fixture f;
        auto object = std::make_unique<typename Fixture::object_type>(std::move(f.object));
        f.start_on(*object, f.into());
        begin(f, polled);
        object.reset();
        BOOST_TEST(f.result.calls == 0);
        run(f.context);
        f.expect_error(asio::error::operation_aborted);
        // What was moved from is closed and can be opened.
        BOOST_TEST(!f.object.is_open());
        f.result = {};
        f.open(f.object);
        f.start(f.into());
        f.finish();
    }
}

template <class Fixture>
void moved()
{
    for (bool const polled : {false, true}) {
        Fixture f;
        f.start(f.into());
        begin(f, polled);
        typename Fixture::object_type constructed(std::move(f.object));
        f.object = std::move(constructed);
        f.finish();
        BOOST_TEST(!constructed.is_open());
        f.open(constructed);
        BOOST_TEST(constructed.is_open());
    }
}

/// An object that another one is moved to loses what it had.
template <class Fixture>
void moved_over()
{
    for (bool const polled : {false, true}) {
        Fixture f;
        typename Fixture::object_type other(f.context);
        f.open(other);
        typename Fixture::outcome_type lost;
        f.start(f.into());
        f.start_on(other, f.into(lost));
        begin(f, polled);
        other = std::move(f.object);
        run_until_called(f, lost);
        BOOST_TEST(lost.calls == 1);
        BOOST_TEST(lost.ec == asio::error::operation_aborted);
        f.object = std::move(other);
        f.finish();
    }
}

template <class Fixture>
void moved_to_another_executor()
{
    using fixture = typename Fixture::template rebind<asio::io_context::executor_type>;
    for (bool const polled : {false, true}) {
        fixture f;
        asio::cancellation_signal signal;
        f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
        begin(f, polled);
        typename Fixture::template object_on<asio::any_io_executor> other(std::move(f.object));
        BOOST_TEST(!f.object.is_open());
        BOOST_TEST(other.is_open());
        BOOST_TEST((other.get_executor() == f.context.get_executor()));
        signal.emit(asio::cancellation_type::total);
        run(f.context);
        f.expect_error(asio::error::operation_aborted);
        f.result = {};
        f.open(f.object);
        f.start(f.into());
        f.finish();
        other = std::move(f.object); // what assigns does it by a move
        BOOST_TEST(other.is_open());
    }
}

template <class Fixture>
void the_handler_ends_the_object()
{
    for (bool const destroys : {false, true}) {
        Fixture f;
        auto object = std::make_unique<typename Fixture::object_type>(std::move(f.object));
        f.start_on(*object, [&](error_code ec, auto... what) {
            f.result(ec, what...);
            if (destroys) {
                object.reset();
            } else {
                object->close();
            }
        });
        f.make_ready();
        run(f.context);
        f.expect_success();
    }
}

/// The context ends after every possible number of handlers, with what it holds.
template <class Fixture>
void the_context_ends()
{
    bool idle = false;
    int k = 0;
    for (; !idle; ++k) {
        BOOST_TEST_REQUIRE(k < 1000);
        BOOST_TEST_CONTEXT(k << " handlers")
        {
            auto const kept = std::make_shared<int>();
            {
                Fixture f;
                asio::cancellation_signal signal;
                // The object is the handler's.
                auto object = std::make_shared<typename Fixture::object_type>(std::move(f.object));
                f.make_ready();
                f.start_on(*object, asio::bind_cancellation_slot(
                                        signal.slot(), [&f, kept, object](error_code, auto...) {
                                            f.start_on(*object, [kept, object](auto...) {});
                                            f.make_ready();
                                        }));
                object.reset();
                for (int i = 0; i != k && !idle; ++i) {
                    f.context.restart();
                    idle = f.context.poll_one() == 0 && f.context.stopped();
                }
            }
            BOOST_TEST(kept.use_count() == 1);
        }
    }
    BOOST_TEST(k > 2); // something did happen
}

} // namespace test::lifetime_cases

#endif
