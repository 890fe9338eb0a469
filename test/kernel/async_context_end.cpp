//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The context goes while operations are outstanding: after any number of handlers.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>

namespace asio = boost::asio;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;

BOOST_AUTO_TEST_SUITE(async_context_end)

/// What a scenario works on. Its parts end in the opposite order, the context last.
struct world
{
    asio::io_context context;
    test::watched<> files{context};
    bool finished = false;
};

/// Runs at most `handlers` handlers; true if there was nothing more to do.
bool run_some(asio::io_context& context, int handlers)
{
    auto const end = std::chrono::steady_clock::now() + test::deadline;
    for (int i = 0; i != handlers; ++i) {
        context.restart();
        if (context.run_one_until(end) == 0) {
            BOOST_TEST_REQUIRE(context.stopped());
            return true;
        }
    }
    return false;
}

/// For every k: start the scenario, run k handlers, and let everything end.
template <class Scenario>
void end_after_every_handler(Scenario scenario)
{
    int k = 0;
    for (bool idle = false; !idle; ++k) {
        BOOST_TEST_REQUIRE(k < 1000);
        BOOST_TEST_CONTEXT(k << " handlers")
        {
            world w;
            scenario(w);
            idle = run_some(w.context, k);
            BOOST_TEST((w.finished || !idle));
        }
    }
    BOOST_TEST(k > 3); // something did happen
}

asio::awaitable<void> read_all_ways(world& w)
{
    using namespace asio::experimental::awaitable_operators;
    event_buffer<> buffer;
    event_buffer<> second;
    auto& files = w.files;
    files.dir.write("1");
    co_await files.in.async_wait(inotify::wait_read, asio::use_awaitable);
    co_await files.in.async_read_events(buffer, asio::use_awaitable);

    asio::steady_timer timer(w.context, std::chrono::steady_clock::time_point::min());
    co_await (files.in.async_read_events(buffer, asio::use_awaitable) ||
              timer.async_wait(asio::use_awaitable));
    asio::post(w.context, [&files] { files.dir.write("2"); });
    co_await (files.in.async_read_events(buffer, asio::use_awaitable) ||
              files.in.async_wait(inotify::wait_read, asio::use_awaitable));
    asio::post(w.context, [&files] { files.in.cancel(); });
    co_await (files.in.async_read_events(buffer, asio::as_tuple(asio::use_awaitable)) &&
              files.in.async_read_events(second, asio::as_tuple(asio::use_awaitable)));
    files.in.close();
    co_await files.in.async_read_events(buffer, asio::as_tuple(asio::use_awaitable));
    w.finished = true;
}

BOOST_AUTO_TEST_CASE(a_coroutine)
{
    end_after_every_handler(
        [](world& w) { asio::co_spawn(w.context, read_all_ways(w), test::rethrow); });
}

BOOST_AUTO_TEST_CASE(a_coroutine_on_a_strand)
{
#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
    // Nor does a plain stream_descriptor of Asio 1.26 survive it.
    BOOST_TEST_MESSAGE("Asio's io_uring backend destroys handlers later than their strands");
#else
    end_after_every_handler([](world& w) {
        asio::co_spawn(asio::make_strand(w.context), read_all_ways(w), test::rethrow);
    });
#endif
}

// The instance is owned by a coroutine's frame, so that it goes with the context's queue.
asio::awaitable<void> own_instance(world& w)
{
    inotify in(co_await asio::this_coro::executor);
    in.open();
    in.add(w.files.dir.path(), event_mask::create);
    event_buffer<> buffer;
    for (int i = 0; i != 3; ++i) {
        w.files.dir.write(std::to_string(i));
        co_await in.async_read_events(buffer, asio::use_awaitable);
        asio::post(w.context, [&w, i] { w.files.dir.write(std::to_string(i) + "later"); });
        co_await in.async_wait(in.wait_read, asio::deferred);
        co_await in.async_read_events(buffer, asio::deferred);
    }
    w.finished = true;
}

BOOST_AUTO_TEST_CASE(an_instance_inside_a_coroutine)
{
    end_after_every_handler(
        [](world& w) { asio::co_spawn(w.context, own_instance(w), test::rethrow); });
}

// The instance is owned by its own handlers.
struct session : std::enable_shared_from_this<session>
{
    explicit session(world& owner)
        : w(owner)
        , in(owner.context)
    {
        in.open();
        in.add(w.files.dir.path(), event_mask::create);
    }

    void start()
    {
        in.async_wait(in.wait_read, [self = shared_from_this()](test::error_code ec) {
            BOOST_TEST(!ec);
            self->read();
        });
        asio::post(w.context, [this] { w.files.dir.write(std::to_string(++files)); });
    }

    void read()
    {
        in.async_read_events(
            buffer,
            asio::bind_cancellation_slot(
                signal.slot(), [self = shared_from_this()](test::error_code ec, event_batch batch) {
                    BOOST_TEST(!ec);
                    BOOST_TEST(!batch.empty());
                    if (self->files < 4) {
                        self->start();
                    } else {
                        self->w.finished = true;
                    }
                }));
    }

    world& w;
    inotify in;
    event_buffer<> buffer;
    asio::cancellation_signal signal;
    int files = 0;
};

BOOST_AUTO_TEST_CASE(an_instance_inside_its_handlers)
{
    end_after_every_handler([](world& w) { std::make_shared<session>(w)->start(); });
}

BOOST_AUTO_TEST_CASE(a_parallel_group)
{
    end_after_every_handler([](world& w) {
        auto const buffers = std::make_shared<std::array<event_buffer<4096>, 2>>();
        asio::experimental::make_parallel_group(
            w.files.in.async_read_events((*buffers)[0], asio::deferred),
            w.files.in.async_read_events((*buffers)[1], asio::deferred),
            w.files.in.async_wait(inotify::wait_read, asio::deferred))
            .async_wait(asio::experimental::wait_for_one(),
                        [&w, buffers](auto...) { w.finished = true; });
        asio::post(w.context, [&w] { w.files.dir.write("a"); });
    });
}

// Everything in the wrong order: the objects outlive their operations by a move.
BOOST_AUTO_TEST_CASE(moved_and_closed_on_the_way)
{
    end_after_every_handler([](world& w) {
        auto const buffer = std::make_shared<event_buffer<4096>>();
        auto const elsewhere = std::make_shared<std::optional<inotify>>();
        w.files.in.async_read_events(*buffer, [&w, buffer, elsewhere](auto...) {
            w.files.in.async_wait(inotify::wait_read,
                                  [&w, buffer, elsewhere](auto...) { w.finished = true; });
            asio::post(w.context, [elsewhere] { elsewhere->reset(); });
            *elsewhere = std::move(w.files.in);
        });
        asio::post(w.context, [&w] { w.files.dir.write("a"); });
    });
}

BOOST_AUTO_TEST_SUITE_END()
