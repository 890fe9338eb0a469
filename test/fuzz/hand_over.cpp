//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "check.hpp"

#include "watch_set/set_state.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/hand_over.hpp>
#include <asio_inotify/watch_set.hpp>
#include <asio_inotify/watch_set_saving.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

// Bytes are what a peer sends over a socket, with descriptors of several kinds. The receiver fails
// or has a set that can be used, and is left with no descriptor that it did not have before.
namespace {

using boost::system::error_code;
using socket_type = boost::asio::local::stream_protocol::socket;
using test::check;

constexpr asio_inotify::hand_over_limits limits{8192, 16};
constexpr std::size_t most_messages = 8;
constexpr int most_descriptors = 253; // SCM_MAX_FD

class byte_reader
{
public:
    explicit byte_reader(std::string_view bytes)
        : rest_(bytes)
    {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    unsigned next()
    {
        auto const byte = take(1);
        return byte.empty() ? 0U : unsigned{static_cast<unsigned char>(byte.front())};
    }

    std::string_view take(std::size_t size)
    {
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view rest_;
};

/// The descriptors that a peer sends. They stay open.
struct descriptors
{
    int instance = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    int file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    int path = ::open("/", O_PATH | O_CLOEXEC);
    std::array<int, 2> pipe{-1, -1};

    descriptors() { check(::pipe2(pipe.data(), O_CLOEXEC) == 0, "there is a pipe"); }

    [[nodiscard]] int of_kind(unsigned kind, socket_type& peer) const
    {
        std::array const all{-1,      instance, file, path, pipe[0], pipe[1], peer.native_handle(),
                             instance};
        return all.at(kind % all.size());
    }
};

struct message
{
    std::string bytes;
    unsigned kind = 0;
    int count = 1;
    /// The receiver gets a turn before the next message.
    bool is_read_at_once = false;
};

std::ptrdiff_t open_descriptors()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// A frame, as the library sends it.
std::string frame_header(unsigned version, std::uint64_t size)
{
    std::string header = "inotify>";
    header += static_cast<char>(version);
    header.resize(16);
    header.append(reinterpret_cast<char const*>(&size), sizeof size);
    return header;
}

/// A state that is well-formed, though not always possible.
std::string make_state(byte_reader& bytes)
{
    asio_inotify::detail::set_state state;
    std::vector<asio_inotify::saved_watch> watches;
    int wd = 0;
    for (auto count = bytes.next() % 20; count != 0; --count) {
        wd += 1 + static_cast<int>(bytes.next() % 4);
        asio_inotify::saved_watch watch;
        watch.wd = asio_inotify::watch_descriptor{wd};
        watch.mask = asio_inotify::event_mask{bytes.next()} & asio_inotify::event_mask::all;
        watch.path = bytes.next() % 2 == 0 ? "" : "/dev/null";
        watches.push_back(std::move(watch));
    }
    state.watches = asio_inotify::snapshot(
        std::move(watches), asio_inotify::watch_descriptor{static_cast<int>(bytes.next())});
    for (auto* const numbers : {&state.closing, &state.quarantined, &state.recycled}) {
        for (auto count = bytes.next() % 4; count != 0; --count) {
            int const first = 1 + static_cast<int>(bytes.next());
            numbers->insert(first, first + static_cast<int>(bytes.next() % 8));
        }
    }
    state.reconcile = bytes.next() % 2 != 0;
    for (auto count = bytes.next() % 8; count != 0; --count) {
        ::inotify_event const event{static_cast<int>(bytes.next()), 1U << (bytes.next() % 32), 0,
                                    0};
        state.events.append(reinterpret_cast<char const*>(&event), sizeof event);
    }
    return to_bytes(state);
}

message take_message(byte_reader& bytes)
{
    constexpr unsigned short_length = 192;
    message m;
    auto const what = bytes.next();
    m.kind = what % 8;
    m.is_read_at_once = what / 8 % 2 != 0;
    m.count = 1 + static_cast<int>(what / 16);
    if (m.count == 16) {
        m.count = most_descriptors;
    }
    auto const length = bytes.next();
    m.bytes = bytes.take(length < short_length ? length : (length - short_length) * 64);
    return m;
}

void send(socket_type& peer, std::string_view bytes, int fd, int count)
{
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
    if (fd >= 0) {
        auto const size = static_cast<std::size_t>(count) * sizeof fd;
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(size);
        auto* const rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(size);
        for (std::size_t at = 0; at != size; at += sizeof fd) {
            std::memcpy(CMSG_DATA(rights) + at, &fd, sizeof fd);
        }
    }
    // It fails if the receiver has refused.
    static_cast<void>(::sendmsg(peer.native_handle(), &header, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/// The messages, of which the first one begins with a header if the peer knows the form.
std::vector<message> choose_messages(byte_reader& bytes, unsigned options)
{
    bool const has_header = options % 2 != 0;
    bool const has_state = options / 2 % 2 != 0;
    unsigned const version = options / 4 % 4 == 3 ? 2 : 1;
    std::vector<message> messages;
    if (has_state) {
        messages.push_back({make_state(bytes), 1, 1, false});
    }
    while (!bytes.empty() && messages.size() != most_messages) {
        messages.push_back(take_message(bytes));
    }
    if (has_header && !messages.empty()) {
        std::uint64_t size = 0;
        for (auto const& m : has_state ? std::vector(1, messages.front()) : messages) {
            size += m.bytes.size();
        }
        messages.front().bytes.insert(0, frame_header(version, size));
    }
    return messages;
}

bool is_expected(error_code const& ec)
{
    using asio_inotify::error;
    namespace asio = boost::asio;
    return ec == error::malformed_set_state || ec == error::unsupported_snapshot_version ||
           ec == error::not_an_inotify_descriptor || ec == asio::error::message_size ||
           ec == asio::error::eof || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::no_descriptors;
}

/// The set delivers the events that were sent, and can be released again.
void check_set(asio_inotify::watch_set& set)
{
    check(set.size() <= limits.watches, "no more watches than allowed");
    std::vector<std::byte> buffer(65536);
    set.non_blocking(true);
    error_code ec;
    constexpr unsigned most_reads = 100;
    unsigned reads = 0;
    while (!ec) {
        for (auto const event : set.read_events(boost::asio::buffer(buffer), ec)) {
            check(event.name().find('\0') == std::string_view::npos, "an event that can be read");
        }
        check(++reads != most_reads, "a bounded number of events");
    }
    check(ec == boost::asio::error::would_block, "nothing else is left");
    auto released = release(set, {}, ec);
    check(!ec, "the set can be released");
    auto const state = asio_inotify::detail::set_state_from_bytes(released.state(), ec);
    check(!ec && state.watches.watches().size() <= limits.watches,
          "the state of the set is well-formed");
    ::close(released.release_handle());
}

void talk(socket_type& peer, socket_type& there, boost::asio::io_context& context,
          byte_reader& bytes)
{
    static descriptors const known;
    auto const options = bytes.next();
    int const passes_credentials = options / 128 % 2 != 0 ? 1 : 0;
    ::setsockopt(there.native_handle(), SOL_SOCKET, SO_PASSCRED, &passes_credentials,
                 sizeof passes_credentials);
    for (auto const& m : choose_messages(bytes, options)) {
        send(peer, m.bytes, known.of_kind(m.kind, there), m.count);
        if (m.is_read_at_once) {
            context.poll();
            context.restart();
        }
    }
    context.poll();
    context.restart();
    char word = 0;
    if (::recv(peer.native_handle(), &word, 1, MSG_DONTWAIT) == 1 && word == 'R') {
        auto const kind = options / 16 % 8;
        send(peer, kind == 7 ? "X" : "G", kind < 4 ? -1 : known.of_kind(kind, there), 1);
    }
}

void run(boost::asio::io_context& context, byte_reader& bytes)
{
    socket_type peer(context);
    socket_type there(context);
    boost::asio::local::connect_pair(peer, there);
    asio_inotify::watch_set set(context);
    std::optional<error_code> taken;
    asio_inotify::async_take_over(there, set, limits, [&](error_code ec) { taken = ec; });
    talk(peer, there, context, bytes);
    peer.close();
    context.run();
    context.restart();
    check(taken.has_value(), "it ends when the peer has gone");
    check(set.is_open() == !*taken, "an open set, or an error");
    check(!*taken || is_expected(*taken), "which error");
    if (set.is_open()) {
        check_set(set);
    }
}

/// A thread that nobody waits for closes what the peer has sent.
void wait_for_descriptors(std::ptrdiff_t expected)
{
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (open_descriptors() != expected) {
        check(std::chrono::steady_clock::now() < until, "no descriptor is left");
        std::this_thread::yield();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static boost::asio::io_context context;
    static bool const has_warmed_up = [] {
        // What is made once.
        byte_reader nothing({});
        run(context, nothing);
        return true;
    }();
    static_cast<void>(has_warmed_up);
    auto const before = open_descriptors();
    byte_reader bytes({reinterpret_cast<char const*>(data), size});
    run(context, bytes);
    wait_for_descriptors(before);
    return 0;
}
