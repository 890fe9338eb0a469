//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/entry_arena.hpp"

#include <boost/throw_exception.hpp>

#include <boost/assert.hpp>

#include <cstdint>
#include <cstring>
#include <new>

namespace asio_inotify::detail {

entry_id entry_arena::take(std::size_t units)
{
    if (units < free_.size() && free_[units] != 0) {
        auto const id = free_[units];
        free_[units] = (*this)[id].next;
        return id;
    }
    // So that freeing an entry needs no memory.
    if (units >= free_.size()) {
        free_.resize(units + 1);
    }
    if (used_ + units > chunk_units) {
        add_chunk();
    }
    auto const id = static_cast<entry_id>((chunks_.size() - 1) << chunk_bits | used_);
    used_ += units;
    return id;
}

void entry_arena::add_chunk()
{
    auto const count = chunks_.size();
    if (count == (std::size_t{1} << (32 - chunk_bits))) {
        boost::throw_exception(std::bad_alloc());
    }
    chunks_.reserve(count + 1);
    if (count < small_chunks) {
        small_blocks_.push_back(std::make_unique_for_overwrite<unit[]>(chunk_units));
        chunks_.push_back(small_blocks_.back().get());
    } else if (count % chunks_in_huge_page == 0) {
        huge_blocks_.emplace_back();
        chunks_.push_back(static_cast<unit*>(huge_blocks_.back().get()));
    } else {
        chunks_.push_back(chunks_.back() + chunk_units);
    }
    used_ = count == 0 ? 1 : 0;
    // The whole chunk is written to soon, except the first one, which a small tree does not fill.
    if (count != 0) {
        populate(chunks_.back(), sizeof(unit) * chunk_units);
    }
}

entry_id entry_arena::make(std::string_view name)
{
    BOOST_ASSERT(name.size() <= longest_name);
    auto const id = take(units_for(name.size()));
    auto* const made = new (at(id)) tree_entry{};
    made->name_size = static_cast<std::uint16_t>(name.size());
    auto* const to = reinterpret_cast<char*>(made + 1);
    // The last word first, as the name need not fill it.
    constexpr std::uint64_t zeros = 0;
    std::memcpy(to + name.size() / sizeof zeros * sizeof zeros, &zeros, sizeof zeros);
    std::memcpy(to, name.data(), name.size());
    ++size_;
    return id;
}

void entry_arena::free(entry_id id) noexcept
{
    auto& entry = (*this)[id];
    auto const units = units_for(entry.name_size);
    if (--size_ == 0) {
        chunks_.clear();
        small_blocks_.clear();
        huge_blocks_.clear();
        free_.clear();
        used_ = chunk_units;
        return;
    }
    entry.next = free_[units];
    free_[units] = id;
}

} // namespace asio_inotify::detail
