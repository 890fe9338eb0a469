//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_SCRIPTED_PUMP_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_SCRIPTED_PUMP_HPP

#include "support/asio/async_operation.hpp"

#include <asio_inotify/detail/pump.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace test {

using asio_inotify::detail::step_result;

/// The next results of an engine, and its counters. Outside of the engine, which its pump destroys.
struct script
{
    std::deque<step_result> results{};
    std::function<void()> on_step{};
    error_code failure{};
    int steps = 0;
    int wakes = 0;
    int alive = 0;
};

/// Ready while there are results; each step takes one of them.
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

    int release_handle()
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

} // namespace test

#endif
