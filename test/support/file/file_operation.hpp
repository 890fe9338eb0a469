//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_FILE_FILE_OPERATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_FILE_FILE_OPERATION_HPP

#include "support/asio/async_operation.hpp"
#include "support/file/watched_files.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <utility>

namespace test {

using asio_inotify::basic_file_watcher;

/// What handlers were called with.
struct file_outcome
{
    int calls = 0;
    error_code ec{};
    std::size_t changes = 0;

    void operator()(error_code failure)
    {
        ++calls;
        ec = failure;
    }

    void operator()(error_code failure, file_change_batch const& batch)
    {
        (*this)(failure);
        changes = batch.size();
        BOOST_TEST(failure.failed() == batch.empty());
    }
};

/// A watcher of one file: a fixture as token_cases.hpp wants it.
template <class Executor = asio::any_io_executor>
struct file_receive_fixture
{
    using object_type = basic_file_watcher<Executor>;
    using outcome_type = file_outcome;
    using value_type = file_change_batch;
    template <class Executor1>
    using rebind = file_receive_fixture<Executor1>;
    template <class Executor1>
    using object_on = basic_file_watcher<Executor1>;

    static constexpr bool waits = true;

    file_receive_fixture() { open(object); }

    template <class Object>
    void open(Object& of) const
    {
        of.open();
        of.add(file);
    }

    template <class Object, class... Token>
    auto start_on(Object& of, Token&&... token)
    {
        return of.async_receive(std::forward<Token>(token)...);
    }

    template <class... Token>
    auto start(Token&&... token)
    {
        return start_on(object, std::forward<Token>(token)...);
    }

    static auto into(file_outcome& where)
    {
        return [&where](error_code ec, file_change_batch const& batch) { where(ec, batch); };
    }

    auto into() { return into(result); }

    void make_ready() const { append(file); }

    void once_more()
    {
        result = {};
        make_ready();
    }

    static void expect_success(file_outcome const& of)
    {
        BOOST_TEST(of.calls == 1);
        BOOST_TEST(!of.ec, of.ec.message());
        BOOST_TEST(of.changes == 1U);
    }

    void expect_success() const { expect_success(result); }

    void expect_error(error_code const& expected) const
    {
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(result.ec == expected, result.ec.message());
    }

    void finish()
    {
        make_ready();
        run(context);
        expect_success();
    }

    void expect_done()
    {
        BOOST_TEST(object.try_receive().empty());
        once_more();
        start(into());
        run(context);
        expect_success();
    }

    temp_directory dir;
    fs::path file = dir.write("f");
    asio::io_context context;
    object_type object{context};
    file_outcome result;
};

/// Waits for a change of the file, and takes it afterwards.
template <class Executor = asio::any_io_executor>
struct file_wait_fixture : file_receive_fixture<Executor>
{
    using value_type = void;
    template <class Executor1>
    using rebind = file_wait_fixture<Executor1>;

    template <class Object, class... Token>
    auto start_on(Object& of, Token&&... token)
    {
        return of.async_wait(std::forward<Token>(token)...);
    }

    template <class... Token>
    auto start(Token&&... token)
    {
        return start_on(this->object, std::forward<Token>(token)...);
    }

    static auto into(file_outcome& where)
    {
        return [&where](error_code ec) { where(ec); };
    }

    auto into() { return into(this->result); }

    static void expect_success(file_outcome const& of)
    {
        BOOST_TEST(of.calls == 1);
        BOOST_TEST(!of.ec, of.ec.message());
    }

    void expect_success() const { expect_success(this->result); }

    void finish()
    {
        this->make_ready();
        run(this->context);
        expect_success();
        take();
    }

    void expect_done()
    {
        take();
        this->once_more();
        start(into());
        run(this->context);
        expect_success();
        take();
    }

    /// The change is there, once.
    void take()
    {
        boost::system::error_code ec;
        static_cast<void>(this->object.try_receive(ec));
        BOOST_TEST(this->object.try_receive(ec).empty());
    }
};

} // namespace test

#endif
