//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/root_list.hpp"

#include "tree/engine/errors.hpp"
#include "tree/engine/path_below.hpp"
#include "values/fail.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace asio_inotify::detail {

bool root_list::contains(std::string_view path) const noexcept
{
    return model_.find_root(path) != nullptr ||
           std::ranges::find(parts_, path, &paths::path) != parts_.end();
}

std::size_t root_list::size() const noexcept
{
    return model_.roots().size() + parts_.size();
}

std::vector<std::string> root_list::paths_of_all() const
{
    std::vector<std::string> all;
    all.reserve(size());
    for (auto const& root : model_.roots()) {
        all.push_back(root.path);
    }
    for (auto const& part : parts_) {
        all.push_back(part.path);
    }
    return all;
}

bool root_list::is_below_root(std::string_view path) const
{
    return std::ranges::any_of(model_.roots(), [&](auto const& root) {
        auto const rest = path_below(path, root.path);
        return rest && !rest->empty();
    });
}

// The guard finds the directory when it comes.
void root_list::add_missing(paths added)
{
    mounts_.learn();
    port_.guard(added.absolute);
    scope_guard undo([&, guarded = added.absolute] { port_.unguard(guarded); });
    auto& root = model_.make_root(std::move(added.path), std::move(added.absolute),
                                  std::move(added.canonical));
    root.present = false;
    is_scanning_ = true;
    undo.dismiss();
}

