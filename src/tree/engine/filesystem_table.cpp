//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/filesystem_table.hpp"

#include <algorithm>
#include <limits>

namespace asio_inotify::detail {

std::uint16_t filesystem_table::add(std::uint64_t device, tree_port::directory_fd directory)
{
    auto const at = std::ranges::find(known_, device, &filesystem::device);
    auto const number = at - known_.begin() + 1;
    if (at == known_.end()) {
        known_.push_back({device, port_.traits(directory)});
    } else if (!at->traits) {
        at->traits = port_.traits(directory);
    }
    return static_cast<std::uint16_t>(number);
}

std::uint16_t filesystem_table::add_saved(std::uint64_t device)
{
    auto const at = std::ranges::find(known_, device, &filesystem::device);
    auto const number = at - known_.begin() + 1;
    if (number > (std::numeric_limits<std::uint16_t>::max)()) {
        return 0;
    }
    if (at == known_.end()) {
        known_.push_back({device, std::nullopt});
    }
    return static_cast<std::uint16_t>(number);
}

void filesystem_table::refresh(std::uint16_t number, tree_port::directory_fd directory)
{
    known_[number - 1U].traits = port_.traits(directory);
}

std::optional<filesystem_traits> filesystem_table::find_traits(std::uint64_t device) const noexcept
{
    auto const at = std::ranges::find(known_, device, &filesystem::device);
    return at == known_.end() ? std::nullopt : at->traits;
}

} // namespace asio_inotify::detail
