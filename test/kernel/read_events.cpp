//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/temp_directory.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace asio_inotify;

BOOST_AUTO_TEST_SUITE(read_events)

BOOST_AUTO_TEST_CASE(a_coroutine_reads_events)
{
    test::temp_directory dir;
    asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();
    auto const wd = in.add(dir.path(), event_mask::create | event_mask::close_write);
    std::vector<std::string> seen;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            event_buffer<> buffer;
            for (auto e : co_await in.async_read_events(buffer, asio::use_awaitable)) {
                BOOST_TEST(e.wd() == wd);
                seen.push_back(std::string(e.name()) + ' ' + to_string(e.mask()));
            }
        },
        asio::detached);
    dir.write("sixteen-letters.");
    dir.write("b");
    context.run();
    BOOST_TEST(
        seen == (std::vector<std::string>{"sixteen-letters. create", "sixteen-letters. close_write",
                                          "b create", "b close_write"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_callback_reads_into_an_lvalue_handler)
{
    test::temp_directory dir;
    asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();
    in.add_at(watch_descriptor{42}, dir.path(), event_mask::create);
    boost::system::error_code ec;
    in.add_at(watch_descriptor{42}, "/etc", event_mask::create, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    event_buffer<> buffer;
    int calls = 0;
    auto handler = [&](boost::system::error_code failure, event_batch batch) {
        BOOST_TEST(!failure);
        BOOST_TEST(std::ranges::distance(batch) == 1);
        BOOST_TEST(batch.front().name() == "new");
        ++calls;
    };
    dir.write("new");
    in.async_read_events(buffer, handler);
    context.run();
    BOOST_TEST(calls == 1);
    BOOST_TEST(in.add("/etc", event_mask::create).value() == 43);
}

BOOST_AUTO_TEST_SUITE_END()
