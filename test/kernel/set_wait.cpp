//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/set/open_set.hpp"

#include <asio_inotify/event_buffer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// Waiting for the events of a set without taking any, and one operation at a time.
namespace {

using test::error;
using test::error_code;
using test::event_mask;

struct waiting_set : test::open_set
{
    waiting_set() { set.add(file, event_mask::attrib); }

    void change() const { fs::permissions(file, fs::perms::owner_all); }

    auto waited()
    {
        return [this](error_code ec) { wait_result = ec; };
    }

    auto read()
    {
        return [this](error_code ec, asio_inotify::watch_event_batch batch) {
            read_result = ec;
            for (auto const e : batch) {
                seen.push_back(test::describe_joined(e));
            }
        };
    }

    void run()
    {
        context.restart();
        context.run_for(std::chrono::seconds(60));
        BOOST_TEST_REQUIRE(context.stopped());
    }

    void expect_event() { test::expect_events(test::drain(set), {"file1: 1 attrib"}); }

    fs::path file = new_file();
    asio_inotify::event_buffer<> buffer;
    std::optional<error_code> wait_result;
    std::optional<error_code> read_result;
    std::vector<std::string> seen;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_wait, waiting_set)

BOOST_AUTO_TEST_CASE(nothing_is_taken)
{
    change();
    set.wait();
    set.wait();
    expect_event();
}

BOOST_AUTO_TEST_CASE(asynchronously)
{
    set.async_wait(waited());
    context.poll();
    BOOST_TEST(!wait_result);
    change();
    run();
    BOOST_TEST((wait_result == error_code()));
    expect_event();
}

BOOST_AUTO_TEST_CASE(one_at_a_time)
{
    set.async_wait(waited());
    set.async_read_events(buffer, read());
    context.poll();
    BOOST_TEST((read_result == error::operation_outstanding));
    error_code ec;
    static_cast<void>(set.read_events(buffer, ec));
    BOOST_TEST(ec == error::operation_outstanding);
    set.wait(ec);
    BOOST_TEST(ec == error::operation_outstanding);
    BOOST_CHECK_THROW(set.wait(), boost::system::system_error);
    BOOST_TEST(!wait_result);
    change();
    run();
    BOOST_TEST((wait_result == error_code()));
    expect_event();
}

BOOST_AUTO_TEST_CASE(one_read_at_a_time)
{
    set.async_read_events(buffer, read());
    asio_inotify::event_buffer<> second;
    std::optional<error_code> refused;
    set.async_read_events(second, [&](error_code ec, auto const&) { refused = ec; });
    set.async_wait(waited());
    context.poll();
    BOOST_TEST((refused == error::operation_outstanding));
    BOOST_TEST((wait_result == error::operation_outstanding));
    BOOST_TEST(!read_result);
    change();
    run();
    test::expect_events(seen, {"file1: 1 attrib"});
}

// A handler is not outstanding any more while it runs.
BOOST_AUTO_TEST_CASE(the_next_operation_from_the_handler)
{
    set.async_wait([&](error_code ec) {
        wait_result = ec;
        set.async_read_events(buffer, read());
    });
    change();
    run();
    BOOST_TEST((wait_result == error_code()));
    test::expect_events(seen, {"file1: 1 attrib"});
}

BOOST_AUTO_TEST_CASE(cancelled)
{
    for (int how = 0; how != 3; ++how) {
        asio::cancellation_signal signal;
        set.async_wait(asio::bind_cancellation_slot(signal.slot(), waited()));
        context.poll();
        change();
        if (how == 0) {
            signal.emit(asio::cancellation_type::total);
        } else if (how == 1) {
            set.cancel();
        } else {
            set.close();
        }
        run();
        BOOST_TEST((wait_result == asio::error::operation_aborted));
        if (set.is_open()) {
            expect_event();
        }
    }
}

// Its completion may be late, if the executor of its handler is busy.
BOOST_AUTO_TEST_CASE(the_next_operation_after_cancel)
{
    set.async_wait(waited());
    set.cancel();
    set.async_read_events(buffer, read());
    change();
    run();
    BOOST_TEST((wait_result == asio::error::operation_aborted));
    BOOST_TEST((read_result == error_code()));
    test::expect_events(seen, {"file1: 1 attrib"});
}

// The old operation ends later.
BOOST_AUTO_TEST_CASE(the_next_operation_after_a_move_to_another_type_of_executor)
{
    asio_inotify::basic_watch_set<asio::io_context::executor_type> typed(context);
    typed.open();
    typed.add(file, event_mask::attrib);
    typed.async_wait(waited());
    set = std::move(typed);
    set.async_read_events(buffer, read());
    change();
    run();
    BOOST_TEST((wait_result == error_code()));
    BOOST_TEST((read_result == error_code()));
    test::expect_events(seen, {"file1: 1 attrib"});
}

BOOST_AUTO_TEST_CASE(closed)
{
    set.close();
    error_code ec;
    set.wait(ec);
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    set.async_wait(waited());
    run();
    BOOST_TEST((wait_result == boost::system::errc::bad_file_descriptor));
}

BOOST_AUTO_TEST_CASE(which_watches_there_are)
{
    BOOST_TEST(set.contains(file));
    BOOST_TEST(set.contains(file.string()));
    BOOST_TEST(set.contains(test::wd(1)));
    BOOST_TEST(set.find(file).wd().value() == 1);
    BOOST_TEST(!set.contains(test::wd(2)));
    BOOST_TEST(!set.contains("elsewhere"));
}

BOOST_AUTO_TEST_SUITE_END()
