//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The context goes while operations of a set are outstanding: after any number of handlers.

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/asio/async_operation.hpp"
#include "support/set/open_set.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace asio = boost::asio;
using asio_inotify::event_buffer;
using asio_inotify::watch_event_batch;
using asio_inotify::watch_set;
using test::error_code;
using test::event_mask;

BOOST_AUTO_TEST_SUITE(set_context_end)

/// What a scenario works on. Its parts end in the opposite order, the context last.
struct world
{
    world() { open(set); }

    /// Watch the directory, with a number to recycle and an event that is nobody's.
    void open(watch_set& each) const
    {
        each.open();
        each.add(dir.path(), event_mask::create);
        each.remove(each.add("/", event_mask::delete_self));
    }

    test::temp_directory dir;
    asio::io_context context;
    watch_set set{context};
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
            // Goes with the last handler, whether it was called or not.
            auto const kept = std::make_shared<int>();
            {
                world w;
                scenario(w, kept);
                idle = run_some(w.context, k);
                BOOST_TEST((w.finished || !idle));
            }
            BOOST_TEST(kept.use_count() == 1);
        }
    }
    BOOST_TEST(k > 3); // something did happen
}

asio::awaitable<void> use_set(world& w, watch_set& set, std::shared_ptr<int>)
{
    using namespace asio::experimental::awaitable_operators;
    event_buffer<> buffer;
    w.dir.write("1");
    co_await set.async_read_events(buffer, asio::use_awaitable);
    co_await async_recycle(set, asio::use_awaitable);
    asio::post(w.context, [&w] { w.dir.write("2"); });
    co_await (set.async_read_events(buffer, asio::use_awaitable) &&
              async_recycle(set, asio::use_awaitable));
    asio::post(w.context, [&set] { set.cancel(); });
    co_await set.async_read_events(buffer, asio::as_tuple(asio::use_awaitable));
    set.remove(set.add("/", event_mask::delete_self));
    asio::post(w.context, [&set] { set.close(); });
    co_await (set.async_read_events(buffer, asio::as_tuple(asio::use_awaitable)) &&
              async_recycle(set, asio::as_tuple(asio::use_awaitable)));
    co_await set.async_read_events(buffer, asio::as_tuple(asio::use_awaitable));
    co_await async_recycle(set, asio::as_tuple(asio::use_awaitable));
    w.finished = true;
}

BOOST_AUTO_TEST_CASE(a_coroutine)
{
    end_after_every_handler([](world& w, std::shared_ptr<int> const& kept) {
        asio::co_spawn(w.context, use_set(w, w.set, kept), test::rethrow);
    });
}

// The set is owned by a coroutine's frame, so that it goes with the context's queue.
asio::awaitable<void> own_set(world& w, std::shared_ptr<int> kept)
{
    watch_set set(co_await asio::this_coro::executor);
    w.open(set);
    co_await use_set(w, set, kept);
}

BOOST_AUTO_TEST_CASE(a_set_inside_a_coroutine)
{
    end_after_every_handler([](world& w, std::shared_ptr<int> const& kept) {
        asio::co_spawn(w.context, own_set(w, kept), test::rethrow);
    });
}

// The set is owned by its own handlers.
struct session : std::enable_shared_from_this<session>
{
    session(world& owner, std::shared_ptr<int> k)
        : w(owner)
        , set(owner.context)
        , kept(std::move(k))
    {
        w.open(set);
    }

    void start()
    {
        asio::post(w.context,
                   [this, self = shared_from_this()] { w.dir.write(std::to_string(++files)); });
        set.async_read_events(
            buffer,
            asio::bind_cancellation_slot(
                signal.slot(), [self = shared_from_this()](error_code ec, watch_event_batch batch) {
                    BOOST_TEST(!ec);
                    BOOST_TEST(!batch.empty());
                    self->recycle();
                }));
    }

    void recycle()
    {
        async_recycle(set, [self = shared_from_this()](error_code ec, std::size_t) {
            BOOST_TEST(!ec);
            if (self->files < 3) {
                self->start();
            } else {
                self->w.finished = true;
            }
        });
    }

    world& w;
    watch_set set;
    event_buffer<> buffer;
    asio::cancellation_signal signal;
    std::shared_ptr<int> kept;
    int files = 0;
};

BOOST_AUTO_TEST_CASE(a_set_inside_its_handlers)
{
    end_after_every_handler([](world& w, std::shared_ptr<int> const& kept) {
        std::make_shared<session>(w, kept)->start();
    });
}

BOOST_AUTO_TEST_SUITE_END()
