//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_NAME_BYTES_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_NAME_BYTES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Comparing and copying names, once or twice for each event. Own code, as most names are short: a
// call of memcmp or memcpy takes longer.
namespace asio_inotify::detail {

/// True if two names of the same size are equal.
[[nodiscard]] inline bool equal_names(char const* a, char const* b, std::size_t size) noexcept
{
    auto const differ = [&]<class Word>(Word word, std::size_t at) {
        Word other;
        std::memcpy(&word, a + at, sizeof word);
        std::memcpy(&other, b + at, sizeof other);
        return word != other;
    };
    if (size >= 8) {
        for (std::size_t at = 0; at + 8 < size; at += 8) {
            if (differ(std::uint64_t{}, at)) {
                return false;
            }
        }
        return !differ(std::uint64_t{}, size - 8);
    }
    if (size >= 4) {
        return !differ(std::uint32_t{}, 0) && !differ(std::uint32_t{}, size - 4);
    }
    return std::equal(a, a + size, b);
}

/// Copy a name.
inline void copy_name(char* to, char const* from, std::size_t size) noexcept
{
    struct block
    {
        std::uint64_t words[2];
    };
    auto const copy = [&]<class Word>(Word word, std::size_t at) {
        std::memcpy(&word, from + at, sizeof word);
        std::memcpy(to + at, &word, sizeof word);
    };
    if (size > 64) {
        std::memcpy(to, from, size);
    } else if (size >= 16) {
        for (std::size_t at = 16; at < size; at += 16) {
            copy(block{}, at - 16);
        }
        copy(block{}, size - 16);
    } else if (size >= 8) {
        copy(std::uint64_t{}, 0);
        copy(std::uint64_t{}, size - 8);
    } else if (size >= 4) {
        copy(std::uint32_t{}, 0);
        copy(std::uint32_t{}, size - 4);
    } else {
        std::copy_n(from, size, to);
    }
}

} // namespace asio_inotify::detail

#endif
