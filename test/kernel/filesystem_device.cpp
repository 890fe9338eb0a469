//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/temp_directory.hpp"

#include "system/filesystem_device.hpp"
#include "system/mounts.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

BOOST_AUTO_TEST_SUITE(filesystem_device)

using asio_inotify::detail::is_on_device;
using asio_inotify::detail::watched_device;
using boost::system::error_code;

BOOST_AUTO_TEST_CASE(a_watch_shows_the_device_of_the_list_of_mounts)
{
    error_code ec;
    std::size_t compared = 0;
    for (auto const& mount : asio_inotify::detail::mount_points(ec)) {
        struct stat status
        {
        };
        // A later mount can hide it.
        bool const is_there =
            ::stat(mount.path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
            (::major(status.st_dev) << 20U | ::minor(status.st_dev)) == mount.device;
        if (is_there) {
            BOOST_TEST(watched_device(mount.path.c_str(), ec) == mount.device, mount.path);
            BOOST_TEST(!ec, ec.message());
            BOOST_TEST(is_on_device(mount.path.c_str(), mount.device, ec), mount.path);
            BOOST_TEST(!is_on_device(mount.path.c_str(), mount.device + 1, ec), mount.path);
            ++compared;
        }
    }
    BOOST_TEST(compared != 0U);
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_is_on_no_device)
{
    test::temp_directory const dir;
    auto const file = dir.write("file");
    error_code ec;
    BOOST_TEST(!is_on_device(file.c_str(), 0, ec));
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(!is_on_device((dir / "missing").c_str(), 0, ec));
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(watched_device((dir / "missing").c_str(), ec) == 0U);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_asked_is_on_no_device)
{
    test::run_in_child([] {
        // What stat(2) is depends on the C library.
        test::fail_system_call(SYS_newfstatat, EIO);
        test::fail_system_call(SYS_statx, EIO);
        error_code ec;
        BOOST_TEST(!is_on_device("/", 0, ec));
        BOOST_TEST(ec == boost::system::errc::io_error);
    });
    test::run_in_child([] {
        test::fail_system_call(SYS_statfs, ENOMEM);
        error_code ec;
        BOOST_TEST(!is_on_device("/", 0, ec));
        BOOST_TEST(ec == boost::system::errc::not_enough_memory);
    });
}

BOOST_AUTO_TEST_SUITE_END()
