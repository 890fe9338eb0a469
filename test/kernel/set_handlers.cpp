//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a handler of a set's operations may be like, where it is called, whose memory it takes, and
// that it is never called too early.

#include "support/asio/archetypes.hpp"
#include "support/asio/tracker_executor.hpp"
#include "support/set/set_operation.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using test::error;
using test::set_fixture;
using test::set_operations;
using test::set_outcome;
using test::wd;

BOOST_AUTO_TEST_SUITE(set_handlers)

// Can be moved, not copied, and called as an rvalue only.
class picky_handler
{
public:
    struct track
    {
        set_outcome result{};
        int alive = 0;
    };

    explicit picky_handler(track& t)
        : track_(&t)
    {
        ++track_->alive;
    }

    picky_handler(picky_handler&& other) noexcept
        : track_(other.track_)
    {
        ++track_->alive;
    }

    picky_handler& operator=(picky_handler&&) = delete;
    ~picky_handler() { --track_->alive; }

    template <class Result>
    void operator()(test::error_code ec, Result result) &&
    {
        track_->result(ec, result);
    }

private:
    track* track_;
};

void expect_tracker(int id)
{
    auto const& stack = test::tracker_executor::stack();
    BOOST_TEST(!stack.empty());
    BOOST_TEST(std::ranges::count(stack, id) == std::ssize(stack));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(moved_not_copied_and_called_as_an_rvalue, Operation, set_operations)
{
    set_fixture<Operation> f;
    picky_handler::track track;
    f.start(picky_handler(track));
    BOOST_TEST(track.alive == 1);
    f.make_ready();
    test::run(f.context);
    BOOST_TEST(track.alive == 0);
    f.expect_success(track.result);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unfinished_handler_is_destroyed_and_not_called, Operation,
                              set_operations)
{
    for (bool const ready : {false, true}) {
        picky_handler::track track;
        {
            set_fixture<Operation> f;
            if (ready) {
                f.make_ready();
            }
            f.start(picky_handler(track));
            BOOST_TEST(track.alive == 1);
        }
        BOOST_TEST(track.alive == 0);
        BOOST_TEST(track.result.calls == 0);
    }
}

// Every way in which an operation can end without having to wait.
struct early_end
{
    char const* name;
    std::function<void(asio_inotify::watch_set&)> prepare;
    test::error_code expected;
};

std::vector<early_end> early_ends()
{
    test::error_code const closed = asio::error::bad_descriptor;
    return {
        {"closed", [](auto& set) { set.close(); }, closed},
        {"never opened", [](auto& set) { set = asio_inotify::watch_set(set.get_executor()); },
         closed},
        {"moved from", [](auto& set) { asio_inotify::watch_set const taken = std::move(set); },
         closed},
        {"ready", [](auto&) {}, {}},
    };
}

BOOST_AUTO_TEST_CASE_TEMPLATE(called_later_and_on_the_associated_executor_only, Operation,
                              set_operations)
{
    for (auto const& end : early_ends()) {
        BOOST_TEST_CONTEXT(end.name)
        {
            set_fixture<Operation> f;
            f.make_ready();
            end.prepare(f.set);
            bool initiating = false;
            // From inside of the context, where it would be possible to call it.
            asio::post(f.context, [&] {
                initiating = true;
                f.start(asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                            [&](test::error_code ec, auto result) {
                                                BOOST_TEST(!initiating);
                                                expect_tracker(7);
                                                f.result(ec, result);
                                            }));
                initiating = false;
            });
            test::run(f.context);
            BOOST_TEST(f.result.calls == 1);
            BOOST_TEST(f.result.ec == end.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(called_on_the_sets_executor_without_one_of_its_own, Operation,
                              set_operations)
{
    for (bool const open : {true, false}) {
        set_fixture<Operation> f;
        test::tracker_executor const tracker(3, f.context.get_executor());
        asio_inotify::basic_watch_set<test::tracker_executor> tracked(tracker);
        if (open) {
            tracked.open();
            f.prepare(tracked);
        }
        bool initiating = false;
        asio::dispatch(tracker, [&] {
            initiating = true;
            f.operation(tracked, [&](test::error_code ec, auto result) {
                BOOST_TEST(!initiating);
                expect_tracker(3);
                f.result(ec, result);
            });
            initiating = false;
        });
        f.make_ready();
        test::run(f.context);
        BOOST_TEST(f.result.calls == 1);
        BOOST_TEST(!f.result.ec == open);
    }
}

BOOST_AUTO_TEST_CASE(failures_before_a_read_begins)
{
    set_fixture<test::set_read_operation> f;
    f.make_ready();
    auto const expect = [&](test::error_code expected, asio::mutable_buffer buffer) {
        f.result = {};
        bool initiating = false;
        asio::post(f.context, [&] {
            initiating = true;
            f.set.async_read_events(
                buffer, asio::bind_executor(
                            test::tracker_executor(7, f.context.get_executor()),
                            [&](test::error_code ec, asio_inotify::watch_event_batch batch) {
                                BOOST_TEST(!initiating);
                                expect_tracker(7);
                                f.result(ec, batch);
                            }));
            initiating = false;
        });
        test::run(f.context);
        BOOST_TEST(f.result.calls == 1);
        BOOST_TEST(f.result.ec == expected);
    };
    std::vector<std::byte> memory(asio_inotify::minimum_watch_buffer_size);
    for (auto const size : {std::size_t{0}, std::size_t{1}, memory.size() - 1}) {
        expect(error::buffer_too_small, asio::buffer(memory.data(), size));
    }
    // Nothing was read by these.
    expect({}, asio::buffer(memory));
    f.expect_success();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_outstanding_operation_is_work, Operation, set_operations)
{
    set_fixture<Operation> f;
    asio::io_context other;
    f.start(asio::bind_executor(other, f.into()));
    f.make_ready();
    // Neither context runs out of work before the handler was called.
    auto const end = std::chrono::steady_clock::now() + test::deadline;
    while (f.result.calls == 0 && !other.stopped() && std::chrono::steady_clock::now() < end) {
        f.context.run_one_for(std::chrono::milliseconds(1));
        other.run_one_for(std::chrono::milliseconds(1));
    }
    f.expect_success();
    test::run(f.context);
    test::run(other);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_handlers_allocator_is_used_and_free_before_the_call, Operation,
                              set_operations)
{
    for (auto const& end : early_ends()) {
        BOOST_TEST_CONTEXT(end.name)
        {
            set_fixture<Operation> f;
            f.make_ready();
            end.prepare(f.set);
            test::memory_track memory;
            f.start(asio::bind_allocator(test::counting_allocator<>(memory),
                                         [&](test::error_code ec, auto result) {
                                             BOOST_TEST(memory.bytes == 0U);
                                             f.result(ec, result);
                                         }));
            test::run(f.context);
            BOOST_TEST(f.result.calls == 1);
            // any_io_executor does not pass an allocator to its context when a function is posted.
            BOOST_TEST((memory.allocations > 0U || !Operation::reads));
            BOOST_TEST(memory.bytes == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(its_memory_is_freed_when_the_operation_never_completes, Operation,
                              set_operations)
{
    test::memory_track memory;
    {
        set_fixture<Operation> f;
        f.start(asio::bind_allocator(test::counting_allocator<>(memory), f.into()));
    }
    BOOST_TEST(memory.bytes == 0U);
}

BOOST_AUTO_TEST_CASE(a_throwing_allocator)
{
    // The last round is the one in which nothing fails.
    bool failed = true;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_REQUIRE(n < 100);
        set_fixture<test::set_read_operation> f;
        asio::cancellation_signal signal;
        test::memory_track memory{.allocations = 0, .bytes = 0, .fail_at = n};
        picky_handler::track track;
        // What binds an allocator calls lvalues.
        auto handler = [inner = picky_handler(track)](test::error_code ec, auto batch) mutable {
            std::move(inner)(ec, batch);
        };
        try {
            f.start(asio::bind_cancellation_slot(
                signal.slot(),
                asio::bind_allocator(test::counting_allocator<>(memory), std::move(handler))));
            f.make_ready();
            test::run(f.context);
            failed = false;
        } catch (std::bad_alloc const&) {
            BOOST_TEST(memory.bytes == 0U);
            BOOST_TEST(track.alive == 1); // the one that was moved from
            BOOST_TEST(track.result.calls == 0);
            signal.emit(asio::cancellation_type::all);
            // The operation is gone, the set can do what it could.
            test::run(f.context);
            f.set.async_read_events(f.operation.buffer, picky_handler(track));
            f.dir.write("a");
            test::run(f.context);
        }
        f.expect_success(track.result);
        BOOST_TEST((n != 0 || failed));
    }
}

BOOST_AUTO_TEST_CASE(the_cancellation_slot)
{
    set_fixture<test::set_read_operation> f;
    asio::cancellation_signal signal;
    auto const started = [&] {
        f.result = {};
        f.start(asio::bind_cancellation_slot(
            signal.slot(),
            asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                [&](test::error_code ec, asio_inotify::watch_event_batch batch) {
                                    expect_tracker(7);
                                    f.result(ec, batch);
                                })));
        BOOST_TEST(signal.slot().has_handler());
    };
    started();
    asio::post(f.context, [&] { signal.emit(asio::cancellation_type::total); });
    test::run(f.context);
    BOOST_TEST(f.result.calls == 1);
    BOOST_TEST(f.result.ec == asio::error::operation_aborted);
    started();
    f.make_ready();
    test::run(f.context);
    f.expect_success();
    // Too late, and of nothing.
    signal.emit(asio::cancellation_type::all);
    test::run(f.context);
    BOOST_TEST(f.result.calls == 1);
}

BOOST_AUTO_TEST_CASE(recycling_is_cancelled)
{
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal, asio::cancellation_type::none}) {
        set_fixture<test::set_recycle_operation> f;
        asio::cancellation_signal signal;
        f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
        if (type == asio::cancellation_type::none) {
            f.set.cancel();
        } else {
            signal.emit(type);
        }
        test::run(f.context);
        BOOST_TEST(f.result.calls == 1);
        BOOST_TEST((f.result.ec == asio::error::operation_aborted));
        BOOST_TEST(f.result.recycled == 0U);
        // The number is still there to be recycled.
        f.result = {};
        f.start(f.into());
        test::run(f.context);
        f.expect_success();
        signal.emit(type);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_sets_on_one_context, Operation, set_operations)
{
    set_fixture<Operation> f;
    asio_inotify::watch_set other(f.context);
    other.open();
    f.prepare(other);
    Operation other_operation;
    set_outcome other_result;
    f.start(f.into());
    other_operation(other, [&](test::error_code ec, auto result) { other_result(ec, result); });
    f.make_ready();
    test::run(f.context);
    f.expect_success();
    f.expect_success(other_result);
    // One is closed, the other one reads on.
    test::drain(f.set);
    test::drain(other);
    f.result = {};
    other_result = {};
    test::set_read_operation reading;
    test::set_read_operation other_reading;
    reading(f.set, f.into());
    other_reading(other, [&](test::error_code ec, auto batch) { other_result(ec, batch); });
    f.context.restart();
    f.context.poll();
    f.set.close();
    f.context.poll();
    f.dir.write("b");
    test::run(f.context);
    BOOST_TEST(f.result.calls == 1);
    BOOST_TEST(f.result.ec == asio::error::operation_aborted);
    BOOST_TEST(other_result.calls == 1);
    BOOST_TEST(!other_result.ec);
}

BOOST_AUTO_TEST_SUITE_END()
