//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "paths/watched_object.hpp"

#include "paths/name_tree.hpp"
#include "paths/path_port.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/assert.hpp>

#include <memory>
#include <utility>

namespace asio_inotify::detail {

watched_object& object_table::get(int wd)
{
    if (auto* const known = wd != 0 ? find(wd) : nullptr; known != nullptr) {
        return *known;
    }
    scope_guard drop_new_watch([&] {
        if (wd != 0) {
            port_->drop_watch(wd);
        }
    });
    auto object = spare_ ? std::move(spare_) : std::make_unique<watched_object>();
    *object = {};
    object->wd = wd;
    if (wd != 0) {
        by_wd_.insert(object.get());
    }
    drop_new_watch.dismiss();
    return *object.release();
}

void object_table::forget_watch(watched_object& object) noexcept
{
    if (object.wd != 0) {
        by_wd_.erase(&object);
        object.wd = 0;
        object.mask = 0;
    }
}

void object_table::drop_watch(watched_object& object) noexcept
{
    BOOST_ASSERT(object.wd != 0);
    port_->drop_watch(object.wd);
    forget_watch(object);
}

void object_table::attach(name_node& name, watched_object& object) noexcept
{
    if (name.object == &object) {
        return;
    }
    detach(name);
    name.object = &object;
    linked_list<name_node, &name_node::user_links> users(object.first_user);
    users.push_front(name);
    object.first_user = users.first();
}

void object_table::detach(name_node& name) noexcept
{
    auto* const object = name.object;
    if (object == nullptr) {
        return;
    }
    linked_list<name_node, &name_node::user_links> users(object->first_user);
    users.erase(name);
    object->first_user = users.first();
    name.object = nullptr;
    if (users.empty()) {
        if (object->wd != 0) {
            if (port_ != nullptr) {
                port_->drop_watch(object->wd);
            }
            by_wd_.erase(object);
        }
        spare_.reset(object);
    }
}

} // namespace asio_inotify::detail
