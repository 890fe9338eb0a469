//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a read gives: in order, complete, into any buffer that is large enough.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"
#include "support/skipping.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::error;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using asio_inotify::minimum_buffer_size;
using asio_inotify::watch_descriptor;

BOOST_AUTO_TEST_SUITE(async_events)

BOOST_AUTO_TEST_CASE(the_longest_name_into_the_smallest_buffer)
{
    asio::io_context context;
    test::watched<> files{context};
    event_buffer<minimum_buffer_size> buffer;
    std::string const longest(255, 'n');
    std::string const second(255, 'm');
    files.dir.write(longest);
    files.dir.write("short");
    files.dir.write(second);
    for (auto const& name : {longest, std::string("short"), second}) {
        test::outcome result;
        files.in.async_read_events(buffer, test::into(result));
        test::run(context);
        BOOST_TEST(!result.ec);
        BOOST_TEST(result.seen == test::name_list{name}, boost::test_tools::per_element());
    }
    BOOST_TEST(files.drain().empty());
}

BOOST_AUTO_TEST_CASE(a_buffer_that_is_too_small_loses_nothing)
{
    asio::io_context context;
    test::watched<> files{context};
    event_buffer<> buffer;
    files.dir.write(std::string(255, 'n'));
    test::outcome result;
    files.in.async_read_events(asio::buffer(buffer.data(), minimum_buffer_size - 1),
                               test::into(result));
    test::run(context);
    BOOST_TEST(result.ec == error::buffer_too_small);
    BOOST_TEST(result.ec == boost::system::errc::message_size);
    BOOST_TEST(result.ec.has_location());
    BOOST_TEST(files.drain() == test::name_list{std::string(255, 'n')});
}

