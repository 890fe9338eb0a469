//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_saver.hpp"

#include "values/fail.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <limits>
#include <set>
#include <string_view>

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

void tree_saver::restore(tree_snapshot const& saved, std::vector<std::string> const& canonical,
                         boost::system::error_code& ec)
{
    BOOST_ASSERT(model_.roots().empty());
    scope_guard undo([this] { forget_restored(); });
    make_trees(saved, canonical, ec);
    if (!ec && !roots_.parts().empty() && model_.roots().empty()) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
    }
    if (ec) {
        return;
    }
    mounts_.learn();
    undo.dismiss();
    for (auto& root : model_.roots()) {
        port_.guard(root.absolute);
        model_.start_reporting(root);
    }
    rescan_.complete_at(saved.time());
    rescan_.start();
    if (rescan_.is_reported()) {
        restoration_.begin();
    } else {
        restoration_.clear();
    }
    roots_.separate_excluded();
}

// Fails if the snapshot contradicts itself, or has more filesystems than there can be.
void tree_saver::make_trees(tree_snapshot const& saved, std::vector<std::string> const& canonical,
                            boost::system::error_code& ec)
{
    // The directories above the next entry.
    std::vector<dir_id> above;
    std::size_t roots = 0;
    std::set<std::string_view> names;
    for (auto const& one : saved.entries()) {
        dir_id id = 0;
        if (one.depth == 0) {
            auto const& real = canonical[roots++];
            if (!names.insert(one.name).second) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return;
            }
            if (!one.is_directory) {
                roots_.parts().push_back({one.name, one.absolute, real});
                continue;
            }
            id = make_root(one, real);
            above.clear();
        } else {
            above.resize(one.depth);
            if (model_.index.find(above.back(), one.name) != 0) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return;
            }
            id = make_entry(one, above.back());
        }
        if (id != 0) {
            above.push_back(id);
            fill_directory(id, one, ec);
            if (ec) {
                return;
            }
        }
    }
}

dir_id tree_saver::make_root(saved_entry const& saved, std::string const& canonical)
{
    auto& root = model_.make_root(saved.name, saved.absolute, canonical);
    root.present = saved.state != saved_state::lost;
    return root.directory;
}

/** @returns Its directory, if it is one. */
dir_id tree_saver::make_entry(saved_entry const& saved, dir_id parent)
{
    auto const made = model_.create(parent, saved.name, saved.is_directory, true);
    auto& entry = model_.index.entry(made);
    if (!entry.is_directory()) {
        entry.what = saved.inode;
    }
    if (saved.inode != 0) {
        restoration_.add_place(saved.inode, parent, saved.name);
    }
    return entry.directory();
}

void tree_saver::fill_directory(dir_id id, saved_entry const& saved, boost::system::error_code& ec)
{
    auto& d = model_.directory(id);
    // A lost root has none, whatever a text says.
    d.inode = saved.state == saved_state::lost ? 0 : saved.inode;
    if (saved.device != 0) {
        auto const device = filesystems_.add_saved(saved.device);
        if (device == 0) {
            ASIO_INOTIFY_FAIL(ec, error::too_many_filesystems);
            return;
        }
        model_.index.set_device(id, device);
    }
    if (saved.state == saved_state::uncovered) {
        d.set(tree_directory::uncovered);
    }
    if (saved.wd != 0) {
        restoration_.numbers.add(id, saved.wd);
    }
}

void tree_saver::forget_restored() noexcept
{
    while (!model_.roots().empty()) {
        model_.drop_root(model_.roots().front());
    }
    model_.free_removed((std::numeric_limits<std::size_t>::max)());
    roots_.parts().clear();
    restoration_.clear();
}

} // namespace asio_inotify::detail
