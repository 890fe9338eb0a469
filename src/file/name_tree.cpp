//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file/name_tree.hpp"

#include <utility>
#include <vector>

namespace asio_inotify::detail {

name_tree::name_tree(object_table& objects)
    : objects_(&objects)
    , root_(make_with_text<name_node>({}))
{
    root_->look = true;
    enqueue(*root_);
}

name_tree::~name_tree()
{
    objects_->keep_watches();
    // Leaves first, without memory for the way.
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

name_node& name_tree::get(name_node& parent, std::string_view name, unsigned depth)
{
    if (auto* const known = find(parent, name); known != nullptr) {
        if (depth < known->depth) {
            known->depth = static_cast<std::uint8_t>(depth);
            // So is what it leads to.
            mark(*known, false);
        }
        return *known;
    }
    auto made = make_with_text<name_node>(name);
    made->parent = &parent;
    made->depth = static_cast<std::uint8_t>(depth);
    by_name_.insert(*made);
    parent.children.push_front(*made);
    mark(*made, false);
    return *made.release();
}

name_node& name_tree::walk(name_node& from, std::string_view way, unsigned depth)
{
    struct prune_on_failure
    {
        name_tree& tree;
        name_node* at;
        ~prune_on_failure()
        {
            if (at != nullptr) {
                tree.prune(*at);
            }
        }
    } reached{*this, &from};
    while (!way.empty()) {
        auto const name = way.substr(0, way.find('/'));
        way.remove_prefix(name.size() == way.size() ? name.size() : name.size() + 1);
        if (!name.empty() && name != ".") {
            reached.at = &get(*reached.at, name, depth);
        }
    }
    return *std::exchange(reached.at, nullptr);
}

void name_tree::enqueue(name_node& name) noexcept
{
    if (!name.queued) {
        name.queued = true;
        work_.push_back(name);
    }
}

void name_tree::mark(name_node& name, bool deep) noexcept
{
    name.look = true;
    name.deep = name.deep || deep;
    enqueue(name);
}

void name_tree::mark_content(name_node& name) noexcept
{
    name.content = true;
    enqueue(name);
}

void name_tree::set_incomplete(name_node& name, bool incomplete) noexcept
{
    if (name.incomplete != incomplete) {
        name.incomplete = incomplete;
        incomplete ? ++incomplete_ : --incomplete_;
    }
}

void name_tree::mark_incomplete() noexcept
{
    // In the order of the tree, without memory of its own.
    auto* at = root_.get();
    for (;;) {
        if (at->incomplete) {
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
            // What the target stood on may be what this one stood on.
            bool const was_busy = parent->busy;
            parent->busy = true;
            prune(*target);
            parent->busy = was_busy;
        }
        at = parent;
        if (at->children.empty()) {
            // Its watch may be for nobody now.
            enqueue(*at);
        }
    }
}

void name_tree::remove(name_node& name) noexcept
{
    if (name.queued) {
        work_.erase(name);
    }
    set_incomplete(name, false);
    by_name_.erase(name);
    name.parent->children.erase(name);
    objects_->detach(name);
    delete_with_text()(&name);
}

bool name_tree::depends_on(name_node const& name, name_node const& other) noexcept
{
    // Links are never set so that there is a circle, so that this comes to an end. The ways through
    // many links can be more than anybody wants to go.
    constexpr int most_steps = 10'000;
    int steps = 0;
    auto const visit = [&](auto const& self, name_node const& from) -> bool {
        for (auto const* at = &from; at != nullptr; at = at->parent) {
            if (at == &other || ++steps > most_steps ||
                (at->link && self(self, *at->link->target))) {
                return true;
            }
        }
        return false;
    };
    return visit(visit, name);
}

std::string const& name_tree::path_of(name_node const& name)
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
