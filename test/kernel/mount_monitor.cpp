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
#include <sys/resource.h>

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

// The root directory is not, after a chroot(2).
BOOST_AUTO_TEST_CASE(proc_is_among_the_mounts)
{
    mount_monitor monitor;
    error_code ec;
    for (bool const opens : {false, true, false}) {
        if (opens) {
            monitor.open(ec);
        }
        auto const mounts = monitor.mounts(ec);
        BOOST_TEST(!ec, ec.message());
        BOOST_TEST(std::ranges::any_of(mounts, [](auto const& m) { return m.path == "/proc"; }));
    }
}

BOOST_AUTO_TEST_CASE(an_open_one_reads_the_list_without_a_free_descriptor)
{
    mount_monitor monitor;
    error_code ec;
    monitor.open(ec);
    BOOST_TEST_REQUIRE(!ec, ec.message());
    auto const before = monitor.mounts(ec);
    rlimit limit{};
    BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    rlimit none = limit;
    none.rlim_cur = 0;
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    error_code closed_failure;
    static_cast<void>(mount_monitor().mounts(closed_failure));
    auto const mounts = monitor.mounts(ec);
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    BOOST_TEST(closed_failure == boost::system::errc::too_many_files_open);
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST((mounts == before));
}

BOOST_AUTO_TEST_SUITE_END()
