//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Stackful coroutines, which need Boost.Context.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"

#include <boost/asio/spawn.hpp>

namespace asio = boost::asio;
using test::operation_fixture;
using test::operations;

BOOST_AUTO_TEST_SUITE(async_yield)

BOOST_AUTO_TEST_CASE_TEMPLATE(yield_context, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::spawn(
        f.context,
        [&](asio::yield_context yield) {
            if constexpr (Operation::reads) {
                auto const batch = f.start(yield);
                f.result({}, batch);
            } else {
                f.start(yield);
                f.result({});
            }
        },
        test::rethrow);
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(yield_context_with_an_error_code, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::spawn(
        f.context,
        [&](asio::yield_context yield) {
            test::error_code ec;
            if constexpr (Operation::reads) {
                auto const batch = f.start(yield[ec]);
                f.result(ec, batch);
            } else {
                f.start(yield[ec]);
                f.result(ec);
            }
        },
        test::rethrow);
    f.context.poll();
    f.files.in.cancel();
    test::run(f.context);
    f.files.dir.write("after");
    expect_aborted(f.result, f.files, {"after"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(yield_context_throws, Operation, operations)
{
    operation_fixture<Operation> f;
    f.files.in.close();
    bool thrown = false;
    asio::spawn(
        f.context,
        [&](asio::yield_context yield) {
            try {
                f.start(yield);
            } catch (boost::system::system_error const& e) {
                thrown = e.code() == asio::error::bad_descriptor;
            }
        },
        test::rethrow);
    test::run(f.context);
    BOOST_TEST(thrown);
}

BOOST_AUTO_TEST_SUITE_END()
