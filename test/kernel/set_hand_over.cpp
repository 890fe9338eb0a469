//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "connected_sets.hpp"
#include "saved_set.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

// A set goes to another process over a socket.
BOOST_FIXTURE_TEST_SUITE(set_hand_over, test::connected_sets)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(pending_events_and_one_batch_that_was_read)
{
    auto const file = dir.write("file");
    set.add_at(wd(77), file, event_mask::attrib, add_options::exclude_unlinked);
    auto const before = test::watch_lines(set.native_handle());
    fs::permissions(file, fs::perms::owner_all);
    std::vector<std::byte> memory(65536);
    auto const batch = set.read(boost::asio::buffer(memory));
    fs::permissions(file, fs::perms::owner_read);
    auto const [sent, taken] = hand_over(batch);
    BOOST_TEST(!sent);
    BOOST_TEST(!taken);
    BOOST_TEST(!set.is_open());
    BOOST_TEST(other.is_open());
    BOOST_TEST(test::watch_lines(other.native_handle()) == before,
               boost::test_tools::per_element());
    BOOST_TEST((::fcntl(other.native_handle(), F_GETFD) & FD_CLOEXEC) != 0);
    fs::permissions(file, fs::perms::owner_all);
    test::expect_events(test::drain(other),
                        {"file: 77 attrib", "file: 77 attrib"}); // two queued ones are merged
    // Back again, over the same sockets.
    std::swap(here, there);
    asio_inotify::async_hand_over(here, other, {}, [](error_code ec) { BOOST_TEST(!ec); });
    asio_inotify::async_take_over(there, set, [](error_code ec) { BOOST_TEST(!ec); });
    context.restart();
    context.run();
    BOOST_TEST(test::watch_lines(set.native_handle()) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_than_a_socket_takes_at_once)
{
    std::string const long_name(200, 'x');
    for (int n = 0; n != 3000; ++n) {
        set.add(dir.write(long_name + std::to_string(n)), event_mask::attrib);
    }
    auto const before = test::watch_lines(set.native_handle());
    auto const [sent, taken] = hand_over();
    BOOST_TEST(!sent);
    BOOST_TEST(!taken);
    BOOST_TEST(other.size() == 3000U);
    BOOST_TEST((test::watch_lines(other.native_handle()) == before));
}

BOOST_AUTO_TEST_CASE(another_process)
{
    auto const file = dir.write("file");
    set.add_at(wd(5), file, event_mask::attrib);
    fs::permissions(file, fs::perms::owner_all);
    // The child has neither the instance nor anything of the parent's context.
    int ends[2];
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    int const instance = set.native_handle();
    pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        ::close(instance);
        int status = 1;
        try {
            boost::asio::io_context fresh;
            boost::asio::local::stream_protocol::socket peer(
                fresh, boost::asio::local::stream_protocol(), ends[1]);
            asio_inotify::watch_set taken(fresh);
            error_code result;
            asio_inotify::async_take_over(peer, taken, [&](error_code ec) { result = ec; });
            fresh.run();
            auto const seen = result ? std::vector<std::string>() : test::drain(taken);
            status = seen == std::vector<std::string>{"file: 5 attrib"} &&
                             taken.find(wd(5)).path() == file.native()
                         ? 0
                         : 2;
        } catch (...) {
            status = 3;
        }
        ::_exit(status);
    }
    ::close(ends[1]);
    boost::asio::local::stream_protocol::socket peer(context, boost::asio::local::stream_protocol(),
                                                     ends[0]);
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(peer, set, {}, [&](error_code ec) { sent = ec; });
    context.run();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(!*sent);
    BOOST_TEST(!set.is_open());
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(the_receiver_goes_away)
{
    std::string const long_name(200, 'x');
    for (int n = 0; n != 3000; ++n) {
        set.add(dir.write(long_name + std::to_string(n)), event_mask::attrib);
    }
    auto const before = account();
    fs::permissions(dir / (long_name + "7"), fs::perms::owner_all);
    // At once, or after some of it.
    for (std::size_t const bytes : {0U, 1U, 30U, 100000U}) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        std::optional<error_code> sent;
        asio_inotify::async_hand_over(from, set, {}, [&](error_code ec) { sent = ec; });
        std::vector<char> memory(bytes + 1);
        boost::asio::async_read(to, boost::asio::buffer(memory, bytes),
                                [&](error_code, std::size_t) { to.close(); });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(sent.has_value());
        BOOST_TEST(!!*sent);
        // The sender goes on.
        BOOST_TEST(set.is_open());
        BOOST_TEST((account() == before));
        BOOST_TEST(set.size() == 3000U);
    }
    test::expect_events(test::drain(set), {long_name + "7: 8 attrib"});
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 3001);
}

