//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <string>

#include <unistd.h>

// Arguments that are no good, and an object that is closed.
BOOST_FIXTURE_TEST_SUITE(bad_input, test::instance)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

error_code const closed{EBADF, boost::system::system_category()};

BOOST_AUTO_TEST_CASE(masks)
{
    auto const file = new_file();
    auto const before = account();
    for (std::uint32_t const bits : {0U, 0x1000U, 0x1001U, 0x2000U, 0x4000U, 0x8000U, 0x0100'0001U,
                                     0x2000'0001U, 0x4000'0001U, 0x8000'0001U, 0xffff'ffffU}) {
        auto const mask = static_cast<event_mask>(bits);
        error_code ec;
        BOOST_TEST(!in.add(file, mask, ec));
        BOOST_TEST(ec == error::invalid_event_mask);
        in.add_at(wd(9), file, mask, ec);
        BOOST_TEST(ec == error::invalid_event_mask);
        BOOST_TEST(ec.has_location());
    }
    BOOST_TEST(account() == before);
    BOOST_TEST(add_new().value() == 1);
}

BOOST_AUTO_TEST_CASE(options)
{
    auto const file = new_file();
    auto const before = account();
    error_code ec;
    auto const exclusive = add_options::create_only | add_options::merge_mask;
    BOOST_TEST(!in.add(file, event_mask::all, exclusive, ec));
    BOOST_TEST(ec == error::invalid_add_options);
    in.add_at(wd(9), file, event_mask::all, add_options::merge_mask, ec);
    BOOST_TEST(ec == error::invalid_add_options);
    for (std::uint32_t const bits : {0x1U, 0x800U, 0x1000U, 0x8000U, 0x0800'0000U, 0x4000'0000U}) {
        auto const unknown = static_cast<add_options>(bits);
        BOOST_TEST(!in.add(file, event_mask::all, unknown, ec));
        BOOST_TEST(ec == error::invalid_add_options);
        in.add_at(wd(9), file, event_mask::all, unknown | add_options::one_shot, ec);
        BOOST_TEST(ec == error::invalid_add_options);
    }
    BOOST_TEST(account() == before);
    BOOST_TEST(add_new().value() == 1);
}

BOOST_AUTO_TEST_CASE(paths_with_a_null_byte)
{
    auto const file = new_file().string();
    auto const before = account();
    // The kernel would watch the part before it.
    for (auto const& path : {file + '\0', file + '\0' + "x", std::string(1, '\0')}) {
        error_code ec;
        BOOST_TEST(!in.add(path, event_mask::all, ec));
        BOOST_TEST(ec == error::path_contains_null);
        in.add_at(wd(9), path, event_mask::all, ec);
        BOOST_TEST(ec == error::path_contains_null);
    }
    BOOST_CHECK_EXCEPTION(in.add(file + '\0', event_mask::all), boost::system::system_error,
                          [&](auto const& e) {
                              return std::string(e.what()).starts_with("add '" + file + "\\x00'");
                          });
    BOOST_TEST(account() == before);
    BOOST_TEST(add_new().value() == 1);
}

BOOST_AUTO_TEST_CASE(opening_twice)
{
    add_new();
    auto const before = account();
    auto const descriptors = test::open_descriptors();
    error_code ec;
    in.open(ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
    BOOST_TEST(ec.has_location());
    BOOST_CHECK_THROW(in.open(), boost::system::system_error);
    BOOST_TEST(account() == before);
    BOOST_TEST(test::open_descriptors() == descriptors);
}

// Every function that needs an instance, on an object that has none.
void everything_fails(asio_inotify::inotify& object, std::filesystem::path const& path)
{
    asio_inotify::event_buffer<> buffer;
    error_code ec;
    BOOST_TEST(!object.is_open());
    BOOST_TEST(object.native_handle() == -1);
    BOOST_TEST(object.release() == -1);
    BOOST_TEST(!object.add(path, event_mask::all, ec));
    BOOST_TEST(ec == closed);
    object.add_at(wd(9), path, event_mask::all, ec);
    BOOST_TEST(ec == closed);
    object.remove(wd(1), ec);
    BOOST_TEST(ec == closed);
    object.set_next_watch_descriptor(wd(9), ec);
    BOOST_TEST(ec == closed);
    BOOST_TEST(!object.supports_set_next(ec));
    BOOST_TEST(ec == closed);
    BOOST_TEST(object.available(ec) == 0U);
    BOOST_TEST(ec == closed);
    BOOST_TEST(object.read_events(buffer, ec).empty());
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    object.wait(object.wait_read, ec);
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    object.cancel(ec);
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    object.non_blocking(true, ec);
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    BOOST_TEST(!object.non_blocking());
    object.close(ec);
    BOOST_TEST(!ec);
    BOOST_CHECK_THROW(object.add(path, event_mask::all), boost::system::system_error);
    BOOST_CHECK_THROW(object.add_at(wd(9), path, event_mask::all), boost::system::system_error);
    BOOST_CHECK_THROW(object.remove(wd(1)), boost::system::system_error);
    BOOST_CHECK_THROW(object.set_next_watch_descriptor(wd(9)), boost::system::system_error);
    BOOST_CHECK_THROW(static_cast<void>(object.supports_set_next()), boost::system::system_error);
    BOOST_CHECK_THROW(static_cast<void>(object.available()), boost::system::system_error);
    BOOST_CHECK_THROW(static_cast<void>(object.read_events(buffer)), boost::system::system_error);
    BOOST_CHECK_THROW(object.wait(object.wait_read), boost::system::system_error);
    BOOST_CHECK_THROW(object.cancel(), boost::system::system_error);
    BOOST_CHECK_THROW(object.non_blocking(true), boost::system::system_error);
    BOOST_CHECK_NO_THROW(object.close());
}

BOOST_AUTO_TEST_CASE(an_object_that_was_never_opened)
{
    asio_inotify::inotify object{context};
    everything_fails(object, dir.path());
}

BOOST_AUTO_TEST_CASE(an_object_that_was_closed)
{
    add_new();
    in.remove(wd(1));
    in.close();
    everything_fails(in, dir.path());
    in.open();
    BOOST_TEST(add_new().value() == 1);
    test::expect_events(test::drain(in), {});
}

BOOST_AUTO_TEST_CASE(an_object_that_was_moved_from)
{
    add_new();
    asio_inotify::inotify other(std::move(in));
    everything_fails(in, dir.path());
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 2);
    in.open();
    BOOST_TEST(add_new().value() == 1);
}

BOOST_AUTO_TEST_CASE(an_object_that_was_released)
{
    int const fd = in.release();
    everything_fails(in, dir.path());
    BOOST_TEST(::close(fd) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
