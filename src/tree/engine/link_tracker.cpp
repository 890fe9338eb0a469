//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/link_tracker.hpp"

#include "tree/engine/errors.hpp"
#include "tree/engine/work_meter.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace asio_inotify::detail {
namespace {

// When to repeat a lookup that failed.
constexpr std::chrono::milliseconds look_again_after{1000};

// With such an error the target of a link is no directory for anybody.
bool says_no_directory(boost::system::error_code const& ec) noexcept
{
    return is_errno(ec, ENOENT) || is_errno(ec, ENOTDIR) || is_errno(ec, ELOOP) ||
           is_errno(ec, EACCES) || is_errno(ec, ENAMETOOLONG);
}

} // namespace

void link_tracker::note_moved(dir_id source, std::string_view name, dir_id target,
                              std::string_view new_name)
{
    if (!options_.follow_symlinks) {
        return;
    }
    auto& links = model_.links;
    auto const moved = source == 0 ? 0 : links.find(source, name);
    if (moved != 0) {
        links.remove(moved);
        // The event can be about an entry that is not known, of which the link got the name by an
        // exchange.
        links.check_later(source, name);
    }
    if (target != 0) {
        links.remove(target, new_name);
        note_arrived(target, new_name, moved != 0);
    }
}

void link_tracker::note_exchanged(dir_id parent, std::string_view name, dir_id other,
                                  std::string_view other_name)
{
    if (!options_.follow_symlinks) {
        return;
    }
    auto& links = model_.links;
    bool const first = links.find(parent, name) != 0;
    bool const second = links.find(other, other_name) != 0;
    links.remove(parent, name);
    links.remove(other, other_name);
    note_arrived(other, other_name, first);
    note_arrived(parent, name, second);
}

// What is not known as a link can be one that was replaced before its event was applied.
void link_tracker::note_arrived(dir_id parent, std::string_view name, bool is_link)
{
    if (is_link) {
        model_.links.note_moved(parent, name);
    } else {
        model_.links.check_later(parent, name);
    }
}

bool link_tracker::take_suspects()
{
    auto const found = port_.take_suspect_links();
    suspects_.insert(suspects_.end(), found.begin(), found.end());
    return !found.empty();
}

bool link_tracker::check_urgent(time_point slice_end, std::optional<std::size_t> most_changes)
{
    constexpr unsigned between_looks_at_the_clock = 16;
    if (auto const moved = model_.links.take_moved_directories(); !moved.empty()) {
        check_moved_directories(moved);
        coverage_.retry_circles();
    }
    work_meter meter(model_, between_looks_at_the_clock);
    while (has_urgent()) {
        if ((most_changes && model_.changes().is_full(*most_changes)) ||
            (meter.add() && port_.now() >= slice_end)) {
            return true;
        }
        if (!suspects_.empty()) {
            model_.links.note_suspect(suspects_.back());
            suspects_.pop_back();
        } else if (auto const id = model_.links.take_urgent(); id != 0) {
            check_urgent(id);
        }
    }
    return false;
}

void link_tracker::check_urgent(link_id id)
{
    auto& link = *model_.links.get(id);
    bool const is_suspect = std::exchange(link.is_suspect, false);
    if (!model_.is_attached(link.parent)) {
        return;
    }
    bool const has_moved = link.guarded_path != path_of(link);
    if (!has_moved && !is_suspect) {
        return;
    }
    auto const now = look_at(link);
    // If its target is a different one, it is the same link; if it is a different one itself, an
    // event says so, and those before it are about the old target.
    if (has_moved ? now.has_value()
                  : now && now->kind == file_kind::symbolic_link && now->inode == link.inode) {
        link.is_to_check = false;
        check(id);
        return;
    }
    model_.links.check_later(id);
    auto const known = model_.index.find(link.parent, link.name);
    if (has_moved && link.is_certain && known != 0 && model_.index.entry(known).is_directory()) {
        // Nothing must be reported below it until it is checked: a relative link leads elsewhere
        // from its new place.
        model_.remove(known, true);
    }
}

// Nothing if the lookup fails.
std::optional<file_status> link_tracker::look_at(followed_link const& link)
{
    if (model_.directory(link.parent).wd == 0) {
        return std::nullopt;
    }
    boost::system::error_code ec;
    auto const parent = access_.open(link.parent, ec);
    if (parent < 0) {
        return std::nullopt;
    }
    auto const status = port_.look(parent, link.name.c_str(), false, ec);
    return ec ? std::nullopt : std::optional(status);
}

