//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_TALLY_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_TALLY_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bench {

/// A minimal use of each event, so that no part of decoding is optimised away.
/**
 * Cheap on purpose: its cost counts on both sides of a ratio and hides the difference.
 */
struct tally
{
    std::size_t events = 0;
    std::uint64_t checksum = 0;

    void add(int wd, std::uint32_t mask, std::uint32_t cookie, std::string_view name) noexcept
    {
        auto value = static_cast<std::uint64_t>(static_cast<std::uint32_t>(wd)) + mask + cookie;
        if (!name.empty()) {
            value += name.size() + static_cast<unsigned char>(name.front()) +
                     static_cast<unsigned char>(name.back());
        }
        checksum = checksum * 31 + value;
        ++events;
    }

    friend bool operator==(tally const&, tally const&) = default;
};

} // namespace bench

#endif
