//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_RECORD_STORE_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_RECORD_STORE_HPP

#include <asio_inotify/detail/object_identity.hpp>
#include <asio_inotify/detail/watch_record.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace asio_inotify::detail {

/// A growing array of records that keep their addresses.
/** Like std::deque, but with larger blocks than its 512 bytes: the list of blocks has to fit into
 * the cache. */
class record_store
{
public:
    [[nodiscard]] watch_record& operator[](std::size_t place) noexcept
    {
        return blocks_[place / block_size]->records[place % block_size];
    }

    [[nodiscard]] watch_record const& operator[](std::size_t place) const noexcept
    {
        return blocks_[place / block_size]->records[place % block_size];
    }

    /// The object of a watch.
    [[nodiscard]] object_identity& object(std::size_t place) noexcept
    {
        return blocks_[place / block_size]->objects[place % block_size];
    }

    [[nodiscard]] object_identity const& object(std::size_t place) const noexcept
    {
        return blocks_[place / block_size]->objects[place % block_size];
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Append a vacant record. Strong exception safety.
    void append()
    {
        if (size_ == blocks_.size() * block_size) {
            blocks_.push_back(std::make_unique<block>());
        }
        ++size_;
    }

private:
    static constexpr std::size_t block_size = 128;

    // Joining events needs the records alone.
    struct block
    {
        std::array<watch_record, block_size> records;
        std::array<object_identity, block_size> objects;
    };

    std::vector<std::unique_ptr<block>> blocks_;
    std::size_t size_ = 0;
};

} // namespace asio_inotify::detail

#endif
