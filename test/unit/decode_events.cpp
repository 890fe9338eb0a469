//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/make_records.hpp"
#include "support/printing.hpp"

#include <asio_inotify/decode_events.hpp>
#include <asio_inotify/error.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace lib = asio_inotify;
using boost::asio::const_buffer;

BOOST_AUTO_TEST_SUITE(decode_events)

// The bytes in memory of exactly their size, so that a sanitizer sees a step too far.
class exact_copy
{
public:
    exact_copy(std::byte const* data, std::size_t size, std::size_t shift = 0)
        : memory_(new std::byte[size + shift])
        , shift_(shift)
        , size_(size)
    {
        if (size != 0) {
            std::memcpy(memory_.get() + shift, data, size);
        }
    }

    [[nodiscard]] const_buffer buffer() const { return {memory_.get() + shift_, size_}; }

private:
    std::unique_ptr<std::byte[]> memory_;
    std::size_t shift_;
    std::size_t size_;
};

std::size_t accepted(test::record_maker const& records)
{
    exact_copy const bytes(records.bytes().data(), records.size());
    boost::system::error_code ec;
    auto const events = lib::decode_events(bytes.buffer(), ec);
    BOOST_TEST(events.data() == bytes.buffer().data());
    if (events.size_bytes() == records.size()) {
        BOOST_TEST(!ec);
    } else {
        BOOST_TEST(ec == lib::error::malformed_event);
        BOOST_TEST(ec.has_location());
    }
    return events.size_bytes();
}

BOOST_AUTO_TEST_CASE(nothing_is_no_event)
{
    boost::system::error_code ec = lib::error::no_such_watch;
    BOOST_TEST(lib::decode_events(const_buffer(), ec).empty());
    BOOST_TEST(!ec);
    BOOST_TEST(lib::decode_events(const_buffer()).empty());
}

BOOST_AUTO_TEST_CASE(records_of_the_kernel_are_accepted)
{
    test::record_maker records;
    for (std::size_t length = 0; length != 256; ++length) {
        records.add(static_cast<int>(length) + 1, 0x100, 7, std::string(length, 'n'));
    }
    records.add(-1, 0x4000).add(3, 0x8000);
    boost::system::error_code ec = lib::error::no_such_watch;
    auto const events =
        lib::decode_events(const_buffer(records.bytes().data(), records.size()), ec);
    BOOST_TEST(!ec);
    BOOST_TEST(std::ranges::distance(events) == 258);
    std::size_t length = 0;
    for (auto const event : events) {
        BOOST_TEST(event.name().size() == (length < 256 ? length : 0U));
        ++length;
    }
}

BOOST_AUTO_TEST_CASE(truncated_at_every_byte)
{
    auto const records = test::record_maker()
                             .add(1, 0x100, 0, "a")
                             .add(2, 0x8000)
                             .add(3, 0x2, 0, std::string(16, 'b'))
                             .add(4, 0x200, 0, std::string(255, 'c'));
    std::vector<std::size_t> const ends{0, 32, 48, 96, 368};
    BOOST_REQUIRE(records.size() == ends.back());
    for (std::size_t size = 0; size <= records.size(); ++size) {
        for (std::size_t shift = 0; shift < 16; shift += size % 3 == 0 ? 1U : 5U) {
            exact_copy const bytes(records.bytes().data(), size, shift);
            boost::system::error_code ec;
            auto const events = lib::decode_events(bytes.buffer(), ec);
            // All whole records before the cut.
            auto const whole = *--std::upper_bound(ends.begin(), ends.end(), size);
            BOOST_TEST(events.size_bytes() == whole);
            BOOST_TEST((ec == lib::error::malformed_event) == (whole != size));
        }
    }
}

