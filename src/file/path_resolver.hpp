//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_PATH_RESOLVER_HPP
#define ASIO_INOTIFY_SRC_FILE_PATH_RESOLVER_HPP

#include "file/file_port.hpp"
#include "file/linked_list.hpp"
#include "file/name_tree.hpp"
#include "file/watched_object.hpp"

#include <asio_inotify/event_view.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asio_inotify::detail {

/// Knows what the names of paths stand for, and keeps the watches that tell when that changes.
/**
 * Watches every directory in which a name is looked up, and every file that somebody is interested
 * in. An event that is about a name marks it, and what is beneath it; looking at marked names again
 * brings everything to what is on the disk. A directory is watched before a name is looked up in
 * it, so that what changes between look and look is told.
 */
class path_resolver
{
public:
    using time_point = file_port::time_point;

    explicit path_resolver(file_port& port)
        : port_(&port)
        , objects_(port)
        , tree_(objects_)
    {}

    [[nodiscard]] name_tree& tree() noexcept { return tree_; }

    /// Somebody is not interested in a name any more.
    void release(name_node& name) noexcept;

    [[nodiscard]] object_table const& objects() const noexcept { return objects_; }

    /// Take note of an event of a watch.
    /** @returns False if nothing has the watch. */
    bool note(event_view event) noexcept;

    /// Look at a name, of which it is known that somebody is interested in it.
    /** @param path  Its path, or one that is the same for the kernel. */
    void look_at(name_node& name, char const* path);

    /// Look at everything again, with time.
    void doubt_everything() noexcept { tree_.mark(tree_.root(), true); }

    /// Look at marked names until there is none, or the time is over.
    /** @returns True if there is none. */
    [[nodiscard]] bool run(time_point until);

    /// What a name stands for in the end, through links. Null if they are too many.
    /** @pre It and what it depends on are not marked. */
    [[nodiscard]] static name_node* final_of(name_node& name) noexcept;

    /// The entries to be compared with what they were.
    [[nodiscard]] file_entry* take_check() noexcept;
    void add_check(file_entry& entry) noexcept;
    void remove_check(file_entry& entry) noexcept;

    /// True if there are names that could not be looked at or watched as they should.
    [[nodiscard]] bool has_incomplete() const noexcept { return tree_.has_incomplete(); }

    /// Look at those again, with time.
    void retry_incomplete() noexcept { tree_.mark_incomplete(); }

    /// Why one of the looks since the last call failed for want of resources: an errno, 0 if none.
    [[nodiscard]] int take_failure() noexcept;

    [[nodiscard]] std::uint64_t looks() const noexcept { return looks_; }

private:
    class in_progress;

    void look_at_long_way_to(name_node& name);
    [[nodiscard]] name_node* directory_of(name_node& name, int& reason);
    void evaluate(name_node& name, char const* path = nullptr);
    void look(name_node& name, char const* path);
    [[nodiscard]] bool refresh(name_node& name) noexcept;
    void become(name_node& name, look_result& found);
    void become_nothing(name_node& name, int reason) noexcept;
    void become_link(name_node& name, look_result const& found);
    void become_unfollowed(name_node& name, file_status const& link, int reason);
    void become_object(name_node& name, look_result const& found);
    void drop_needless_watch(name_node& name) noexcept;
    void note_failure(int reason) noexcept;
    void tell(name_node& name, bool beneath) noexcept;
    void note_name(watched_object const& object, std::string_view name) noexcept;
    void note_write(watched_object const& object, bool modified) noexcept;

    file_port* port_;
    object_table objects_;
    name_tree tree_;
    linked_queue<file_entry, &file_entry::check_links> checks_;
    look_result found_;
    int failure_ = 0;
    std::uint64_t looks_ = 0;
};

} // namespace asio_inotify::detail

#endif
