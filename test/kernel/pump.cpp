//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "allocation_counter.hpp"
#include "async_operation.hpp"
#include "tracker_executor.hpp"

#include <asio_inotify/detail/pump.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

// The operation of watchers, with an engine that does what the test says.
BOOST_AUTO_TEST_SUITE(pump)

namespace asio = boost::asio;
using asio_inotify::detail::step_result;
using test::error_code;

// What an engine is to do next, kept outside as the engine goes with its pump.
struct script
{
    std::deque<step_result> results{};
    std::function<void()> on_step{};
    error_code failure{};
    int steps = 0;
    int wakes = 0;
    int alive = 0;
};

// Ready while there are results; each step takes one of them.
class scripted_engine
{
public:
    using batch_type = std::string;

    explicit scripted_engine(script& s)
        : script_(&s)
        , event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
    {
        ++script_->alive;
    }
    scripted_engine(scripted_engine const&) = delete;
    scripted_engine& operator=(scripted_engine const&) = delete;

    ~scripted_engine()
    {
        --script_->alive;
        if (owned_) {
            ::close(event_);
        }
    }

    [[nodiscard]] int native_handle() const { return event_; }

    int give_handle()
    {
        owned_ = false;
        return event_;
    }

    step_result step(error_code& ec)
    {
        ++script_->steps;
        ec = script_->failure;
        auto result = step_result::wait;
        if (!script_->results.empty()) {
            result = script_->results.front();
            script_->results.pop_front();
        }
        if (script_->results.empty()) {
            std::uint64_t value = 0;
            static_cast<void>(::read(event_, &value, sizeof value));
        }
        if (script_->on_step) {
            script_->on_step();
        }
        return result;
    }

    [[nodiscard]] std::string take_batch() { return "batch"; }

    void wake()
    {
        ++script_->wakes;
        make_ready();
    }

    void make_ready() const
    {
        std::uint64_t const value = 1;
        BOOST_REQUIRE(::write(event_, &value, sizeof value) == sizeof value);
    }

private:
    script* script_;
    int event_;
    bool owned_ = true;
};

template <class Executor = asio::any_io_executor>
struct pumping
{
    using pump_type = asio_inotify::detail::pump<scripted_engine, Executor>;

    pumping() { open(); }

