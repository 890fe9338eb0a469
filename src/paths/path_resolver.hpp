//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_PATH_RESOLVER_HPP
#define ASIO_INOTIFY_SRC_PATHS_PATH_RESOLVER_HPP

#include "paths/linked_list.hpp"
#include "paths/name_tree.hpp"
#include "paths/path_port.hpp"
#include "paths/watched_object.hpp"

#include <asio_inotify/event_view.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asio_inotify::detail {

/// Resolves the names of paths, and keeps the watches that report when the result changes.
/**
 * It watches every directory in which a name is looked up, and every file in which an entry is
 * interested. An event about a name marks that name and the subtree below it; resolving the marked
 * names makes the tree equal to the disk again. There is no race: a directory is watched before a
 * name is looked up in it, so a change after the lookup is an event.
 */
class path_resolver
{
public:
    using time_point = path_port::time_point;

    explicit path_resolver(path_port& port)
        : port_(&port)
        , objects_(port)
        , tree_(objects_)
    {}

    [[nodiscard]] name_tree& tree() noexcept { return tree_; }
    [[nodiscard]] object_table const& objects() const noexcept { return objects_; }

    /// Resolve a name now, and the names to which it leads, for a new entry.
    /** @param path  Its path, or a different one that is the same to the kernel. */
    void resolve_now(name_node& name, char const* path);

    /// Drop what only an entry needed that has been removed from a name.
    void release(name_node& name) noexcept;

    /// Mark the names that an event is about.
    /** @returns False if no object has the event's watch. */
    bool apply_event(event_view event) noexcept;

    /// Mark all names.
    void mark_all() noexcept { tree_.mark(tree_.root(), true); }

    /// Resolve marked names until there are none, or the time is over.
    /** @returns True if there are none. */
    [[nodiscard]] bool run(time_point until);

    /// The name at the end of a chain of links. Null if there are too many links.
    [[nodiscard]] static name_node* final_target(name_node& name) noexcept;

    /// Remove and return the next entry whose state must be compared with the reported one.
    [[nodiscard]] path_entry* take_entry() noexcept;
    void remove_entry(path_entry& entry) noexcept;

    /// True if a name must be looked up again later, as a lookup or a watch failed in a way that may
    /// pass, or as its watch does not report every change.
    [[nodiscard]] bool has_incomplete() const noexcept { return tree_.has_incomplete(); }

    /// Mark these names.
    void retry_incomplete() noexcept { tree_.mark_incomplete(); }

    /// The errno if a lookup since the last call failed for lack of resources; else 0.
    [[nodiscard]] int take_shortage() noexcept;

    [[nodiscard]] std::uint64_t lookups() const noexcept { return lookups_; }

private:
    class attempt;

    void resolve_long_path_to(name_node& name);
    [[nodiscard]] name_node* directory_of(name_node& name, int& reason);
    void resolve(name_node& name, char const* path = nullptr);
    void look_up(name_node& name, char const* path);
    [[nodiscard]] bool refresh_stamp(name_node& name);
    [[nodiscard]] bool look_up_new_file(char const* path, std::uint32_t file_mask,
                                        name_node const* directory);
    void apply(name_node& name, lookup_result& found);
    void apply_missing(name_node& name, int reason) noexcept;
    void apply_link(name_node& name, lookup_result const& found);
    void apply_unfollowed_link(name_node& name, file_status const& link, int reason);
    void apply_object(name_node& name, lookup_result const& found);
    void drop_needless_watch(name_node& name) noexcept;
    void propagate(name_node& name, bool to_subtree) noexcept;
    void add_entry(path_entry& entry) noexcept;
    void mark_child(watched_object const& directory, std::string_view name) noexcept;
    void mark_written(watched_object const& file, bool modified) noexcept;

    path_port* port_;
    object_table objects_;
    name_tree tree_;
    linked_queue<path_entry, &path_entry::queue_links> entries_;
    lookup_result found_;
    int shortage_ = 0;
    std::uint64_t lookups_ = 0;
};

} // namespace asio_inotify::detail

#endif
