//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/mounts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include <fcntl.h>
#include <poll.h>

// The list of mounts, and whether it has changed: tree_mounts.cpp and file_restricted.cpp change
// it.
BOOST_AUTO_TEST_SUITE(mount_monitor)

using asio_inotify::detail::mount_monitor;
using boost::system::error_code;

BOOST_AUTO_TEST_CASE(a_closed_one_reports_no_change)
{
    mount_monitor monitor;
    BOOST_TEST(!monitor.is_open());
    BOOST_TEST(!monitor.take_changed());
}

BOOST_AUTO_TEST_CASE(nothing_has_changed_when_it_is_opened)
{
    mount_monitor monitor;
    error_code ec;
    monitor.open(ec);
    BOOST_TEST_REQUIRE(!ec, ec.message());
    BOOST_TEST(monitor.is_open());
    BOOST_TEST(::fcntl(monitor.native_handle(), F_GETFD) == FD_CLOEXEC);
    BOOST_TEST(!monitor.take_changed());
    pollfd waiting{monitor.native_handle(), POLLPRI, 0};
    BOOST_TEST(::poll(&waiting, 1, 0) == 0);
}

BOOST_AUTO_TEST_CASE(the_root_directory_is_among_the_mounts)
{
    error_code ec;
    auto const mounts = mount_monitor::mounts(ec);
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(std::ranges::any_of(mounts, [](auto const& m) { return m.path == "/"; }));
}

BOOST_AUTO_TEST_SUITE_END()
