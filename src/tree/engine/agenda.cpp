//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/agenda.hpp"

#include <boost/assert.hpp>

#include <utility>

namespace asio_inotify::detail {
namespace {

// How often in a row a directory may be listed in its parent and not be found there.
constexpr unsigned most_misses = 4;

} // namespace

void agenda::push(dir_id id, unsigned flags) noexcept
{
    auto& d = model_.directory(id);
    if (d.is(tree_directory::removed)) {
        return;
    }
    d.set(flags);
    if (!d.is(tree_directory::queued)) {
        d.set(tree_directory::queued);
        d.link = first_;
        first_ = id;
    }
}

bool agenda::count_miss(dir_id id) noexcept
{
    auto& d = model_.directory(id);
    d.flags = static_cast<std::uint16_t>(d.flags + tree_directory::one_attempt);
    return d.is(tree_directory::one_attempt * most_misses);
}

agenda::item agenda::take() noexcept
{
    BOOST_ASSERT(has_work());
    auto const id = first_;
    auto& d = model_.directory(id);
    first_ = d.link;
    d.clear(tree_directory::queued);
    if (d.is(tree_directory::removed)) {
        model_.add_removed(id);
        return {id, task::none};
    }
    if (!model_.is_attached(id)) {
        return {id, task::none};
    }
    if (d.is(tree_directory::verify)) {
        d.clear(tree_directory::verify);
        return {id, task::verify};
    }
    bool const lists = d.is(tree_directory::list) && !d.is(tree_directory::uncovered);
    return {id, lists ? task::list : task::none};
}

void agenda::suspect(dir_id root)
{
    auto* const known = model_.find_root(root);
    if (known != nullptr && !known->is_suspect) {
        suspects_.push_back(root);
        known->is_suspect = true;
    }
}

std::optional<dir_id> agenda::take_suspect() noexcept
{
    while (!suspects_.empty()) {
        auto const id = suspects_.back();
        suspects_.pop_back();
        // The id can be that of a different root by now, which then is in the list twice.
        auto* const root = model_.find_root(id);
        if (root != nullptr && std::exchange(root->is_suspect, false)) {
            return id;
        }
    }
    return std::nullopt;
}

std::optional<dir_id> agenda::take_sweep() noexcept
{
    while (!to_sweep_.empty()) {
        auto const id = to_sweep_.back();
        to_sweep_.pop_back();
        auto const& d = model_.directory(id);
        if (!d.is(tree_directory::removed) && d.is(tree_directory::unsettled) &&
            model_.is_attached(id)) {
            return id;
        }
    }
    return std::nullopt;
}

} // namespace asio_inotify::detail
