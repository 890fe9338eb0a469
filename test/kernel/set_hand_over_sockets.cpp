//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/no_more_descriptors.hpp"
#include "support/set/connected_sets.hpp"
#include "support/skipping.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/socket.h>

// Options of the socket make the kernel add control messages to what the peer sends.
#if !defined(SO_PASSPIDFD)
#define SO_PASSPIDFD 76
#endif
#if !defined(SO_RCVMARK)
#define SO_RCVMARK 75
#endif
#if !defined(SO_INQ)
#define SO_INQ 84
#endif

namespace {

struct socket_option
{
    char const* name;
    int value;
};

constexpr socket_option all_options[] = {
    {"SO_PASSCRED", SO_PASSCRED},
    {"SO_PASSSEC", SO_PASSSEC},
    {"SO_PASSPIDFD", SO_PASSPIDFD},
    {"SO_TIMESTAMP", SO_TIMESTAMP},
    {"SO_TIMESTAMPNS", SO_TIMESTAMPNS},
    {"SO_TIMESTAMPING", SO_TIMESTAMPING},
    {"SO_RXQ_OVFL", SO_RXQ_OVFL},
    {"SO_RCVMARK", SO_RCVMARK},
    {"SO_INQ", SO_INQ},
};

struct sockets_with_options : test::connected_sets
{
    // False if the kernel does not have the option.
    static bool set_option(socket& on, socket_option const& option)
    {
        int const enabled = 1;
        return ::setsockopt(on.native_handle(), SOL_SOCKET, option.value, &enabled,
                            sizeof enabled) == 0;
    }

    // There and back over new sockets with these options.
    void hand_over_and_back(std::vector<socket_option> const& options)
    {
        socket from(context);
        socket to(context);
        boost::asio::local::connect_pair(from, to);
        for (auto const& option : options) {
            set_option(from, option);
            set_option(to, option);
        }
        for (auto const& [giver, taker] : {std::pair(&set, &other), std::pair(&other, &set)}) {
            std::optional<test::error_code> sent;
            std::optional<test::error_code> taken;
            asio_inotify::async_take_over(to, *taker, [&](test::error_code ec) { taken = ec; });
            asio_inotify::async_hand_over(from, *giver, {},
                                          [&](test::error_code ec) { sent = ec; });
            context.restart();
            context.run_for(std::chrono::seconds(60));
            BOOST_TEST_REQUIRE(sent.has_value());
            BOOST_TEST_REQUIRE(taken.has_value());
            BOOST_TEST(!*sent, *sent);
            BOOST_TEST(!*taken, *taken);
            std::swap(from, to);
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_hand_over_sockets, sockets_with_options)

using test::error;
using test::error_code;
using test::event_mask;

BOOST_AUTO_TEST_CASE(an_option_hides_the_instance_or_leaks_descriptors)
{
    for (int n = 0; n != 2000; ++n) {
        // More than one message.
        set.add(dir.write(std::string(200, 'x') + std::to_string(n)), event_mask::attrib);
    }
    auto const descriptors = test::open_descriptors();
    std::vector<socket_option> together;
    for (auto const& option : all_options) {
        if (!set_option(here, option)) {
            test::print_skipped(std::string("no socket option ") + option.name);
            continue;
        }
        together.push_back(option);
        BOOST_TEST_CONTEXT(option.name)
        {
            hand_over_and_back({option});
            expect_descriptors(descriptors);
        }
    }
    hand_over_and_back(together);
    expect_descriptors(descriptors);
    BOOST_TEST(set.size() == 2000U);
}

BOOST_AUTO_TEST_CASE(the_largest_message_leaks_descriptors)
{
    set_option(there, {"SO_PASSPIDFD", SO_PASSPIDFD});
    set_option(there, {"SO_PASSCRED", SO_PASSCRED});
    auto const descriptors = test::open_descriptors();
    send_with(here, std::string(24, 'x'), set.native_handle(), 253);
    std::optional<error_code> taken;
    asio_inotify::async_take_over(there, other, [&](error_code ec) { taken = ec; });
    context.run();
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(*taken == error::malformed_set_state);
    expect_descriptors(descriptors);
}

BOOST_AUTO_TEST_CASE(used_up_descriptors_look_like_a_malformed_state)
{
    set.add(new_file(), event_mask::attrib);
    std::optional<error_code> sent;
    std::optional<error_code> taken;
    asio_inotify::async_hand_over(here, set, {}, [&](error_code ec) { sent = ec; });
    asio_inotify::async_take_over(there, other, [&](error_code ec) { taken = ec; });
    {
        test::no_more_descriptors const limit;
        context.run();
    }
    BOOST_TEST_REQUIRE(sent.has_value());
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(*taken == error_code(EMFILE, boost::system::system_category()));
    BOOST_TEST(*sent == error::hand_over_refused);
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(!other.is_open());
}

BOOST_AUTO_TEST_SUITE_END()
