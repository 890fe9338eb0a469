//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file/path_resolver.hpp"

#include <asio_inotify/event_mask.hpp>

#include <cerrno>
#include <functional>
#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr std::uint32_t bits(event_mask mask) noexcept
{
    return static_cast<std::uint32_t>(mask);
}

// What tells that a name in a directory stands for something else, or cannot be looked up any more,
// or that the directory is another one.
constexpr auto directory_mask =
    bits(event_mask::create | event_mask::delete_ | event_mask::move | event_mask::attrib |
         event_mask::delete_self | event_mask::move_self);

constexpr auto file_mask = bits(event_mask::close_write | event_mask::attrib |
                                event_mask::delete_self | event_mask::move_self);

// As many links as the kernel follows in one path.
constexpr unsigned most_links = 40;

// True if it says nothing about what there is.
constexpr bool is_want_of_resources(int reason) noexcept
{
    return reason == EMFILE || reason == ENFILE || reason == ENOMEM || reason == ENOSPC;
}

bool has_names_beneath(name_node& name) noexcept
{
    bool has = false;
    for_each_name(name, [&](name_node const& at) { has = has || !at.children.empty(); });
    return has;
}

// Call `f(entry)` for those whose file it is what the name stands for.
template <class Function>
void for_each_interested(name_node& name, Function const& f)
{
    for_each_name(name, [&](name_node const& at) {
        for (auto* entry = at.entries.first(); entry != nullptr;
             entry = decltype(at.entries)::behind(*entry)) {
            if (&at == &name || entry->follows) {
                f(*entry);
            }
        }
    });
}

// How a file has to be watched for those that are interested in it; 0 if nobody is.
std::uint32_t wanted_of_file(name_node& name) noexcept
{
    std::uint32_t mask = 0;
    for_each_interested(name, [&](file_entry const& entry) {
        mask |= file_mask;
        if (entry.writes_each || entry.settle != 0) {
            mask |= bits(event_mask::modify);
        }
    });
    return mask;
}

// True if somebody wants to know where a link leads.
bool is_followed(name_node& name) noexcept
{
    bool is = has_names_beneath(name);
    for_each_interested(name, [&](file_entry const& entry) { is = is || entry.follows; });
    return is;
}

// True for what nobody was so interested in when it was looked at.
bool is_known_too_little(name_node& name) noexcept
{
    if (name.object == nullptr) {
        return false;
    }
    switch (name.object->kind) {
    case file_kind::symbolic_link:
        return name.reason == 0 && is_followed(name);
    case file_kind::file: {
        auto const wanted = wanted_of_file(name);
        return (name.object->mask & wanted) != wanted;
    }
    default:
        return false;
    }
}

// What tells a link from another one in its place, which can have the same inode number, and be of
// the same time and size. When its status was changed says nothing: that is so when it is moved.
file_stamp stamp_of_link(look_result const& found) noexcept
{
    constexpr std::size_t most = 0x7fff'ffff;
    auto const target = std::hash<std::string_view>()(found.target) & most;
    return {static_cast<std::int64_t>(target), found.status.stamp.modified,
            found.status.stamp.size};
}

} // namespace

// Makes the name marked again if looking at it fails half-way.
class path_resolver::in_progress
{
public:
    in_progress(name_tree& tree, name_node& name) noexcept
        : tree_(tree)
        , name_(name)
        , deep_(name.deep)
    {
        name_.busy = true;
        name_.look = name_.deep = name_.content = false;
    }
    in_progress(in_progress const&) = delete;
    in_progress& operator=(in_progress const&) = delete;

    ~in_progress()
    {
        name_.busy = false;
        if (!done_) {
            tree_.mark(name_, deep_);
        }
    }

    void done() noexcept { done_ = true; }

private:
    name_tree& tree_;
    name_node& name_;
    bool deep_;
    bool done_ = false;
};

name_node* path_resolver::final_of(name_node& name) noexcept
{
    auto* at = &name;
    for (unsigned links = 0; at->link; at = at->link->target) {
        if (++links > most_links) {
            return nullptr;
        }
    }
    return at;
}

// A name asks for the one before it, and so on. Not from the end of a long way, however, as that
// would take as much of the stack as the way is long.
void path_resolver::look_at_long_way_to(name_node& name)
{
    constexpr int at_once = 16;
    int dirty = 0;
    for (auto const* at = name.parent; at != nullptr && at->is_dirty(); at = at->parent) {
        ++dirty;
    }
    for (; dirty > at_once; dirty -= at_once) {
        auto* at = &name;
        for (int i = at_once; i <= dirty; ++i) {
            at = at->parent;
        }
        evaluate(*at);
    }
}

