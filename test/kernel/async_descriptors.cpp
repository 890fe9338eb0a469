//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// File descriptors: none is leaked, none is inherited, none is closed that is not ours.

#include "support/allocation_counter.hpp"
#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"
#include "support/process/no_more_descriptors.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <optional>
#include <string>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::error;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using test::error_code;

namespace {

std::ptrdiff_t open_descriptors()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) != -1;
}

/// An inotify descriptor of the test's own.
struct raw_instance
{
    raw_instance()
        : fd(::inotify_init1(IN_CLOEXEC))
    {
        BOOST_REQUIRE(fd >= 0);
    }

    raw_instance(raw_instance const&) = delete;
    raw_instance& operator=(raw_instance const&) = delete;

    ~raw_instance()
    {
        BOOST_TEST(is_open(fd));
        ::close(fd);
    }

    int fd;
};

/// A context that has already opened for itself what it needs.
struct settled_context : asio::io_context
{
    settled_context() { first.open(); }
    inotify first{*this};
};

} // namespace

BOOST_AUTO_TEST_SUITE(async_descriptors)

BOOST_AUTO_TEST_CASE(one_per_open_object)
{
    settled_context context;
    auto const before = open_descriptors();
    {
        inotify in(context);
        BOOST_TEST(open_descriptors() == before);
        in.open();
        BOOST_TEST(open_descriptors() == before + 1);
        in.close();
        BOOST_TEST(open_descriptors() == before);
        in.open();
        inotify other(std::move(in));
        in.open();
        BOOST_TEST(open_descriptors() == before + 2);
        other = std::move(in);
        BOOST_TEST(open_descriptors() == before + 1);
    }
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(none_is_kept_by_an_operation, Operation, test::operations)
{
    settled_context context;
    auto const before = open_descriptors();
    Operation start;
    test::outcome result;
    {
        inotify in(context);
        in.open();
        start(in, test::into(result));
    }
    // The operation is not complete, and yet the instance is gone.
    BOOST_TEST(result.calls == 0);
#if !defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
    BOOST_TEST(open_descriptors() == before);
#endif
    test::run(context);
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(open_fails)
{
    settled_context context;
    inotify in(context);
    auto const before = open_descriptors();
    error_code ec;
    {
        test::no_more_descriptors const limit;
        in.open(ec);
    }
    BOOST_TEST(ec == boost::system::errc::too_many_files_open);
    BOOST_TEST(!in.is_open());
    BOOST_TEST(open_descriptors() == before);
    // UndefinedBehaviorSanitizer opens a pipe when it checks an exception's type for the first
    // time: let it see one before.
    BOOST_CHECK_THROW((void)in.available(), boost::system::system_error);
    {
        test::no_more_descriptors const limit;
        BOOST_CHECK_THROW(in.open(), boost::system::system_error);
    }
    in.open(ec);
    BOOST_TEST(!ec);
    in.open(ec);
    BOOST_TEST(ec == asio::error::already_open);
    BOOST_TEST(open_descriptors() == before + 1);
}

BOOST_AUTO_TEST_CASE(open_fails_when_out_of_memory)
{
    bool failed = test::counts_allocations;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_REQUIRE(n < 100);
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            settled_context context;
            inotify in(context);
            auto const before = open_descriptors();
            failed = false;
            try {
                test::allocation_failure const failure(n);
                in.open();
            } catch (std::bad_alloc const&) {
                failed = true;
            }
            BOOST_TEST(in.is_open() == !failed);
            BOOST_TEST(open_descriptors() == before + (failed ? 0 : 1));
            in.close();
            in.open();
            BOOST_TEST(open_descriptors() == before + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(assign_refuses_other_descriptors)
{
    asio::io_context context;
    inotify in(context);
    int ends[2];
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    error_code ec;
    in.assign(ends[0], ec);
    BOOST_TEST(ec == error::not_an_inotify_descriptor);
    BOOST_TEST(!in.is_open());
    BOOST_CHECK_THROW(inotify(context, ends[1]), boost::system::system_error);
    BOOST_TEST(is_open(ends[0]));
    BOOST_TEST(is_open(ends[1]));
    ::close(ends[0]);
    ::close(ends[1]);
    for (int const closed : {ends[0], -1}) {
        in.assign(closed, ec);
        BOOST_TEST(ec == asio::error::bad_descriptor);
    }
    in.open();
}

BOOST_AUTO_TEST_CASE(assign_fails_and_the_descriptor_stays_the_callers)
{
    asio::io_context context;
    raw_instance const instance;
    inotify in(context);
    in.open();
    int const own = in.native_handle();
    error_code ec;
    in.assign(instance.fd, ec);
    BOOST_TEST(ec == asio::error::already_open);
    BOOST_TEST(in.native_handle() == own);
#if defined(BOOST_ASIO_HAS_EPOLL)
    // The epoll set has the descriptor already.
    inotify second(context);
    auto const before = open_descriptors();
    second.assign(own, ec);
    BOOST_TEST(ec == boost::system::errc::file_exists);
    BOOST_TEST(!second.is_open());
    BOOST_CHECK_THROW(inotify(context, own), boost::system::system_error);
    BOOST_CHECK_THROW(inotify(context.get_executor(), own), boost::system::system_error);
    BOOST_TEST(open_descriptors() == before);
    BOOST_TEST(is_open(own));
    // After the failure it is as closed as before.
    test::outcome read;
    test::outcome wait;
    asio_inotify::event_buffer<> buffer;
    second.async_read_events(buffer, test::into(read));
    second.async_wait(second.wait_read, test::into(wait));
    test::run(context);
    BOOST_TEST(read.ec == asio::error::bad_descriptor);
    BOOST_TEST(wait.ec == asio::error::bad_descriptor);
    second.open();
#endif
}

BOOST_AUTO_TEST_CASE(assign_fails_when_out_of_memory)
{
    raw_instance const instance;
    bool failed = test::counts_allocations;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_REQUIRE(n < 100);
        asio::io_context context;
        inotify in(context);
        failed = false;
        try {
            test::allocation_failure const failure(n);
            in.assign(instance.fd);
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        BOOST_TEST(in.is_open() == !failed);
        if (!failed) {
            BOOST_TEST(in.release() == instance.fd);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(assign_and_release, Operation, test::operations)
{
    asio::io_context context;
    asio::io_context other;
    raw_instance const instance; // a blocking one
    test::watched<> files{context};
    files.in = inotify(context, instance.fd);
    files.watch();
    Operation start;
    test::outcome result;
    start(files.in, test::into(result));
    files.dir.write("a");
    test::run(context);
    expect_events(start, result, files, {"a"});
    files.dir.write("b");
    // The watches and what is queued go along, to another context too.
    files.in = inotify(other, files.in.release());
    result = {};
    start(files.in, test::into(result));
    test::run(other);
    expect_events(start, result, files, {"b"});
    BOOST_TEST(files.in.release() == instance.fd);
    BOOST_TEST(files.in.release() == -1);
}

BOOST_AUTO_TEST_CASE(close_on_exec_and_non_blocking_for_the_kernel_to_see)
{
    asio::io_context context;
    inotify in(context);
    in.open();
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(in.native_handle()));
    std::string key;
    std::optional<unsigned long> flags;
    for (std::string value; info >> key >> value;) {
        if (key == "flags:") {
            flags = std::stoul(value, nullptr, 8);
        }
    }
    BOOST_TEST_REQUIRE(flags.has_value());
    BOOST_TEST((*flags & O_CLOEXEC) != 0U);
    BOOST_TEST((*flags & O_NONBLOCK) != 0U);
}

BOOST_AUTO_TEST_SUITE_END()
