//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree_engine.hpp"

#include "../fail.hpp"
#include "../inotify_ops.hpp"

#include <algorithm>
#include <utility>

// Trees that outlive the engine.
namespace asio_inotify::detail {

tree_snapshot tree_engine::save(boost::system::error_code& ec)
{
    ec.clear();
    std::vector<saved_entry> entries;
    if (has_changes()) {
        // The user has other trees than these, and would never be told of the difference.
        ASIO_INOTIFY_FAIL(ec, error::changes_not_received);
        return {};
    }
    for (auto const& root : model_.roots()) {
        if (root.announced) {
            save_tree(root, entries);
        }
    }
    opened_.clear();
    return {std::move(entries), rescanning_ ? changes_since_ : complete_at_};
}

void tree_engine::save_tree(tree_root const& root, std::vector<saved_entry>& entries)
{
    auto& index = model_.index;
    auto const save_directory = [&](dir_id id, saved_entry& saved) {
        auto const& d = directory(id);
        saved.is_directory = true;
        saved.wd = d.wd;
        saved.device = d.device == 0 ? 0 : devices_[d.device - 1U].first;
        saved.inode = d.inode;
    };
    saved_entry top;
    top.name = root.path;
    top.absolute = root.absolute;
    save_directory(root.directory, top);
    entries.push_back(std::move(top));
    std::uint32_t depth = 1;
    for (auto next = directory(root.directory).first_child; next != 0;) {
        auto const& entry = index.entry(next);
        saved_entry saved;
        saved.depth = depth;
        saved.name = entry.name();
        auto const below = entry.directory();
        if (below != 0) {
            save_directory(below, saved);
        } else {
            saved.inode = entry.what;
            boost::system::error_code ec;
            if (auto const handle = saved.inode != 0 ? -1 : handle_of(entry.parent, ec);
                handle >= 0) {
                saved.inode = port_.look(handle, saved.name.c_str(), false, ec).inode;
            }
        }
        entries.push_back(std::move(saved));
        if (below != 0 && directory(below).first_child != 0) {
            next = directory(below).first_child;
            ++depth;
            continue;
        }
        auto at = next;
        while (index.entry(at).next == 0 && index.entry(at).parent != root.directory) {
            at = directory(index.entry(at).parent).entry;
            --depth;
        }
        next = index.entry(at).next;
    }
}

void tree_engine::restore(tree_snapshot const& saved, std::vector<std::string> const& canonical,
                          boost::system::error_code& ec)
{
    ec.clear();
    if (!model_.roots().empty()) {
        ASIO_INOTIFY_FAIL(ec, error::not_empty);
        return;
    }
    struct forget_on_failure
    {
        tree_engine& engine;
        bool wanted = true;
        ~forget_on_failure()
        {
            if (wanted) {
                engine.forget_restored();
            }
        }
    } undo{*this};
    // The directories above the next entry.
    std::vector<dir_id> above;
    std::size_t roots = 0;
    for (auto const& one : saved.entries()) {
        dir_id id = 0;
        if (one.depth == 0) {
            if (model_.find_root(one.name) != nullptr) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return;
            }
            auto& root = model_.make_root(one.name, one.absolute, canonical[roots++]);
            id = root.directory;
        } else {
            above.resize(one.depth);
            auto const parent = above.back();
            if (model_.index.find(parent, one.name) != 0) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return;
            }
            auto const made = model_.create(parent, one.name, one.is_directory, true);
            id = model_.index.entry(made).directory();
            if (id == 0) {
                model_.index.entry(made).what = one.inode;
            }
            if (one.inode != 0) {
                saved_.places.insert_or_assign(one.inode, std::pair(parent, one.name));
            }
        }
        if (id != 0) {
            above.push_back(id);
            auto& d = directory(id);
            d.inode = one.inode;
            d.device = one.device == 0 ? std::uint16_t{0} : saved_device(one.device);
            if (one.wd != 0) {
                saved_.numbers.emplace(id, one.wd);
                saved_.next_number = (std::max)(saved_.next_number, number_behind(one.wd));
            }
        }
    }
    know_mounts();
    undo.wanted = false;
    for (auto& root : model_.roots()) {
        port_.guard(root.absolute);
        model_.announce(root);
    }
    complete_at_ = saved.time();
    restoring_ = true;
    rescan();
}

void tree_engine::forget_restored() noexcept
{
    while (!model_.roots().empty()) {
        model_.drop_root(model_.roots().front());
    }
    saved_ = {};
}

// Whether it is remote is found out when one of its directories is opened.
std::uint16_t tree_engine::saved_device(std::uint64_t device)
{
    auto const at = std::ranges::find(devices_, device, &std::pair<std::uint64_t, bool>::first);
    auto const number = at - devices_.begin() + 1;
    if (at == devices_.end()) {
        devices_.emplace_back(device, false);
    }
    return static_cast<std::uint16_t>(number);
}

// While trees are restored, directories get the numbers back that they had, and others get larger
// ones.
int tree_engine::add_watch(dir_id id, int handle, file_status const& status,
                           boost::system::error_code& ec)
{
    if (!restoring_ || directory(id).wd != 0) {
        return port_.add(handle, watch_mask_, ec);
    }
    auto const wanted = saved_.numbers.find(id);
    bool const is_same_one = wanted != saved_.numbers.end() && is_same(directory(id), status);
    auto const number = is_same_one ? wanted->second : saved_.next_number;
    if (number == 0) {
        return port_.add(handle, watch_mask_, ec);
    }
    auto const wd = port_.add_at(number, handle, watch_mask_, ec);
    if (ec && !is_errno(ec, ENOSPC) && !is_errno(ec, ENOMEM)) {
        // The kernel does not let numbers be chosen.
        return port_.add(handle, watch_mask_, ec);
    }
    if (!ec && number == saved_.next_number) {
        saved_.next_number = number_behind(number) == 1 ? 0 : number_behind(number);
    }
    return wd;
}

// What has an inode that is no more where it was has moved here.
entry_id tree_engine::find_moved(dir_id id, listed_entry const& listed, bool is_directory)
{
    auto const saved = saved_.places.find(listed.inode);
    if (saved == saved_.places.end()) {
        return 0;
    }
    auto const& [parent, name] = saved->second;
    if (directory(parent).is(tree_directory::dead) || !model_.is_attached(parent)) {
        return 0;
    }
    auto const known = model_.index.find(parent, name);
    if (known == 0) {
        return 0;
    }
    auto const& entry = model_.index.entry(known);
    auto const below = entry.directory();
    auto const inode = below != 0 ? directory(below).inode : entry.what;
    if ((below != 0) != is_directory || inode != listed.inode ||
        directory(parent).device != directory(id).device ||
        (below != 0 && model_.is_within(id, below))) {
        return 0;
    }
    boost::system::error_code ec;
    auto const handle = port_.open_path(model_.path_to_open(parent), true, ec);
    if (handle >= 0) {
        auto const there = port_.look(handle, name.c_str(), false, ec);
        port_.close(handle);
        if (!ec && there.inode == inode) {
            return 0;
        }
    }
    std::string const new_name(listed.name, listed.name_size);
    auto const moved = model_.rename(known, id, new_name, true);
    saved_.places.erase(listed.inode);
    return moved;
}

} // namespace asio_inotify::detail
