//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_WATCHED_OBJECT_HPP
#define ASIO_INOTIFY_SRC_PATHS_WATCHED_OBJECT_HPP

#include "paths/linked_list.hpp"
#include "paths/set_by_key.hpp"
#include "system/directory_ops.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace asio_inotify::detail {

class path_port;
struct name_node;

/// An inode that names refer to: a directory, a file or a symbolic link that is not followed; and
/// the watch on it, if there is one.
struct watched_object
{
    using user_links = list_links<name_node>;

    /// 0 for none.
    int wd = 0;
    /// The kinds of events that the watch reports.
    std::uint16_t mask = 0;
    file_kind kind = file_kind::none;
    /// Some changes are not reported, whatever the watch is for.
    bool has_unreported = false;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    file_stamp stamp{};
    /// The names that refer to it directly, not through symbolic links.
    name_node* first_user = nullptr;

    [[nodiscard]] bool is_same(file_status const& status) const noexcept
    {
        return inode == status.inode && device == status.device && kind == status.kind;
    }

    void set(file_status const& status) noexcept
    {
        kind = status.kind;
        device = status.device;
        inode = status.inode;
        stamp = status.stamp;
    }
};

/// Owns the objects, and finds them by their watches.
class object_table
{
public:
    explicit object_table(path_port& port) noexcept
        : port_(&port)
    {}

    object_table(object_table const&) = delete;
    object_table& operator=(object_table const&) = delete;

    /// Null if no object has the watch.
    [[nodiscard]] watched_object* find(int wd) const noexcept { return find_in(by_wd_, wd); }

    /// The object with a watch, which is created if there is none; for 0 a new one without a watch.
    /** No name refers to a new one: attach one at once. When out of memory, drops the watch. */
    [[nodiscard]] watched_object& get(int wd);

    /// The kernel has removed the watch of an object.
    void forget_watch(watched_object& object) noexcept;

    /// Remove the watch of an object. @pre It has one.
    void drop_watch(watched_object& object) noexcept;

    /// Let a name refer to an object instead of the one before.
    /** An object is destroyed with its watch when no name refers to it any more. */
    void attach(name_node& name, watched_object& object) noexcept;

    /// Let a name refer to no object.
    void detach(name_node& name) noexcept;

    /// Do not remove watches any more: closing the instance removes them all, faster.
    void leave_watches_to_close() noexcept { port_ = nullptr; }

    /// How many watches there are.
    [[nodiscard]] std::size_t size() const noexcept { return by_wd_.size(); }

private:
    struct wd_of
    {
        [[nodiscard]] int operator()(int wd) const noexcept { return wd; }
        [[nodiscard]] int operator()(watched_object const* object) const noexcept
        {
            return object->wd;
        }
    };

    path_port* port_;
    set_by_key<watched_object, wd_of> by_wd_;
    // The memory of the object destroyed last: replacing a file allocates nothing.
    std::unique_ptr<watched_object> spare_;
};

} // namespace asio_inotify::detail

#endif
