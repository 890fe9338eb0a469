//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/watch_map.hpp"

#include <boost/assert.hpp>

namespace asio_inotify::detail {

void watch_map::insert(int wd, dir_id directory)
{
    BOOST_ASSERT(wd > 0 && directory != 0);
    auto const number = static_cast<unsigned>(wd);
    if (number >> top_shift >= top_.size()) {
        top_.resize((number >> top_shift) + 1);
    }
    auto& middle = top_[number >> top_shift];
    if (!middle) {
        middle = std::make_unique<middle_node>();
    }
    auto& leaf = middle->leaves[(number >> leaf_bits) & (middle_size - 1)];
    if (!leaf) {
        leaf = std::make_unique<leaf_node>();
        ++middle->used;
    }
    auto& place = leaf->directories[number & (leaf_size - 1)];
    if (place == 0) {
        ++leaf->used;
        ++size_;
    }
    place = directory;
}

void watch_map::change(int wd, dir_id directory) noexcept
{
    auto const number = static_cast<unsigned>(wd);
    top_[number >> top_shift]
        ->leaves[(number >> leaf_bits) & (middle_size - 1)]
        ->directories[number & (leaf_size - 1)] = directory;
}

void watch_map::erase(int wd) noexcept
{
    if (find(wd) == 0) {
        return;
    }
    auto const number = static_cast<unsigned>(wd);
    auto& middle = top_[number >> top_shift];
    auto& leaf = middle->leaves[(number >> leaf_bits) & (middle_size - 1)];
    leaf->directories[number & (leaf_size - 1)] = 0;
    --size_;
    if (--leaf->used == 0) {
        leaf.reset();
        if (--middle->used == 0) {
            middle.reset();
        }
    }
}

} // namespace asio_inotify::detail
