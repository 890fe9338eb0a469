//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/name_table.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {

void name_table::bucket_array::grow_to(std::size_t size)
{
    while (segments_.size() << bits < size) {
        segments_.push_back(std::make_unique<bucket[]>(segment_size));
    }
}

void name_table::bucket_array::shrink_to(std::size_t size) noexcept
{
    while ((segments_.size() - 1) << bits >= size) {
        segments_.pop_back();
    }
}

void name_table::reserve(std::size_t count)
{
    BOOST_ASSERT(count <= most_reserved);
    // Inserting an entry splits one bucket at most and needs one overflow bucket at most.
    buckets_at_.grow_to(buckets_ + 1 + count);
    if (free_overflow_count() < count) {
        overflows_at_.grow_to(used_overflows_ + count);
    }
}

void name_table::insert(entry_arena const& entries, entry_id id) noexcept
{
    if (buckets_ == 0) {
        buckets_ = 1;
    }
    BOOST_ASSERT(buckets_at_.size() > buckets_ && free_overflow_count() != 0);
    auto const& entry = entries[id];
    auto const hash = name_hash(entry.parent, entry.name());
    put(primary(number_for(hash)), hash, id);
    if (++size_ > usual * buckets_) {
        split();
    }
}

void name_table::erase(entry_arena const& entries, entry_id id) noexcept
{
    auto const& entry = entries[id];
    auto* b = &primary(number_for(name_hash(entry.parent, entry.name())));
    auto const in = [&] { return std::find(b->ids, b->ids + b->used, id) - b->ids; };
    // The bucket before this one in the chain; none if this is the first.
    std::uint32_t* link = nullptr;
    auto at = in();
    while (at == b->used) {
        link = &b->next;
        b = &overflow(b->next);
        at = in();
    }
    // The last entry of the chain takes its place.
    auto* last = b;
    while (last->next != 0) {
        link = &last->next;
        last = &overflow(last->next);
    }
    --last->used;
    b->hashes[at] = last->hashes[last->used];
    b->ids[at] = last->ids[last->used];
    if (last->used == 0 && link != nullptr) {
        free_overflow(std::exchange(*link, 0));
    }
    constexpr std::size_t least = 64;
    if (--size_ < usual * buckets_ / 4 && buckets_ > least) {
        merge();
    }
}

// @pre There is a free overflow bucket, unless the last one of the chain has room.
void name_table::put(bucket& first, std::uint32_t hash, entry_id id) noexcept
{
    auto* b = &first;
    while (b->used == bucket::capacity) {
        if (b->next == 0) {
            b->next = take_overflow();
        }
        b = &overflow(b->next);
    }
    b->hashes[b->used] = hash;
    b->ids[b->used] = id;
    ++b->used;
}

std::uint32_t name_table::take_overflow() noexcept
{
    if (freed_ == 0) {
        return ++used_overflows_;
    }
    --freed_count_;
    auto const number = freed_;
    freed_ = std::exchange(overflow(number).next, 0);
    return number;
}

void name_table::free_overflow(std::uint32_t number) noexcept
{
    ++freed_count_;
    overflow(number).used = 0;
    overflow(number).next = std::exchange(freed_, number);
}

// Inserts each entry where it belongs with the current number of buckets. The overflow buckets of
// a chain are freed before its entries are inserted elsewhere, so no more are needed than it had.
void name_table::put_all(bucket const& some) noexcept
{
    auto part = some;
    for (;;) {
        auto const next = part.next;
        auto const rest = next == 0 ? bucket{} : overflow(next);
        if (next != 0) {
            free_overflow(next);
        }
        for (std::uint32_t i = 0; i != part.used; ++i) {
            put(primary(number_for(part.hashes[i])), part.hashes[i], part.ids[i]);
        }
        if (next == 0) {
            return;
        }
        part = rest;
    }
}

// A new bucket after the last one takes its share of the entries of the bucket that it splits.
void name_table::split() noexcept
{
    auto const fresh = buckets_++;
    if (buckets_ == 2 * half_ + 1) {
        half_ *= 2;
    }
    primary(fresh) = {};
    put_all(std::exchange(primary(fresh - half_), {}));
}

// Merges the last bucket with the one that it was split from.
void name_table::merge() noexcept
{
    // Both together may need one overflow bucket more than each alone; the other ones stay
    // reserved.
    constexpr std::size_t needed = most_reserved + 1;
    if (free_overflow_count() < needed) {
        return;
    }
    auto const last = --buckets_;
    if (last < half_) {
        half_ /= 2;
    }
    put_all(std::exchange(primary(last), {}));
    constexpr std::size_t spare = 128;
    buckets_at_.shrink_to(buckets_ + spare);
}

} // namespace asio_inotify::detail
