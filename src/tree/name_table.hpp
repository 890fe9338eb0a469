//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_NAME_TABLE_HPP
#define ASIO_INOTIFY_SRC_TREE_NAME_TABLE_HPP

#include "entry_arena.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// The hash of a name in a directory.
[[nodiscard]] inline std::uint32_t name_hash(dir_id parent, std::string_view name) noexcept
{
    constexpr std::uint64_t factor = 0x9e37'79b9'7f4a'7c15U;
    auto const* at = name.data();
    auto left = name.size();
    std::uint64_t hash = (parent + left * 0x1'0000'0001U) * factor;
    auto const mix = [&](std::uint64_t word) {
        hash = (hash ^ word) * factor;
        hash ^= hash >> 32;
    };
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        mix(word);
    }
    if (left >= 4) {
        // Two words that overlap.
        std::uint32_t first;
        std::uint32_t last;
        std::memcpy(&first, at, 4);
        std::memcpy(&last, at + left - 4, 4);
        mix(std::uint64_t{first} << 32 | last);
    } else if (left != 0) {
        auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
        mix(std::uint64_t{byte(0)} << 16 | std::uint64_t{byte(left / 2)} << 8 | byte(left - 1));
    }
    return static_cast<std::uint32_t>(hash ^ hash >> 29);
}

// Finds entries by directory and name. Linear hashing: it grows and shrinks by one bucket at a
// time, as to move a million entries at once would hold the executor for too long.
class name_table
{
public:
    /// 0 if there is none.
    [[nodiscard]] entry_id find(entry_arena const& entries, dir_id parent,
                                std::string_view name) const noexcept
    {
        auto const hash = name_hash(parent, name);
        for (auto id = buckets_ == 0 ? 0 : *bucket(hash); id != 0;) {
            auto const& entry = entries[id];
            if (entry.hash == hash && entry.parent == parent && entry.name() == name) {
                return id;
            }
            id = entry.hash_next;
        }
        return 0;
    }

    /// Make room for one entry more. @throws std::bad_alloc
    void reserve();

    /// @pre Room was reserved; no entry has its parent and name.
    void insert(entry_arena& entries, entry_id id) noexcept;

    /// @pre It was inserted.
    void erase(entry_arena& entries, entry_id id) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    static constexpr unsigned segment_bits = 10;
    static constexpr std::size_t segment_size = std::size_t{1} << segment_bits;

    [[nodiscard]] entry_id* at(std::size_t bucket) const noexcept
    {
        return &segments_[bucket >> segment_bits][bucket & (segment_size - 1)];
    }

    [[nodiscard]] entry_id* bucket(std::uint32_t hash) const noexcept
    {
        auto const number = hash & (2 * half_ - 1);
        return at(number < buckets_ ? number : number - half_);
    }

    void split(entry_arena& entries) noexcept;
    void merge(entry_arena& entries) noexcept;

    std::vector<std::unique_ptr<entry_id[]>> segments_; // NOLINT(cppcoreguidelines-avoid-c-arrays)
    // half_ <= buckets_ <= 2 * half_, unless there is none.
    std::size_t buckets_ = 0;
    std::size_t half_ = 1;
    std::size_t size_ = 0;
};

} // namespace asio_inotify::detail

#endif