void root_list::add(paths added, bool allow_missing, boost::system::error_code& ec)
{
    ec.clear();
    if (contains(added.path)) {
        errno = EEXIST;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    if (added.path.size() > entry_arena::longest_name) {
        errno = ENAMETOOLONG;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    held_directory held(port_, verifier_.open_root(added.absolute, ec));
    if (held.get() < 0) {
        if (allow_missing && says_gone(ec) && !is_below_root(added.path)) {
            ec.clear();
            add_missing(std::move(added));
        }
        return;
    }
    mounts_.learn();
    auto const status = port_.identify(held.get(), ec);
    // Says whether it can be watched; the watch is found again by the verifier.
    auto const wd = ec ? -1 : verifier_.add_new_watch(held.get(), ec);
    if (ec) {
        return;
    }
    dir_id id = 0;
    scope_guard undo([&] {
        if (id != 0) {
            model_.drop_root(*model_.find_root(id));
        }
        if (model_.find_watch(wd) == 0) {
            port_.remove(wd);
        }
    });
    port_.guard(added.absolute);
    scope_guard undo_guard([&, guarded = added.absolute] { port_.unguard(guarded); });
    auto& root = model_.make_root(std::move(added.path), std::move(added.absolute),
                                  std::move(added.canonical));
    id = root.directory;
    agenda_.list_when_opened(id);
    is_scanning_ = true;
    if (model_.find_watch(wd) == 0) {
        verifier_.watch_root(id, held.release(), status);
    } else {
        // A directory of the trees has the watch. Perhaps it was moved: that is found out when the
        // entries of the trees are reported, as these change.
        agenda_.verify(id);
    }
    undo_guard.dismiss();
    undo.dismiss();
}

void root_list::remove(std::string_view path, boost::system::error_code& ec)
{
    ec.clear();
    auto const part = std::ranges::find(parts_, path, &paths::path);
    if (part != parts_.end()) {
        parts_.erase(part);
        return;
    }
    auto* const root = model_.find_root(path);
    if (root == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::path_not_watched);
        return;
    }
    auto const id = root->directory;
    // A part inside another one stays a part, of the one that becomes a root first.
    auto parts = take_parts_of(*root, path);
    std::ranges::sort(parts, {}, &paths::path);
    for (auto& each : parts) {
        if (is_in_other_tree(each, id)) {
            parts_.push_back(std::move(each));
        } else {
            make_own(std::move(each), id, path);
        }
    }
    auto* const removed = model_.find_root(id);
    port_.unguard(removed->absolute);
    walk_.drop(id);
    model_.drop_root(*removed);
}

// A root that is not reported yet has no parts: those below it are another one's.
auto root_list::take_parts_of(tree_root const& root, std::string_view path) -> std::vector<paths>
{
    auto const own = std::stable_partition(parts_.begin(), parts_.end(), [&](paths const& part) {
        return !root.is_reported || path_below(part.path, path).value_or("").empty();
    });
    std::vector<paths> taken(std::make_move_iterator(own), std::make_move_iterator(parts_.end()));
    parts_.erase(own, parts_.end());
    return taken;
}

// True if the tree of a root other than `outer` has the directory of a part.
bool root_list::is_in_other_tree(paths const& part, dir_id outer)
{
    return std::ranges::any_of(model_.roots(), [&](tree_root const& root) {
        auto const rest = path_below(part.path, root.path);
        return root.directory != outer && rest && model_.find_directory(root.directory, *rest) != 0;
    });
}

// The outer root is removed.
void root_list::make_own(paths part, dir_id outer, std::string_view outer_path)
{
    auto const found = model_.find_directory(outer, *path_below(part.path, outer_path));
    port_.guard(part.absolute);
    if (found != 0) {
        model_.promote(found, std::move(part.path), std::move(part.absolute),
                       std::move(part.canonical));
        return;
    }
    auto& lost =
        model_.make_root(std::move(part.path), std::move(part.absolute), std::move(part.canonical));
    model_.start_reporting(lost);
    model_.report(tree_change_mask::root_lost, lost.directory);
    lost.present = false;
    agenda_.verify(lost.directory);
}

void root_list::report_new()
{
    walk_.reserve(model_.roots().size());
    std::vector<dir_id> added;
    added.reserve(model_.roots().size());
    absorb();
    for (auto& root : model_.roots()) {
        if (root.is_reported) {
            continue;
        }
        model_.start_reporting(root);
        if (!root.present) {
            model_.report(tree_change_mask::root_lost, root.directory);
        }
        if (options_.report_existing) {
            walk_.add(root.directory);
        } else {
            added.push_back(root.directory);
        }
    }
    is_scanning_ = false;
    if (options_.report_existing) {
        coverage_.forget_found();
    } else {
        std::ranges::sort(added);
        coverage_.begin_reports(std::move(added));
    }
}

// New roots first: then the tree of a reported one gets into the outermost root, and stays there.
void root_list::absorb()
{
    for (bool const is_reported : {false, true}) {
        while (absorb_some(is_reported)) {
        }
    }
}

// A root below another one becomes a part of that one's tree. False if there is none: each one can
// make another one known.
bool root_list::absorb_some(bool is_reported)
{
    bool has_absorbed = false;
    for (auto at = model_.roots().begin(); at != model_.roots().end();) {
        auto const& inner = *at++;
        if (inner.is_reported != is_reported) {
            continue;
        }
        auto const [outer, place] = find_outer(inner);
        if (outer == nullptr) {
            continue;
        }
        paths part{inner.path, inner.absolute, inner.canonical};
        if (parts_.size() == parts_.capacity()) {
            parts_.reserve(2 * parts_.size() + 1);
        }
        if (is_reported && !outer->is_reported && place != 0) {
            if (walk_.contains(inner.directory)) {
                // The walk of the outer root reports its entries.
                walk_.drop(inner.directory);
            } else {
                // The user has its entries already.
                walk_.skip_below(inner.path);
            }
            keep_reported(inner, place);
        } else {
            walk_.drop(inner.directory);
            model_.drop_root(inner);
        }
        port_.unguard(part.absolute);
        parts_.push_back(std::move(part));
        has_absorbed = true;
    }
    return has_absorbed;
}

// The nearest root above an inner one whose tree has it, or will when there is a directory again;
// null if there is none.
auto root_list::find_outer(tree_root const& inner) -> inner_place
{
    std::string_view const path = inner.path;
    for (auto above = path; above.size() > 1;) {
        auto const end = above.rfind('/');
        if (end == std::string_view::npos) {
            break;
        }
        above = above.substr(0, (std::max)(end, std::size_t{1}));
        if (auto* const root = model_.find_root(above); root != nullptr) {
            auto const rest = *path_below(path, above);
            auto const place = model_.find_directory(root->directory, rest);
            // What the user has of the inner one stays, if it is there.
            bool const can_vanish = !inner.present || !inner.is_reported;
            if (place != 0 || (can_vanish && will_report(*root, inner, rest))) {
                return {root, place};
            }
        }
    }
    return {};
}

// True if a directory at the path of an inner root is created in the tree of the outer one by an
// event that is queued, or when there is one again.
bool root_list::will_report(tree_root const& outer, tree_root const& inner, std::string_view rest)
{
    auto const real = path_below(inner.canonical, outer.canonical);
    if (!real || *real != rest) {
        // Through a link.
        return false;
    }
    for (auto id = outer.directory;;) {
        auto const end = rest.find('/');
        auto const name = rest.substr(0, end);
        if (model_.directory(id).is(tree_directory::uncovered) || model_.excludes(id, name, true)) {
            return false;
        }
        auto const entry = model_.index.find(id, name);
        id = entry == 0 ? 0 : model_.index.entry(entry).directory();
        if (id == 0 || end == std::string_view::npos) {
            // Whether names further below are excluded is not known.
            return end == std::string_view::npos || !model_.has_exclusions();
        }
        rest.remove_prefix(end + 1);
    }
}

// The user has the tree of the inner root: it replaces what was scanned at its place in the new
// one. The two can differ, as exclusions depend on the path below the root.
void root_list::keep_reported(tree_root const& inner, dir_id place)
{
    auto const id = inner.directory;
    auto const wd = model_.directory(id).wd;
    bool const is_same = wd != 0 && wd == model_.directory(place).wd;
    model_.move_root_over(inner, place);
    walk_.drop(id);
    if (!is_same) {
        agenda_.scan(id);
    }
}

auto root_list::find_excluded_parts() -> std::vector<excluded_place>
{
    std::vector<excluded_place> places(parts_.size());
    if (!model_.has_exclusions()) {
        return places;
    }
    for (std::size_t i = 0; i != parts_.size(); ++i) {
        auto const& path = parts_[i].path;
        auto const outer = std::ranges::find_if(model_.roots(), [&](tree_root const& root) {
            return path_below(path, root.path).has_value();
        });
        if (outer != model_.roots().end()) {
            places[i] = find_excluded(*outer, *path_below(path, outer->path));
        }
    }
    return places;
}

// The first directory of a path that the options exclude.
auto root_list::find_excluded(tree_root const& outer, std::string_view rest) -> excluded_place
{
    for (auto id = outer.directory; !rest.empty() && id != 0;) {
        auto const end = rest.find('/');
        auto const name = rest.substr(0, end);
        if (model_.excludes(id, name, true)) {
            return {&outer, id, std::string(name)};
        }
        auto const entry = model_.index.find(id, name);
        id = entry == 0 ? 0 : model_.index.entry(entry).directory();
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return {};
}

void root_list::separate(std::vector<excluded_place> const& places)
{
    auto const* place = places.data();
    for (auto& part : std::exchange(parts_, {})) {
        auto const& [outer, parent, name] = *place++;
        if (outer == nullptr) {
            parts_.push_back(std::move(part));
            continue;
        }
        if (auto const entry = model_.index.find(parent, name); entry != 0) {
            model_.remove(entry, true);
        }
        make_own(std::move(part), outer->directory, outer->path);
    }
}

std::vector<dir_id> root_list::take_suspects()
{
    std::vector<dir_id> suspects;
    for (auto const& path : port_.take_suspects()) {
        model_.roots_by_path().for_each_at(path, [&](tree_root const& root) {
            coverage_.set_guard_failure(root.directory, port_.guard_failure(root.absolute));
            suspects.push_back(root.directory);
        });
    }
    return suspects;
}

} // namespace asio_inotify::detail
