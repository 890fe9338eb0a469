//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ONE_FILE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ONE_FILE_HPP

#include "async_operation.hpp"
#include "watched_files.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>

namespace test {

/// What handlers were called with.
struct file_outcome
{
    int calls = 0;
    error_code ec{};
    std::size_t changes = 0;

    void operator()(error_code failure, file_change_batch const& batch)
    {
        ++calls;
        ec = failure;
        changes = batch.size();
        BOOST_TEST((!failure || batch.empty()));
    }
};

/// A watcher of a file, and where the result of its operation goes.
template <class Executor = asio::any_io_executor>
struct one_file
{
    one_file() { open(watcher); }

    template <class Watcher>
    void open(Watcher& w) const
    {
        w.open();
        w.add(file);
    }

    void make_ready() const { append(file); }

    auto into()
    {
        return [this](error_code ec, file_change_batch const& batch) { result(ec, batch); };
    }

    void expect_success()
    {
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(!result.ec, result.ec.message());
        BOOST_TEST(result.changes == 1U);
        result = {};
    }

    void expect_aborted()
    {
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(result.ec == asio::error::operation_aborted);
        result = {};
    }

    void finish()
    {
        make_ready();
        test::run(context);
        expect_success();
    }

    void poll()
    {
        context.restart();
        context.poll();
    }

    temp_directory dir;
    fs::path file = dir.write("f");
    asio::io_context context;
    asio_inotify::basic_file_watcher<Executor> watcher{context};
    file_outcome result;
};

} // namespace test

#endif
