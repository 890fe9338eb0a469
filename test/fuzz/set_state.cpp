//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_state.hpp"

#include <asio_inotify/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// What a peer sends as the state of a set is either refused, for one of two reasons, or is exactly
// what a set would have written.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    boost::system::error_code ec;
    auto const state = asio_inotify::detail::set_state_from_bytes(bytes, ec);
    bool const refused = ec == asio_inotify::error::malformed_set_state ||
                         ec == asio_inotify::error::unsupported_snapshot_version;
    if (ec ? !refused : asio_inotify::detail::to_bytes(state) != bytes) {
        std::abort();
    }
    return 0;
}