// An edge-triggered reactor reports nothing more after a buffer was full.
BOOST_AUTO_TEST_CASE(events_that_did_not_fit_complete_the_next_operation)
{
    asio::io_context context;
    test::watched<> files{context};
    event_buffer<minimum_buffer_size> buffer;
    test::name_list expected;
    test::outcome read;
    files.in.async_read_events(buffer, test::into(read));
    context.poll();
    for (int i = 0; i != 64; ++i) {
        expected.push_back(std::to_string(i));
        files.dir.write(expected.back());
    }
    test::run(context);
    // The reactors read when they run, io_uring has read when the first file came.
    BOOST_TEST(!read.seen.empty());
    BOOST_TEST(read.seen.size() <= minimum_buffer_size / 32);
    while (read.seen.size() < expected.size()) {
        test::outcome wait;
        files.in.async_wait(inotify::wait_read, test::into(wait));
        test::run(context);
        BOOST_TEST_REQUIRE(wait.calls == 1);
        files.in.async_read_events(buffer, test::into(read));
        test::run(context);
        BOOST_TEST_REQUIRE(!read.ec);
    }
    BOOST_TEST(read.seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(two_reads_at_a_time)
{
    asio::io_context context;
    test::watched<> files{context};
    std::array<event_buffer<4096>, 2> buffers;
    std::array<test::outcome, 2> results;
    for (std::size_t i = 0; i != 2; ++i) {
        files.in.async_read_events(buffers[i], test::into(results[i]));
    }
    context.poll();
    files.dir.write("a");
    auto const end = std::chrono::steady_clock::now() + test::deadline;
    while (results[0].calls == 0 && context.run_one_until(end) != 0) {
    }
    context.poll();
    BOOST_TEST(results[0].seen == test::name_list{"a"});
    BOOST_TEST(results[1].calls == 0);
    files.dir.write("b");
    test::run(context);
    BOOST_TEST(results[0].calls == 1);
    BOOST_TEST(results[1].calls == 1);
    BOOST_TEST(results[1].seen == test::name_list{"b"});
}

BOOST_AUTO_TEST_CASE(a_wait_does_not_read)
{
    asio::io_context context;
    test::watched<> files{context};
    files.dir.write("a");
    for (int i = 0; i != 3; ++i) {
        test::outcome wait;
        files.in.async_wait(inotify::wait_read, test::into(wait));
        test::run(context);
        BOOST_TEST(wait.calls == 1);
        BOOST_TEST(!wait.ec);
    }
    BOOST_TEST(files.drain() == test::name_list{"a"});
}

BOOST_AUTO_TEST_CASE(waits_for_readiness_that_never_comes)
{
    for (auto const type : {inotify::wait_write, inotify::wait_error}) {
        asio::io_context context;
        test::watched<> files{context};
        test::outcome wait;
        files.in.async_wait(type, test::into(wait));
        files.dir.write("a");
        context.poll();
        BOOST_TEST(wait.calls == 0);
        files.in.cancel();
        test::run(context);
        expect_aborted(wait, files, {"a"});
    }
}

// The events of a claim that failed are nobody's, and a read that gave nothing else is no error.
BOOST_AUTO_TEST_CASE(a_batch_of_nothing_but_traces_is_empty)
{
    asio::io_context context;
    test::watched<> files{context};
    if (!files.in.supports_set_next()) {
        test::print_skipped("no INOTIFY_IOC_SETNEXTWD");
        return;
    }
    event_buffer<> buffer;
    test::outcome read;
    files.in.async_read_events(buffer, test::into(read));
    // Somebody else has taken the number.
    BOOST_REQUIRE(::inotify_add_watch(files.in.native_handle(), "/", IN_DELETE_SELF) == 2);
    test::temp_directory const other;
    test::error_code ec;
    files.in.add_at(watch_descriptor{2}, other.path(), event_mask::create, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    test::run(context);
    BOOST_TEST(read.calls == 1);
    BOOST_TEST(!read.ec);
    BOOST_TEST(read.seen.empty());
}

// Makes distinct events as fast as can be: a create and a delete for each name.
class event_source
{
public:
    explicit event_source(test::temp_directory const& dir)
        : fd_(::open(dir.path().c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC))
    {
        BOOST_REQUIRE(fd_ >= 0);
    }

    event_source(event_source const&) = delete;
    event_source& operator=(event_source const&) = delete;
    ~event_source() { ::close(fd_); }

    void create_and_delete(std::string const& name) const
    {
        if (::mknodat(fd_, name.c_str(), S_IFREG | 0600, 0) != 0 ||
            ::unlinkat(fd_, name.c_str(), 0) != 0) {
            throw std::runtime_error("cannot make a file");
        }
    }

private:
    int fd_;
};

struct overflow_result
{
    std::size_t before = 0;
    std::size_t overflows = 0;
    test::name_list after{};
};

asio::awaitable<void> read_past_overflow(inotify& in, overflow_result& result, std::string last)
{
    event_buffer<> buffer;
    while (result.after.empty() || result.after.back() != last) {
        for (auto const e : co_await in.async_read_events(buffer, asio::use_awaitable)) {
            if (e.is_overflow()) {
                BOOST_TEST(e.wd().value() == -1);
                BOOST_TEST((e.mask() == event_mask::none));
                ++result.overflows;
            } else if (result.overflows == 0) {
                ++result.before;
            } else {
                result.after.emplace_back(e.name());
            }
        }
        if (result.overflows != 0 && result.after.empty()) {
            // The queue has been read empty; from here on it is complete again.
            std::ofstream(last) << "x";
            last = last.substr(last.rfind('/') + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_overflow_is_an_event_in_its_place)
{
    std::size_t limit = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
    BOOST_TEST_REQUIRE(limit != 0U);
    if (limit > 200000) {
        test::print_skipped("the kernel's queue is too long to be filled: " +
                            std::to_string(limit));
        return;
    }
    asio::io_context context;
    test::temp_directory const dir;
    inotify in(context);
    in.open();
    in.add(dir.path(), event_mask::create | event_mask::delete_);
    event_source const source(dir);
    for (std::size_t i = 0; i != limit / 2 + 100; ++i) {
        source.create_and_delete("file" + std::to_string(i));
    }
    overflow_result result;
    asio::co_spawn(context, read_past_overflow(in, result, (dir / "afterwards").string()),
                   test::rethrow);
    test::run(context);
    BOOST_TEST(result.before == limit);
    BOOST_TEST(result.overflows == 1U);
    BOOST_TEST(result.after == test::name_list{"afterwards"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
