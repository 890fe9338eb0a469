//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_KEYED_HASH_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_KEYED_HASH_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Hashes of what others choose: names in a directory, paths and numbers in a text, or in what a
// peer sends. They depend on random numbers of this process, so nobody can choose values that
// collide. Own code, as std::hash and boost::hash have no key. The design is that of the wyhash
// family: words are multiplied in pairs, and both halves of the product count.
namespace asio_inotify::detail {

struct hash_key
{
    std::uint64_t first;
    std::uint64_t second;
};

/// Random, and the same for the whole life of the process.
[[nodiscard]] hash_key const& process_hash_key() noexcept;

/// Both halves of a product.
[[nodiscard]] inline std::uint64_t mix_words(std::uint64_t a, std::uint64_t b) noexcept
{
    __extension__ using product = unsigned __int128;
    auto const all = static_cast<product>(a) * b;
    return static_cast<std::uint64_t>(all) ^ static_cast<std::uint64_t>(all >> 64);
}

/// The hash of a text, and of a number that belongs to it.
[[nodiscard]] inline std::uint64_t keyed_hash(std::string_view text,
                                              std::uint64_t number = 0) noexcept
{
    auto const& key = process_hash_key();
    auto const word = [](char const* at) {
        std::uint64_t value;
        std::memcpy(&value, at, sizeof value);
        return value;
    };
    auto const half = [](char const* at) -> std::uint64_t {
        std::uint32_t value;
        std::memcpy(&value, at, sizeof value);
        return value;
    };
    auto const* at = text.data();
    auto left = text.size();
    auto hash = key.first ^ number;
    for (; left > 16; left -= 16, at += 16) {
        hash = mix_words(word(at) ^ key.second, word(at + 8) ^ hash);
    }
    // Of the rest, words that overlap.
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    if (left >= 8) {
        a = word(at);
        b = word(at + left - 8);
    } else if (left >= 4) {
        a = half(at);
        b = half(at + left - 4);
    } else if (left != 0) {
        auto const byte = [&](std::size_t i) -> std::uint64_t {
            return static_cast<unsigned char>(at[i]);
        };
        a = byte(0) << 16 | byte(left / 2) << 8 | byte(left - 1);
    }
    hash = mix_words(a ^ key.second, b ^ hash);
    return mix_words(hash ^ key.first, text.size() ^ key.second);
}

/// The hash of a number.
[[nodiscard]] inline std::uint64_t keyed_hash(std::uint64_t number) noexcept
{
    auto const& key = process_hash_key();
    return mix_words(mix_words(number ^ key.first, key.second), key.first);
}

/// For containers.
struct keyed_hasher
{
    // All bits of the result count (boost::unordered).
    using is_avalanching = void;

    [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept
    {
        return keyed_hash(text);
    }
    [[nodiscard]] std::size_t operator()(std::uint64_t number) const noexcept
    {
        return keyed_hash(number);
    }
};

} // namespace asio_inotify::detail

#endif
