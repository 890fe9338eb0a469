//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_NAME_BYTES_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_NAME_BYTES_HPP

#include <asio_inotify/event_view.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

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

/// A name in a record of the kernel, padded with 1 to 16 zeros to a multiple of 16 bytes (kernel
/// note 4.3).
/** It is compared without knowing where the zeros begin: finding that out takes longer. */
class padded_name
{
public:
    /** @param size  With the zeros. 0 if the record has no name. */
    padded_name(char const* data, std::size_t size) noexcept
        : data_(data)
        , size_(size)
    {
        BOOST_ASSERT(size % 16 == 0);
    }

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    /// The name without the zeros.
    [[nodiscard]] std::string_view view() const noexcept
    {
        if (empty()) {
            return {};
        }
        // As event_view does: the end of the name is in its last 16 bytes.
        auto const* const tail = reinterpret_cast<std::byte const*>(data_) + size_ - 16;
        auto const last = bytes_before_padding(tail + 8);
        return {data_, size_ - 16 + (last != 0 ? 8 + last : bytes_before_padding(tail))};
    }

    /// Compare it with a name that is not empty, and is padded with zeros to a multiple of 8 bytes.
    /** @param size  Without the zeros. @pre This one is not empty either. */
    [[nodiscard]] bool equals(char const* other, std::size_t size) const noexcept
    {
        BOOST_ASSERT(!empty() && size != 0);
        auto const differ = [&](std::size_t at) {
            std::uint64_t a;
            std::uint64_t b;
            std::memcpy(&a, data_ + at, sizeof a);
            std::memcpy(&b, other + at, sizeof b);
            return a != b;
        };
        if (differ(0)) {
            return false;
        }
        // Most names are so short: the first words contain the zero behind the other one as well.
        if (size < 8) {
            return true;
        }
        // Up to the word that contains that zero. A longer name than this one differs in the last
        // word of this one, which contains a zero too.
        for (std::size_t at = 8; at <= size; at += 8) {
            if (differ(at)) {
                return false;
            }
        }
        return true;
    }

private:
    char const* data_;
    std::size_t size_;
};

/// Copy a name.
inline void copy_name(char* to, char const* from, std::size_t size) noexcept
{
    // A memcpy of a constant size is a load and a store.
    if (size < 16) {
        if (size >= 8) {
            std::memcpy(to, from, 8);
            std::memcpy(to + size - 8, from + size - 8, 8);
        } else if (size >= 4) {
            std::memcpy(to, from, 4);
            std::memcpy(to + size - 4, from + size - 4, 4);
        } else {
            std::copy_n(from, size, to);
        }
    } else if (size <= 64) {
        for (std::size_t at = 16; at < size; at += 16) {
            std::memcpy(to + at - 16, from + at - 16, 16);
        }
        std::memcpy(to + size - 16, from + size - 16, 16);
    } else {
        std::memcpy(to, from, size);
    }
}

} // namespace asio_inotify::detail

#endif
