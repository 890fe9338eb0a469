//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/mount_tracker.hpp"

#include "tree/engine/path_below.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace asio_inotify::detail {
namespace {

using mount_list = std::vector<tree_port::mount>;

/** @param list  Sorted by ids. There can be tens of thousands. */
mount_list::const_iterator find_id(mount_list const& list, decltype(tree_port::mount::id) id)
{
    auto const at = std::ranges::lower_bound(list, id, {}, &tree_port::mount::id);
    return at == list.end() || at->id != id ? list.end() : at;
}

std::vector<std::string_view> paths_of(mount_list const& list)
{
    std::vector<std::string_view> paths;
    paths.reserve(list.size());
    for (auto const& mount : list) {
        paths.push_back(mount.path);
    }
    std::ranges::sort(paths);
    return paths;
}

} // namespace

void mount_tracker::learn()
{
    if (mounts_.empty()) {
        if (auto now = read_list()) {
            mounts_ = std::move(*now);
            std::ranges::sort(mounts_, {}, &tree_port::mount::id);
        }
    }
}

void mount_tracker::check()
{
    // Both are asked, as a report of the kernel is consumed.
    bool const has_changed = port_.mounts_changed();
    if (has_changed || (read_again_ && *read_again_ <= port_.now())) {
        compare();
        suspect_covered_roots();
    }
    // The kernel changes the list of mounts before it reports the unmount. An unmount that the list
    // does not show by now it never will: it was in another mount namespace, or the path of the
    // root has changed. A later unmount of that directory must not be taken for it.
    if (changes_.empty()) {
        reported_unmounts_.clear();
    }
    if (unplaced_.empty()) {
        return;
    }
    auto const now = port_.now();
    auto at = unplaced_.begin();
    for (; at != unplaced_.end() && at->when <= now; ++at) {
        changes_.push_back({std::move(at->path), false, true});
    }
    unplaced_.erase(unplaced_.begin(), at);
}

// Nothing if the list cannot be read: that is not an empty list, so nothing was unmounted. The old
// one stays, and the list is read again soon.
auto mount_tracker::read_list() -> std::optional<std::vector<tree_port::mount>>
{
    constexpr std::chrono::seconds delay{1};
    boost::system::error_code ec;
    auto list = port_.mounts(ec);
    if (ec) {
        read_again_ = port_.now() + delay;
        return std::nullopt;
    }
    read_again_.reset();
    return list;
}

// If the list could not be read before, every mount counts as a new one: the directories that are
// mounted on are verified, which changes nothing where nothing has happened.
void mount_tracker::compare()
{
    auto list = read_list();
    if (!list) {
        return;
    }
    auto& now = *list;
    std::ranges::sort(now, {}, &tree_port::mount::id);
    auto const collect = [&](auto const& some, auto const& others) {
        for (auto const& mount : some) {
            auto const other = find_id(others, mount.id);
            if (other == others.end() || *other != mount) {
                changes_.push_back({mount.path, find_id(now, mount.id) == now.end()});
            }
        }
    };
    collect(mounts_, now);
    collect(now, mounts_);
    mounts_ = std::move(now);
}

// The path of a root leads elsewhere at once if something is mounted there or above.
void mount_tracker::suspect_covered_roots()
{
    for (auto const& changed : changes_) {
        for (auto const& root : model_.roots()) {
            if (!changed.is_gone && path_below(root.canonical, changed.path)) {
                agenda_.suspect(root.directory);
            }
        }
    }
}

void mount_tracker::restored()
{
    if (mounts_.empty()) {
        return;
    }
    auto list = read_list();
    if (!list) {
        return;
    }
    auto& now = *list;
    auto const collect = [&](auto const& some, auto const& others, bool is_gone) {
        auto const paths = paths_of(others);
        for (auto const& mount : some) {
            if (!std::ranges::binary_search(paths, mount.path)) {
                changes_.push_back({mount.path, is_gone});
            }
        }
    };
    collect(mounts_, now, true);
    collect(now, mounts_, false);
    std::ranges::sort(now, {}, &tree_port::mount::id);
    mounts_ = std::move(now);
}

void mount_tracker::apply_changes()
{
    auto const reported = std::exchange(reported_unmounts_, {});
    for (auto const& changed : std::exchange(changes_, {})) {
        bool const is_placed = apply(changed, reported);
        if (!is_placed && !changed.is_gone && !changed.was_unplaced) {
            unplaced_.push_back({changed.path, port_.now() + options_.grace_time});
        }
    }
    // Directories with mounts in them may have been renamed since the mounts were compared.
    compare();
}

// False if the path is in a tree, but not in a directory that is known there.
bool mount_tracker::apply(change const& changed, std::vector<dir_id> const& reported)
{
    bool is_placed = true;
    // Collected first, as what is done for one can remove another, and the links above it.
    std::vector<dir_id> places;
    std::vector<dir_id> covered;
    for (auto const& [top, canonical] : tops()) {
        if (auto const rest = path_below(changed.path, canonical)) {
            auto const id = model_.find_directory(top, *rest);
            is_placed = is_placed && id != 0;
            places.push_back(id);
        } else if (path_below(canonical, changed.path)) {
            covered.push_back(top);
        }
    }
    for (auto const id : places) {
        if (id == 0 || !model_.is_attached(id)) {
            continue;
        }
        if (changed.is_gone && std::ranges::find(reported, id) == reported.end()) {
            unmounted(id);
        } else {
            agenda_.verify(id);
        }
    }
    for (auto const id : covered) {
        if (model_.is_attached(id)) {
            agenda_.verify(id);
        }
    }
    return is_placed;
}

// The directories from which paths without symbolic links go down.
auto mount_tracker::tops() const -> std::vector<std::pair<dir_id, std::string_view>>
{
    std::vector<std::pair<dir_id, std::string_view>> all;
    for (auto const& root : model_.roots()) {
        all.emplace_back(root.directory, root.canonical);
    }
    model_.links.for_each([&](followed_link const& link) {
        auto const entry = model_.index.find(link.parent, link.name);
        auto const id = entry == 0 ? 0 : model_.index.entry(entry).directory();
        if (id != 0 && !link.canonical_target.empty() && model_.is_attached(id)) {
            all.emplace_back(id, link.canonical_target);
        }
    });
    return all;
}

void mount_tracker::filesystem_ended(dir_id id)
{
    if (!model_.is_attached(id)) {
        return;
    }
    auto top = id;
    auto const device = model_.directory(id).device;
    while (!model_.directory(top).is(tree_directory::root) &&
           model_.directory(model_.index.parent(top)).device == device) {
        top = model_.index.parent(top);
    }
    reported_unmounts_.push_back(top);
    unmounted(top);
}

void mount_tracker::report_unmounted()
{
    for (auto const& [id, inode] : std::exchange(unmounted_, {})) {
        if (model_.is_attached(id) && model_.directory(id).inode == inode) {
            unmounted(id);
        }
    }
}

void mount_tracker::unmounted(dir_id id)
{
    if (!model_.empty(id)) {
        unmounted_.emplace_back(id, model_.directory(id).inode);
        return;
    }
    model_.report(tree_change_mask::unmounted, id);
    model_.release_watch(id);
    model_.directory(id).inode = 0;
    agenda_.scan(id);
}

} // namespace asio_inotify::detail
