//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/unique_fd.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

// The owner of a descriptor.
BOOST_AUTO_TEST_SUITE(unique_fd)

using asio_inotify::detail::unique_fd;

int new_descriptor()
{
    int const fd = ::eventfd(0, EFD_CLOEXEC);
    BOOST_TEST_REQUIRE(fd >= 0);
    return fd;
}

bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) != -1;
}

BOOST_AUTO_TEST_CASE(owns_nothing_at_first)
{
    unique_fd const none;
    BOOST_TEST(!none.is_open());
    BOOST_TEST(!none);
    BOOST_TEST(none.get() < 0);
}

BOOST_AUTO_TEST_CASE(closes_its_descriptor)
{
    int const fd = new_descriptor();
    {
        unique_fd const owner(fd);
        BOOST_TEST(owner.is_open());
        BOOST_TEST(owner.get() == fd);
        BOOST_TEST(is_open(fd));
    }
    BOOST_TEST(!is_open(fd));
}

BOOST_AUTO_TEST_CASE(moving_transfers_ownership)
{
    int const first = new_descriptor();
    int const second = new_descriptor();
    unique_fd owner(first);
    unique_fd other(std::move(owner));
    BOOST_TEST(other.get() == first);
    BOOST_TEST(is_open(first));
    unique_fd third(second);
    third = std::move(other);
    BOOST_TEST(third.get() == first);
    BOOST_TEST(is_open(first));
    BOOST_TEST(!is_open(second));
}

BOOST_AUTO_TEST_CASE(releasing_keeps_the_descriptor_open)
{
    int const fd = new_descriptor();
    {
        unique_fd owner(fd);
        BOOST_TEST(owner.release() == fd);
        BOOST_TEST(!owner);
    }
    BOOST_TEST(is_open(fd));
    unique_fd owner(fd);
    owner.reset();
    BOOST_TEST(!is_open(fd));
    owner.reset();
}

BOOST_AUTO_TEST_SUITE_END()
