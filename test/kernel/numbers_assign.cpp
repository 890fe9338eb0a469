//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <climits>
#include <string>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

// Instances that were made elsewhere: what is taken over, what is refused, and where the cursor is
// put when nobody knows it.
namespace {

struct external : test::instance
{
    // An instance of somebody else's with watches of these numbers, made in this order.
    int with(std::vector<int> const& numbers, int flags = IN_NONBLOCK | IN_CLOEXEC)
    {
        asio_inotify::inotify other{context, ::inotify_init1(flags)};
        for (int const number : numbers) {
            other.add_at(test::wd(number), new_file(), test::event_mask::all);
        }
        return other.release();
    }

    void refused(int fd, test::error_code const& expected)
    {
        auto const descriptors = test::open_descriptors();
        test::error_code ec;
        asio_inotify::inotify object{context};
        object.assign(fd, ec);
        BOOST_TEST(ec == expected);
        BOOST_TEST(!object.is_open());
        BOOST_TEST(object.native_handle() == -1);
        BOOST_CHECK_THROW(asio_inotify::inotify(context, fd), boost::system::system_error);
        BOOST_TEST(test::open_descriptors() == descriptors);
    }
};

test::error_code system_error(int errnum)
{
    return {errnum, boost::system::system_category()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(numbers_assign, external)

using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(descriptors_of_another_kind)
{
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    int const others[] = {ends[0],
                          ends[1],
                          ::open(new_file().c_str(), O_RDWR),
                          ::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY),
                          ::epoll_create1(0),
                          ::eventfd(1, 0)};
    for (int const fd : others) {
        BOOST_REQUIRE(fd >= 0);
        refused(fd, error::not_an_inotify_descriptor);
        // Still the caller's.
        BOOST_TEST(::close(fd) == 0);
    }
}

BOOST_AUTO_TEST_CASE(descriptors_that_are_none)
{
    int const path_only = ::open(dir.path().c_str(), O_PATH);
    BOOST_REQUIRE(path_only >= 0);
    refused(path_only, error::not_an_inotify_descriptor);
    BOOST_TEST(::close(path_only) == 0);
    refused(-1, system_error(EBADF));
    refused(path_only, system_error(EBADF));
    refused(INT_MAX, system_error(EBADF));
}

BOOST_AUTO_TEST_CASE(assigning_leaves_no_mark)
{
    int const fd = with({7, 3});
    auto const before = test::kernel_account(fd);
    asio_inotify::inotify other{context};
    other.assign(fd);
    BOOST_TEST(other.is_open());
    BOOST_TEST(other.native_handle() == fd);
    BOOST_TEST(test::kernel_account(fd) == before);
    BOOST_TEST(other.available() == 0U);
    error_code ec;
    other.assign(fd, ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
    other.open(ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
    BOOST_TEST(test::kernel_account(fd) == before);
}

BOOST_AUTO_TEST_CASE(a_blocking_instance)
{
    asio_inotify::inotify other{context, with({}, 0)};
    other.add(dir.path(), event_mask::create);
    dir.write("a");
    asio_inotify::event_buffer<> buffer;
    auto const batch = other.read_events(buffer);
    BOOST_TEST(batch.front().name() == "a");
    test::expect_events(test::drain(other), {});
}

BOOST_AUTO_TEST_CASE(a_blocking_instance_read_asynchronously)
{
    asio_inotify::inotify other{context, with({}, 0)};
    other.add(dir.path(), event_mask::create);
    asio_inotify::event_buffer<> buffer;
    std::string name;
    other.async_read_events(buffer, [&](error_code ec, asio_inotify::event_batch batch) {
        BOOST_REQUIRE(!ec);
        name = batch.front().name();
    });
    dir.write("a");
    context.run();
    BOOST_TEST(name == "a");
}

BOOST_AUTO_TEST_CASE(without_a_failure_the_cursor_is_the_kernels)
{
    asio_inotify::inotify other{context, with({9, 3})};
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 4);
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 5);
}

BOOST_AUTO_TEST_CASE(after_a_failed_claim_it_is_behind_the_largest_number)
{
    for (int const wanted : {500, 2, 1, INT_MAX}) {
        asio_inotify::inotify other{context, with({9, 40, 3})};
        error_code ec;
        other.add_at(wd(wanted), dir / "missing", event_mask::all, ec);
        BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
        BOOST_TEST(other.add(new_file(), event_mask::all).value() == 41);
        BOOST_TEST(other.add(new_file(), event_mask::all).value() == 42);
    }
}

BOOST_AUTO_TEST_CASE(a_claim_of_a_taken_number_leaves_it_alone)
{
    asio_inotify::inotify other{context, with({9, 40, 3})};
    error_code ec;
    other.add_at(wd(40), dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    other.add_at(wd(9), dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    BOOST_TEST(test::live(other.native_handle()) == (std::vector{3, 9, 40}),
               boost::test_tools::per_element());
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 4);
    test::expect_events(test::drain(other), {});
}

BOOST_AUTO_TEST_CASE(without_watches_it_is_1_and_behind_the_highest_as_well)
{
    error_code ec;
    asio_inotify::inotify none{context, with({})};
    none.add_at(wd(77), dir / "missing", event_mask::all, ec);
    BOOST_TEST(none.add(new_file(), event_mask::all).value() == 1);
    asio_inotify::inotify highest{context, with({4, INT_MAX})};
    highest.add_at(wd(77), dir / "missing", event_mask::all, ec);
    BOOST_TEST(highest.add(new_file(), event_mask::all).value() == 1);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_has_shown_itself_is_kept)
{
    asio_inotify::inotify other{context, with({9, 40, 3})};
    // The kernel's own choice shows where it is.
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 4);
    error_code ec;
    other.add_at(wd(500), dir / "missing", event_mask::all, ec);
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 5);
}

BOOST_AUTO_TEST_CASE(released_and_assigned_again)
{
    in.add_at(wd(12), dir.path(), event_mask::create);
    dir.write("a");
    int const fd = in.release();
    BOOST_TEST(!in.is_open());
    BOOST_TEST(in.native_handle() == -1);
    BOOST_TEST(in.release() == -1);
    in.assign(fd);
    // Watches and unread events stayed with the descriptor.
    dir.write("b");
    test::expect_events(test::drain(in), {"12 create a", "12 create b"});
    BOOST_TEST(in.add(new_file(), event_mask::all).value() == 13);
}

BOOST_AUTO_TEST_CASE(released_with_a_trace_in_the_queue)
{
    // Who takes the descriptor sees the end of a watch that he never had: it is normal, as is any
    // number that is not known. The object that made it must not look for it any more.
    test::add_behind_the_back(in, 5, new_file());
    error_code ec;
    in.add_at(wd(5), dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    asio_inotify::inotify other{context, in.release()};
    test::expect_events(test::drain(other), {"6 ignored"});
    in.open();
    in.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    test::expect_events(test::drain(in), {"6 create a"});
}

BOOST_AUTO_TEST_SUITE_END()
