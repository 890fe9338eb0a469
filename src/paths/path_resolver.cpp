//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "paths/path_resolver.hpp"

#include "system/keyed_hash.hpp"
#include "values/native.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/event_mask.hpp>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <utility>

namespace asio_inotify::detail {
namespace {

// The events that change the result of a lookup in a directory, or replace the directory itself.
constexpr auto lookup_events =
    native(event_mask::create | event_mask::delete_ | event_mask::move | event_mask::attrib |
           event_mask::delete_self | event_mask::move_self);

constexpr auto file_events = native(event_mask::close_write | event_mask::attrib |
                                    event_mask::delete_self | event_mask::move_self);

// The kernel's limit for one path.
constexpr unsigned most_links = 40;

constexpr bool is_resource_shortage(int reason) noexcept
{
    return reason == EMFILE || reason == ENFILE || reason == ENOMEM || reason == ENOSPC;
}

// True for an errno that says that a path leads to nothing that can be used. Every other one, such
// as those of a device or a server that does not answer, says nothing about the object.
constexpr bool says_unusable(int reason) noexcept
{
    return reason == ENOENT || reason == ENOTDIR || reason == EACCES || reason == EPERM ||
           reason == ELOOP || reason == ENAMETOOLONG;
}

// True if names are looked up in it, also through links.
bool has_names_below(name_node& name) noexcept
{
    bool has = false;
    for_each_alias(name, [&](name_node const& at) { has = has || !at.children.empty(); });
    return has;
}

// Call `f(entry)` for each entry whose file is the object of a name.
template <class Function>
void for_each_interested(name_node& name, Function const& f)
{
    for_each_alias(name, [&](name_node const& at) {
        for (auto* entry = at.entries.first(); entry != nullptr;
             entry = decltype(at.entries)::next(*entry)) {
            if (&at == &name || entry->follows) {
                f(*entry);
            }
        }
    });
}

// The mask that the entries need on their file; 0 if there are none.
std::uint32_t needed_file_mask(name_node& name) noexcept
{
    std::uint32_t mask = 0;
    for_each_interested(name, [&](path_entry const& entry) {
        mask |= file_events;
        if (entry.writes_each || entry.settles) {
            mask |= native(event_mask::modify);
        }
    });
    return mask;
}

// True if an entry or a path goes through a name, should it be a link.
bool is_followed(name_node& name) noexcept
{
    bool is = has_names_below(name);
    for_each_interested(name, [&](path_entry const& entry) { is = is || entry.follows; });
    return is;
}

// True if the last lookup was for less than is needed now: a link was not followed, or a file not
// watched for all events.
bool needs_new_lookup(name_node& name) noexcept
{
    if (name.object == nullptr) {
        return false;
    }
    switch (name.object->kind) {
    case file_kind::symbolic_link:
        return name.reason == 0 && is_followed(name);
    case file_kind::file: {
        auto const needed = needed_file_mask(name);
        return (name.object->mask & needed) != needed;
    }
    default:
        return false;
    }
}

// Distinguishes a link from a different one in its place, which can have the same inode number,
// time and size. The target replaces the time of the last status change, which a rename changes
// too.
file_stamp stamp_of_link(lookup_result const& found) noexcept
{
    constexpr std::uint64_t lowest_bits = 0x7fff'ffff;
    auto const target = keyed_hash(found.target) & lowest_bits;
    return {static_cast<std::int64_t>(target), found.status.stamp.modified,
            found.status.stamp.size};
}

} // namespace

// One attempt to resolve a name. If it throws, the name is marked again.
class path_resolver::attempt
{
public:
    attempt(name_tree& tree, name_node& name) noexcept
        : tree_(tree)
        , name_(name)
        , subtree_(name.subtree_stale)
    {
        name_.resolving = true;
        name_.stale = name_.subtree_stale = name_.content_stale = false;
    }
    attempt(attempt const&) = delete;
    attempt& operator=(attempt const&) = delete;

    ~attempt()
    {
        name_.resolving = false;
        if (!succeeded_) {
            tree_.mark(name_, subtree_);
        }
    }

