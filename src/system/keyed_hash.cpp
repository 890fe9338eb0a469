//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/keyed_hash.hpp"

#include <chrono>

#include <sys/random.h>

namespace asio_inotify::detail {
namespace {

hash_key make_key() noexcept
{
    hash_key key{};
    // Before the kernel has collected randomness, at boot, it has none to give: what differs from
    // one process to the next is better than to wait for it.
    if (::getrandom(&key, sizeof key, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof key)) {
        auto const now = std::chrono::high_resolution_clock::now().time_since_epoch().count();
        key.first = mix_words(static_cast<std::uint64_t>(now), 0x9e37'79b9'7f4a'7c15U);
        key.second = mix_words(reinterpret_cast<std::uintptr_t>(&key), 0xd6e8'feb8'6659'fd93U);
    }
    // A product with zero would be zero.
    key.first |= 1U;
    key.second |= 1U;
    return key;
}

} // namespace

hash_key const& process_hash_key() noexcept
{
    static hash_key const key = make_key();
    return key;
}

} // namespace asio_inotify::detail
