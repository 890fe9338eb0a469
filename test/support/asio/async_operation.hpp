//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_ASYNC_OPERATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_ASYNC_OPERATION_HPP

#include "support/temp_directory.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace test {

namespace asio = boost::asio;
using asio_inotify::basic_inotify;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using boost::system::error_code;

/// The limit for what should happen at once, also on a loaded machine and under a sanitizer.
inline constexpr std::chrono::seconds deadline{60};

/// Whether an object may be destroyed with an operation that has not ended while other threads make
/// objects on the same context. Not with Asio's io_uring backend: they can be given the state in
/// which that operation still waits (seen with Boost 1.81 and plain stream_descriptors).
#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
inline constexpr bool abandoned_among_threads = false;
#else
inline constexpr bool abandoned_among_threads = true;
#endif

/// Run a context until it has no work left.
inline void run(asio::io_context& context)
{
    context.restart();
    context.run_for(deadline);
    BOOST_TEST_REQUIRE(context.stopped());
}

/// The completion handler of co_spawn that lets a coroutine's exception fail the test.
inline void rethrow(std::exception_ptr const& failure)
{
    if (failure) {
        std::rethrow_exception(failure);
    }
}

using name_list = std::vector<std::string>;

inline name_list names(event_batch batch)
{
    name_list result;
    for (auto const e : batch) {
        result.emplace_back(e.name());
    }
    return result;
}

/// What handlers were called with.
struct outcome
{
    int calls = 0;
    error_code ec{};
    name_list seen{};

    void operator()(error_code failure)
    {
        ++calls;
        ec = failure;
    }

    void operator()(error_code failure, event_batch batch)
    {
        (*this)(failure);
        for (auto& name : names(batch)) {
            seen.push_back(std::move(name));
        }
        BOOST_TEST((!failure || batch.empty()));
    }
};

/// A handler for either operation that notes its arguments.
inline auto into(outcome& result)
{
    return [&result](error_code ec, auto... batch) { result(ec, batch...); };
}

/// A directory of its own, and an instance that reports what is created in it.
template <class Executor = asio::any_io_executor>
struct watched
{
    /** @param where  A context or an executor. */
    template <class Where>
    explicit watched(Where&& where)
        : in(where)
    {
        in.open();
        watch();
    }

    void watch() { in.add(dir.path(), event_mask::create); }

    /// All that is queued, without waiting.
    name_list drain()
    {
        name_list result;
        event_buffer<4096> buffer;
        in.non_blocking(true);
        for (;;) {
            error_code ec;
            auto const batch = in.read_events(buffer, ec);
            if (ec) {
                BOOST_TEST(ec == asio::error::would_block);
                in.non_blocking(false);
                return result;
            }
            for (auto& name : names(batch)) {
                result.push_back(std::move(name));
            }
        }
    }

    temp_directory dir;
    basic_inotify<Executor> in;
};

// The two operations under one name, so that a test can be written for both.

struct read_operation
{
    static constexpr bool reads = true;
    using signature = void(error_code, event_batch);

    template <class Inotify, class Token>
    auto operator()(Inotify& in, Token&& token)
    {
        return in.async_read_events(buffer, std::forward<Token>(token));
    }

    event_buffer<4096> buffer;
};

struct wait_operation
{
    static constexpr bool reads = false;
    using signature = void(error_code);

    template <class Inotify, class Token>
    auto operator()(Inotify& in, Token&& token)
    {
        return in.async_wait(Inotify::wait_read, std::forward<Token>(token));
    }
};

using operations = std::tuple<read_operation, wait_operation>;

/// Check that the operation reported success and that these events came, each once.
template <class Operation, class Executor>
void expect_events(Operation const&, outcome const& result, watched<Executor>& files,
                   name_list const& expected)
{
    BOOST_TEST(result.calls == 1);
    BOOST_TEST(!result.ec, result.ec.message());
    if (Operation::reads) {
        BOOST_TEST(result.seen == expected, boost::test_tools::per_element());
        BOOST_TEST(files.drain().empty());
    } else {
        BOOST_TEST(files.drain() == expected, boost::test_tools::per_element());
    }
}

/// Check that the operation was aborted, and that these events are still to be read.
template <class Executor>
void expect_aborted(outcome const& result, watched<Executor>& files, name_list const& expected)
{
    BOOST_TEST(result.calls == 1);
    BOOST_TEST(result.ec == asio::error::operation_aborted);
    BOOST_TEST(files.drain() == expected, boost::test_tools::per_element());
}

/// An operation, an object for it to work on, and where its result goes.
template <class Operation, class Executor = asio::any_io_executor>
struct operation_fixture
{
    template <class Token>
    auto start(Token&& token)
    {
        return operation(files.in, std::forward<Token>(token));
    }

    /// Let a file appear, run, and see that the operation reported it.
    void finish(std::string const& name = "a")
    {
        files.dir.write(name);
        run(context);
        expect_events(operation, result, files, {name});
    }

    asio::io_context context;
    watched<Executor> files{context};
    Operation operation;
    outcome result;
};

} // namespace test

#endif
