//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/filesystem_table.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <limits>

namespace asio_inotify::detail {
namespace {

constexpr std::size_t most = (std::numeric_limits<std::uint16_t>::max)();

} // namespace

std::uint16_t filesystem_table::add(std::uint64_t device, tree_port::directory_fd directory)
{
    auto const number = number_of(device);
    if (number != 0 && !known_[number - 1U].traits) {
        known_[number - 1U].traits = port_.traits(directory);
    }
    return number;
}

std::uint16_t filesystem_table::add_saved(std::uint64_t device)
{
    return number_of(device);
}

// The only place where a number is given: a known one, one without directories, or a new one.
std::uint16_t filesystem_table::number_of(std::uint64_t device)
{
    if (auto const at = by_device_.find(device); at != by_device_.end()) {
        return at->second;
    }
    if (free_.empty() && known_.size() >= next_sweep_) {
        free_unused();
    }
    if (free_.empty()) {
        if (known_.size() == most) {
            return 0;
        }
        free_.reserve(1);
        known_.push_back({});
        free_.push_back(static_cast<std::uint16_t>(known_.size()));
    }
    auto const number = free_.back();
    index_.reserve_devices(number);
    by_device_.emplace(device, number);
    free_.pop_back();
    known_[number - 1U] = {device, std::nullopt};
    return number;
}

// A pass over all numbers each time that they have doubled; over a full table, each time.
void filesystem_table::free_unused()
{
    BOOST_ASSERT(free_.empty());
    std::erase_if(by_device_, [&](auto const& each) {
        if (index_.device_uses(each.second) != 0) {
            return false;
        }
        free_.push_back(each.second);
        return true;
    });
    next_sweep_ = (std::min)(most, (std::max)(least_to_sweep, 2 * by_device_.size()));
}

void filesystem_table::refresh(std::uint16_t number, tree_port::directory_fd directory)
{
    known_[number - 1U].traits = port_.traits(directory);
}

std::optional<filesystem_traits> filesystem_table::find_traits(std::uint64_t device) const noexcept
{
    auto const at = by_device_.find(device);
    return at == by_device_.end() ? std::nullopt : known_[at->second - 1U].traits;
}

} // namespace asio_inotify::detail
