//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include "system/inotify_ops.hpp"
#include "values/fail.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

// Trees that outlive the engine.
namespace asio_inotify::detail {

tree_snapshot tree_engine::save(boost::system::error_code& ec)
{
    ec.clear();
    std::vector<saved_entry> entries;
    if (has_changes() || !to_walk_.empty()) {
        // The user has other trees than these, and would never be told of the difference.
        ASIO_INOTIFY_FAIL(ec, error::changes_not_received);
        return {};
    }
    // It may have been quiet since the queue was looked at.
    boost::system::error_code ignored;
    if (queue_.empty() && read_more(ignored)) {
        idle_ = false;
    }
    for (auto const& root : model_.roots()) {
        if (root.announced) {
            save_tree(root, entries);
        }
    }
    opened_.clear();
    for (auto const& part : nested_) {
        saved_entry saved;
        saved.name = part.path;
        saved.absolute = part.absolute;
        entries.push_back(std::move(saved));
    }
    return {std::move(entries), rescanning_ ? changes_since_ : complete_at_};
}

void tree_engine::save_tree(tree_root const& root, std::vector<saved_entry>& entries)
{
    auto& index = model_.index;
    auto const save_directory = [&](dir_id id, saved_entry& saved) {
        auto const& d = directory(id);
        saved.is_directory = true;
        saved.device = d.device == 0 ? 0 : devices_[d.device - 1U].device;
        saved.inode = d.inode;
        if (d.is(tree_directory::uncovered)) {
            saved.state = saved_state::uncovered;
        } else if (d.wd != 0) {
            saved.wd = d.wd;
        } else if (auto const before = saved_.numbers.find(id); before != saved_.numbers.end()) {
            // It has not been looked at since.
            saved.wd = before->second;
        }
    };
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
            auto const& real = canonical[roots++];
            if (model_.find_root(one.name) != nullptr ||
                std::ranges::find(nested_, one.name, &nested_root::path) != nested_.end()) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return;
            }
            if (!one.is_directory) {
                nested_.push_back({one.name, one.absolute, real});
                continue;
            }
            auto& root = model_.make_root(one.name, one.absolute, real);
            root.present = one.state != saved_state::lost;
            id = root.directory;
            above.clear();
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
            if (one.state == saved_state::uncovered) {
                d.set(tree_directory::uncovered);
            }
            if (one.wd != 0) {
                saved_.numbers.emplace(id, one.wd);
                saved_.next_number = (std::max)(saved_.next_number, number_behind(one.wd));
            }
        }
    }
    know_mounts();
    if (!nested_.empty() && model_.roots().empty()) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        return;
    }
    undo.wanted = false;
    know_mounts();
    for (auto& root : model_.roots()) {
        port_.guard(root.absolute);
        model_.announce(root);
    }
    complete_at_ = saved.time();
    rescan();
    restoring_ = rescanning_;
    if (!restoring_) {
        saved_ = {};
    }
}

// The numbers that the kernel chooses begin behind all that were in use, as always: so none means
// two directories after each other.
void tree_engine::end_restoring() noexcept
{
    if (std::exchange(restoring_, false) && saved_.next_number > 1) {
        port_.number_from(saved_.next_number);
    }
    saved_ = {};
}

void tree_engine::forget_restored() noexcept
{
    while (!model_.roots().empty()) {
        model_.drop_root(model_.roots().front());
    }
    model_.dismantle((std::numeric_limits<std::size_t>::max)());
    nested_.clear();
    saved_ = {};
}

