//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_WATCH_MAP_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_WATCH_MAP_HPP

#include "tree/model/entry_arena.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace asio_inotify::detail {

// Which directory a watch is on. The kernel gives watch descriptors in ascending order and reuses
// none before all were given, so a radix tree over them is dense: 4 bytes a watch and two steps for
// each look-up. Own code, as a hash table takes three times the memory.
class watch_map
{
public:
    /// 0 if no directory has this watch.
    [[nodiscard]] dir_id find(int wd) const noexcept
    {
        auto const number = static_cast<unsigned>(wd);
        if (wd <= 0 || number >> top_shift >= top_.size()) {
            return 0;
        }
        auto const* const middle = top_[number >> top_shift].get();
        if (middle == nullptr) {
            return 0;
        }
        auto const* const leaf = middle->leaves[(number >> leaf_bits) & (middle_size - 1)].get();
        return leaf == nullptr ? 0 : leaf->directories[number & (leaf_size - 1)];
    }

    /// @throws std::bad_alloc, without effect then. @pre The descriptor is positive.
    void insert(int wd, dir_id directory);

    /// The directory of an existing watch is another one now.
    void change(int wd, dir_id directory) noexcept;

    void erase(int wd) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    static constexpr unsigned leaf_bits = 10;
    static constexpr unsigned middle_bits = 10;
    static constexpr unsigned top_shift = leaf_bits + middle_bits;
    static constexpr std::size_t leaf_size = std::size_t{1} << leaf_bits;
    static constexpr std::size_t middle_size = std::size_t{1} << middle_bits;

    struct leaf_node
    {
        std::array<dir_id, leaf_size> directories{};
        std::size_t used = 0;
    };

    struct middle_node
    {
        std::array<std::unique_ptr<leaf_node>, middle_size> leaves;
        std::size_t used = 0;
    };

    // Up to the largest descriptor so far.
    std::vector<std::unique_ptr<middle_node>> top_;
    std::size_t size_ = 0;
};

} // namespace asio_inotify::detail

#endif