    void succeed() noexcept { succeeded_ = true; }

private:
    name_tree& tree_;
    name_node& name_;
    bool subtree_;
    bool succeeded_ = false;
};

name_node* path_resolver::final_target(name_node& name) noexcept
{
    auto* at = &name;
    for (unsigned links = 0; at->link; at = at->link->target) {
        if (++links > most_links) {
            return nullptr;
        }
    }
    return at;
}

// Resolving a name resolves its parent, and so on. On a long path, begin above: the depth of the
// recursion stays bounded.
void path_resolver::resolve_long_path_to(name_node& name)
{
    constexpr int at_once = 16;
    int unresolved = 0;
    for (auto const* at = name.parent; at != nullptr && at->needs_work(); at = at->parent) {
        ++unresolved;
    }
    for (; unresolved > at_once; unresolved -= at_once) {
        auto* at = &name;
        for (int i = at_once; i <= unresolved; ++i) {
            at = at->parent;
        }
        resolve(*at);
    }
}

// The name of the directory in which names below `name` are looked up, watched if that is possible.
// Null, with the errno in `reason`, if it is no directory.
name_node* path_resolver::directory_of(name_node& name, int& reason)
{
    auto* at = &name;
    for (;; at = at->link->target) {
        if (at->needs_work()) {
            resolve(*at);
        }
        if (!at->link) {
            break;
        }
    }
    if (at->object == nullptr) {
        reason = at->reason;
        return nullptr;
    }
    auto const kind = at->object->kind;
    bool const is_conclusive = kind == file_kind::directory
                                   ? (at->object->mask & lookup_events) == lookup_events
                                   : kind == file_kind::file || at->reason != 0;
    if (!is_conclusive && at->failure <= 0) {
        // Nothing needed it as a directory, or as a link to one, before.
        tree_.mark(*at, false);
        return directory_of(*at, reason);
    }
    if (kind != file_kind::directory) {
        reason = at->reason != 0 ? at->reason : ENOTDIR;
        return nullptr;
    }
    return at;
}

void path_resolver::resolve_now(name_node& name, char const* path)
{
    if (!name.stale) {
        tree_.mark(name, false);
    }
    resolve(name, path);
    for (auto* at = &name; at->link;) {
        at = at->link->target;
        if (needs_new_lookup(*at)) {
            tree_.mark(*at, false);
        }
        if (at->needs_work()) {
            resolve(*at);
        }
    }
}

void path_resolver::resolve(name_node& name, char const* path)
{
    auto const* const object = name.object;
    auto const* const target = name.link ? name.link->target : nullptr;
    bool const subtree = name.subtree_stale;
    bool const only_content = name.content_stale && !name.stale;
    attempt current(tree_, name);
    if (!only_content || !refresh_stamp(name)) {
        look_up(name, path);
    }
    current.succeed();
    bool const leads_elsewhere = (name.link ? name.link->target : nullptr) != target;
    if (leads_elsewhere && tree_.has_circles()) {
        // It may have opened one.
        tree_.mark_circles();
    }
    propagate(name, subtree || name.object != object || leads_elsewhere);
}

// The entries that depend on a name must be compared, and the names below looked up if
// `to_subtree`.
void path_resolver::propagate(name_node& name, bool to_subtree) noexcept
{
    for_each_alias(name, [&](name_node& at) {
        if (to_subtree) {
            for (auto* child = at.children.first(); child != nullptr;
                 child = decltype(at.children)::next(*child)) {
                tree_.mark(*child, true);
            }
        }
        for (auto* entry = at.entries.first(); entry != nullptr;
             entry = decltype(at.entries)::next(*entry)) {
            add_entry(*entry);
        }
    });
}

// Read the stamp of the file again. False if the name refers to a different file now.
bool path_resolver::refresh_stamp(name_node& name)
{
    if (name.object == nullptr) {
        return false;
    }
    ++lookups_;
    boost::system::error_code ec;
    auto const status = port_->status(tree_.absolute_path(name).c_str(), ec);
    if (ec || !name.object->is_same(status)) {
        return false;
    }
    name.object->stamp = status.stamp;
    return true;
}

void path_resolver::look_up(name_node& name, char const* path)
{
    tree_.set_failure(name, 0);
    tree_.set_closes_circle(name, false);
    resolve_long_path_to(name);
    int reason = 0;
    auto const* const directory =
        name.parent == nullptr ? nullptr : directory_of(*name.parent, reason);
    if (name.parent != nullptr && directory == nullptr) {
        apply_missing(name, reason);
        return;
    }
    ++lookups_;
    auto const needed = needed_file_mask(name);
    bool const is_passed = has_names_below(name);
    if (path == nullptr) {
        path = tree_.absolute_path(name).c_str();
    }
    found_.clear();
    // A new object is most often a file. If it is replaced during the lookup, the watch on the
    // directory reports that, and the name is looked up again.
    bool const is_new = !name.link && (name.object == nullptr || name.object->wd == 0);
    if (needed == 0 || is_passed || !is_new || !look_up_new_file(path, needed, directory)) {
        auto const wd = std::exchange(found_.wd, 0);
        // It is the watch of that file or, if that was replaced, of none.
        scope_guard const drop([&] {
            if (wd != 0 && found_.wd != wd) {
                port_->drop_watch(wd);
            }
        });
        found_.clear();
        port_->look_up(path, is_passed ? lookup_events : 0, needed, found_);
    }
    apply(name, found_);
}

// False if it has to be looked up again: it is no file, or it is not on the filesystem of its
// directory, or not all changes there are reported. Then it may have a watch.
bool path_resolver::look_up_new_file(char const* path, std::uint32_t file_mask,
                                     name_node const* directory)
{
    if (!port_->look_up_unwatched_file(path, file_mask, found_)) {
        return false;
    }
    return found_.status.kind == file_kind::none ||
           (directory != nullptr && !directory->object->has_unreported &&
            directory->object->device == found_.status.device);
}

void path_resolver::apply(name_node& name, lookup_result& found)
{
    auto const failure = found.status.kind == file_kind::none ? found.reason : found.watch_failure;
    if (is_resource_shortage(failure)) {
        shortage_ = failure;
    }
    if (found.status.kind == file_kind::none && !says_unusable(found.reason)) {
        // The lookup gave no result: what is known stays until the next one.
        tree_.set_failure(name, found.reason);
        return;
    }
    switch (found.status.kind) {
    case file_kind::none:
        if ((found.reason == ENAMETOOLONG && tree_.absolute_path(name).size() >= PATH_MAX) ||
            found.reason == ELOOP) {
            // The kernel takes no longer path, and none with more links, so nothing is known of
            // this one. A process that has a directory on the way open can resolve the rest.
            tree_.set_failure(name, found.reason);
        }
        apply_missing(name, found.reason);
        return;
    case file_kind::symbolic_link:
        found.status.stamp = stamp_of_link(found);
        apply_link(name, found);
        return;
    case file_kind::file:
        if (found.watch_failure == EACCES) {
            // A file that we may not read counts as missing. Its directory reports a change of its
            // permissions, unless that is made through another name (hard link): then retry.
            tree_.set_failure(name, found.status.links > 1 ? EACCES : 0);
            apply_missing(name, EACCES);
            return;
        }
        break;
    case file_kind::directory:
        // Names can be looked up in an unreadable directory, but it cannot be watched.
        break;
    }
    tree_.set_failure(name, found.watch_failure != 0 ? found.watch_failure
                                                     : -static_cast<int>(found.unreported));
    apply_object(name, found);
}

void path_resolver::apply_missing(name_node& name, int reason) noexcept
{
    tree_.drop_link(name);
    objects_.detach(name);
    name.reason = static_cast<std::int16_t>(reason);
}

void path_resolver::apply_link(name_node& name, lookup_result const& found)
{
    if (!is_followed(name)) {
        apply_unfollowed_link(name, found.status, 0);
        return;
    }
    auto const depth = name.link_depth + 1U;
    if (!name.link || name.link->text != found.target || name.link->target->link_depth > depth) {
        if (depth > most_links) {
            apply_unfollowed_link(name, found.status, ELOOP);
            return;
        }
        auto& target = tree_.walk_link(found.target.starts_with('/') ? tree_.root() : *name.parent,
                                       found.target, depth);
        auto const closes_circle = name_tree::depends_on(target, name);
        if (closes_circle || boost::indeterminate(closes_circle)) {
            // New names on the path are unused, and pruned when their turn comes.
            apply_unfollowed_link(name, found.status, ELOOP);
            // To be retried when a different link of the circle leads elsewhere.
            tree_.set_failure(name, ELOOP);
            tree_.set_closes_circle(name, !boost::indeterminate(closes_circle));
            return;
        }
        tree_.set_link(name, found.target, found.status, target);
        if (auto* const last = final_target(target); last != nullptr && needs_new_lookup(*last)) {
            tree_.mark(*last, false);
        }
    }
    name.link->status = found.status;
    objects_.detach(name);
    name.reason = 0;
}

// A link that no entry follows, or that cannot be followed, for the errno in `reason`. It counts as
// an object for entries that do not follow links.
void path_resolver::apply_unfollowed_link(name_node& name, file_status const& link, int reason)
{
    auto* object = name.object;
    if (object == nullptr || !object->is_same(link)) {
        object = &objects_.get(0);
    }
    object->set(link);
    object->has_unreported = false;
    objects_.attach(name, *object);
    tree_.drop_link(name);
    name.reason = static_cast<std::int16_t>(reason);
}

void path_resolver::apply_object(name_node& name, lookup_result const& found)
{
    auto* object = name.object;
    bool const same = object != nullptr && object->is_same(found.status);
    if (found.wd != 0) {
        object = &objects_.get(found.wd);
    } else if (!same) {
        object = &objects_.get(0);
    }
    object->set(found.status);
    if (found.wd != 0) {
        object->has_unreported = found.unreported == blind_spot::remote;
        object->mask |= static_cast<std::uint16_t>(
            found.status.kind == file_kind::directory ? lookup_events : needed_file_mask(name));
    }
    objects_.attach(name, *object);
    tree_.drop_link(name);
    name.reason = 0;
}

void path_resolver::release(name_node& name) noexcept
{
    if (name.is_unused()) {
        tree_.prune(name);
        return;
    }
    auto* const last = final_target(name);
    drop_needless_watch(last != nullptr ? *last : name);
}

// Drop the watch of a name's object unless an entry or a name below needs it.
void path_resolver::drop_needless_watch(name_node& name) noexcept
{
    auto* const object = name.object;
    if (object == nullptr || object->wd == 0 || name.parent == nullptr) {
        return;
    }
    for (auto* user = object->first_user; user != nullptr; user = user->user_links.next) {
        if (object->kind == file_kind::directory ? has_names_below(*user)
                                                 : needed_file_mask(*user) != 0) {
            return;
        }
    }
    objects_.drop_watch(*object);
}

bool path_resolver::run(time_point until)
{
    constexpr unsigned often = 8;
    for (unsigned i = 1;; ++i) {
        auto* const name = tree_.take_marked();
        if (name == nullptr) {
            return true;
        }
        if (name->is_unused()) {
            tree_.prune(*name);
        } else if (name->needs_work()) {
            resolve(*name);
        } else {
            drop_needless_watch(*name);
        }
        if (i % often == 0 && port_->now() >= until) {
            return !tree_.has_marked();
        }
    }
}

bool path_resolver::apply_event(event_view event) noexcept
{
    auto* const object = objects_.find(event.wd().value());
    if (object == nullptr) {
        return false;
    }
    constexpr auto itself = event_mask::delete_self | event_mask::move_self | event_mask::attrib;
    if (event.is_ignored() || event.is_unmount() || (event.name().empty() && event.is(itself))) {
        if (event.is_ignored()) {
            objects_.forget_watch(*object);
        }
        for (auto* user = object->first_user; user != nullptr; user = user->user_links.next) {
            tree_.mark(*user, true);
        }
    } else if (event.name().empty()) {
        mark_written(*object, event.is(event_mask::modify));
    } else {
        mark_child(*object, event.name());
    }
    return true;
}

// The directory can have several names itself, by links, bind mounts or "..".
void path_resolver::mark_child(watched_object const& directory, std::string_view name) noexcept
{
    for (auto* user = directory.first_user; user != nullptr; user = user->user_links.next) {
        for_each_alias(*user, [&](name_node const& at) {
            if (auto* const child = tree_.find(at, name); child != nullptr) {
                tree_.mark(*child, true);
            }
        });
    }
}

void path_resolver::mark_written(watched_object const& file, bool modified) noexcept
{
    for (auto* user = file.first_user; user != nullptr; user = user->user_links.next) {
        bool counts = false;
        for_each_interested(*user, [&](path_entry& entry) {
            entry.disturbed = true;
            if (!modified || entry.writes_each) {
                entry.written = true;
                counts = true;
            } else if (entry.settling) {
                add_entry(entry);
            }
        });
        if (counts) {
            tree_.mark_content(*user);
        }
    }
}

int path_resolver::take_shortage() noexcept
{
    return std::exchange(shortage_, 0);
}

path_entry* path_resolver::take_entry() noexcept
{
    auto* const entry = entries_.first();
    if (entry != nullptr) {
        remove_entry(*entry);
    }
    return entry;
}

void path_resolver::add_entry(path_entry& entry) noexcept
{
    if (!entry.queued) {
        entry.queued = true;
        entries_.push_back(entry);
    }
}

void path_resolver::remove_entry(path_entry& entry) noexcept
{
    if (entry.queued) {
        entry.queued = false;
        entries_.erase(entry);
    }
}

} // namespace asio_inotify::detail
