//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/decode_events.hpp>

#include "values/fail.hpp"
#include "values/throw_failed.hpp"

#include <algorithm>

namespace asio_inotify {
namespace {

// event_view::name relies on the kernel's padding with null bytes.
bool well_padded(std::byte const* name, std::size_t length) noexcept
{
    if (length == 0) {
        return true;
    }
    if (length % 16 != 0) {
        return false;
    }
    auto const* const end = name + length;
    auto const* const terminator = std::find(name, end, std::byte{0});
    auto const padding = static_cast<std::size_t>(end - terminator);
    return padding >= 1 && padding <= 16 && terminator != name &&
           std::all_of(terminator, end, [](std::byte b) { return b == std::byte{0}; });
}

} // namespace

event_batch decode_events(asio::const_buffer bytes, boost::system::error_code& ec) noexcept
{
    auto const* const begin = static_cast<std::byte const*>(bytes.data());
    auto const* const end = begin + bytes.size();
    auto const* at = begin;
    ec.clear();
    while (at != end) {
        auto const left = static_cast<std::size_t>(end - at);
        if (left < sizeof(detail::event_header)) {
            break;
        }
        auto const header = detail::load<detail::event_header>(at);
        if (header.length > left - sizeof header ||
            !well_padded(at + sizeof header, header.length)) {
            break;
        }
        at += sizeof header + header.length;
    }
    if (at != end) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_event);
    }
    return {begin, static_cast<std::size_t>(at - begin)};
}

event_batch decode_events(asio::const_buffer bytes)
{
    boost::system::error_code ec;
    auto const batch = decode_events(bytes, ec);
    if (ec) {
        detail::throw_failed(ec, "decode_events at byte " + std::to_string(batch.size_bytes()));
    }
    return batch;
}

} // namespace asio_inotify
