//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/tree_index.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/assert.hpp>

namespace asio_inotify::detail {

dir_id tree_index::make_directory()
{
    auto id = free_directories_;
    if (id != 0) {
        free_directories_ = directory(id).link;
    } else {
        if (used_directories_ >> chunk_bits >= directories_.size()) {
            directories_.push_back(std::make_unique<tree_directory[]>(chunk_size));
        }
        id = used_directories_++;
    }
    directory(id) = {};
    ++directory_count_;
    return id;
}

entry_id tree_index::make(std::string_view name, bool is_directory)
{
    dir_id const made = is_directory ? make_directory() : 0;
    scope_guard undo([&] {
        if (made != 0) {
            free_directory(made);
        }
    });
    auto const id = entries_.make(name);
    undo.dismiss();
    if (made != 0) {
        auto& e = entry(id);
        e.flags |= tree_entry::directory_flag;
        e.what = made;
        directory(made).entry = id;
    }
    return id;
}

void tree_index::link(entry_id id, dir_id parent) noexcept
{
    auto& e = entry(id);
    auto& d = directory(parent);
    BOOST_ASSERT(e.parent == 0 && e.next == 0 && e.previous == 0);
    e.parent = parent;
    e.set_mark(d.is(tree_directory::mark));
    e.previous = 0;
    e.next = d.first_child;
    d.first_child = id;
    unsigned count = 1;
    if (e.next != 0) {
        auto& next = entry(e.next);
        next.previous = id;
        count += next.most_from_here();
    }
    if (d.is(tree_directory::hashed)) {
        names_.insert(entries_, id);
        return;
    }
    // An upper bound: entries may have been removed since.
    count = count > few ? count_entries(d) : count;
    e.set_most_from_here(count);
    if (count > few) {
        d.set(tree_directory::hashed);
        for (auto child = id; child != 0; child = entry(child).next) {
            names_.insert(entries_, child);
        }
    }
}

unsigned tree_index::count_entries(tree_directory const& d) const noexcept
{
    unsigned count = 0;
    for (auto id = d.first_child; id != 0; id = entry(id).next) {
        ++count;
    }
    return count;
}

void tree_index::unlink(entry_id id) noexcept
{
    auto& e = entry(id);
    auto& d = directory(e.parent);
    if (d.is(tree_directory::hashed)) {
        names_.erase(entries_, id);
    }
    if (e.previous != 0) {
        entry(e.previous).next = e.next;
    } else {
        d.first_child = e.next;
    }
    if (e.next != 0) {
        entry(e.next).previous = e.previous;
    }
    if (d.first_child == 0) {
        d.clear(tree_directory::hashed);
    }
    e.parent = 0;
    e.next = 0;
    e.previous = 0;
}

entry_id tree_index::copy(entry_id id, std::string_view name)
{
    auto const made = entries_.make(name);
    auto const& from = entry(id);
    auto& to = entry(made);
    to.flags = from.flags;
    to.what = from.what;
    return made;
}

void tree_index::replace(entry_id id, entry_id copy) noexcept
{
    if (auto const d = entry(copy).directory(); d != 0) {
        directory(d).entry = copy;
    }
    entries_.free(id);
}

void tree_index::free_directory(dir_id id) noexcept
{
    set_device(id, 0);
    directory(id).link = free_directories_;
    free_directories_ = id;
    --directory_count_;
}

} // namespace asio_inotify::detail
