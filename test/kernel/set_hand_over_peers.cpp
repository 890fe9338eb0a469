//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/asio/archetypes.hpp"
#include "support/sanitizers.hpp"
#include "support/set/connected_sets.hpp"
#include "support/set/snapshot_checks.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace fs = std::filesystem;

// The other side of a hand-over is not what it should be, or does not stay.
namespace {

struct untrusted_peers : test::connected_sets
{
    // As it is sent.
    static std::string frame_of(std::string const& state)
    {
        std::string frame("inotify>\1\0\0\0\0\0\0\0", 16);
        std::uint64_t const size = state.size();
        frame.append(reinterpret_cast<char const*>(&size), sizeof size);
        return frame + state;
    }

    // The answer of the receiver.
    static char word_from(socket& from)
    {
        char word = 0;
        BOOST_TEST(from.read_some(boost::asio::buffer(&word, 1)) == 1U);
        return word;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_hand_over_peers, untrusted_peers)

using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(the_sender_goes_away)
{
    set.add(new_file(), event_mask::all);
    auto state = release(set);
    auto const descriptors = test::open_descriptors();
    // Cut off at every byte.
    auto const frame = frame_of(state.state());
    for (std::size_t bytes = 0; bytes <= frame.size(); ++bytes) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        send_with(from, std::string_view(frame).substr(0, bytes), state.native_handle());
        from.shutdown(socket::shutdown_send);
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(*taken == boost::asio::error::eof);
        BOOST_TEST(!other.is_open());
    }
    expect_descriptors(descriptors);
    assign(set, std::move(state));
    BOOST_TEST(set.size() == 1U);
}

BOOST_AUTO_TEST_CASE(received_bytes_are_not_trusted)
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
    for (auto const& [frame, fd, expected] : attempts) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        send_with(from, frame, fd);
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(*taken == expected);
        BOOST_TEST(!other.is_open());
        BOOST_TEST(word_from(from) == 'N');
    }
    expect_descriptors(descriptors);
    ::close(instance);
}

// A frame that would be accepted by any other name.
BOOST_AUTO_TEST_CASE(a_frame_with_another_name)
{
    auto state = release(set);
    auto frame = frame_of(state.state());
    frame[0] = 'I';
    send_with(here, frame, state.native_handle());
    here.shutdown(socket::shutdown_send);
    std::optional<error_code> taken;
    asio_inotify::async_take_over(there, other, [&](error_code ec) { taken = ec; });
    context.run();
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(*taken == error::malformed_set_state);
    BOOST_TEST(word_from(here) == 'N');
    ::close(state.release_handle());
}

// The caller accepts everything, and there is no memory for it.
BOOST_AUTO_TEST_CASE(sizes_without_a_limit)
{
    auto state = release(set);
    constexpr auto largest = (std::numeric_limits<std::uint64_t>::max)();
    for (auto const size : {std::uint64_t{1} << 62U, largest}) {
        if (test::is_sanitized && size != largest) {
            // It ends the program instead.
            continue;
        }
        auto frame = frame_of(state.state());
        std::memcpy(frame.data() + 16, &size, sizeof size);
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        send_with(from, frame, state.native_handle());
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, {largest, largest},
                                      [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(*taken == (size == largest ? boost::asio::error::message_size
                                              : boost::asio::error::no_memory));
        BOOST_TEST(word_from(from) == 'N');
        BOOST_TEST(!other.is_open());
    }
    ::close(state.release_handle());
}

// Sent as the instance, and after it.
BOOST_AUTO_TEST_CASE(descriptors_that_are_no_instance)
{
    auto state = release(set);
    auto const frame = frame_of(state.state());
    auto const descriptors = test::open_descriptors();
    auto const take = [&](auto send) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        send(from);
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(!other.is_open());
        BOOST_TEST(word_from(from) == 'N');
        return *taken;
    };
    for (auto const& [path, flags] :
         {std::pair("/", O_RDONLY), std::pair("/", O_PATH), std::pair("/dev/null", O_RDWR)}) {
        int const fd = ::open(path, flags | O_CLOEXEC);
        BOOST_TEST((take([&](socket& to) { send_with(to, frame, fd); }) ==
                    error::not_an_inotify_descriptor));
        ::close(fd);
    }
    // Before the state is there.
    BOOST_TEST((take([&](socket& to) {
                    send_with(to, std::string_view(frame).substr(0, 24), to.native_handle());
                }) == error::not_an_inotify_descriptor));
    BOOST_TEST((take([&](socket& to) { send_with(to, frame, state.native_handle(), 2); }) ==
                error::malformed_set_state));
    BOOST_TEST((take([&](socket& to) {
                    send_with(to, std::string_view(frame).substr(0, 30), state.native_handle());
                    send_with(to, std::string_view(frame).substr(30), state.native_handle());
                }) == error::malformed_set_state));
    expect_descriptors(descriptors);
    ::close(state.release_handle());
}

