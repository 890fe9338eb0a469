//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_SHARDED_MAP_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_SHARDED_MAP_HPP

#include "system/keyed_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// A hash map by numbers that grows, and is emptied, in small parts: rehashing or destroying a map
// with a million values takes a hundred times the time of a slice.
template <class Key, class Value>
class sharded_map
{
public:
    /// Null if there is none.
    [[nodiscard]] Value* find(Key key) noexcept
    {
        if (shards_.empty()) {
            return nullptr;
        }
        auto& values = shard_of(key);
        auto const at = values.find(key);
        return at == values.end() ? nullptr : &at->second;
    }
    [[nodiscard]] Value const* find(Key key) const noexcept
    {
        return const_cast<sharded_map*>(this)->find(key);
    }

    void insert_or_assign(Key key, Value value)
    {
        if (shards_.empty()) {
            shards_.resize(shard_count);
        }
        shard_of(key).insert_or_assign(key, std::move(value));
    }

    void erase(Key key) noexcept
    {
        if (!shards_.empty()) {
            shard_of(key).erase(key);
        }
    }

    [[nodiscard]] bool empty() const noexcept { return shards_.empty(); }

    /// Destroy a part of the values. @pre Not empty; until it is, nothing else is called.
    void drop_part() noexcept { shards_.pop_back(); }

private:
    static constexpr unsigned shard_bits = 10;
    static constexpr std::size_t shard_count = std::size_t{1} << shard_bits;

    using shard = std::unordered_map<Key, Value, keyed_hasher>;

    [[nodiscard]] shard& shard_of(Key key) noexcept
    {
        return shards_[keyed_hash(std::uint64_t{key}) >> (64 - shard_bits)];
    }

    std::vector<shard> shards_;
};

} // namespace asio_inotify::detail

#endif
