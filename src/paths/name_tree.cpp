//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "paths/name_tree.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <utility>

namespace asio_inotify::detail {
namespace {

// True if a condition holds for a name, or for one that resolving it needs: those above and those
// to which links lead. Indeterminate if there are too many: the paths through many links can be
// exponentially many. It terminates, as no link is ever set that closes a circle.
template <class Condition>
boost::tribool any_needed(name_node const& name, Condition const& condition) noexcept
{
    constexpr int most_steps = 10'000;
    int steps = 0;
    bool holds = false;
    auto const ends = [&](auto const& self, name_node const& from) -> bool {
        for (auto const* at = &from; at != nullptr; at = at->parent) {
            holds = condition(*at);
            if (holds || ++steps > most_steps || (at->link && self(self, *at->link->target))) {
                return true;
            }
        }
        return false;
    };
    if (!ends(ends, name)) {
        return false;
    }
    return holds ? boost::tribool(true) : boost::tribool(boost::indeterminate);
}

// True if a change of what a name refers to may not be noticed. What is at the end of a path does
// not lead elsewhere if it is a file.
bool is_in_doubt(name_node const& name) noexcept
{
    return name.failure != 0 && !name.closes_circle &&
           (name.object == nullptr || name.object->kind != file_kind::file);
}

} // namespace

name_tree::name_tree(object_table& objects)
    : objects_(&objects)
    , root_(make_with_text<name_node>({}))
{
    root_->stale = true;
    enqueue(*root_);
}

name_tree::~name_tree()
{
    objects_->leave_watches_to_close();
    // Leaves first. Neither recursion nor a stack, as a path can be long.
    auto* at = root_.get();
    for (;;) {
        while (!at->children.empty()) {
            at = at->children.first();
        }
        if (at == root_.get()) {
            break;
        }
        auto* const parent = at->parent;
        parent->children.erase(*at);
        objects_->detach(*at);
        delete_with_text()(at);
        at = parent;
    }
    objects_->detach(*root_);
}

name_node& name_tree::get(name_node& parent, std::string_view name, unsigned link_depth)
{
    if (auto* const known = find(parent, name); known != nullptr) {
        if (link_depth < known->link_depth) {
            known->link_depth = static_cast<std::uint8_t>(link_depth);
            // The names to which it leads are less deep too.
            mark(*known, false);
        }
        return *known;
    }
    auto made = make_with_text<name_node>(name);
    made->parent = &parent;
    made->link_depth = static_cast<std::uint8_t>(link_depth);
    by_name_.insert(made.get());
    parent.children.push_front(*made);
    mark(*made, false);
    return *made.release();
}

name_node& name_tree::walk(name_node& from, std::string_view path, unsigned link_depth)
{
    auto* at = &from;
    scope_guard prune_new_names([&] { prune(*at); });
    while (!path.empty()) {
        auto const name = path.substr(0, path.find('/'));
        path.remove_prefix(name.size() == path.size() ? name.size() : name.size() + 1);
        if (!name.empty() && name != ".") {
            at = &get(*at, name, link_depth);
        }
    }
    prune_new_names.dismiss();
    return *at;
}

// A path that ends with "/" or "/." names a directory or nothing. The name "." below stands for
// that.
name_node& name_tree::walk_link(name_node& from, std::string_view target, unsigned link_depth)
{
    auto& last = walk(from, target, link_depth);
    bool const must_be_directory = target.ends_with('/') || target.ends_with("/.");
    if (!must_be_directory || &last == &from || text_of(last) == "..") {
        return last;
    }
    scope_guard prune_new_names([&] { prune(last); });
    auto& itself = get(last, ".", link_depth);
    prune_new_names.dismiss();
    return itself;
}

void name_tree::enqueue(name_node& name) noexcept
{
    if (!name.queued) {
        name.queued = true;
        work_.push_back(name);
    }
}

void name_tree::mark(name_node& name, bool subtree) noexcept
{
    name.stale = true;
    name.subtree_stale = name.subtree_stale || subtree;
    enqueue(name);
}

void name_tree::mark_content(name_node& name) noexcept
{
    name.content_stale = true;
    enqueue(name);
}

void name_tree::set_failure(name_node& name, int failure) noexcept
{
    incomplete_ += failure != 0 ? 1U : 0U;
    incomplete_ -= name.failure != 0 ? 1U : 0U;
    name.failure = static_cast<std::int16_t>(failure);
}

void name_tree::set_closes_circle(name_node& name, bool closes_circle) noexcept
{
    circles_ += closes_circle ? 1U : 0U;
    circles_ -= name.closes_circle ? 1U : 0U;
    name.closes_circle = closes_circle;
}

void name_tree::mark_incomplete() noexcept
{
    mark_if([](name_node const& name) { return name.failure != 0; });
}

void name_tree::mark_circles() noexcept
{
    mark_if([](name_node const& name) -> bool { return name.closes_circle; });
}

template <class Condition>
void name_tree::mark_if(Condition const& condition) noexcept
{
    // In the order of the tree, which needs no memory.
    auto* at = root_.get();
    for (;;) {
        if (condition(*at)) {
            mark(*at, true);
        }
        if (!at->children.empty()) {
            at = at->children.first();
            continue;
        }
        while (at != nullptr && at->sibling_links.next == nullptr) {
            at = at->parent;
        }
        if (at == nullptr) {
            return;
        }
        at = at->sibling_links.next;
    }
}

name_node* name_tree::take_marked() noexcept
{
    auto* const name = work_.first();
    if (name != nullptr) {
        work_.erase(*name);
        name->queued = false;
    }
    return name;
}

void name_tree::set_link(name_node& name, std::string const& text, file_status const& status,
                         name_node& target)
{
    auto made = std::make_unique<symbolic_link>();
    made->text = text;
    made->status = status;
    made->node = &name;
    made->target = &target;
    drop_link(name);
    target.aliases.push_front(*made);
    name.link = std::move(made);
}

void name_tree::drop_link(name_node& name) noexcept
{
    if (auto const link = std::exchange(name.link, nullptr)) {
        link->target->aliases.erase(*link);
        enqueue(*link->target);
    }
}

void name_tree::prune(name_node& name) noexcept
{
    for (auto* at = &name; at->is_unused();) {
        auto* const parent = at->parent;
        auto* const target = at->link ? at->link->target : nullptr;
        drop_link(*at);
        remove(*at);
        if (target != nullptr) {
            // Keep the parent: the target may be below it too.
            bool const was_resolving = parent->resolving;
            parent->resolving = true;
            prune(*target);
            parent->resolving = was_resolving;
        }
        at = parent;
        if (at->children.empty()) {
            // Its watch may be needless now.
            enqueue(*at);
        }
    }
}

void name_tree::remove(name_node& name) noexcept
{
    if (name.queued) {
        work_.erase(name);
    }
    set_failure(name, 0);
    set_closes_circle(name, false);
    by_name_.erase(&name);
    name.parent->children.erase(name);
    objects_->detach(name);
    delete_with_text()(&name);
}

boost::tribool name_tree::depends_on(name_node const& name, name_node const& other) noexcept
{
    return any_needed(name, [&](name_node const& at) { return &at == &other; });
}

int name_tree::failure_of(name_node const& name) noexcept
{
    int failure = 0;
    auto const found = any_needed(name, [&](name_node const& at) {
        failure = is_in_doubt(at) ? at.failure : 0;
        return failure != 0;
    });
    return boost::indeterminate(found) ? ELOOP : failure;
}

std::string const& name_tree::absolute_path(name_node const& name)
{
    if (name.parent == nullptr) {
        path_ = '/';
        return path_;
    }
    std::size_t size = 0;
    for (auto const* at = &name; at->parent != nullptr; at = at->parent) {
        size += text_of(*at).size() + 1;
    }
    path_.resize(size);
    for (auto const* at = &name; at->parent != nullptr; at = at->parent) {
        auto const text = text_of(*at);
        size -= text.size();
        text.copy(&path_[size], text.size());
        path_[--size] = '/';
    }
    return path_;
}

} // namespace asio_inotify::detail