// The kernel waits in close(2) until the data have been sent, which the peer's friend prevents.
BOOST_AUTO_TEST_CASE(a_lingering_socket_holds_the_executor)
{
    using boost::asio::ip::tcp;
    auto state = release(set);
    auto const frame = frame_of(state.state());
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    for (bool const as_instance : {true, false}) {
        tcp::socket lingering(context);
        lingering.connect(acceptor.local_endpoint());
        auto const reads_nothing = acceptor.accept();
        lingering.non_blocking(true);
        error_code ec;
        for (std::vector<char> const data(1U << 20U); !ec;) {
            lingering.write_some(boost::asio::buffer(data), ec);
        }
        lingering.set_option(boost::asio::socket_base::linger(true, 60));
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        if (as_instance) {
            send_with(from, frame, lingering.native_handle());
        } else {
            send_with(from, std::string_view(frame).substr(0, 30), state.native_handle());
            // Behind what is read: with bytes that are dropped.
            send_with(from, "x", state.native_handle());
            send_with(from, "x", lingering.native_handle());
        }
        // Only the message has it now.
        ::close(lingering.release());
        auto const begin = std::chrono::steady_clock::now();
        std::optional<error_code> taken;
        asio_inotify::async_take_over(to, other, [&](error_code result) { taken = result; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(taken.has_value());
        BOOST_TEST(*taken == (as_instance ? make_error_code(error::not_an_inotify_descriptor)
                                          : make_error_code(error::malformed_set_state)));
        BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(30)));
    }
    ::close(state.release_handle());
}

BOOST_AUTO_TEST_CASE(more_than_the_receiver_accepts)
{
    for (int n = 0; n != 10; ++n) {
        set.add(new_file(), event_mask::attrib);
    }
    auto const before = account();
    auto size = release(set);
    auto const bytes = size.state().size();
    assign(set, std::move(size));
    struct attempt
    {
        asio_inotify::hand_over_limits limits;
        bool is_accepted;
    };
    for (auto const& [limits, is_accepted] :
         {attempt{{bytes - 1, 10}, false}, attempt{{bytes, 9}, false}, attempt{{bytes, 0}, false},
          attempt{{bytes, 10}, true}}) {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        std::optional<error_code> sent;
        std::optional<error_code> taken;
        asio_inotify::async_hand_over(from, set, {}, [&](error_code ec) { sent = ec; });
        asio_inotify::async_take_over(to, other, limits, [&](error_code ec) { taken = ec; });
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(sent.has_value());
        BOOST_TEST_REQUIRE(taken.has_value());
        if (is_accepted) {
            BOOST_TEST(!*taken);
            BOOST_TEST(other.size() == 10U);
        } else {
            BOOST_TEST(*taken == boost::asio::error::message_size);
            BOOST_TEST(*sent == error::hand_over_refused);
            BOOST_TEST(!other.is_open());
            BOOST_TEST(account() == before);
        }
    }
}

