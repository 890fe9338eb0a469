//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_saver.hpp"

#include <boost/assert.hpp>

#include <cstddef>

namespace asio_inotify::detail {

tree_snapshot tree_saver::save()
{
    BOOST_ASSERT(model_.changes().size() == 0);
    std::vector<saved_entry> entries;
    for (auto const& root : model_.roots()) {
        if (root.is_reported) {
            save_tree(root, entries);
        }
    }
    access_.close_all();
    for (auto const& part : roots_.parts()) {
        saved_entry saved;
        saved.name = part.path;
        saved.absolute = part.absolute;
        entries.push_back(std::move(saved));
    }
    return {std::move(entries), rescan_.known_since()};
}

void tree_saver::save_tree(tree_root const& root, std::vector<saved_entry>& entries)
{
    auto& index = model_.index;
    saved_entry top;
    top.name = root.path;
    top.absolute = root.absolute;
    save_directory(root.directory, top);
    if (!root.present) {
        top.state = saved_state::lost;
        top.wd = 0;
    }
    entries.push_back(std::move(top));
    std::uint32_t depth = 1;
    // In preorder, as the depths say where an entry is.
    for (auto next = model_.directory(root.directory).first_child; next != 0;) {
        auto const& entry = index.entry(next);
        entries.push_back(save_entry(entry, depth));
        auto const below = entry.directory();
        if (below != 0 && model_.directory(below).first_child != 0) {
            next = model_.directory(below).first_child;
            ++depth;
            continue;
        }
        auto at = next;
        while (index.entry(at).next == 0 && index.entry(at).parent != root.directory) {
            at = model_.directory(index.entry(at).parent).entry;
            --depth;
        }
        next = index.entry(at).next;
    }
}

void tree_saver::save_directory(dir_id id, saved_entry& saved)
{
    auto const& d = model_.directory(id);
    saved.is_directory = true;
    saved.device = filesystems_.device(d.device);
    saved.inode = d.inode;
    if (d.is(tree_directory::uncovered)) {
        saved.state = saved_state::uncovered;
    } else if (d.wd != 0) {
        saved.wd = d.wd;
    } else {
        // A restored one that was not verified since has the descriptor that it had before.
        saved.wd = restoration_.numbers.find(id).value_or(0);
    }
}

saved_entry tree_saver::save_entry(tree_entry const& entry, std::uint32_t depth)
{
    saved_entry saved;
    saved.depth = depth;
    saved.name = entry.name();
    if (entry.is_directory()) {
        save_directory(entry.directory(), saved);
        return saved;
    }
    saved.inode = entry.what;
    if (saved.inode == 0) {
        boost::system::error_code ec;
        if (auto const parent = access_.open(entry.parent, ec); parent >= 0) {
            saved.inode = port_.look(parent, saved.name.c_str(), false, ec).inode;
        }
    }
    return saved;
}

} // namespace asio_inotify::detail
