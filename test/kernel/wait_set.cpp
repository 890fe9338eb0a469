//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restored.hpp"

#include "system/wait_set.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

// Several descriptors and a deadline as one descriptor.
BOOST_AUTO_TEST_SUITE(wait_set)

using asio_inotify::detail::wait_set;
using clock_type = std::chrono::steady_clock;
using boost::system::error_code;

struct open_set
{
    open_set()
    {
        error_code ec;
        set.open(ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    ~open_set() { ::close(event); }

    // Waits so many milliseconds at most.
    [[nodiscard]] bool ready(int timeout = 0) const
    {
        pollfd waiting{set.native_handle(), POLLIN, 0};
        return ::poll(&waiting, 1, timeout) == 1;
    }

    void add_event()
    {
        error_code ec;
        set.add(event, wait_set::readiness::readable, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    // As fdinfo shows it: CRIU adds the time of now to the timer if it is not "00".
    [[nodiscard]] std::string settime_flags() const
    {
        std::ifstream file("/proc/self/fdinfo/" +
                           std::to_string(restored.opened("anon_inode:[timerfd]").at(0)));
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("settime flags: ")) {
                return line.substr(15);
            }
        }
        return {};
    }

    test::restoring restored;
    wait_set set;
    int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
};

constexpr int long_time = 60'000;

BOOST_FIXTURE_TEST_CASE(a_descriptor_in_it, open_set)
{
    add_event();
    BOOST_TEST(!ready());
    std::uint64_t value = 1;
    BOOST_TEST_REQUIRE(::write(event, &value, sizeof value) > 0);
    BOOST_TEST(ready());
    BOOST_TEST(ready());
    BOOST_TEST_REQUIRE(::read(event, &value, sizeof value) > 0);
    BOOST_TEST(!ready());
}

BOOST_FIXTURE_TEST_CASE(descriptors_that_cannot_be_added, open_set)
{
    error_code ec;
    set.add(-1, wait_set::readiness::readable, ec);
    BOOST_TEST((ec == boost::system::errc::bad_file_descriptor));
    add_event();
    set.add(event, wait_set::readiness::readable, ec);
    BOOST_TEST((ec == boost::system::errc::file_exists));
}

BOOST_FIXTURE_TEST_CASE(a_deadline, open_set)
{
    BOOST_TEST(!set.take_expired(clock_type::now()));
    auto const soon = clock_type::now() + std::chrono::milliseconds(20);
    set.arm(soon);
    BOOST_TEST(!set.take_expired(soon - std::chrono::nanoseconds(1)));
    BOOST_TEST(ready(long_time));
    BOOST_TEST((clock_type::now() >= soon));
    BOOST_TEST(set.take_expired(soon));
    BOOST_TEST(!ready());
    BOOST_TEST(!set.take_expired(soon + std::chrono::hours(1)));
    // The same deadline can be set again.
    set.arm(soon);
    BOOST_TEST(ready(long_time));
}

BOOST_FIXTURE_TEST_CASE(a_deadline_that_is_taken_before_the_timer_expires, open_set)
{
    auto const later = clock_type::now() + std::chrono::milliseconds(50);
    set.arm(later);
    BOOST_TEST(set.take_expired(later));
    BOOST_TEST(!ready(100));
}

BOOST_FIXTURE_TEST_CASE(a_deadline_that_is_disarmed_or_replaced, open_set)
{
    set.arm(clock_type::now());
    BOOST_TEST(ready(long_time));
    set.disarm();
    BOOST_TEST(!ready());
    set.arm(clock_type::now() + std::chrono::hours(1));
    BOOST_TEST(!ready());
    set.arm(clock_type::now());
    BOOST_TEST(ready(long_time));
    set.arm(clock_type::now() + std::chrono::hours(1));
    BOOST_TEST(!ready());
}

BOOST_FIXTURE_TEST_CASE(waking, open_set)
{
    set.arm(clock_type::now() + std::chrono::hours(1));
    set.wake();
    set.wake();
    BOOST_TEST(ready(long_time));
    BOOST_TEST(set.take_expired((clock_type::time_point::min)()));
    BOOST_TEST(!ready());
    set.wake();
    BOOST_TEST(ready(long_time));
}

BOOST_FIXTURE_TEST_CASE(a_timer_that_expires_although_it_is_disarmed, open_set)
{
    restored.expire_timers();
    BOOST_TEST(ready());
    BOOST_TEST(!set.take_expired(clock_type::now()));
    set.nothing_found();
    BOOST_TEST(!ready());
    // It was armed, and is not any more: a restore by CRIU must not arm it.
    set.arm(clock_type::now() + std::chrono::hours(1));
    set.disarm();
    BOOST_TEST(settime_flags() == "00");
    set.arm(clock_type::now() + std::chrono::hours(1));
    BOOST_TEST(settime_flags() == "01");
}

BOOST_FIXTURE_TEST_CASE(a_timer_that_expires_before_its_deadline, open_set)
{
    auto const soon = clock_type::now() + std::chrono::milliseconds(50);
    set.arm(soon);
    restored.expire_timers();
    BOOST_TEST(ready());
    BOOST_TEST(!set.take_expired(soon - std::chrono::nanoseconds(1)));
    set.nothing_found();
    // The deadline still comes, and not before its time.
    BOOST_TEST(ready(long_time));
    BOOST_TEST((clock_type::now() >= soon));
    BOOST_TEST(set.take_expired(soon));
    BOOST_TEST(!ready());
}

BOOST_FIXTURE_TEST_CASE(a_wake_up_and_an_event_stay_when_nothing_was_found, open_set)
{
    set.wake();
    set.nothing_found();
    BOOST_TEST(ready(long_time));
    BOOST_TEST(set.take_expired((clock_type::time_point::min)()));
    BOOST_TEST(!ready());
    add_event();
    std::uint64_t const value = 1;
    BOOST_TEST_REQUIRE(::write(event, &value, sizeof value) > 0);
    set.nothing_found();
    BOOST_TEST(ready());
}

BOOST_FIXTURE_TEST_CASE(a_descriptor_that_is_ready_after_a_restore_only, open_set)
{
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    ::close(ends[1]);
    error_code ec;
    set.add(ends[0], wait_set::readiness::restored, ec);
    BOOST_TEST_REQUIRE(!ec, ec.message());
    BOOST_TEST(!ready());
    restored.remake_pipes(set.native_handle());
    BOOST_TEST(ready());
    set.nothing_found();
    BOOST_TEST(!ready());
    ::close(ends[0]);
}

BOOST_FIXTURE_TEST_CASE(ownership_of_the_descriptor, open_set)
{
    int fd = -1;
    {
        wait_set given;
        error_code ec;
        given.open(ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
        fd = given.native_handle();
    }
    BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
    {
        wait_set given;
        error_code ec;
        given.open(ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
        BOOST_TEST(::fcntl(given.native_handle(), F_GETFD) == FD_CLOEXEC);
        fd = given.release();
        BOOST_TEST(fd == given.native_handle());
    }
    BOOST_TEST(::fcntl(fd, F_GETFD) == FD_CLOEXEC);
    ::close(fd);
}

BOOST_AUTO_TEST_SUITE_END()
