//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include "values/fail.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

// The roots of the trees, and mounts in them.
namespace asio_inotify::detail {
namespace {

/// The part of a path below another one, without a separator before it.
std::optional<std::string_view> below(std::string_view path, std::string_view ancestor) noexcept
{
    if (path == ancestor) {
        return std::string_view();
    }
    if (path.size() <= ancestor.size() || !path.starts_with(ancestor)) {
        return std::nullopt;
    }
    if (ancestor.ends_with('/')) {
        return path.substr(ancestor.size());
    }
    return path[ancestor.size()] == '/' ? std::optional(path.substr(ancestor.size() + 1))
                                        : std::nullopt;
}

} // namespace

void tree_engine::add_root(std::string path, std::string absolute, std::string canonical,
                           boost::system::error_code& ec)
{
    ec.clear();
    auto const same = [&](auto const& root) { return root.path == path; };
    if (std::ranges::any_of(model_.roots(), same) || std::ranges::any_of(nested_, same)) {
        errno = EEXIST;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    if (path.size() > entry_arena::longest_name) {
        errno = ENAMETOOLONG;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    held_directory held(port_, port_.open_path(absolute, true, ec));
    if (held.get() < 0) {
        return;
    }
    know_mounts();
    auto const status = port_.identify(held.get(), ec);
    // Tells whether it can be watched; it is taken up below.
    auto const wd = ec ? -1 : add_new_watch(held.get(), ec);
    if (ec) {
        return;
    }
    struct forget_on_failure
    {
        tree_engine& engine;
        std::string const guarded;
        int wd;
        dir_id id = 0;
        bool wanted = true;
        ~forget_on_failure()
        {
            if (!wanted) {
                return;
            }
            if (id != 0) {
                engine.model_.drop_root(*engine.model_.find_root(id));
            }
            engine.port_.unguard(guarded);
            if (engine.model_.find_watch(wd) == 0) {
                engine.port_.remove(wd);
            }
        }
    } undo{*this, absolute, wd};
    port_.guard(absolute);
    auto& root = model_.make_root(std::move(path), std::move(absolute), std::move(canonical));
    undo.id = root.directory;
    directory(undo.id).set(tree_directory::must_list);
    scanning_ = true;
    watch(undo.id, held.release(), status);
    undo.wanted = false;
}

void tree_engine::remove_root(std::string_view path, boost::system::error_code& ec)
{
    ec.clear();
    auto const nested = std::ranges::find(nested_, path, &nested_root::path);
    if (nested != nested_.end()) {
        nested_.erase(nested);
        return;
    }
    auto* const root = model_.find_root(path);
    if (root == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::path_not_watched);
        return;
    }
    auto const id = root->directory;
    // Those beneath it go on as roots of their own; one that was not announced has none yet, they
    // are another one's.
    auto const own =
        std::stable_partition(nested_.begin(), nested_.end(), [&](auto const& nested_one) {
            return !root->announced || below(nested_one.path, path).value_or("").empty();
        });
    std::vector<nested_root> orphans(std::make_move_iterator(own),
                                     std::make_move_iterator(nested_.end()));
    nested_.erase(own, nested_.end());
    for (auto& orphan : orphans) {
        auto const found = find_directory(id, *below(orphan.path, path));
        port_.guard(orphan.absolute);
        if (found != 0) {
            model_.promote(found, std::move(orphan.path), std::move(orphan.absolute),
                           std::move(orphan.canonical));
        } else {
            auto& lost = model_.make_root(std::move(orphan.path), std::move(orphan.absolute),
                                          std::move(orphan.canonical));
            model_.announce(lost);
            lost.present = false;
            push(lost.directory, tree_directory::must_probe);
        }
    }
    auto* const removed = model_.find_root(id);
    port_.unguard(removed->absolute);
    if (!to_walk_.empty() && to_walk_.front() == id) {
        walked_ = 0;
    }
    std::erase(to_walk_, id);
    model_.drop_root(*removed);
}

void tree_engine::probe_root(dir_id id)
{
    auto& root = *model_.find_root(id);
    auto& d = directory(id);
    boost::system::error_code ec;
    held_directory held(port_, port_.open_path(root.absolute, true, ec));
    auto const status = held.get() < 0 ? file_status{} : port_.identify(held.get(), ec);
    if (ec) {
        if (root.present && says_gone(ec)) {
            lose(root);
        } else if (root.present) {
            uncover(id, ec);
        }
        return;
    }
    if (root.present && d.inode != 0 && !is_same(d, status)) {
        lose(root);
    }
    if (!root.present) {
        model_.tell(tree_change_mask::root_found, id);
        root.present = true;
        d.set(tree_directory::must_list);
    }
    // The links in its path can lead elsewhere than before.
    if (auto canonical = port_.path_of(held.get()); !canonical.empty()) {
        root.canonical = std::move(canonical);
    }
    watch(id, held.release(), status);
}

// What was beneath it is reported first, so that nothing is left of it.
void tree_engine::lose(tree_root& root)
{
    auto const id = root.directory;
    model_.remove_children(id);
    model_.take_watch(id);
    directory(id).inode = 0;
    directory(id).clear(tree_directory::uncovered);
    uncovered_.erase(id);
    if (root.present) {
        model_.tell(tree_change_mask::root_lost, id);
        root.present = false;
    }
}

// Everything beneath the new roots is watched: from now on changes there are told.
void tree_engine::announce()
{
    absorb_roots();
    to_walk_.reserve(to_walk_.size() + model_.roots().size());
    scanning_ = false;
    for (auto& root : model_.roots()) {
        if (!root.announced) {
            model_.announce(root);
            auto const tell = [&](dir_id id) {
                if (model_.is_attached(id) && model_.is_within(id, root.directory)) {
                    tell_uncovered(id);
                }
            };
            if (options_.report_existing) {
                to_walk_.push_back(root.directory);
            } else {
                for (auto const& [id, ec] : uncovered_) {
                    tell(id);
                }
                std::ranges::for_each(found_remote_, tell);
            }
        }
    }
    found_remote_.clear();
}

// What was found before there was anybody to be told.
void tree_engine::tell_uncovered(dir_id id)
{
    auto const& d = directory(id);
    if (d.is(tree_directory::uncovered)) {
        model_.tell(tree_change_mask::uncovered, id, uncovered_.at(id));
    } else if (d.wd != 0 && is_remote(d) && begins_filesystem(id)) {
        model_.tell(tree_change_mask::uncovered, id, make_error_code(error::remote_filesystem));
    }
}

// A root beneath another one is a part of that one's tree.
void tree_engine::absorb_roots()
{
    for (bool again = true; std::exchange(again, false);) {
        for (auto const& inner : model_.roots()) {
            auto const outer = std::ranges::find_if(model_.roots(), [&](auto const& root) {
                auto const rest = below(inner.path, root.path);
                return &root != &inner && rest && find_directory(root.directory, *rest) != 0;
            });
            if (outer == model_.roots().end()) {
                continue;
            }
            // To be told later that it is there: not what the user knows already.
            if (inner.announced && !outer->announced) {
                known_.push_back(inner.path);
            }
            nested_.push_back({inner.path, inner.absolute, inner.canonical});
            port_.unguard(inner.absolute);
            std::erase(to_walk_, inner.directory);
            model_.drop_root(inner);
            again = true;
            break;
        }
    }
}

// Tells what there is, from one entry to the next. True if it has to go on later.
bool tree_engine::walk_existing(time_point slice_end)
{
    auto& index = model_.index;
    auto const root = to_walk_.front();
    if (walked_ == 0) {
        tell_uncovered(root);
    }
    auto next = walked_ != 0 ? walked_ : directory(root).first_child;
    for (unsigned count = 1; next != 0; ++count) {
        if (is_full() || (count % 64 == 0 && port_.now() >= slice_end)) {
            walked_ = next;
            return true;
        }
        auto const& entry = index.entry(next);
        auto const id = entry.directory();
        bool const is_known = id != 0 && !known_.empty() &&
                              std::ranges::find(known_, model_.locate(id).path) != known_.end();
        // Here it goes on if there is no memory for this one.
        walked_ = next;
        model_.tell(tree_change_mask::existing, entry.parent, entry.name(), id != 0, false);
        if (id != 0) {
            tell_uncovered(id);
        }
        if (id != 0 && !is_known && directory(id).first_child != 0) {
            next = directory(id).first_child;
            continue;
        }
        auto at = next;
        while (index.entry(at).next == 0 && index.entry(at).parent != root) {
            at = directory(index.entry(at).parent).entry;
        }
        next = index.entry(at).next;
    }
    walked_ = 0;
    to_walk_.erase(to_walk_.begin());
    if (to_walk_.empty()) {
        known_.clear();
    }
    return false;
}

// Those that there are before the first change, so that it is known what that was.
void tree_engine::know_mounts()
{
    if (mounts_.empty()) {
        mounts_ = port_.mounts();
    }
}

// A mount covers a directory without an event.
void tree_engine::look_at_mounts()
{
    if (port_.mounts_changed()) {
        compare_mounts();
    }
    // The kernel changes the list of mounts before there are events of the unmount. What the list
    // does not tell by now it never will: of another namespace's mounts, or where the path of the
    // root is another one by now. A later unmount of that directory is not to be taken for it.
    if (changed_mounts_.empty()) {
        told_unmounts_.clear();
    }
    if (!unplaced_mounts_.empty()) {
        auto const now = port_.now();
        auto at = unplaced_mounts_.begin();
        for (; at != unplaced_mounts_.end() && at->when <= now; ++at) {
            changed_mounts_.push_back({std::move(at->path), false, true});
        }
        unplaced_mounts_.erase(unplaced_mounts_.begin(), at);
    }
}

void tree_engine::compare_mounts()
{
    auto now = port_.mounts();
    auto const collect = [&](auto const& some, auto const& others) {
        for (auto const& mount : some) {
            if (std::ranges::find(others, mount) == others.end()) {
                bool const is_there =
                    std::ranges::find(now, mount.id, &tree_port::mount::id) != now.end();
                changed_mounts_.push_back({mount.path, !is_there});
            }
        }
    };
    collect(mounts_, now);
    collect(now, mounts_);
    mounts_ = std::move(now);
}

void tree_engine::look_beneath_mounts()
{
    auto const told = std::exchange(told_unmounts_, {});
    for (auto const& [path, is_gone, was_unplaced] : std::exchange(changed_mounts_, {})) {
        bool is_missed = false;
        for (auto const& root : model_.roots()) {
            if (auto const rest = below(path, root.canonical)) {
                auto const id = find_directory(root.directory, *rest);
                if (id != 0 && is_gone && std::ranges::find(told, id) == told.end()) {
                    unmounted(id);
                } else if (id != 0) {
                    push(id, tree_directory::must_probe);
                } else {
                    is_missed = true;
                }
            } else if (below(root.canonical, path)) {
                // The directories above it may be others now.
                port_.unguard(root.absolute);
                port_.guard(root.absolute);
                push(root.directory, tree_directory::must_probe);
            }
        }
        if (is_missed && !is_gone && !was_unplaced) {
            unplaced_mounts_.push_back({path, port_.now() + options_.grace_time});
        }
    }
    // Directories with mounts in them may have got other names since the mounts were looked at.
    compare_mounts();
}

void tree_engine::look_at_suspects()
{
    for (auto const& absolute : port_.take_suspects()) {
        for (auto const& root : model_.roots()) {
            if (root.absolute == absolute) {
                push(root.directory, tree_directory::must_probe);
            }
        }
    }
}

dir_id tree_engine::find_directory(dir_id root, std::string_view rest)
{
    auto id = root;
    while (!rest.empty() && id != 0) {
        auto const end = rest.find('/');
        auto const entry = model_.index.find(id, rest.substr(0, end));
        id = entry == 0 ? 0 : model_.index.entry(entry).directory();
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return id;
}

} // namespace asio_inotify::detail
