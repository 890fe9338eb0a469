//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "name_table.hpp"

namespace asio_inotify::detail {

void name_table::reserve()
{
    // One bucket is split off for each entry that is inserted, at most.
    if (buckets_ + 1 >= segments_.size() << segment_bits) {
        segments_.push_back(std::make_unique<entry_id[]>(segment_size));
    }
}

void name_table::insert(entry_arena& entries, entry_id id) noexcept
{
    if (buckets_ == 0) {
        buckets_ = 1;
    }
    ++size_;
    if (size_ > buckets_) {
        split(entries);
    }
    auto& entry = entries[id];
    auto* const head = bucket(entry.hash);
    entry.hash_next = *head;
    *head = id;
}

void name_table::erase(entry_arena& entries, entry_id id) noexcept
{
    auto* at = bucket(entries[id].hash);
    while (*at != id) {
        at = &entries[*at].hash_next;
    }
    *at = entries[id].hash_next;
    --size_;
    if (buckets_ > segment_size && size_ < buckets_ / 4) {
        merge(entries);
        merge(entries);
    }
}

// The bucket behind the last one takes its share of the one that it was a part of.
void name_table::split(entry_arena& entries) noexcept
{
    auto const fresh = buckets_++;
    if (buckets_ == 2 * half_ + 1) {
        half_ *= 2;
    }
    auto* low = at(fresh - half_);
    auto* high = at(fresh);
    auto id = *low;
    while (id != 0) {
        auto& entry = entries[id];
        auto*& end = (entry.hash & (2 * half_ - 1)) == fresh ? high : low;
        *end = id;
        end = &entry.hash_next;
        id = entry.hash_next;
    }
    *low = 0;
    *high = 0;
}

// The last bucket goes back to the one that it was split off from.
void name_table::merge(entry_arena& entries) noexcept
{
    auto const last = buckets_ - 1;
    if (last < half_) {
        half_ /= 2;
    }
    auto* end = at(last);
    while (*end != 0) {
        end = &entries[*end].hash_next;
    }
    auto& rest = *at(last - half_);
    *end = rest;
    rest = *at(last);
    *at(last) = 0;
    buckets_ = last;
    if (buckets_ + segment_size < (segments_.size() - 1) << segment_bits) {
        segments_.pop_back();
    }
}

} // namespace asio_inotify::detail
