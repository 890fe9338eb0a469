//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restored.hpp"
#include "support/process/run_in_child.hpp"

#include "system/restore_detector.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// Whether the process was restored by CRIU.
BOOST_AUTO_TEST_SUITE(restore_detector)

using lib_detector = asio_inotify::detail::restore_detector;

struct fixture
{
    fixture() { detector.open(); }

    [[nodiscard]] int fd() const { return restored.opened("pipe:").at(0); }

    test::restoring restored;
    lib_detector detector;
};

BOOST_AUTO_TEST_CASE(a_closed_one_notices_nothing)
{
    lib_detector detector;
    BOOST_TEST(!detector.is_open());
    BOOST_TEST(!detector.take_restored());
}

BOOST_FIXTURE_TEST_CASE(a_restore_is_noticed_once, fixture)
{
    BOOST_TEST(detector.is_open());
    BOOST_TEST(restored.opened("").size() == 1U);
    BOOST_TEST(::fcntl(fd(), F_GETFD) == FD_CLOEXEC);
    BOOST_TEST(!detector.take_restored());
    restored.remake_pipes(-1);
    BOOST_TEST(detector.take_restored());
    BOOST_TEST(!detector.take_restored());
    restored.remake_pipes(-1);
    BOOST_TEST(detector.take_restored());
}

BOOST_FIXTURE_TEST_CASE(a_fork_is_no_restore, fixture)
{
    auto const child = ::fork();
    if (child == 0) {
        ::_exit(detector.take_restored() ? 1 : 0);
    }
    int status = -1;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    BOOST_TEST(!detector.take_restored());
}

// As by closefrom(3). What happened until then cannot be known.
BOOST_FIXTURE_TEST_CASE(somebody_closes_its_descriptor, fixture)
{
    ::close(fd());
    BOOST_TEST(detector.take_restored());
    BOOST_TEST(detector.is_open());
    BOOST_TEST(!detector.take_restored());
    restored.remake_pipes(-1);
    BOOST_TEST(detector.take_restored());
}

BOOST_FIXTURE_TEST_CASE(somebody_elses_file_has_its_descriptor, fixture)
{
    int const number = fd();
    int const other = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    BOOST_TEST_REQUIRE(::dup3(other, number, O_CLOEXEC) == number);
    ::close(other);
    BOOST_TEST(detector.take_restored());
    BOOST_TEST(detector.is_open());
    // It is not closed: it is not ours.
    BOOST_TEST(test::descriptor_targets().at(number) == "/dev/null");
    ::close(number);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left)
{
    test::run_in_child([] {
        rlimit limit{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        // Standard input, output and error: a child has more, which stay open.
        limit.rlim_cur = 1;
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        lib_detector detector;
        detector.open();
        BOOST_TEST(!detector.is_open());
        BOOST_TEST(!detector.take_restored());
    });
}

BOOST_AUTO_TEST_SUITE_END()
