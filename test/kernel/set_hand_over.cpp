//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/set/connected_sets.hpp"
#include "support/set/saved_set.hpp"

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
#include <memory>
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
    auto const batch = set.read_events(boost::asio::buffer(memory));
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
        // The sender still works.
        BOOST_TEST(set.is_open());
        BOOST_TEST((account() == before));
        BOOST_TEST(set.size() == 3000U);
    }
    test::expect_events(test::drain(set), {long_name + "7: 8 attrib"});
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 3001);
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

// It is not listening, but waits for room.
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
BOOST_AUTO_TEST_CASE(closed_and_busy_sets)
{
    std::vector<std::byte> memory(65536);
    set.async_read_events(boost::asio::buffer(memory), [](error_code, auto) {});
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    BOOST_TEST(!sent.has_value());
    context.poll();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == error::operation_outstanding);
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
    expect_descriptors(descriptors);
}

// In the order of a scope: the sockets, the sets, the context.
BOOST_AUTO_TEST_CASE(the_sockets_end_before_the_sets)
{
    boost::asio::io_context short_lived;
    asio_inotify::watch_set doomed(short_lived);
    asio_inotify::watch_set never(short_lived);
    doomed.open();
    auto from = std::make_unique<socket>(short_lived);
    auto to = std::make_unique<socket>(short_lived);
    boost::asio::local::connect_pair(*from, *to);
    asio_inotify::async_hand_over(*from, doomed, {}, [](error_code) { BOOST_ERROR("called"); });
    asio_inotify::async_take_over(*to, never, [](error_code) { BOOST_ERROR("called"); });
    from.reset();
    to.reset();
}

// It is not open again when the hand-over fails.
BOOST_AUTO_TEST_CASE(closed_while_it_is_handed_over)
{
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) {
        sent = ec;
        BOOST_TEST(!set.is_open());
        set.open();
    });
    context.poll();
    error_code ec;
    set.open(ec);
    BOOST_TEST(ec == error::operation_outstanding);
    auto const saved = asio_inotify::snapshot();
    static_cast<void>(restore(set, saved, {}, ec));
    BOOST_TEST(ec == error::operation_outstanding);
    set.close();
    auto const before = test::open_descriptors();
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST((*sent == boost::asio::error::operation_aborted));
    BOOST_TEST(set.is_open());
    BOOST_TEST(set.empty());
    // The instance that was handed over is closed.
    set.close();
    BOOST_TEST(test::open_descriptors() < before);
}

// Neither waits for the peer.
BOOST_AUTO_TEST_CASE(cancelled_by_the_set)
{
    set.add(dir.path(), event_mask::create);
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    context.poll();
    set.cancel();
    context.restart();
    context.poll();
    BOOST_TEST((sent == boost::asio::error::operation_aborted));
    BOOST_TEST(set.is_open());
    BOOST_TEST(set.size() == 1U);

    std::optional<error_code> taken;
    asio_inotify::async_take_over(here, other, [&](error_code ec) { taken = ec; });
    context.restart();
    context.poll();
    other.cancel();
    context.restart();
    context.poll();
    BOOST_TEST((taken == boost::asio::error::operation_aborted));
    BOOST_TEST(!other.is_open());
    other.open();
}

BOOST_AUTO_TEST_CASE(closed_while_it_is_taken_over)
{
    set.add(dir.path(), event_mask::create);
    std::optional<error_code> taken;
    asio_inotify::async_take_over(there, other, [&](error_code ec) {
        taken = ec;
        there.close();
    });
    context.poll();
    error_code ec;
    other.open(ec);
    BOOST_TEST(ec == error::operation_outstanding);
    other.close();
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code result) { sent = result; });
    context.restart();
    context.run();
    BOOST_TEST((taken == boost::asio::error::operation_aborted));
    BOOST_TEST(!other.is_open());
    // The peer has kept it.
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(sent->failed());
    BOOST_TEST(set.is_open());
    BOOST_TEST(set.size() == 1U);
    dir.write("new");
    test::expect_events(test::drain(set), {dir.path().filename().string() + ": 1 create new"});
    other.open();
}

BOOST_AUTO_TEST_SUITE_END()