BOOST_AUTO_TEST_CASE(the_sender_goes_away)
{
    set.add(new_file(), event_mask::all);
    auto const state = set.release();
    auto const descriptors = test::open_descriptors();
    // A frame as it is sent, cut off at every byte.
    std::string frame("inotify>\1\0\0\0\0\0\0\0", 16);
    std::uint64_t const size = state.state.size();
    frame.append(reinterpret_cast<char const*>(&size), sizeof size);
    frame += state.state;
    for (std::size_t bytes = 0; bytes <= frame.size(); ++bytes) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        send_with(from, std::string_view(frame).substr(0, bytes), state.handle);
        from.shutdown(socket::shutdown_send);
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(*taken == boost::asio::error::eof);
        BOOST_TEST(!other.is_open());
    }
    BOOST_TEST(test::open_descriptors() == descriptors);
    set.assign(state);
    BOOST_TEST(set.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_comes_is_not_trusted)
{
    int const instance = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    std::string const begin("inotify>\1\0\0\0\0\0\0\0", 16);
    auto const sized = [&](std::uint64_t size, std::string const& body) {
        return begin + std::string(reinterpret_cast<char const*>(&size), sizeof size) + body;
    };
    struct attempt
    {
        std::string frame;
        int fd;
        error_code expected;
    };
    attempt const attempts[] = {
        {sized(3, "abc"), instance, error::malformed_set_state},
        {sized(3, "abc"), -1, error::malformed_set_state},
        {sized(0, ""), instance, error::malformed_set_state},
        {"Inotify>" + sized(3, "abc").substr(8), instance, error::malformed_set_state},
        {"inotify>\2" + sized(3, "abc").substr(9), instance, error::unsupported_snapshot_version},
        {sized(std::uint64_t{1} << 40U, "abc"), instance, boost::asio::error::message_size},
    };
    auto const descriptors = test::open_descriptors();
    std::size_t times = 0;
    for (auto const& [frame, fd, expected] : attempts) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        // More descriptors than one are closed.
        send_with(from, frame, fd, ++times);
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(*taken == expected);
        BOOST_TEST(!other.is_open());
        char answer = 0;
        BOOST_TEST(from.read_some(boost::asio::buffer(&answer, 1)) == 1U);
        BOOST_TEST(answer == 'N');
    }
    BOOST_TEST(test::open_descriptors() == descriptors);
    ::close(instance);
}

BOOST_AUTO_TEST_CASE(a_receiver_that_refuses)
{
    auto const file = dir.write("file");
    set.add(file, event_mask::attrib);
    other.open();
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    std::optional<error_code> taken;
    asio_inotify::async_take_over(there, other, [&](error_code ec) {
        taken = ec;
        boost::asio::write(there, boost::asio::buffer("N", 1));
    });
    context.run();
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(*taken == boost::asio::error::already_open);
    BOOST_TEST(other.is_open());
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == error::hand_over_refused);
    BOOST_TEST(set.is_open());
    fs::permissions(file, fs::perms::owner_all);
    test::expect_events(test::drain(set), {"file: 1 attrib"});
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_ready_and_goes_away)
{
    auto const file = dir.write("file");
    set.add(file, event_mask::attrib);
    auto const before = account();
    fs::permissions(file, fs::perms::owner_all);
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    context.poll();
    std::vector<char> frame(65536);
    BOOST_TEST(there.read_some(boost::asio::buffer(frame)) > 24U);
    boost::asio::write(there, boost::asio::buffer("R", 1));
    there.close();
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == boost::system::errc::broken_pipe);
    BOOST_TEST(set.is_open());
    BOOST_TEST(account() == before);
    test::expect_events(test::drain(set), {"file: 1 attrib"});
}

// It is not listening, but waits for room.
BOOST_AUTO_TEST_CASE(a_sender_that_is_still_writing_hears_of_a_refusal)
{
    std::string const long_name(200, 'x');
    for (int n = 0; n != 3000; ++n) {
        set.add(dir.write(long_name + std::to_string(n)), event_mask::attrib);
    }
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    context.poll();
    BOOST_TEST(!sent.has_value());
    asio_inotify::detail::hand_over_receiver picky(100);
    error_code ec;
    BOOST_TEST(
        (picky.step(there.native_handle(), ec) == asio_inotify::detail::hand_over_need::nothing));
    BOOST_TEST(ec == boost::asio::error::message_size);
    context.restart();
    BOOST_TEST(context.run_for(std::chrono::seconds(60)) > 0U);
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == error::hand_over_refused);
    BOOST_TEST(set.size() == 3000U);
}

