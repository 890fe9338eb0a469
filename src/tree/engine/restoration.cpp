//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/restoration.hpp"

#include <utility>

namespace asio_inotify::detail {

// The descriptors that the kernel chooses begin after all that were in use, so that no descriptor
// is on two directories one after the other.
void restoration::end() noexcept
{
    auto const next = numbers.next();
    if (std::exchange(is_active_, false) && next.value_or(0) > 1) {
        port_.number_from(*next);
    }
    clear();
}

void restoration::clear() noexcept
{
    old_numbers_ = numbers.clear();
    old_places_ = std::exchange(places_, {});
}

void restoration::drop_part() noexcept
{
    if (!old_places_.empty()) {
        old_places_.drop_part();
    } else {
        old_numbers_.drop_part();
    }
}

std::uint64_t restoration::inode_of(entry_id id) noexcept
{
    auto const& entry = model_.index.entry(id);
    return entry.is_directory() ? model_.directory(entry.directory()).inode : entry.what;
}

bool restoration::is_watched(entry_id id) noexcept
{
    auto const& entry = model_.index.entry(id);
    return entry.is_directory() && model_.directory(entry.directory()).wd != 0;
}

// An entry leaves: if its directory was listed before, a different entry was seen by its name.
void restoration::list_again(dir_id parent, entry_id id) noexcept
{
    auto const& d = model_.directory(parent);
    bool const mark = model_.index.entry(id).is_marked();
    if (d.wd != 0 && (!d.is(tree_directory::unsettled) || mark == d.is(tree_directory::mark))) {
        agenda_.list(parent);
    }
}

auto restoration::find_moved(dir_id id, listed_entry const& listed, bool is_directory)
    -> moved_entry
{
    auto const* const saved = places_.find(listed.inode);
    if (saved == nullptr) {
        return {};
    }
    auto const& [parent, name] = *saved;
    if (model_.directory(parent).is(tree_directory::removed) || !model_.is_attached(parent)) {
        return {};
    }
    auto const known = model_.index.find(parent, name);
    if (known == 0) {
        return {};
    }
    auto const below = model_.index.entry(known).directory();
    if ((below != 0) != is_directory || inode_of(known) != listed.inode ||
        model_.directory(parent).device != model_.directory(id).device ||
        (below != 0 && model_.is_within(id, below)) || !model_.locate(id).is_reported ||
        !model_.locate(parent).is_reported) {
        return {};
    }
    boost::system::error_code ec;
    held_directory const held(port_, access_.open_place(parent, ec));
    if (held.get() < 0) {
        return {known, 0};
    }
    auto const there = port_.look(held.get(), name.c_str(), false, ec);
    if (!ec && there.inode == listed.inode) {
        return {};
    }
    return {known, ec ? 0 : there.inode};
}

entry_id restoration::move_here(dir_id id, listed_entry const& listed, bool is_directory)
{
    auto const moved = find_moved(id, listed, is_directory).id;
    if (moved == 0) {
        return 0;
    }
    places_.erase(listed.inode);
    list_again(model_.index.entry(moved).parent, moved);
    return model_.rename(moved, id, {listed.name, listed.name_size}, true);
}

// A directory that moved to the name of another one has changed places with it, as far as is known
// yet: so the other one is found later if it has moved on. A file is replaced; or has changed
// places if that can be seen, as a new file often gets the inode of one that is gone.
entry_id restoration::move_over(dir_id id, entry_id known, listed_entry const& listed,
                                bool is_directory)
{
    auto const inode = inode_of(known);
    if (inode == listed.inode) {
        return known;
    }
    auto const other = find_moved(id, listed, is_directory);
    if (other.id == 0) {
        return known;
    }
    auto const& entry = model_.index.entry(known);
    if (other.successor == 0 && !entry.is_directory()) {
        places_.erase(listed.inode);
        list_again(model_.index.entry(other.id).parent, other.id);
        if (is_directory) {
            model_.remove(known, true);
        }
        return model_.rename(other.id, id, {listed.name, listed.name_size}, true);
    }
    auto const parent = places_.find(listed.inode)->directory;
    bool const is_new_file = !entry.is_directory() && !is_directory && other.successor != inode;
    bool const is_inside = entry.is_directory() && model_.is_within(parent, entry.directory());
    // What is watched was here a moment ago: an event is on its way.
    if (is_new_file || is_inside || is_watched(known) || is_watched(other.id)) {
        return known;
    }
    return exchange(id, known, other.id, listed);
}

entry_id restoration::exchange(dir_id id, entry_id known, entry_id other,
                               listed_entry const& listed)
{
    auto const inode = inode_of(known);
    auto left = *places_.find(listed.inode);
    auto const parent = left.directory;
    bool const mark = model_.index.entry(other).is_marked();
    list_again(parent, other);
    model_.exchange(other, known, true);
    auto const there = model_.index.find(parent, left.name);
    model_.index.entry(there).set_mark(mark);
    places_.erase(listed.inode);
    if (inode != 0) {
        places_.insert_or_assign(inode, std::move(left));
    }
    return model_.index.find(id, {listed.name, listed.name_size});
}

} // namespace asio_inotify::detail
