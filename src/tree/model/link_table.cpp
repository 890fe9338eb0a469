//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/link_table.hpp"

#include <boost/assert.hpp>

#include <limits>
#include <utility>

namespace asio_inotify::detail {

link_id link_table::find(dir_id parent, std::string_view name) const noexcept
{
    auto const at = by_place_.find(place{parent, name});
    return at == by_place_.end() ? 0 : at->second;
}

followed_link* link_table::get(link_id id) noexcept
{
    return id == 0 || id > links_.size() ? nullptr : links_[id - 1].get();
}

void link_table::check_later(dir_id parent, std::string_view name)
{
    if (auto const known = find(parent, name); known != 0) {
        check_later(known);
        return;
    }
    auto made = std::make_unique<followed_link>();
    made->parent = parent;
    made->name = name;
    made->is_to_check = true;
    if (unused_.empty()) {
        add_unused();
    }
    auto const id = unused_.back();
    // If memory ends after this, the id is in the list and no link: that does no harm.
    to_check_.push_back(id);
    by_place_.emplace(place{parent, made->name}, id);
    unused_.pop_back();
    links_[id - 1] = std::move(made);
}

void link_table::add_unused()
{
    if (unused_.capacity() <= links_.size()) {
        // Room for all, as removing a link must not fail.
        unused_.reserve(2 * (links_.size() + 1));
    }
    links_.emplace_back();
    unused_.push_back(static_cast<link_id>(links_.size()));
}

void link_table::check_all_later(dir_id parent)
{
    for (auto at = by_place_.lower_bound(place{parent, {}});
         at != by_place_.end() && at->first.parent == parent; ++at) {
        check_later(at->second);
    }
}

void link_table::check_later(link_id id)
{
    auto* const link = get(id);
    if (link != nullptr && !link->is_to_check) {
        to_check_.push_back(id);
        link->is_to_check = true;
    }
}

void link_table::reserve_moved(std::size_t count)
{
    auto& moved = moved_directories_;
    if (!empty() && moved.capacity() - moved.size() < count) {
        moved.reserve(2 * (moved.size() + count));
    }
}

void link_table::note_moved(dir_id parent, std::string_view name)
{
    check_later(parent, name);
    auto const id = find(parent, name);
    add_urgent(id);
    get(id)->is_certain = true;
}

void link_table::note_suspect(link_id id)
{
    if (auto* const link = get(id); link != nullptr) {
        check_later(id);
        add_urgent(id);
        link->is_suspect = true;
    }
}

void link_table::add_urgent(link_id id)
{
    if (auto& link = *get(id); !link.is_urgent) {
        urgent_.push_back(id);
        link.is_urgent = true;
    }
}

link_id link_table::take_urgent() noexcept
{
    BOOST_ASSERT(has_urgent());
    if (!urgent_.empty()) {
        auto const id = urgent_.back();
        urgent_.pop_back();
        // The id can be that of a different link by now.
        auto* const link = get(id);
        return link != nullptr && std::exchange(link->is_urgent, false) ? id : 0;
    }
    auto const id = std::exchange(next_to_visit_, 0);
    if (id == 0) {
        return 0;
    }
    next_to_visit_ = id >= links_.size() ? 0 : id + 1;
    return get(id) != nullptr ? id : 0;
}

link_id link_table::take() noexcept
{
    BOOST_ASSERT(has_work());
    auto const id = to_check_.back();
    to_check_.pop_back();
    auto* const link = get(id);
    // The id can be that of a different link by now, which then is in the list twice.
    return link != nullptr && std::exchange(link->is_to_check, false) ? id : 0;
}

void link_table::guard(link_id id, std::string path)
{
    auto& link = *get(id);
    if (link.guarded_path != path) {
        port_.guard_link(id, path);
        link.guarded_path = std::move(path);
    }
}

void link_table::remove(link_id id) noexcept
{
    if (auto const* const link = get(id); link != nullptr) {
        by_place_.erase(place{link->parent, link->name});
        erase(id);
    }
}

std::size_t link_table::remove_some(dir_id parent, std::size_t& count) noexcept
{
    std::size_t removed = 0;
    auto at = by_place_.lower_bound(place{parent, {}});
    for (; count != 0 && at != by_place_.end() && at->first.parent == parent; --count, ++removed) {
        auto const id = at->second;
        at = by_place_.erase(at);
        erase(id);
    }
    return removed;
}

void link_table::remove_all(dir_id parent) noexcept
{
    auto no_limit = (std::numeric_limits<std::size_t>::max)();
    static_cast<void>(remove_some(parent, no_limit));
}

// It is in the map no longer.
void link_table::erase(link_id id) noexcept
{
    if (!links_[id - 1]->guarded_path.empty()) {
        port_.unguard_link(id);
    }
    by_target_.remove(links_[id - 1]->canonical_target, id);
    links_[id - 1].reset();
    unused_.push_back(id);
}

} // namespace asio_inotify::detail
