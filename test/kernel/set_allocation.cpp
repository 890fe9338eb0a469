//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Reads of a set allocate nothing in the long run.

#include "support/allocation_counter.hpp"
#include "support/asio/async_operation.hpp"
#include "support/set/open_set.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::basic_watch_set;
using asio_inotify::watch_event_batch;

BOOST_AUTO_TEST_SUITE(set_allocation)

using executors = std::tuple<asio::any_io_executor, asio::io_context::executor_type>;

constexpr int warm_up = 100;
constexpr int rounds = 1000;

// A set on a file whose writing is one event and costs no memory, and a count of what is allocated
// once everything has its place.
template <class Executor>
class metered_set
{
public:
    metered_set()
        : fd_(::open(dir_.write("file").c_str(), O_WRONLY | O_CLOEXEC))
    {
        BOOST_REQUIRE(fd_ >= 0);
        set.open();
        set.add(dir_.path(), test::event_mask::modify);
    }

    metered_set(metered_set const&) = delete;
    metered_set& operator=(metered_set const&) = delete;
    ~metered_set() { ::close(fd_); }

    void write() const
    {
        if (::pwrite(fd_, "x", 1, 0) != 1) {
            throw std::runtime_error("pwrite");
        }
    }

    /// Every other time, what is read is there before the read is started.
    [[nodiscard]] bool is_ready_round() const { return round_ % 2 == 0; }

    /// To be called after each read; false when there were enough.
    bool next(test::error_code ec, watch_event_batch batch)
    {
        if (ec || batch.empty() || !batch.front().watch()) {
            throw std::runtime_error("nothing read");
        }
        if (++round_ == warm_up) {
            before_ = test::allocation_count();
        }
        after_ = test::allocation_count();
        return round_ != warm_up + rounds;
    }

    void run_and_check()
    {
        test::run(context);
        BOOST_TEST(round_ == warm_up + rounds);
        BOOST_TEST(after_ - before_ == 0U);
    }

    asio::io_context context;
    basic_watch_set<Executor> set{context};
    asio_inotify::event_buffer<> buffer;
    asio::cancellation_signal signal;

private:
    test::temp_directory dir_;
    int fd_;
    int round_ = 0;
    std::size_t before_ = 0;
    std::size_t after_ = 0;
};

template <class Executor>
struct callback_loop
{
    metered_set<Executor>& m;
    bool with_slot;

    void operator()(test::error_code ec, watch_event_batch batch) const
    {
        if (m.next(ec, batch)) {
            start();
        }
    }

    void start() const
    {
        bool const ready = m.is_ready_round();
        if (ready) {
            m.write();
        }
        if (with_slot) {
            m.set.async_read_events(m.buffer, asio::bind_cancellation_slot(m.signal.slot(), *this));
        } else {
            m.set.async_read_events(m.buffer, *this);
        }
        if (!ready) {
            m.write();
        }
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(callbacks, Executor, executors)
{
    for (bool const with_slot : {false, true}) {
        metered_set<Executor> m;
        callback_loop<Executor>{m, with_slot}.start();
        m.run_and_check();
    }
}

template <class Executor, class Token>
asio::awaitable<void> coroutine_loop(metered_set<Executor>& m, Token token)
{
    watch_event_batch batch;
    do {
        if (m.is_ready_round()) {
            m.write();
        } else {
            asio::post(m.context, [&m] { m.write(); });
        }
        batch = co_await m.set.async_read_events(m.buffer, token);
    } while (m.next({}, batch));
}

template <class Executor, class Token>
void check_coroutine(Token token)
{
    metered_set<Executor> m;
    asio::co_spawn(m.context, coroutine_loop(m, token), test::rethrow);
    m.run_and_check();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines, Executor, executors)
{
    check_coroutine<Executor>(asio::use_awaitable);
    check_coroutine<Executor>(asio::deferred);
}

BOOST_AUTO_TEST_CASE(synchronous_reads)
{
    metered_set<asio::any_io_executor> m;
    test::error_code ec;
    do {
        m.write();
    } while (m.next(ec, m.set.read_events(m.buffer, ec)));
    m.run_and_check();
}

BOOST_AUTO_TEST_SUITE_END()