BOOST_AUTO_TEST_CASE(lengths_that_are_wrong)
{
    // First a good record, so that the prefix has something in it.
    auto const with = [](std::uint32_t length, std::size_t padded) {
        return test::record_maker()
            .add(1, 0x100, 0, "good")
            .add_raw(2, 0x100, 0, length, "name", padded)
            .add(3, 0x8000);
    };
    BOOST_TEST(accepted(with(16, 16)) == 32U + 32U + 16U);
    for (std::uint32_t const length : {1U, 4U, 5U, 8U, 15U, 17U, 24U, 31U, 33U}) {
        // Not a multiple of 16, whatever follows.
        BOOST_TEST(accepted(with(length, 16)) == 32U, length);
        BOOST_TEST(accepted(with(length, 48)) == 32U, length);
    }
    for (std::uint32_t const length :
         {48U, 64U, 0x100U, 0x7fff'fff0U, 0x8000'0000U, 0xffff'ffe0U, 0xffff'fff0U, 0xffff'ffffU}) {
        // Past the end, and so large that adding the header overflows.
        BOOST_TEST(accepted(with(length, 16)) == 32U, length);
    }
}

BOOST_AUTO_TEST_CASE(a_length_to_the_last_byte)
{
    // One record more than the bytes there are, and exactly as many.
    for (std::size_t const padded : {0U, 15U, 16U, 31U, 32U}) {
        auto const records = test::record_maker().add_raw(1, 0x2, 0, 32, {}, padded);
        BOOST_TEST(accepted(records) == 0U);
    }
    BOOST_TEST(accepted(test::record_maker().add_raw(1, 0x2, 0, 32, std::string(16, 'x'), 32)) ==
               48U);
}

BOOST_AUTO_TEST_CASE(names_that_are_wrong)
{
    auto const with = [](std::uint32_t length, std::string_view name) {
        return test::record_maker().add_raw(2, 0x100, 0, length, name, length).add(3, 0x8000);
    };
    using namespace std::string_view_literals;
    // Good ones for comparison: 1 and 16 zeros at the end.
    BOOST_TEST(accepted(with(16, "123456789012345"sv)) == 48U);
    BOOST_TEST(accepted(with(32, "1234567890123456"sv)) == 64U);
    // Not terminated.
    BOOST_TEST(accepted(with(16, "1234567890123456"sv)) == 0U);
    BOOST_TEST(accepted(with(32, "12345678901234567890123456789012"sv)) == 0U);
    // A zero inside, and a byte in the padding: the same seen from two sides.
    BOOST_TEST(accepted(with(16, "1\0003"sv)) == 0U);
    BOOST_TEST(accepted(with(16, "a\0\0\0\0\0\0\0\0\0\0\0\0\0\0z"sv)) == 0U);
    BOOST_TEST(accepted(with(16, "\0a"sv)) == 0U);
    // A length, but no name.
    BOOST_TEST(accepted(with(16, ""sv)) == 0U);
    BOOST_TEST(accepted(with(32, ""sv)) == 0U);
    // More than 16 zeros: the kernel would have taken a shorter length.
    BOOST_TEST(accepted(with(32, "123456789012345"sv)) == 0U);
    BOOST_TEST(accepted(with(48, "1234567890123456"sv)) == 0U);
    BOOST_TEST(accepted(with(256, "a"sv)) == 0U);
}

BOOST_AUTO_TEST_CASE(every_single_byte_of_the_padding_counts)
{
    for (std::size_t length = 1; length != 32; ++length) {
        auto const good = test::record_maker().add(1, 0x2, 0, std::string(length, 'n'));
        for (auto at = 16 + length + 1; at < good.size(); ++at) {
            auto bytes = good.bytes();
            bytes[at] = std::byte{1};
            boost::system::error_code ec;
            BOOST_TEST(lib::decode_events(const_buffer(bytes.data(), bytes.size()), ec).empty());
            BOOST_TEST(ec == lib::error::malformed_event);
        }
    }
}

BOOST_AUTO_TEST_CASE(longer_names_than_usual_are_accepted)
{
    // Some filesystems have names of up to 765 bytes; nothing limits the length but the bytes.
    for (std::size_t const length : {256U, 300U, 765U, 4095U}) {
        auto const records = test::record_maker().add(1, 0x2, 0, std::string(length, 'n'));
        BOOST_TEST(accepted(records) == records.size());
    }
}

BOOST_AUTO_TEST_CASE(the_throwing_form_reports_the_offset)
{
    auto const records = test::record_maker().add(1, 0x100, 0, "good").add_raw(2, 0, 0, 3, {}, 3);
    BOOST_CHECK_EXCEPTION(
        static_cast<void>(lib::decode_events(const_buffer(records.bytes().data(), records.size()))),
        boost::system::system_error, [](boost::system::system_error const& e) {
            return e.code() == lib::error::malformed_event &&
                   std::string(e.what()).starts_with("decode_events at byte 32: ");
        });
}

BOOST_AUTO_TEST_SUITE_END()