// Whether it is remote is found out when one of its directories is opened.
std::uint16_t tree_engine::saved_device(std::uint64_t device)
{
    auto const at = std::ranges::find(devices_, device, &known_device::device);
    auto const number = at - devices_.begin() + 1;
    if (number > (std::numeric_limits<std::uint16_t>::max)()) {
        return 0;
    }
    if (at == devices_.end()) {
        devices_.push_back({device, std::nullopt});
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
    if (wanted == saved_.numbers.end() || !is_same(directory(id), status)) {
        return add_new_watch(handle, ec);
    }
    auto const wd = port_.add_at(wanted->second, handle, watch_mask_, ec);
    if (is_set_next_missing(ec)) {
        return port_.add(handle, watch_mask_, ec);
    }
    if (!ec) {
        // If the watch ends, it is not used again.
        saved_.numbers.erase(wanted);
    }
    return wd;
}

// Of a directory that had none.
int tree_engine::add_new_watch(int handle, boost::system::error_code& ec)
{
    auto const number = saved_.next_number;
    if (!restoring_ || number == 0) {
        return port_.add(handle, watch_mask_, ec);
    }
    auto const wd = port_.add_at(number, handle, watch_mask_, ec);
    if (is_set_next_missing(ec)) {
        return port_.add(handle, watch_mask_, ec);
    }
    if (!ec && wd == number) {
        saved_.next_number = number_behind(number) == 1 ? 0 : number_behind(number);
    }
    return wd;
}

std::uint64_t tree_engine::inode_of(entry_id id) noexcept
{
    auto const& entry = model_.index.entry(id);
    return entry.is_directory() ? directory(entry.directory()).inode : entry.what;
}

bool tree_engine::is_watched(entry_id id) noexcept
{
    auto const& entry = model_.index.entry(id);
    return entry.is_directory() && directory(entry.directory()).wd != 0;
}

// An entry is moved: if its directory was listed before, something else was seen by its name.
void tree_engine::look_again(dir_id parent, entry_id id) noexcept
{
    auto const& d = directory(parent);
    bool const mark = (model_.index.entry(id).flags & tree_entry::mark_flag) != 0;
    if (d.wd != 0 && (!d.is(tree_directory::unsettled) || mark == d.is(tree_directory::mark))) {
        push(parent, tree_directory::must_list);
    }
}

// The entry with the inode of one that was listed, if it is no more where it was.
/** @param left  The inode of what has its old name now; 0 if nothing has. */
entry_id tree_engine::find_elsewhere(dir_id id, listed_entry const& listed, bool is_directory,
                                     std::uint64_t& left)
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
    if ((below != 0) != is_directory || inode_of(known) != listed.inode ||
        directory(parent).device != directory(id).device ||
        (below != 0 && model_.is_within(id, below)) || !model_.locate(id).is_told ||
        !model_.locate(parent).is_told) {
        return 0;
    }
    left = 0;
    boost::system::error_code ec;
    auto const handle = port_.open_path(model_.path_to_open(parent), true, ec);
    if (handle >= 0) {
        auto const there = port_.look(handle, name.c_str(), false, ec);
        port_.close(handle);
        if (!ec && there.inode == listed.inode) {
            return 0;
        }
        left = ec ? 0 : there.inode;
    }
    return known;
}

// What has an inode that is no more where it was has moved here.
entry_id tree_engine::find_moved(dir_id id, listed_entry const& listed, bool is_directory)
{
    std::uint64_t left = 0;
    auto const moved = find_elsewhere(id, listed, is_directory, left);
    if (moved == 0) {
        return 0;
    }
    saved_.places.erase(listed.inode);
    look_again(model_.index.entry(moved).parent, moved);
    return model_.rename(moved, id, {listed.name, listed.name_size}, true);
}

// What has moved to the name of a directory has changed places with it, as far as is known yet: so
// that one is found later, if it has moved on. A file is replaced; or has changed places if it can
// be seen that it has, as a new file often gets the inode of one that is gone.
/** @returns What has the name now. */
entry_id tree_engine::find_exchanged(dir_id id, entry_id known, listed_entry const& listed,
                                     bool is_directory)
{
    auto const inode = inode_of(known);
    if (inode == listed.inode) {
        return known;
    }
    std::uint64_t left = 0;
    auto const other = find_elsewhere(id, listed, is_directory, left);
    if (other == 0) {
        return known;
    }
    std::string_view const name(listed.name, listed.name_size);
    auto const& entry = model_.index.entry(known);
    auto const& [parent, other_name] = saved_.places.find(listed.inode)->second;
    if (left == 0 && !entry.is_directory()) {
        saved_.places.erase(listed.inode);
        look_again(model_.index.entry(other).parent, other);
        if (is_directory) {
            model_.remove(known, true);
        }
        return model_.rename(other, id, name, true);
    }
    // What is watched was here a moment ago: an event is on its way.
    if ((!entry.is_directory() && !is_directory && left != inode) || is_watched(known) ||
        is_watched(other) ||
        (entry.is_directory() && model_.is_within(parent, entry.directory()))) {
        return known;
    }
    bool const mark = (model_.index.entry(other).flags & tree_entry::mark_flag) != 0;
    look_again(parent, other);
    model_.exchange(other, known, true);
    set_mark(model_.index.find(parent, other_name), mark);
    auto place = std::move(saved_.places.find(listed.inode)->second);
    saved_.places.erase(listed.inode);
    if (inode != 0) {
        saved_.places.insert_or_assign(inode, std::move(place));
    }
    return model_.index.find(id, name);
}

} // namespace asio_inotify::detail
