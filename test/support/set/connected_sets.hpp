//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_CONNECTED_SETS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_CONNECTED_SETS_HPP

#include "support/instance.hpp"
#include "support/set/open_set.hpp"

#include <asio_inotify/hand_over.hpp>

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <sys/socket.h>

namespace test {

/// An open set, a closed one, and two sockets that are connected.
struct connected_sets : open_set
{
    using socket = boost::asio::local::stream_protocol::socket;

    connected_sets() { boost::asio::local::connect_pair(here, there); }

    // Both sides in one context; gives the results of both.
    std::pair<error_code, error_code> hand_over(asio_inotify::watch_event_batch unread = {})
    {
        std::optional<error_code> sent;
        std::optional<error_code> taken;
        asio_inotify::async_hand_over(here, set, unread, [&](error_code ec) { sent = ec; });
        BOOST_TEST(!set.is_open());
        asio_inotify::async_take_over(there, other, [&](error_code ec) { taken = ec; });
        BOOST_TEST(!sent.has_value());
        BOOST_TEST(!taken.has_value());
        context.restart();
        context.run();
        BOOST_TEST_REQUIRE(sent.has_value());
        BOOST_TEST_REQUIRE(taken.has_value());
        return {*sent, *taken};
    }

    // Some bytes, with descriptors unless it is -1.
    static void send_with(socket& to, std::string_view bytes, int fd, std::size_t times = 1)
    {
        iovec part{const_cast<char*>(bytes.data()), bytes.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        alignas(cmsghdr) std::array<char, CMSG_SPACE(253 * sizeof(int))> control{};
        if (fd >= 0) {
            message.msg_control = control.data();
            message.msg_controllen = CMSG_SPACE(times * sizeof(int));
            auto* const header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(times * sizeof(int));
            for (std::size_t n = 0; n != times; ++n) {
                std::memcpy(CMSG_DATA(header) + n * sizeof fd, &fd, sizeof fd);
            }
        }
        BOOST_TEST(::sendmsg(to.native_handle(), &message, 0) ==
                   static_cast<ssize_t>(bytes.size()));
    }

    // A thread that nobody waits for closes what the peer has sent.
    static void expect_descriptors(std::ptrdiff_t expected)
    {
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (open_descriptors() != expected && std::chrono::steady_clock::now() < until) {
            std::this_thread::yield();
        }
        BOOST_TEST(open_descriptors() == expected);
    }

    socket here{context};
    socket there{context};
    asio_inotify::watch_set other{context};
};

} // namespace test

#endif