// Counted in handlers that run in between, not in time.
BOOST_AUTO_TEST_CASE(a_large_state_holds_the_executor)
{
    std::string text = "asio-inotify snapshot 1\nnext 0\n";
    constexpr int watches = 8000;
    for (int n = 1; n <= watches; ++n) {
        text += "watch " + std::to_string(n) + " mask=attrib dev=1 ino=1 path=/" +
                std::string(100, 'x') + '\n';
    }
    std::string ranges = "closing";
    constexpr int numbers = 20000;
    for (int n = 0; n != numbers; ++n) {
        auto const number = std::to_string(10000 + 2 * n);
        ranges += ' ' + number + '-' + number;
    }
    text += test::end_line(text, watches);
    auto const state = "asio-inotify set 1\n" + ranges +
                       "\nquarantined\nrecycled\nreconcile 0\nsnapshot " +
                       std::to_string(text.size()) + "\nevents 0\n" + text;
    auto instance = release(set);
    std::optional<error_code> taken;
    asio_inotify::async_take_over(there, other, [&](error_code result) { taken = result; });
    auto const frame = frame_of(state);
    send_with(here, std::string_view(frame).substr(0, 24), instance.native_handle());
    boost::asio::async_write(here, boost::asio::buffer(frame) + 24,
                             [](error_code result, std::size_t) { BOOST_TEST(!result); });
    char word = 0;
    std::size_t turns = 0;
    // Each run of one handler is a turn.
    while (word == 0 && !taken && context.run_one() != 0) {
        ++turns;
        here.non_blocking(true);
        error_code ignored;
        here.read_some(boost::asio::buffer(&word, 1), ignored);
    }
    BOOST_TEST(word == 'R');
    // A slice has a hundred of them.
    BOOST_TEST(turns > (2 * watches + numbers) / 100U);
    boost::asio::write(here, boost::asio::buffer("G", 1));
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(!*taken);
    BOOST_TEST(other.size() == std::size_t{watches});
    ::close(instance.release_handle());
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

BOOST_AUTO_TEST_CASE(a_receiver_that_is_ready_is_cancelled)
{
    set.add_at(wd(8), new_file(), event_mask::attrib);
    auto state = release(set);
    auto const frame = frame_of(state.state());
    // The last word, if there is one.
    for (std::string const word : {"", "?", "G"}) {
        bool const has_let_go = word == "G";
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        boost::asio::cancellation_signal stop;
        std::optional<error_code> taken;
        asio_inotify::async_take_over(
            to, other,
            boost::asio::bind_cancellation_slot(stop.slot(), [&](error_code ec) { taken = ec; }));
        send_with(from, frame, state.native_handle());
        context.restart();
        context.poll();
        BOOST_TEST(word_from(from) == 'R');
        BOOST_TEST(!taken.has_value());
        boost::asio::write(from, boost::asio::buffer(word));
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
    ::close(state.release_handle());
}

// It waits for the rest of the state, or would.
BOOST_AUTO_TEST_CASE(a_receiver_that_cannot_wait_says_so)
{
    auto state = release(set);
    auto const frame = frame_of(state.state());
    test::memory_track memory;
    asio_inotify::async_take_over(
        there, other,
        boost::asio::bind_allocator(test::counting_allocator<>(memory),
                                    [](error_code) { BOOST_ERROR("called"); }));
    send_with(here, std::string_view(frame).substr(0, 30), state.native_handle());
    memory.fail_at = memory.allocations;
    BOOST_CHECK_THROW(context.run(), std::bad_alloc);
    BOOST_TEST(memory.bytes == 0U);
    BOOST_TEST(word_from(here) == 'N');
    BOOST_TEST(!other.is_open());
    ::close(state.release_handle());
}

BOOST_AUTO_TEST_CASE(words_that_nobody_says)
{
    set.add(new_file(), event_mask::attrib);
    auto const before = account();
    std::optional<error_code> sent;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    boost::asio::write(there, boost::asio::buffer("?", 1));
    context.run();
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == error::hand_over_refused);
    BOOST_TEST(account() == before);

    auto state = release(set);
    socket from(context);
    socket to(context);
    boost::asio::local::connect_pair(from, to);
    std::optional<error_code> taken;
    asio_inotify::async_take_over(to, other, [&](error_code ec) { taken = ec; });
    send_with(from, frame_of(state.state()), state.native_handle());
    boost::asio::write(from, boost::asio::buffer("?", 1));
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(*taken == error::malformed_set_state);
    BOOST_TEST(!other.is_open());
    ::close(state.release_handle());
}

BOOST_AUTO_TEST_SUITE_END()
