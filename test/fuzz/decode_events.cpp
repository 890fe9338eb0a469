//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "check.hpp"

#include <asio_inotify/decode_events.hpp>
#include <asio_inotify/error.hpp>
#include <asio_inotify/event.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

// For any bytes: accepted events can be read safely and are exactly those in the bytes.
namespace {

using test::check;

template <class T>
T at(std::byte const* where)
{
    T value;
    std::memcpy(&value, where, sizeof value);
    return value;
}

template <class T>
void append(std::vector<std::byte>& bytes, T const& value)
{
    auto const* const first = reinterpret_cast<std::byte const*>(&value);
    bytes.insert(bytes.end(), first, first + sizeof value);
}

// The record again, made of what the view says of it.
void encode(std::vector<std::byte>& bytes, asio_inotify::event const& event)
{
    auto const& name = event.name();
    auto const length = name.empty() ? 0 : (name.size() / 16 + 1) * 16;
    append(bytes, event.wd().value());
    append(bytes, event.native_mask());
    append(bytes, event.cookie());
    append(bytes, static_cast<std::uint32_t>(length));
    for (char const c : name) {
        append(bytes, c);
    }
    bytes.resize(bytes.size() + length - name.size());
}

void check_view(asio_inotify::event_view event, std::byte const* record)
{
    auto const length = at<std::uint32_t>(record + 12);
    auto const* const padded = reinterpret_cast<char const*>(record + 16);
    check(event.wd().value() == at<std::int32_t>(record), "wd");
    check(event.native_mask() == at<std::uint32_t>(record + 4), "mask");
    check(event.cookie() == at<std::uint32_t>(record + 8), "cookie");
    check(event.size_bytes() == 16U + length, "size");
    check(event.name().find('\0') == std::string_view::npos, "no zero in the name");
    check(event.name().size() == ::strnlen(padded, length), "the length of the name");
    check(event.name().empty() == (length == 0), "a name if there is a length");
    check(length == 0 || event.name().data()[event.name().size()] == '\0', "terminator");
    check(asio_inotify::event(event).name() == event.name(), "the name of a copy");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace asio_inotify;
    boost::system::error_code ec;
    auto const events = decode_events(boost::asio::const_buffer(data, size), ec);
    check(events.data() == data, "begins at the beginning");
    check(events.size_bytes() <= size, "ends before the end");
    check(!ec == (events.size_bytes() == size), "an error if something is left");
    check(!ec || ec == error::malformed_event, "which error");

    auto const* const begin = static_cast<std::byte const*>(events.data());
    auto const* record = begin;
    std::vector<std::byte> again;
    for (auto const event : events) {
        check_view(event, record);
        record += event.size_bytes();
        check(record <= begin + events.size_bytes(), "stays inside");
        encode(again, asio_inotify::event(event));
    }
    check(record == begin + events.size_bytes(), "iterates exactly to the end");
    check(again.size() == events.size_bytes() &&
              (again.empty() || std::memcmp(again.data(), begin, again.size()) == 0),
          "encoded again it is the same");

    // Accepted bytes are accepted again, at any address.
    std::vector<std::byte> shifted(1);
    shifted.insert(shifted.end(), again.begin(), again.end());
    auto const prefix =
        decode_events(boost::asio::const_buffer(shifted.data() + 1, again.size()), ec);
    check(!ec && prefix.size_bytes() == again.size(), "the prefix is accepted");
    return 0;
}
