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
    if (!has_changes()) {
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
    auto const& roots = model_.roots_by_path().by_canonical();
    auto const suspect = [&](dir_id root) { agenda_.suspect(root); };
    std::vector<std::string_view> paths;
    for (auto const& changed : changes_) {
        if (!changed.is_gone) {
            paths.push_back(changed.path);
        }
    }
    std::ranges::sort(paths);
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    for (auto const path : paths) {
        roots.for_each_at(path, suspect);
        roots.for_each_below(path, suspect);
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

void mount_tracker::apply_changes(time_point until)
{
    if (applied_.empty()) {
        applied_.swap(changes_);
        reported_before_ = std::exchange(reported_unmounts_, {});
    }
    while (next_ != applied_.size()) {
        // It is not tried again if memory ends: then everything is compared with the disk.
        auto& changed = applied_[next_++];
        if (!apply(changed) && !changed.is_gone && !changed.was_unplaced) {
            unplaced_.push_back({std::move(changed.path), port_.now() + options_.grace_time});
        }
        if (next_ != applied_.size() && port_.now() >= until) {
            return;
        }
    }
    applied_.clear();
    next_ = 0;
    reported_before_.clear();
    // Directories with mounts in them may have been renamed since the mounts were compared.
    compare();
}

// An event has reported it before the list did.
bool mount_tracker::is_reported(dir_id id) const noexcept
{
    auto const is_in = [id](auto const& some) { return std::ranges::find(some, id) != some.end(); };
    return is_in(reported_before_) || is_in(reported_unmounts_);
}

// False if the path is in a tree, but not in a directory that is known there.
bool mount_tracker::apply(change const& changed)
{
    auto const& roots = model_.roots_by_path().by_canonical();
    auto const& links = model_.links.by_target();
    bool is_placed = true;
    // Collected first, as what is done for one can remove another, and the links above it.
    std::vector<dir_id> places;
    std::vector<dir_id> covered;
    auto const place_below = [&](dir_id top, std::string_view path) {
        auto const id = model_.find_directory(top, *path_below(changed.path, path));
        is_placed = is_placed && id != 0;
        places.push_back(id);
    };
    auto const cover = [&](dir_id top) { covered.push_back(top); };
    auto const with_directory = [&](link_id link, auto const& f) {
        if (auto const id = directory_of(link); id != 0) {
            f(id);
        }
    };
    roots.for_each_at(changed.path, [&](dir_id top) { place_below(top, changed.path); });
    roots.for_each_above(changed.path, place_below);
    roots.for_each_below(changed.path, cover);
    links.for_each_at(changed.path, [&](link_id link) {
        with_directory(link, [&](dir_id top) { place_below(top, changed.path); });
    });
    links.for_each_above(changed.path, [&](link_id link, std::string_view path) {
        with_directory(link, [&](dir_id top) { place_below(top, path); });
    });
    links.for_each_below(changed.path, [&](link_id link) { with_directory(link, cover); });
    for (auto const id : places) {
        if (id == 0 || !model_.is_attached(id)) {
            continue;
        }
        if (changed.is_gone && !is_reported(id)) {
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

// The directory to which a link leads, at the place of the link; 0 if there is none.
dir_id mount_tracker::directory_of(link_id id) noexcept
{
    auto const& link = *model_.links.get(id);
    auto const entry = model_.index.find(link.parent, link.name);
    auto const directory = entry == 0 ? 0 : model_.index.entry(entry).directory();
    return directory != 0 && model_.is_attached(directory) ? directory : 0;
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
