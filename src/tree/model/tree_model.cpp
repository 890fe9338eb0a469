//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/tree_model.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr tree_entry_type type_of(bool is_directory) noexcept
{
    return is_directory ? tree_entry_type::directory : tree_entry_type::file;
}

} // namespace

tree_root& tree_model::make_root(std::string path, std::string absolute, std::string canonical)
{
    auto const entry = index.make(path, true);
    auto const id = index.entry(entry).directory();
    scope_guard undo([&] {
        index.free(entry);
        index.free_directory(id);
    });
    auto& root = roots_.add({std::move(path), std::move(absolute), std::move(canonical), id});
    undo.dismiss();
    directory(id).set(tree_directory::root);
    return root;
}

tree_root& tree_model::promote(dir_id id, std::string path, std::string absolute,
                               std::string canonical)
{
    reserve_moved(1);
    // The entry of the new root gets this directory instead of the empty one.
    auto const renamed = index.make(path, true);
    auto const empty = index.entry(renamed).directory();
    scope_guard undo([&] {
        index.free(renamed);
        index.free_directory(empty);
    });
    auto& root = roots_.add({std::move(path), std::move(absolute), std::move(canonical), id});
    undo.dismiss();
    auto const entry = directory(id).entry;
    index.entry(renamed).what = id;
    unlink(entry);
    index.replace(entry, renamed);
    index.free_directory(empty);
    directory(id).set(tree_directory::root);
    note_moved(id);
    start_reporting(root);
    return root;
}

void tree_model::move_root_over(tree_root const& root, dir_id replaced)
{
    reserve_moved(1);
    auto const id = root.directory;
    auto const own = directory(id).entry;
    auto const entry = directory(replaced).entry;
    BOOST_ASSERT(id != replaced && !is_within(replaced, id));
    detach(replaced);
    index.entry(entry).what = id;
    directory(id).entry = entry;
    directory(id).clear(tree_directory::root);
    index.free(own);
    note_moved(id);
    forget_root(root);
}

void tree_model::drop_root(tree_root const& root) noexcept
{
    auto const id = root.directory;
    auto const entry = directory(id).entry;
    detach(id);
    index.free(entry);
    forget_root(root);
}

void tree_model::forget_root(tree_root const& root) noexcept
{
    roots_.erase(root);
    ++shape_;
}

void tree_model::start_reporting(tree_root& root) noexcept
{
    root.is_reported = true;
    has_reported_root_ = true;
    ++shape_;
}

bool tree_model::has_root(dir_id id) const noexcept
{
    for (;;) {
        auto const& d = index.directory(id);
        if (d.is(tree_directory::removed) || d.entry == 0) {
            return false;
        }
        if (d.is(tree_directory::root)) {
            return true;
        }
        id = index.entry(d.entry).parent;
    }
}

bool tree_model::is_within(dir_id id, dir_id ancestor) const noexcept
{
    while (id != ancestor) {
        auto const& d = index.directory(id);
        if (d.entry == 0 || d.is(tree_directory::root)) {
            return false;
        }
        id = index.entry(d.entry).parent;
    }
    return true;
}

void tree_model::find_place(dir_id id)
{
    // The last directory is usually in the same tree.
    auto* const likely = located_shape_ == shape_ ? located_root_ : nullptr;
    located_ = 0;
    located_root_ = nullptr;
    auto start = located_text_.size();
    auto top = id;
    std::size_t separator = 1;
    for (;; ++levels_) {
        auto const& d = directory(top);
        if (d.is(tree_directory::removed) || d.entry == 0) {
            top = 0;
            start = located_text_.size();
            break;
        }
        auto const& entry = index.entry(d.entry);
        auto const size = entry.name_size + std::size_t{1};
        if (start < size) {
            auto const used = located_text_.size() - start;
            std::string larger((std::max)(std::size_t{256}, 2 * (used + size)), '/');
            std::copy_n(located_text_.data() + start, used, larger.data() + larger.size() - used);
            located_text_ = std::move(larger);
            start = located_text_.size() - used;
        }
        start -= size;
        auto* const to = located_text_.data() + start;
        copy_name(to, entry.name_data(), entry.name_size);
        to[size - 1] = '/';
        if (d.is(tree_directory::root)) {
            if (entry.name() == "/") {
                // The path of the root directory is the separator behind it as well.
                ++start;
                separator = top == id ? 0 : 1;
            }
            break;
        }
        top = entry.parent;
    }
    if (top != 0) {
        located_root_ = likely != nullptr && likely->directory == top ? likely : find_root(top);
    }
    located_prefix_ = std::string_view(located_text_).substr(start);
    located_path_ = located_prefix_.substr(0, top != 0 ? located_prefix_.size() - separator : 0);
    located_ = id;
    located_shape_ = shape_;
}