    void open()
    {
        error_code ec;
        pump.open(std::make_unique<scripted_engine>(orders), ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    void order(std::deque<step_result> results)
    {
        orders.results = std::move(results);
        pump.engine()->make_ready();
    }

    auto keep()
    {
        return [this](error_code ec, std::string const& what) {
            ++calls;
            result = ec;
            batch = what;
        };
    }

    void poll()
    {
        context.restart();
        context.poll();
    }

    void expect(error_code const& ec, std::string const& what)
    {
        BOOST_TEST(calls == 1);
        BOOST_TEST((result == ec));
        BOOST_TEST(batch == what);
        calls = 0;
        result.reset();
        batch.clear();
    }

    void expect_aborted() { expect(asio::error::operation_aborted, ""); }
    void expect_batch() { expect({}, "batch"); }

    asio::io_context context;
    script orders;
    pump_type pump{context.get_executor()};
    int calls = 0;
    std::optional<error_code> result;
    std::string batch;
};

using fixture = pumping<>;

BOOST_FIXTURE_TEST_CASE(waits_steps_and_delivers, fixture)
{
    pump.async_run(keep());
    poll();
    BOOST_TEST(orders.steps == 0);
    order({step_result::wait});
    poll();
    BOOST_TEST(orders.steps == 1);
    BOOST_TEST(calls == 0);
    order({step_result::again, step_result::again, step_result::deliver});
    test::run(context);
    BOOST_TEST(orders.steps == 4);
    BOOST_TEST(orders.wakes == 0);
    expect_batch();
}

BOOST_FIXTURE_TEST_CASE(others_have_their_turn_between_steps, fixture)
{
    order({step_result::again, step_result::again, step_result::deliver});
    std::vector<int> steps_seen;
    std::function<void()> const note = [&] {
        steps_seen.push_back(orders.steps);
        if (calls == 0) {
            asio::post(context, note);
        }
    };
    orders.on_step = [&] {
        if (orders.steps == 1) {
            asio::post(context, note);
        }
    };
    pump.async_run(keep());
    test::run(context);
    expect_batch();
    BOOST_TEST(std::count(steps_seen.begin(), steps_seen.end(), 1) > 0);
    BOOST_TEST(std::count(steps_seen.begin(), steps_seen.end(), 2) > 0);
}

BOOST_FIXTURE_TEST_CASE(a_failure_of_the_engine, fixture)
{
    orders.failure = make_error_code(boost::system::errc::not_enough_memory);
    order({step_result::deliver});
    pump.async_run(keep());
    test::run(context);
    expect(orders.failure, "");
}

BOOST_FIXTURE_TEST_CASE(a_second_operation_is_refused, fixture)
{
    pump.async_run(keep());
    poll();
    int refused = 0;
    pump.async_run([&](error_code ec, std::string const& none) {
        ++refused;
        BOOST_TEST(ec == asio_inotify::error::operation_outstanding);
        BOOST_TEST(none.empty());
    });
    BOOST_TEST(refused == 0);
    poll();
    BOOST_TEST(refused == 1);
    order({step_result::deliver});
    test::run(context);
    expect_batch();
    // That counts no more when a handler has been called, nor when it was dropped.
    order({step_result::deliver});
    pump.async_run([&](error_code, std::string const&) {
        order({step_result::deliver});
        pump.async_run(keep());
    });
    test::run(context);
    expect_batch();
}

BOOST_FIXTURE_TEST_CASE(closed, fixture)
{
    pump.async_run(keep());
    poll();
    pump.close();
    BOOST_TEST(orders.alive == 0);
    BOOST_TEST(calls == 0);
    test::run(context);
    expect_aborted();
    pump.async_run(keep());
    BOOST_TEST(calls == 0);
    test::run(context);
    expect(asio::error::bad_descriptor, "");
    // Opened again while the operation of before has not completed yet.
    open();
    pump.async_run(keep());
    order({step_result::again, step_result::deliver});
    context.restart();
    while (orders.steps == 0) {
        context.run_one();
    }
    pump.close();
    open();
    order({step_result::deliver});
    int second = 0;
    pump.async_run([&](error_code ec, std::string const& what) {
        ++second;
        BOOST_TEST(!ec);
        BOOST_TEST(what == "batch");
    });
    test::run(context);
    expect_aborted();
    BOOST_TEST(second == 1);
}

BOOST_FIXTURE_TEST_CASE(closed_before_the_operation_of_a_closed_pump_ran, fixture)
{
    pump.close();
    pump.async_run(keep());
    open();
    order({step_result::deliver});
    test::run(context);
    expect(asio::error::bad_descriptor, "");
    BOOST_TEST(orders.steps == 0);
}

BOOST_FIXTURE_TEST_CASE(moved_and_destroyed, fixture)
{
    auto first = std::make_unique<pump_type>(std::move(pump));
    BOOST_TEST(!pump.is_open());
    first->async_run(keep());
    poll();
    pump = std::move(*first);
    BOOST_TEST(!first->is_open());
    first.reset();
    order({step_result::again, step_result::deliver});
    test::run(context);
    expect_batch();

    first = std::make_unique<pump_type>(std::move(pump));
    first->async_run(keep());
    poll();
    first.reset();
    test::run(context);
    expect_aborted();
    BOOST_TEST(orders.alive == 0);

    open();
    pump.async_run([&](error_code ec, std::string const& what) {
        keep()(ec, what);
        pump = pump_type(context.get_executor());
        BOOST_TEST(orders.alive == 0);
    });
    order({step_result::deliver});
    test::run(context);
    expect_batch();
}

BOOST_AUTO_TEST_CASE(moved_to_another_executor)
{
    pumping<asio::io_context::executor_type> f;
    asio::cancellation_signal signal;
    f.pump.async_run(asio::bind_cancellation_slot(signal.slot(), f.keep()));
    f.poll();
    asio_inotify::detail::pump<scripted_engine, asio::any_io_executor> other(std::move(f.pump));
    BOOST_TEST(!f.pump.is_open());
    BOOST_TEST(f.orders.alive == 1);
    signal.emit(asio::cancellation_type::total);
    int second = 0;
    // At once: the operation of before has nothing to do with this object.
    other.async_run([&](error_code ec, std::string const&) {
        BOOST_TEST(!ec);
        ++second;
    });
    f.orders.results = {step_result::deliver};
    other.engine()->make_ready();
    test::run(f.context);
    f.expect_aborted();
    BOOST_TEST(second == 1);
    decltype(other) const closed(std::move(f.pump));
    BOOST_TEST(!closed.is_open());
}

BOOST_FIXTURE_TEST_CASE(cancelled, fixture)
{
    error_code ec;
    pump.async_run(keep());
    poll();
    pump.cancel(ec);
    BOOST_TEST(!ec);
    test::run(context);
    expect_aborted();
    // While it has more to do: the rest is for the next operation.
    order({step_result::again, step_result::again, step_result::deliver});
    orders.on_step = [&] {
        if (orders.steps == 1) {
            asio::post(context, [&] { pump.cancel(ec); });
        }
    };
    pump.async_run(keep());
    test::run(context);
    expect_aborted();
    BOOST_TEST(orders.wakes == 1);
    orders.results = {step_result::deliver};
    pump.async_run(keep());
    test::run(context);
    expect_batch();
    pump.close();
    pump.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

BOOST_FIXTURE_TEST_CASE(cancelled_through_the_slot, fixture)
{
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal}) {
        orders.steps = 0;
        orders.wakes = 0;
        orders.on_step = nullptr;
        asio::cancellation_signal signal;
        auto const start = [&] {
            pump.async_run(asio::bind_cancellation_slot(signal.slot(), keep()));
        };
        start();
        poll();
        signal.emit(type);
        test::run(context);
        expect_aborted();
        // During a step that finds something: success wins.
        start();
        orders.on_step = [&] { signal.emit(type); };
        order({step_result::deliver});
        test::run(context);
        expect_batch();
        // During one that does not.
        start();
        order({step_result::wait, step_result::deliver});
        test::run(context);
        expect_aborted();
        start();
        order({step_result::again, step_result::deliver});
        test::run(context);
        expect_aborted();
        BOOST_TEST(orders.wakes == 1);
        orders.on_step = nullptr;
        orders.results = {step_result::deliver};
        start();
        test::run(context);
        expect_batch();
        signal.emit(type);
    }
}

BOOST_FIXTURE_TEST_CASE(a_signal_after_the_object_has_gone, fixture)
{
    asio::cancellation_signal signal;
    pump.async_run(asio::bind_cancellation_slot(signal.slot(), keep()));
    poll();
    pump = pump_type(context.get_executor());
    signal.emit(asio::cancellation_type::total);
    test::run(context);
    expect_aborted();
    signal.emit(asio::cancellation_type::total);
}

BOOST_FIXTURE_TEST_CASE(on_the_handlers_executor_only, fixture)
{
    std::vector<int> const inside{5};
    test::tracker_executor const tracker(5, context.get_executor());
    orders.on_step = [&] {
        BOOST_TEST(test::tracker_executor::stack() == inside, boost::test_tools::per_element());
    };
    pump.async_run(asio::bind_executor(tracker, [&](error_code ec, std::string const& what) {
        BOOST_TEST(test::tracker_executor::stack() == inside, boost::test_tools::per_element());
        keep()(ec, what);
    }));
    order({step_result::again, step_result::wait});
    poll();
    order({step_result::again, step_result::deliver});
    test::run(context);
    BOOST_TEST(orders.steps == 4);
    expect_batch();
}

// A future's handler has an executor that runs what is posted on a thread of its own.
BOOST_FIXTURE_TEST_CASE(steps_of_a_future_are_on_the_contexts_thread, fixture)
{
    auto const here = std::this_thread::get_id();
    orders.on_step = [&] { BOOST_TEST((std::this_thread::get_id() == here)); };
    auto future = pump.async_run(asio::use_future);
    order({step_result::again, step_result::again, step_result::deliver});
    test::run(context);
    BOOST_TEST(future.get() == "batch");
    BOOST_TEST(orders.steps == 3);
}

BOOST_FIXTURE_TEST_CASE(no_memory_is_taken, fixture)
{
    std::size_t before = 0;
    for (int round = 0; round != 20; ++round) {
        if (round == 10) {
            before = test::allocation_count();
        }
        pump.async_run([&](error_code, std::string const&) { ++calls; });
        poll();
        pump.engine()->make_ready();
        poll();
        error_code ec;
        pump.cancel(ec);
        poll();
    }
    BOOST_TEST(calls == 20);
    BOOST_TEST(test::allocation_count() == before);
}

BOOST_FIXTURE_TEST_CASE(the_context_goes_first, fixture)
{
    auto other = std::make_unique<asio::io_context>();
    auto held = std::make_shared<pump_type>(other->get_executor());
    error_code ec;
    held->open(std::make_unique<scripted_engine>(orders), ec);
    held->async_run([held](error_code, std::string const&) {});
    std::weak_ptr<pump_type> const left = held;
    held.reset();
    other->poll();
    other.reset();
    BOOST_TEST(left.expired());
    BOOST_TEST(orders.alive == 1);
}

BOOST_AUTO_TEST_SUITE_END()