// The name through which others are looked up beneath `name`: a watched directory, if it can be.
name_node* path_resolver::directory_of(name_node& name, int& reason)
{
    auto* at = &name;
    for (;; at = at->link->target) {
        if (at->is_dirty()) {
            evaluate(*at);
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
    bool const is_of_use = kind == file_kind::directory
                               ? (at->object->mask & directory_mask) == directory_mask
                               : kind == file_kind::file || at->reason != 0;
    if (!is_of_use && !at->incomplete) {
        // It was not needed as a directory, or a link to one, before.
        tree_.mark(*at, false);
        return directory_of(*at, reason);
    }
    if (kind != file_kind::directory) {
        reason = at->reason != 0 ? at->reason : ENOTDIR;
        return nullptr;
    }
    return at;
}

void path_resolver::look_at(name_node& name, char const* path)
{
    if (!name.look) {
        tree_.mark(name, false);
    }
    evaluate(name, path);
    // And at what a link leads to.
    for (auto* at = &name; at->link;) {
        at = at->link->target;
        if (is_known_too_little(*at)) {
            tree_.mark(*at, false);
        }
        if (at->is_dirty()) {
            evaluate(*at);
        }
    }
}

void path_resolver::evaluate(name_node& name, char const* path)
{
    auto const* const object = name.object;
    auto const* const target = name.link ? name.link->target : nullptr;
    bool const deep = name.deep;
    bool const only_content = name.content && !name.look;
    in_progress progress(tree_, name);
    if (!only_content || !refresh(name)) {
        look(name, path);
    }
    progress.done();
    bool const leads_elsewhere = (name.link ? name.link->target : nullptr) != target;
    if (leads_elsewhere && tree_.has_incomplete()) {
        // It may have been what closed a circle.
        tree_.mark_incomplete();
    }
    tell(name, deep || name.object != object || leads_elsewhere);
}

// The names beneath have to be looked at if `beneath`; the entries that depend on it, compared.
void path_resolver::tell(name_node& name, bool beneath) noexcept
{
    for_each_name(name, [&](name_node& at) {
        if (beneath) {
            for (auto* child = at.children.first(); child != nullptr;
                 child = decltype(at.children)::behind(*child)) {
                tree_.mark(*child, true);
            }
        }
        for (auto* entry = at.entries.first(); entry != nullptr;
             entry = decltype(at.entries)::behind(*entry)) {
            add_check(*entry);
        }
    });
}

// What a file was changed to. False if it is not the file that it was.
bool path_resolver::refresh(name_node& name) noexcept
{
    if (name.object == nullptr) {
        return false;
    }
    ++looks_;
    boost::system::error_code ec;
    auto const status = port_->status(tree_.path_of(name).c_str(), ec);
    if (ec || !name.object->is_same(status)) {
        return false;
    }
    name.object->stamp = status.stamp;
    return true;
}

void path_resolver::look(name_node& name, char const* path)
{
    tree_.set_incomplete(name, false);
    look_at_long_way_to(name);
    int reason = 0;
    if (name.parent != nullptr && directory_of(*name.parent, reason) == nullptr) {
        become_nothing(name, reason);
        return;
    }
    ++looks_;
    auto const wanted = wanted_of_file(name);
    auto const beneath = has_names_beneath(name);
    if (path == nullptr) {
        path = tree_.path_of(name).c_str();
    }
    found_.clear();
    // What is new there is most often a file. If another comes in between, that is told, as the
    // directory is watched, and the name is looked at again.
    bool const is_new = !name.link && (name.object == nullptr || name.object->wd == 0);
    if (wanted == 0 || beneath || !is_new || !port_->look_quickly(path, wanted, found_)) {
        found_.clear();
        port_->look(path, beneath ? directory_mask : 0, wanted, found_);
    }
    become(name, found_);
}

void path_resolver::become(name_node& name, look_result& found)
{
    auto const failure = found.status.kind == file_kind::none ? found.reason : found.watch_failure;
    if (is_want_of_resources(failure)) {
        note_failure(failure);
        tree_.set_incomplete(name, true);
        if (found.status.kind == file_kind::none) {
            // Nothing was found out.
            return;
        }
    }
    switch (found.status.kind) {
    case file_kind::none:
        become_nothing(name, found.reason);
        return;
    case file_kind::symbolic_link:
        found.status.stamp = stamp_of_link(found);
        become_link(name, found);
        return;
    case file_kind::file:
        if (found.watch_failure == EACCES) {
            // Who cannot read it has no use for it. That it can be read again is told by its
            // directory, unless that is done through another name of the file.
            tree_.set_incomplete(name, found.status.links > 1);
            become_nothing(name, EACCES);
            return;
        }
        break;
    case file_kind::directory:
        // What cannot be read can be passed nevertheless, but tells nothing.
        break;
    }
    tree_.set_incomplete(name, found.watch_failure != 0);
    become_object(name, found);
}

void path_resolver::become_nothing(name_node& name, int reason) noexcept
{
    tree_.drop_link(name);
    objects_.detach(name);
    name.reason = static_cast<std::int16_t>(reason);
}

void path_resolver::become_link(name_node& name, look_result const& found)
{
    if (!is_followed(name)) {
        become_unfollowed(name, found.status, 0);
        return;
    }
    auto const depth = name.depth + 1U;
    if (!name.link || name.link->text != found.target || name.link->target->depth > depth) {
        if (depth > most_links) {
            become_unfollowed(name, found.status, ELOOP);
            return;
        }
        auto& target = tree_.walk(found.target.starts_with('/') ? tree_.root() : *name.parent,
                                  found.target, depth);
        if (name_tree::depends_on(target, name)) {
            // What is new on that way is unused, and pruned when it is looked at.
            become_unfollowed(name, found.status, ELOOP);
            // To be looked at again when another link of the circle leads elsewhere.
            tree_.set_incomplete(name, true);
            return;
        }
        tree_.set_link(name, found.target, found.status, target);
        if (auto* const last = final_of(target); last != nullptr && is_known_too_little(*last)) {
            tree_.mark(*last, false);
        }
    }
    name.link->status = found.status;
    objects_.detach(name);
    name.reason = 0;
}

// A link that nobody follows, or for a reason nobody can: it is there for who does not want to.
void path_resolver::become_unfollowed(name_node& name, file_status const& link, int reason)
{
    auto* object = name.object;
    if (object == nullptr || !object->is_same(link)) {
        object = &objects_.get(0);
    }
    object->set(link);
    objects_.attach(name, *object);
    tree_.drop_link(name);
    name.reason = static_cast<std::int16_t>(reason);
}

void path_resolver::become_object(name_node& name, look_result const& found)
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
        object->mask |= static_cast<std::uint16_t>(
            found.status.kind == file_kind::directory ? directory_mask : wanted_of_file(name));
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
    auto* const last = final_of(name);
    drop_needless_watch(last != nullptr ? *last : name);
}

// Of what a name stands for, if nobody is interested in it but as one step on a way.
void path_resolver::drop_needless_watch(name_node& name) noexcept
{
    auto* const object = name.object;
    if (object == nullptr || object->wd == 0 || name.parent == nullptr) {
        return;
    }
    for (auto* user = object->first_user; user != nullptr; user = user->user_links.next) {
        if (object->kind == file_kind::directory ? has_names_beneath(*user)
                                                 : wanted_of_file(*user) != 0) {
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
        } else if (name->is_dirty()) {
            evaluate(*name);
        } else {
            drop_needless_watch(*name);
        }
        if (i % often == 0 && port_->now() >= until) {
            return !tree_.has_marked();
        }
    }
}

bool path_resolver::note(event_view event) noexcept
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
        note_write(*object, event.is(event_mask::modify));
    } else {
        note_name(*object, event.name());
    }
    return true;
}