bool tree_model::has_too_many_links(dir_id id) const noexcept
{
    // The limit is 40, and the path of the root may lead through some.
    constexpr unsigned most_links = 32;
    unsigned count = 0;
    if (!links.empty()) {
        for (; !index.directory(id).is(tree_directory::root); id = index.parent(id)) {
            count += is_link(index.parent(id), name_of(id)) ? 1U : 0U;
        }
    }
    return count > most_links;
}

dir_id tree_model::find_directory(dir_id root, std::string_view rest) const noexcept
{
    auto id = root;
    while (!rest.empty() && id != 0) {
        auto const end = rest.find('/');
        auto const entry = index.find(id, rest.substr(0, end));
        id = entry == 0 ? 0 : index.entry(entry).directory();
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return id;
}

std::string const& tree_model::path_to_open(dir_id id)
{
    auto const where = locate(id);
    scratch_path_.clear();
    if (where.root != nullptr) {
        scratch_path_ = where.root->absolute;
        scratch_path_ += where.path.substr(where.root->path.size());
    }
    return scratch_path_;
}

auto tree_model::path_below_root(dir_id id) -> split_path
{
    auto const where = locate(id);
    if (where.root == nullptr) {
        return {};
    }
    auto rest = where.path.substr(where.root->path.size());
    rest.remove_prefix(rest.starts_with('/') ? 1 : 0);
    return {where.root->absolute, rest};
}

bool tree_model::matches_exclusion(dir_id parent, std::string_view name, bool is_directory)
{
    auto const where = locate(parent);
    if (where.root == nullptr) {
        return false;
    }
    auto const add_name = [&] {
        if (!scratch_path_.empty() && scratch_path_.back() != '/') {
            scratch_path_ += '/';
        }
        scratch_path_ += name;
    };
    // Below the root, null-terminated.
    scratch_path_ = where.path.substr(where.root->path.size());
    scratch_path_.erase(0, scratch_path_.starts_with('/') ? 1 : 0);
    add_name();
    auto const* const below = scratch_path_.c_str();
    if (exclusions_.match_name(below + scratch_path_.size() - name.size())) {
        return true;
    }
    if (!exclusions_.depend_on_path()) {
        return false;
    }
    bool matches = exclusions_.match_path(below);
    if (!matches) {
        scratch_path_ = where.path;
        add_name();
        matches = exclusions_.prune(scratch_path_, type_of(is_directory));
    }
    if (matches) {
        directory(parent).set(tree_directory::omits);
    }
    return matches;
}

bool tree_model::forget_omissions(dir_id id) noexcept
{
    auto& d = directory(id);
    bool const omitted = d.is(tree_directory::omits);
    d.clear(tree_directory::omits);
    return omitted;
}

dir_id tree_model::take_moved() noexcept
{
    BOOST_ASSERT(has_moved());
    auto const id = moved_.back();
    moved_.pop_back();
    return id;
}

// Make room for so many note_moved().
void tree_model::reserve_moved(std::size_t count)
{
    links.reserve_moved(count);
    if (exclusions_.depend_on_path() && moved_.capacity() - moved_.size() < count) {
        moved_.reserve(2 * (moved_.size() + count));
    }
}

/** @param id  0 for a file: nothing is done. */
void tree_model::note_moved(dir_id id) noexcept
{
    if (id == 0) {
        return;
    }
    links.note_directory_moved(id);
    if (exclusions_.depend_on_path()) {
        moved_.push_back(id);
    }
}

entry_id tree_model::create(dir_id parent, std::string_view name, bool is_directory, bool synthetic)
{
    index.reserve();
    auto const id = index.make(name, is_directory);
    scope_guard undo([&] {
        if (auto const d = index.entry(id).directory(); d != 0) {
            index.free_directory(d);
        }
        index.free(id);
    });
    bool const is_modified =
        synthetic && !is_directory && !changes_.wants(tree_change_mask::created);
    report(is_modified ? tree_change_mask::modified : tree_change_mask::created, parent, name,
           is_directory, synthetic);
    undo.dismiss();
    index.link(id, parent);
    return id;
}

void tree_model::remove(entry_id id, bool synthetic)
{
    auto const& e = index.entry(id);
    report(tree_change_mask::removed, e.parent, e.name(), e.is_directory(), synthetic);
    detach_entry(id);
}

bool tree_model::empty(dir_id id)
{
    constexpr std::uint64_t most_at_once = 256;
    auto const begin = effort();
    for (auto left = most_at_once; directory(id).first_child != 0; --left) {
        if (left == 0 || effort() - begin > most_at_once) {
            emptying_.push_back(id);
            release_watch(id);
            return false;
        }
        remove(directory(id).first_child, true);
    }
    if (!links.empty()) {
        links.remove_all(id);
    }
    return true;
}

void tree_model::resume_emptying(std::optional<std::size_t> most_changes)
{
    auto const id = emptying_.back();
    for (auto left = 64U; left != 0 && !(most_changes && changes_.is_full(*most_changes)); --left) {
        if (directory(id).is(tree_directory::removed) || directory(id).first_child == 0) {
            emptying_.pop_back();
            return;
        }
        remove(directory(id).first_child, true);
    }
}

entry_id tree_model::rename(entry_id id, dir_id parent, std::string_view name, bool synthetic)
{
    index.reserve();
    reserve_moved(1);
    auto const renamed = index.copy(id, name);
    scope_guard undo([&] { index.free(renamed); });
    auto const& e = index.entry(id);
    auto const replaced = index.find(parent, name);
    scratch_path_ = locate(e.parent).path;
    auto const where = locate(parent);
    if (where.is_reported) {
        changes_.add(tree_change_mask::renamed, type_of(e.is_directory()), {where.path, name},
                     {scratch_path_, e.name()}, replaced != 0, synthetic);
    }
    undo.dismiss();
    if (replaced != 0) {
        detach_entry(replaced);
    }
    unlink(id);
    auto const moved = index.entry(id).directory();
    index.replace(id, renamed);
    index.link(renamed, parent);
    shape_ += moved != 0 ? 1U : 0U;
    note_moved(moved);
    return renamed;
}

void tree_model::exchange(entry_id a, entry_id b, bool synthetic)
{
    index.reserve(2);
    reserve_moved(2);
    auto const copy = [&](entry_id id, entry_id other) {
        return index.copy(id, index.entry(other).name());
    };
    auto const new_a = copy(a, b);
    scope_guard undo_a([&] { index.free(new_a); });
    auto const new_b = copy(b, a);
    scope_guard undo_b([&] { index.free(new_b); });
    auto const parent_a = index.entry(a).parent;
    auto const parent_b = index.entry(b).parent;
    scratch_path_ = locate(parent_a).path;
    auto const where = locate(parent_b);
    if (where.is_reported) {
        changes_.add(tree_change_mask::exchanged, type_of(index.entry(a).is_directory()),
                     {where.path, index.entry(b).name()}, {scratch_path_, index.entry(a).name()},
                     false, synthetic);
    }
    undo_a.dismiss();
    undo_b.dismiss();
    unlink(a);
    unlink(b);
    index.replace(a, new_a);
    index.replace(b, new_b);
    index.link(new_a, parent_b);
    index.link(new_b, parent_a);
    ++shape_;
    note_moved(index.entry(new_a).directory());
    note_moved(index.entry(new_b).directory());
}

void tree_model::report(tree_change_mask what, dir_id parent, std::string_view name,
                        bool is_directory, bool synthetic)
{
    // During the initial scan nothing is reported: do not compute paths for that.
    if (has_reported_root_ && changes_.wants(what)) {
        if (auto const where = locate(parent); where.is_reported) {
            changes_.add_entry(what, type_of(is_directory), where.prefix, name, synthetic);
        }
    }
}

void tree_model::report(tree_change_mask what, dir_id parent, std::string_view name,
                        bool is_directory, boost::system::error_code const& ec)
{
    if (auto const where = locate(parent); where.is_reported) {
        changes_.add(what, type_of(is_directory), {where.path, name}, {}, false, false, ec);
    }
}

void tree_model::report(tree_change_mask what, dir_id id, boost::system::error_code const& ec)
{
    if (auto const where = locate(id); where.is_reported) {
        changes_.add(what, tree_entry_type::directory, {where.path, {}}, {}, false, false, ec);
    }
}

void tree_model::report(tree_change_mask what)
{
    changes_.add(what, tree_entry_type::directory, {}, {}, false, false);
}

dir_id tree_model::find_attached_watch(int wd)
{
    auto id = find_watch(wd);
    while (id != 0 && locate(id).root == nullptr) {
        id = directory(id).alias;
    }
    return id;
}

bool tree_model::is_in_itself(dir_id id) const noexcept
{
    // Upwards, as a directory can have fewer directories above it than places in the trees.
    auto const wd = index.directory(id).wd;
    while (index.directory(id).entry != 0 && !index.directory(id).is(tree_directory::root)) {
        id = index.parent(id);
        if (index.directory(id).wd == wd) {
            return true;
        }
    }
    return false;
}

void tree_model::assign_watch(dir_id id, int wd)
{
    auto& d = directory(id);
    BOOST_ASSERT(d.wd == 0);
    if (auto const first = watches_.find(wd); first != 0) {
        d.alias = directory(first).alias;
        directory(first).alias = id;
    } else {
        watches_.insert(wd, id);
        d.alias = 0;
    }
    d.wd = wd;
}

void tree_model::release_watch(dir_id id) noexcept
{
    auto& d = directory(id);
    if (d.wd == 0) {
        return;
    }
    auto const first = watches_.find(d.wd);
    if (first != id) {
        auto before = first;
        while (directory(before).alias != id) {
            before = directory(before).alias;
        }
        directory(before).alias = d.alias;
    } else if (d.alias != 0) {
        watches_.change(d.wd, d.alias);
    } else {
        watches_.erase(d.wd);
        port_.remove(d.wd);
        ++ended_watches_;
    }
    d.wd = 0;
    d.alias = 0;
    ++ended_places_;
}

std::size_t tree_model::count_places(int wd) const noexcept
{
    std::size_t count = 0;
    for (auto id = find_watch(wd); id != 0; id = index.directory(id).alias) {
        ++count;
    }
    return count;
}

void tree_model::drop_watch(int wd) noexcept
{
    ++ended_places_;
    for (auto id = watches_.find(wd); id != 0;) {
        auto& d = directory(id);
        id = d.alias;
        d.wd = 0;
        d.alias = 0;
    }
    watches_.erase(wd);
    ++ended_watches_;
}

void tree_model::unlink(entry_id id) noexcept
{
    if (cursor == id) {
        cursor = index.entry(id).next;
    }
    if (check_cursor == id) {
        check_cursor = index.entry(id).next;
    }
    index.unlink(id);
}

// The entry and everything below are in the tree no longer, but not freed yet.
void tree_model::detach_entry(entry_id id) noexcept
{
    unlink(id);
    if (auto const d = index.entry(id).directory(); d != 0) {
        detach(d);
        ++shape_;
    }
    index.free(id);
}

void tree_model::detach(dir_id id) noexcept
{
    auto& d = directory(id);
    d.entry = 0;
    d.set(tree_directory::removed);
    ++detached_;
    release_watch(id);
    if (!d.is(tree_directory::queued)) {
        add_removed(id);
    }
}

void tree_model::add_removed(dir_id id) noexcept
{
    directory(id).link = removed_;
    removed_ = id;
}

void tree_model::free_removed(std::size_t count) noexcept
{
    while (removed_ != 0 && count != 0) {
        auto const id = removed_;
        if (auto const child = directory(id).first_child; child != 0) {
            --count;
            unlink(child);
            auto const below = index.entry(child).directory();
            index.free(child);
            if (below != 0) {
                detach(below);
            }
        } else if (!links.empty() && links.remove_some(id, count) != 0) {
            continue;
        } else {
            --count;
            removed_ = directory(id).link;
            // Its id can be reused soon.
            located_ = located_ == id ? 0 : located_;
            index.free_directory(id);
            --detached_;
        }
    }
}

} // namespace asio_inotify::detail
