//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_WATCHED_OBJECT_HPP
#define ASIO_INOTIFY_SRC_FILE_WATCHED_OBJECT_HPP

#include "file/linked_list.hpp"
#include "file/pointer_table.hpp"

#include "system/directory_ops.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace asio_inotify::detail {

class file_port;
struct name_node;

/// What names stand for: a directory or a file, and the watch on it if there is one. Or a symbolic
/// link that is not followed.
struct watched_object
{
    using user_links = list_links<name_node>;

    /// 0 for none.
    int wd = 0;
    /// The kinds of events that were asked for.
    std::uint16_t mask = 0;
    file_kind kind = file_kind::none;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    file_stamp stamp{};
    /// The names that stand for it: not those of links to it.
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

/// The objects by their watches.
class object_table
{
public:
    explicit object_table(file_port& port) noexcept
        : port_(&port)
    {}

    object_table(object_table const&) = delete;
    object_table& operator=(object_table const&) = delete;

    /// Null if no object has the watch.
    [[nodiscard]] watched_object* find(int wd) const noexcept { return by_wd_.find(wd); }

    /// The object with a watch, perhaps a new one; a new one without a watch for 0.
    /** It belongs to nobody: a name must be attached at once. Without memory for it, the watch is
     * dropped. */
    [[nodiscard]] watched_object& get(int wd);

    /// The watch is no more.
    void forget_watch(watched_object& object) noexcept;

    /// The watch is not needed any more.
    void drop_watch(watched_object& object) noexcept;

    /// The name stands for the object, and for no other any more, which goes if it was the last.
    void attach(name_node& name, watched_object& object) noexcept;

    /// The name stands for no object any more.
    void detach(name_node& name) noexcept;

    /// Leave the watches to who closes the instance: that is faster.
    void keep_watches() noexcept { port_ = nullptr; }

    /// How many watches there are.
    [[nodiscard]] std::size_t size() const noexcept { return by_wd_.size(); }

private:
    struct traits
    {
        [[nodiscard]] static std::size_t hash(int wd) noexcept
        {
            return mixed(static_cast<std::size_t>(wd));
        }
        [[nodiscard]] static std::size_t hash(watched_object const& object) noexcept
        {
            return hash(object.wd);
        }
        [[nodiscard]] static bool matches(watched_object const& object, int wd) noexcept
        {
            return object.wd == wd;
        }
    };

    file_port* port_;
    pointer_table<watched_object, traits> by_wd_;
    // The last one that has gone: a file that takes another's place takes its memory too.
    std::unique_ptr<watched_object> spare_;
};

} // namespace asio_inotify::detail

#endif
