//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_HANDLER_CASES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_HANDLER_CASES_HPP

#include "support/asio/archetypes.hpp"
#include "support/asio/async_operation.hpp"
#include "support/asio/tracker_executor.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

// What any asynchronous operation has to do with handlers. Fixtures are those of token_cases.hpp.
namespace test::handler_cases {

/// Can be moved, not copied, and called as an rvalue only.
template <class Outcome>
class picky_handler
{
public:
    struct track
    {
        Outcome result{};
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

    template <class... Result>
    void operator()(error_code ec, Result... result) &&
    {
        track_->result(ec, result...);
    }

private:
    track* track_;
};

template <class Fixture>
using picky_for = picky_handler<typename Fixture::outcome_type>;

/// What an operation can find before it begins.
template <class Object>
struct early_end
{
    char const* name;
    std::function<void(Object&)> prepare;
    error_code expected;
};

template <class Object>
std::vector<early_end<Object>> early_ends()
{
    error_code const closed = asio::error::bad_descriptor;
    return {
        {"closed", [](auto& object) { object.close(); }, closed},
        {"never opened", [](auto& object) { object = Object(object.get_executor()); }, closed},
        {"moved from", [](auto& object) { Object const taken = std::move(object); }, closed},
        {"ready", [](auto&) {}, {}},
    };
}

/// On this executor, be it once or more often, and on no other.
inline void expect_tracker(int id)
{
    auto const& inside = tracker_executor::stack();
    BOOST_TEST(!inside.empty());
    BOOST_TEST(std::count(inside.begin(), inside.end(), id) == std::ssize(inside));
}

template <class Fixture>
void moved_not_copied_and_called_as_an_rvalue()
{
    Fixture f;
    typename picky_for<Fixture>::track track;
    f.start(picky_for<Fixture>(track));
    BOOST_TEST(track.alive == 1);
    f.make_ready();
    run(f.context);
    BOOST_TEST(track.alive == 0);
    f.expect_success(track.result);
}

template <class Fixture>
void an_unfinished_handler_is_destroyed_and_not_called()
{
    for (bool const ready : {false, true}) {
        typename picky_for<Fixture>::track track;
        {
            Fixture f;
            if (ready) {
                f.make_ready();
            }
            f.start(picky_for<Fixture>(track));
            BOOST_TEST(track.alive == 1);
        }
        BOOST_TEST(track.alive == 0);
        BOOST_TEST(track.result.calls == 0);
    }
}

template <class Fixture>
void called_later_and_on_the_associated_executor_only()
{
    for (auto const& end : early_ends<typename Fixture::object_type>()) {
        BOOST_TEST_CONTEXT(end.name)
        {
            Fixture f;
            f.make_ready();
            end.prepare(f.object);
            bool initiating = false;
            // From inside of the context, where it would be possible to call it.
            asio::post(f.context, [&] {
                initiating = true;
                f.start(asio::bind_executor(tracker_executor(7, f.context.get_executor()),
                                            [&](error_code ec, auto... result) {
                                                BOOST_TEST(!initiating);
                                                expect_tracker(7);
                                                f.result(ec, result...);
                                            }));
                initiating = false;
            });
            run(f.context);
            BOOST_TEST(f.result.calls == 1);
            BOOST_TEST(f.result.ec == end.expected);
        }
    }
}

template <class Fixture>
void called_on_the_objects_executor_without_one_of_its_own()
{
    for (bool const open : {true, false}) {
        Fixture f;
        tracker_executor const tracker(3, f.context.get_executor());
        typename Fixture::template object_on<tracker_executor> tracked(tracker);
        if (open) {
            f.open(tracked);
        }
        bool initiating = false;
        asio::dispatch(tracker, [&] {
            initiating = true;
            f.start_on(tracked, [&](error_code ec, auto... result) {
                BOOST_TEST(!initiating);
                expect_tracker(3);
                f.result(ec, result...);
            });
            initiating = false;
        });
        f.make_ready();
        run(f.context);
        BOOST_TEST(f.result.calls == 1);
        BOOST_TEST(!f.result.ec == open);
    }
}

template <class Fixture>
void an_outstanding_operation_is_work()
{
    Fixture f;
    asio::io_context other;
    f.start(asio::bind_executor(other, f.into()));
    f.make_ready();
    // Neither context runs out of work before the handler was called.
    auto const end = std::chrono::steady_clock::now() + deadline;
    while (f.result.calls == 0 && !other.stopped() && std::chrono::steady_clock::now() < end) {
        f.context.run_one_for(std::chrono::milliseconds(1));
        other.run_one_for(std::chrono::milliseconds(1));
    }
    f.expect_success();
    run(f.context);
    run(other);
}

template <class Fixture>
void the_handlers_allocator_is_used_and_free_before_the_call()
{
    // any_io_executor does not pass an allocator to its context when a function is posted.
    using fixture = typename Fixture::template rebind<asio::io_context::executor_type>;
    for (auto const& end : early_ends<typename fixture::object_type>()) {
        BOOST_TEST_CONTEXT(end.name)
        {
            fixture f;
            f.make_ready();
            end.prepare(f.object);
            memory_track memory;
            f.start(asio::bind_allocator(counting_allocator<>(memory),
                                         [&](error_code ec, auto... result) {
                                             BOOST_TEST(memory.bytes == 0U);
                                             f.result(ec, result...);
                                         }));
            run(f.context);
            BOOST_TEST(f.result.calls == 1);
            BOOST_TEST(memory.allocations > 0U);
            BOOST_TEST(memory.bytes == 0U);
        }
    }
}

template <class Fixture>
void its_memory_is_freed_when_the_operation_never_completes()
{
    memory_track memory;
    {
        Fixture f;
        f.start(asio::bind_allocator(counting_allocator<>(memory), f.into()));
    }
    BOOST_TEST(memory.bytes == 0U);
}

template <class Fixture>
void a_throwing_allocator()
{
    using fixture = typename Fixture::template rebind<asio::io_context::executor_type>;
    using handler_type = picky_for<Fixture>;
    // The last round is the one in which nothing fails.
    bool failed = true;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_REQUIRE(n < 100);
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            fixture f;
            memory_track memory{.allocations = 0, .bytes = 0, .fail_at = n};
            typename handler_type::track track;
            // What binds an allocator calls lvalues.
            bool ready = false;
            auto handler = [inner = handler_type(track)](error_code ec, auto... what) mutable {
                std::move(inner)(ec, what...);
            };
            try {
                f.start(asio::bind_allocator(counting_allocator<>(memory), std::move(handler)));
                f.make_ready();
                ready = true;
                run(f.context);
                failed = false;
            } catch (std::bad_alloc const&) {
                BOOST_TEST(memory.bytes == 0U);
                BOOST_TEST(track.alive == 1); // the one that was moved from
                BOOST_TEST(track.result.calls == 0);
                // The operation is gone, another one does what it was to do.
                run(f.context);
                f.start(handler_type(track));
                if (!ready) {
                    f.make_ready();
                }
                run(f.context);
            }
            f.expect_success(track.result);
            BOOST_TEST((n != 0 || failed));
        }
    }
}

template <class Fixture>
void exceptions_of_a_handler()
{
    Fixture f;
    f.start([&](error_code ec, auto... what) {
        f.result(ec, what...);
        throw std::runtime_error("from a handler");
    });
    f.make_ready();
    BOOST_CHECK_THROW(run(f.context), std::runtime_error);
    f.expect_success();
    run(f.context);
    f.once_more();
    f.start(f.into());
    run(f.context);
    f.expect_success();
}

template <class Fixture>
void two_objects_on_one_context()
{
    Fixture f;
    typename Fixture::object_type other(f.context);
    f.open(other);
    typename Fixture::outcome_type other_result;
    tracker_executor const tracker(7, f.context.get_executor());
    f.start(asio::bind_executor(tracker, [&](error_code ec, auto... what) {
        expect_tracker(7);
        f.result(ec, what...);
    }));
    tracker_executor const other_tracker(8, f.context.get_executor());
    f.start_on(other, asio::bind_executor(other_tracker, [&](error_code ec, auto... what) {
                   expect_tracker(8);
                   other_result(ec, what...);
               }));
    f.make_ready();
    run(f.context);
    f.expect_success();
    f.expect_success(other_result);
}

} // namespace test::handler_cases

#endif
