//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"

#include <asio_inotify/error.hpp>

#include <asio_inotify/detail/instance_ops.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace lib = asio_inotify;
namespace errc = boost::system::errc;

BOOST_AUTO_TEST_SUITE(error)

using code = lib::error;

// What the reference says of each value.
constexpr std::pair<code, errc::errc_t> documented[] = {
    {code::watch_descriptor_out_of_range, errc::invalid_argument},
    {code::watch_descriptor_in_use, errc::device_or_resource_busy},
    {code::no_such_watch, errc::invalid_argument},
    {code::set_next_unsupported, errc::operation_not_supported},
    {code::invalid_event_mask, errc::invalid_argument},
    {code::invalid_add_options, errc::invalid_argument},
    {code::path_contains_null, errc::invalid_argument},
    {code::buffer_too_small, errc::message_size},
    {code::not_an_inotify_descriptor, errc::invalid_argument},
    {code::malformed_event, errc::bad_message},
    {code::unknown_event_name, errc::invalid_argument},
    {code::watch_descriptor_quarantined, errc::device_or_resource_busy},
    {code::watch_descriptors_exhausted, errc::device_or_resource_busy},
    {code::watch_moved, errc::no_such_file_or_directory},
    {code::malformed_snapshot, errc::bad_message},
    {code::truncated_snapshot, errc::bad_message},
    {code::unsupported_snapshot_version, errc::operation_not_supported},
    {code::malformed_set_state, errc::bad_message},
    {code::hand_over_refused, errc::connection_refused},
    {code::operation_outstanding, errc::device_or_resource_busy},
    {code::remote_filesystem, errc::not_supported},
    {code::changes_not_received, errc::device_or_resource_busy},
    {code::not_empty, errc::invalid_argument},
    {code::empty_path, errc::invalid_argument},
    {code::path_not_watched, errc::invalid_argument},
    {code::pseudo_filesystem, errc::not_supported},
    {code::too_many_filesystems, errc::value_too_large},
    {code::watch_limit_reached, errc::no_space_on_device},
    {code::instance_limit_reached, errc::too_many_files_open},
    {code::proc_not_mounted, errc::no_such_file_or_directory},
    {code::directory_in_itself, errc::too_many_symbolic_link_levels},
    {code::different_filesystem, errc::cross_device_link},
    {code::invalid_exclude_pattern, errc::invalid_argument},
    {code::too_many_places, errc::too_many_symbolic_link_levels},
    {code::invalid_batch_size, errc::invalid_argument},
    {code::invalid_slice_time, errc::invalid_argument},
    {code::invalid_grace_time, errc::invalid_argument},
    {code::invalid_settle_time, errc::invalid_argument},
    {code::callback_failed, errc::invalid_argument},
};

BOOST_AUTO_TEST_CASE(the_category)
{
    auto const& category = lib::error_category();
    BOOST_TEST(category.name() == std::string_view("asio_inotify"));
    BOOST_TEST((category == lib::error_category()));
    BOOST_TEST((category != boost::system::system_category()));
    BOOST_TEST((category != boost::system::generic_category()));
}

BOOST_AUTO_TEST_CASE(every_value)
{
    std::set<std::string> messages;
    int expected = 1;
    for (auto const& [value, condition] : documented) {
        // Never 0, which would be success, and without a hole.
        BOOST_TEST(static_cast<int>(value) == expected++);
        boost::system::error_code const ec = value;
        BOOST_TEST(ec.failed());
        BOOST_TEST((ec.category() == lib::error_category()));
        BOOST_TEST(ec == make_error_code(value));
        BOOST_TEST((ec == errc::make_error_condition(condition)));
        BOOST_TEST((ec.default_error_condition() == errc::make_error_condition(condition)));
        BOOST_TEST(messages.insert(ec.message()).second);
        BOOST_TEST(!ec.message().empty());
        BOOST_TEST(ec.message().find("unknown asio_inotify") == std::string::npos);
        char buffer[8];
        BOOST_TEST(ec.category().message(ec.value(), buffer, sizeof buffer) == ec.message());
    }
}

BOOST_AUTO_TEST_CASE(values_that_are_none)
{
    for (int const value : {0, -1, static_cast<int>(std::size(documented)) + 1, 1000}) {
        boost::system::error_code const ec(value, lib::error_category());
        BOOST_TEST(ec.message() == "unknown asio_inotify error");
        BOOST_TEST((ec.default_error_condition().category() == lib::error_category()));
        BOOST_TEST(ec.default_error_condition().value() == value);
    }
}

BOOST_AUTO_TEST_CASE(a_value_is_not_the_errno_of_the_same_number)
{
    for (auto const& [value, condition] : documented) {
        boost::system::error_code const system(static_cast<int>(value),
                                               boost::system::system_category());
        BOOST_TEST(system != make_error_code(value));
    }
}

template <class Function>
std::string text_of(Function fails)
{
    try {
        fails();
    } catch (boost::system::system_error const& e) {
        BOOST_TEST(e.code() == code::no_such_watch);
        return e.what();
    }
    return "nothing was thrown";
}

BOOST_AUTO_TEST_CASE(texts_of_the_throwing_forms)
{
    namespace detail = lib::detail;
    boost::system::error_code const ec = code::no_such_watch;
    lib::watch_descriptor const wd{-7};
    BOOST_TEST(text_of([&] {
                   detail::throw_if_failed(ec, "call");
               }).starts_with("call: no watch has this watch descriptor"));
    BOOST_TEST(text_of([&] {
                   detail::throw_if_failed(ec, "call", "/a b/'c'");
               }).starts_with("call '/a b/'c'': no watch"));
    BOOST_TEST(
        text_of([&] { detail::throw_if_failed(ec, "call", wd); }).starts_with("call -7: no watch"));
    BOOST_TEST(text_of([&] {
                   detail::throw_if_failed(ec, "call", wd, "p");
               }).starts_with("call -7 'p': no watch"));
}

BOOST_AUTO_TEST_CASE(control_bytes_of_a_path_are_escaped)
{
    boost::system::error_code const ec = code::no_such_watch;
    for (int value = 0; value != 256; ++value) {
        std::string const path(1, static_cast<char>(value));
        auto const text = text_of([&] { lib::detail::throw_if_failed(ec, "call", path); });
        std::string_view const digits = "0123456789abcdef";
        std::string expected = path;
        if (value < 0x20 || value == 0x7f) {
            auto const byte = static_cast<unsigned>(value);
            expected = std::string("\\x") + digits[byte / 16] + digits[byte % 16];
        }
        BOOST_TEST(text.starts_with("call '" + expected + "': "), text);
    }
}

BOOST_AUTO_TEST_CASE(success_throws_nothing)
{
    boost::system::error_code const ec;
    BOOST_CHECK_NO_THROW(lib::detail::throw_if_failed(ec, "call"));
    BOOST_CHECK_NO_THROW(lib::detail::throw_if_failed(ec, "call", "path"));
    BOOST_CHECK_NO_THROW(lib::detail::throw_if_failed(ec, "call", lib::watch_descriptor{1}));
    BOOST_CHECK_NO_THROW(
        lib::detail::throw_if_failed(ec, "call", lib::watch_descriptor{1}, "path"));
}

BOOST_AUTO_TEST_SUITE_END()