BOOST_AUTO_TEST_CASE(cancelled_by_either_side)
{
    auto const file = dir.write("file");
    set.add(file, event_mask::attrib);
    boost::asio::cancellation_signal stop;
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(
        here, set, {},
        boost::asio::bind_cancellation_slot(stop.slot(), [&](error_code ec) { sent = ec; }));
    context.poll();
    BOOST_TEST(!sent.has_value());
    stop.emit(boost::asio::cancellation_type::total);
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == boost::asio::error::operation_aborted);
    BOOST_TEST(set.is_open());

    std::optional<error_code> taken;
    socket from(context);
    socket to(context);
    boost::asio::local::connect_pair(from, to);
    asio_inotify::async_take_over(
        to, other,
        boost::asio::bind_cancellation_slot(stop.slot(), [&](error_code ec) { taken = ec; }));
    context.restart();
    context.poll();
    BOOST_TEST(!taken.has_value());
    stop.emit(boost::asio::cancellation_type::terminal);
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(*taken == boost::asio::error::operation_aborted);
    BOOST_TEST(!other.is_open());
}

// It has said that it is ready: then it depends on whether the sender has let go.
BOOST_AUTO_TEST_CASE(a_receiver_that_is_ready_is_cancelled)
{
    set.add_at(wd(8), new_file(), event_mask::attrib);
    auto const state = set.release();
    std::string frame("inotify>\1\0\0\0\0\0\0\0", 16);
    std::uint64_t const size = state.state.size();
    frame.append(reinterpret_cast<char const*>(&size), sizeof size);
    frame += state.state;
    for (bool const has_let_go : {false, true}) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        boost::asio::cancellation_signal stop;
        std::optional<error_code> taken;
        asio_inotify::async_take_over(
            to, other,
            boost::asio::bind_cancellation_slot(stop.slot(), [&](error_code ec) { taken = ec; }));
        send_with(from, frame, state.handle);
        context.restart();
        context.poll();
        char answer = 0;
        BOOST_TEST(from.read_some(boost::asio::buffer(&answer, 1)) == 1U);
        BOOST_TEST(answer == 'R');
        BOOST_TEST(!taken.has_value());
        if (has_let_go) {
            boost::asio::write(from, boost::asio::buffer("G", 1));
        }
        stop.emit(boost::asio::cancellation_type::total);
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(other.is_open() == has_let_go);
        if (has_let_go) {
            BOOST_TEST(!*taken);
            BOOST_TEST(other.find(wd(8)).mask() == event_mask::attrib);
        } else {
            BOOST_TEST(*taken == boost::asio::error::operation_aborted);
            // It cannot let go any more either.
            error_code ec;
            boost::asio::write(from, boost::asio::buffer("G", 1), ec);
            BOOST_TEST(ec == boost::system::errc::broken_pipe);
        }
    }
    ::close(state.handle);
}

BOOST_AUTO_TEST_CASE(what_is_closed_or_busy)
{
    std::vector<std::byte> memory(65536);
    set.async_read(boost::asio::buffer(memory), [](error_code, auto) {});
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    BOOST_TEST(!sent.has_value());
    context.poll();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == error::read_outstanding);
    BOOST_TEST(set.is_open());
    set.close();
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    context.restart();
    context.run();
    BOOST_TEST(*sent == boost::system::errc::bad_file_descriptor);
    BOOST_TEST(!set.is_open());
}

BOOST_AUTO_TEST_CASE(the_context_ends_first)
{
    auto const descriptors = test::open_descriptors();
    {
        boost::asio::io_context short_lived;
        socket from(short_lived);
        socket to(short_lived);
        boost::asio::local::connect_pair(from, to);
        asio_inotify::watch_set doomed(short_lived);
        doomed.open();
        asio_inotify::watch_set never(short_lived);
        asio_inotify::async_hand_over(from, doomed, {}, [](error_code) { BOOST_ERROR("called"); });
        short_lived.poll();
    }
    BOOST_TEST(test::open_descriptors() == descriptors);
}

BOOST_AUTO_TEST_SUITE_END()
