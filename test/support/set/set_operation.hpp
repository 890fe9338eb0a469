//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_SET_OPERATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_SET_OPERATION_HPP

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/asio/async_operation.hpp"
#include "support/set/open_set.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>

// The asynchronous operations of a set under one name, so that a test can be written for both.
namespace test {

struct set_read_operation
{
    static constexpr bool reads = true;

    template <class Set, class... Token>
    auto operator()(Set& set, Token&&... token)
    {
        return set.async_read_events(buffer, std::forward<Token>(token)...);
    }

    event_buffer<4096> buffer;
};

struct set_recycle_operation
{
    static constexpr bool reads = false;

    template <class Set, class... Token>
    auto operator()(Set& set, Token&&... token)
    {
        return async_recycle(set, std::forward<Token>(token)...);
    }
};

using set_operations = std::tuple<set_read_operation, set_recycle_operation>;

/// What handlers were called with: the events by their names, or how many numbers.
struct set_outcome
{
    int calls = 0;
    error_code ec{};
    name_list seen{};
    std::size_t recycled = 0;

    void operator()(error_code failure, asio_inotify::watch_event_batch batch)
    {
        ++calls;
        ec = failure;
        for (auto const e : batch) {
            seen.emplace_back(e.name());
        }
        BOOST_TEST((!failure || batch.empty()));
    }

    void operator()(error_code failure, std::size_t numbers)
    {
        ++calls;
        ec = failure;
        recycled = numbers;
        BOOST_TEST((!failure || numbers == 0));
    }
};

/// An operation, a set for it to work on, and where its result goes.
template <class Operation, class Executor = asio::any_io_executor>
struct set_fixture
{
    set_fixture()
    {
        set.open();
        prepare(set);
    }

    /// A directory is watched under 1. A watch was removed, so that a number can be recycled, and a
    /// read finds something first that it must not report.
    template <class Set>
    void prepare(Set& of)
    {
        of.add(dir.path(), event_mask::create);
        of.remove(of.add("/", event_mask::delete_self));
    }

    template <class... Token>
    auto start(Token&&... token)
    {
        return operation(set, std::forward<Token>(token)...);
    }

    /// Let there be something to read.
    void make_ready() { dir.write("a"); }

    /// Make ready for the operation to be started again.
    void once_more()
    {
        result = {};
        set.remove(set.add("/", event_mask::delete_self));
        std::filesystem::remove(dir / "a");
        make_ready();
    }

    auto into()
    {
        return [this](error_code ec, auto what) { result(ec, what); };
    }

    /// Check that the operation found what there was.
    void expect_success(set_outcome const& of) const
    {
        BOOST_TEST(of.calls == 1);
        BOOST_TEST(!of.ec, of.ec.message());
        if (Operation::reads) {
            BOOST_TEST(of.seen == name_list{"a"}, boost::test_tools::per_element());
        } else {
            BOOST_TEST(of.recycled == 1U);
        }
    }

    void expect_success() const { expect_success(result); }

    /// Run until the operation has found something.
    void finish()
    {
        make_ready();
        run(context);
        expect_success();
    }

    temp_directory dir;
    asio::io_context context;
    asio_inotify::basic_watch_set<Executor> set{context};
    Operation operation;
    set_outcome result;
};

} // namespace test

#endif