// Something has happened to a name in a directory, which may have several names itself.
void path_resolver::note_name(watched_object const& object, std::string_view name) noexcept
{
    for (auto* user = object.first_user; user != nullptr; user = user->user_links.next) {
        for_each_name(*user, [&](name_node const& at) {
            if (auto* const child = tree_.find(at, name); child != nullptr) {
                tree_.mark(*child, true);
            }
        });
    }
}

void path_resolver::note_write(watched_object const& object, bool modified) noexcept
{
    for (auto* user = object.first_user; user != nullptr; user = user->user_links.next) {
        bool wanted = false;
        for_each_interested(*user, [&](file_entry& entry) {
            entry.disturbed = true;
            if (!modified || entry.writes_each) {
                entry.written = true;
                wanted = true;
            } else if (entry.settling) {
                add_check(entry);
            }
        });
        if (wanted) {
            tree_.mark_content(*user);
        }
    }
}

void path_resolver::note_failure(int reason) noexcept
{
    failure_ = reason;
}

int path_resolver::take_failure() noexcept
{
    return std::exchange(failure_, 0);
}

file_entry* path_resolver::take_check() noexcept
{
    auto* const entry = checks_.first();
    if (entry != nullptr) {
        remove_check(*entry);
    }
    return entry;
}

void path_resolver::add_check(file_entry& entry) noexcept
{
    if (!entry.queued) {
        entry.queued = true;
        checks_.push_back(entry);
    }
}

void path_resolver::remove_check(file_entry& entry) noexcept
{
    if (entry.queued) {
        entry.queued = false;
        checks_.erase(entry);
    }
}

} // namespace asio_inotify::detail