void link_tracker::check_next()
{
    if (auto const id = model_.links.take(); id != 0) {
        check(id);
    }
}

bool link_tracker::retry()
{
    if (!retry_at_ || port_.now() < *retry_at_) {
        return false;
    }
    retry_at_.reset();
    for (auto const id : std::exchange(failed_, {})) {
        model_.links.check_later(id);
    }
    return has_work();
}

void link_tracker::check_again(link_id id, std::chrono::milliseconds delay)
{
    failed_.push_back(id);
    auto const when = port_.now() + delay;
    if (!retry_at_ || when < *retry_at_) {
        retry_at_ = when;
    }
}

// Negative if it cannot be opened: then an event says why, or it is listed later, which finds its
// links again.
int link_tracker::open_parent(link_id id)
{
    auto& link = *model_.links.get(id);
    // One without a watch is listed when it has got one.
    if (!model_.is_attached(link.parent) || model_.directory(link.parent).wd == 0) {
        return -1;
    }
    boost::system::error_code ec;
    auto const parent = access_.open(link.parent, ec);
    bool const was_unreachable = std::exchange(link.is_unreachable, parent < 0);
    if (parent < 0 && !was_unreachable) {
        check_again(id, options_.grace_time);
    } else if (parent < 0) {
        link.is_unreachable = false;
        // What is kept open above it may not be where the trees have it, either.
        access_.close_all();
        agenda_.scan(link.parent);
    }
    return parent;
}

void link_tracker::check(link_id id)
{
    auto& link = *model_.links.get(id);
    auto const parent = open_parent(id);
    if (parent < 0) {
        return;
    }
    boost::system::error_code ec;
    auto const status = port_.look(parent, link.name.c_str(), false, ec);
    if (ec && !says_nothing_there(ec)) {
        check_again(id, look_again_after);
        return;
    }
    if (ec && model_.index.find(link.parent, link.name) != 0) {
        // The event that removes the entry is about a link.
        return;
    }
    bool const is_link = !ec && status.kind == file_kind::symbolic_link;
    if (!ec && status.is_directory()) {
        find_directory(link);
    } else if (!ec && !is_link) {
        set_entry(link, status);
    }
    if (!is_link || (!is_wanted(link, true) && !is_wanted(link, false))) {
        model_.links.remove(id);
        return;
    }
    link.inode = status.inode;
    link.is_certain = true;
    guard(id);
    compare_target(id, parent);
}

bool link_tracker::is_wanted(followed_link const& link, bool is_directory)
{
    return (is_directory || !options_.directories_only) &&
           !model_.excludes(link.parent, link.name, is_directory);
}

std::string link_tracker::path_of(followed_link const& link)
{
    auto path = model_.path_to_open(link.parent);
    if (path.empty() || path.back() != '/') {
        path += '/';
    }
    return path += link.name;
}

void link_tracker::guard(link_id id)
{
    auto& link = *model_.links.get(id);
    model_.links.guard(id, path_of(link));
    auto const failure = port_.link_guard_failure(id);
    if (failure == link.guard_failure || !model_.locate(link.parent).is_reported) {
        return;
    }
    link.guard_failure = failure;
    auto const entry = model_.index.find(link.parent, link.name);
    model_.report(failure ? tree_change_mask::path_unguarded : tree_change_mask::path_guarded,
                  link.parent, link.name, entry != 0 && model_.index.entry(entry).is_directory(),
                  failure);
}

void link_tracker::compare_target(link_id id, int parent)
{
    auto& link = *model_.links.get(id);
    boost::system::error_code ec;
    auto target = port_.look(parent, link.name.c_str(), true, ec);
    if (ec && !says_no_directory(ec)) {
        check_again(id, look_again_after);
        return;
    }
    if (ec) {
        target = {};
    }
    std::string canonical;
    if (target.is_directory()) {
        held_directory const held(port_, access_.open_child(parent, link.name.c_str(), true, ec));
        if (held.get() >= 0) {
            canonical = port_.canonical_path(held.get());
        } else if (!says_no_directory(ec)) {
            // Mounts below the target are found by that path.
            check_again(id, look_again_after);
        }
    }
    model_.links.set_target(id, std::move(canonical));
    set_entry(link, target);
}

