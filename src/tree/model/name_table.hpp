//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_NAME_TABLE_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_NAME_TABLE_HPP

#include "system/keyed_hash.hpp"
#include "tree/model/entry_arena.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// The hash of a name in a directory.
[[nodiscard]] inline std::uint32_t name_hash(dir_id parent, std::string_view name) noexcept
{
    return static_cast<std::uint32_t>(keyed_hash(name, parent));
}

// Finds entries by directory and name. Own code, as the executor must not be held while a million
// entries are rehashed: linear hashing grows and shrinks by one bucket at a time. A bucket is one
// cache line and contains the hashes, so a look-up reads the memory of one entry, and rehashing
// reads none.
class name_table
{
public:
    /// 0 if there is no such entry.
    [[nodiscard]] entry_id find(entry_arena const& entries, dir_id parent,
                                std::string_view name) const noexcept
    {
        if (buckets_ == 0) {
            return 0;
        }
        auto const hash = name_hash(parent, name);
        for (auto const* b = &primary(number_for(hash));; b = &overflow(b->next)) {
            for (std::uint32_t i = 0; i != b->used; ++i) {
                if (b->hashes[i] == hash) {
                    auto const& entry = entries[b->ids[i]];
                    if (entry.parent == parent && entry.is_named(name)) {
                        return b->ids[i];
                    }
                }
            }
            if (b->next == 0) {
                return 0;
            }
        }
    }

    static constexpr std::size_t most_reserved = 72;

    /// Make room for so many more entries, even if others are erased first.
    /** @throws std::bad_alloc @pre Not more than @ref most_reserved. */
    void reserve(std::size_t count = 1);

    /// @pre Room was reserved; no entry has its parent and name.
    void insert(entry_arena const& entries, entry_id id) noexcept;

    /// @pre It was inserted.
    void erase(entry_arena const& entries, entry_id id) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    // Only the last bucket of a chain has room.
    struct alignas(64) bucket
    {
        static constexpr std::size_t capacity = 7;

        std::uint32_t used;
        // The overflow bucket with the entries that did not fit; 0 if there is none.
        std::uint32_t next;
        std::uint32_t hashes[capacity];
        entry_id ids[capacity];
    };
    static_assert(sizeof(bucket) == 64);

    // Buckets in segments, so that growing moves none of them.
    class bucket_array
    {
    public:
        [[nodiscard]] bucket& operator[](std::size_t number) const noexcept
        {
            return segments_[number >> bits][number & (segment_size - 1)];
        }
        /// @throws std::bad_alloc, without effect then.
        void grow_to(std::size_t size);
        void shrink_to(std::size_t size) noexcept;
        [[nodiscard]] std::size_t size() const noexcept { return segments_.size() << bits; }

    private:
        static constexpr unsigned bits = 6;
        static constexpr std::size_t segment_size = std::size_t{1} << bits;

        std::vector<std::unique_ptr<bucket[]>> segments_;
    };

    // The average number of entries in a bucket: with more, overflow buckets would be the rule.
    static constexpr std::size_t usual = 5;

    [[nodiscard]] std::size_t number_for(std::uint32_t hash) const noexcept
    {
        auto const number = hash & (2 * half_ - 1);
        return number < buckets_ ? number : number - half_;
    }
    [[nodiscard]] bucket& primary(std::size_t number) const noexcept { return buckets_at_[number]; }
    [[nodiscard]] bucket& overflow(std::uint32_t number) const noexcept
    {
        return overflows_at_[number - 1];
    }

    void put(bucket& first, std::uint32_t hash, entry_id id) noexcept;
    [[nodiscard]] std::size_t free_overflow_count() const noexcept
    {
        return freed_count_ + (overflows_at_.size() - used_overflows_);
    }
    [[nodiscard]] std::uint32_t take_overflow() noexcept;
    void free_overflow(std::uint32_t number) noexcept;
    void put_all(bucket const& some) noexcept;
    void split() noexcept;
    void merge() noexcept;

    bucket_array buckets_at_;
    // half_ <= buckets_ <= 2 * half_, unless the table is empty.
    std::size_t buckets_ = 0;
    std::size_t half_ = 1;
    std::size_t size_ = 0;

    // Numbered from 1.
    bucket_array overflows_at_;
    // The buckets from here on were never used.
    std::uint32_t used_overflows_ = 0;
    // A list of the overflow buckets that were freed.
    std::uint32_t freed_ = 0;
    std::size_t freed_count_ = 0;
};

} // namespace asio_inotify::detail

#endif