// There is a directory in the place of the link.
void link_tracker::find_directory(followed_link const& link)
{
    auto const known = model_.index.find(link.parent, link.name);
    if (known != 0 && model_.index.entry(known).is_directory()) {
        agenda_.verify(model_.index.entry(known).directory());
    } else if (is_wanted(link, true)) {
        agenda_.list(link.parent);
    }
}

// Let the model have what the link leads to, or what is there instead.
void link_tracker::set_entry(followed_link const& link, file_status const& target)
{
    // Its events can still be queued.
    recent_.add(link.parent);
    bool const is_directory = target.is_directory();
    bool const wanted = is_wanted(link, is_directory);
    auto const known = model_.index.find(link.parent, link.name);
    if (known != 0) {
        auto const below = model_.index.entry(known).directory();
        auto const is_other = [&](tree_directory const& d) {
            return d.inode != 0 && !filesystems_.is_same(d, target);
        };
        if (wanted && (below != 0) == is_directory &&
            (below == 0 || !is_other(model_.directory(below)))) {
            check_directory(below);
            return;
        }
    }
    if (known != 0) {
        model_.remove(known, true);
    }
    if (wanted) {
        auto const made = model_.create(link.parent, link.name, is_directory, true);
        auto& entry = model_.index.entry(made);
        entry.set_mark(model_.directory(link.parent).is(tree_directory::mark));
        if (is_directory) {
            agenda_.scan(entry.directory());
        }
    }
}

// The link leads to the same directory. By a move of either it can be in itself now, or not any
// more.
void link_tracker::check_directory(dir_id id)
{
    if (id == 0) {
        return;
    }
    if (model_.directory(id).wd == 0) {
        agenda_.scan(id);
    } else if (model_.is_in_itself(id)) {
        end_circle(id);
    }
}

// Directories below them are in themselves now if one of those above is the same. A directory can
// be at many places of the trees and move at all of them at once, and so can each one above: so its
// watch is compared once, and the way up from each place is gone once.
void link_tracker::check_moved_directories(std::vector<dir_id> const& moved)
{
    // The nearest one that has moved, at or above a directory that is in a tree; else 0.
    nearest_map nearest;
    for (auto const id : moved) {
        nearest.emplace(id, model_.is_attached(id) ? id : 0);
    }
    std::unordered_set<int> above;
    for (auto id : moved) {
        bool goes_on = nearest.at(id) != 0;
        while (goes_on && !model_.directory(id).is(tree_directory::root)) {
            id = model_.index.parent(id);
            above.insert(model_.directory(id).wd);
            goes_on = !nearest.contains(id);
        }
    }
    std::vector<dir_id> circles;
    for (auto const wd : above) {
        auto other = wd == 0 ? 0 : model_.find_watch(wd);
        for (; other != 0; other = model_.directory(other).alias) {
            if (has_above(find_nearest(other, nearest), wd)) {
                circles.push_back(other);
            }
        }
    }
    // They are ended in a fixed order.
    std::ranges::sort(circles);
    for (auto const circle : circles) {
        if (model_.is_attached(circle)) {
            end_circle(circle);
        }
    }
}

dir_id link_tracker::find_nearest(dir_id id, nearest_map& nearest) const
{
    std::vector<dir_id> way;
    auto found = nearest.find(id);
    for (; found == nearest.end(); found = nearest.find(id)) {
        way.push_back(id);
        auto const& d = model_.index.directory(id);
        if (d.entry == 0 || d.is(tree_directory::root)) {
            break;
        }
        id = model_.index.parent(id);
    }
    auto const result = found == nearest.end() ? 0 : found->second;
    for (auto const passed : way) {
        nearest.emplace(passed, result);
    }
    return result;
}

// True if a directory above has that watch. @param id  0 for none.
bool link_tracker::has_above(dir_id id, int wd) const noexcept
{
    while (id != 0 && !model_.index.directory(id).is(tree_directory::root)) {
        id = model_.index.parent(id);
        if (model_.index.directory(id).wd == wd) {
            return true;
        }
    }
    return false;
}

// A directory is in itself: nothing must be reported below it. It is going to be uncovered.
void link_tracker::end_circle(dir_id id)
{
    static_cast<void>(model_.empty(id));
    model_.release_watch(id);
    agenda_.scan(id);
}

} // namespace asio_inotify::detail
