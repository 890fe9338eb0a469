//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RESTORATION_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RESTORATION_HPP

#include "tree/engine/agenda.hpp"
#include "tree/engine/directory_access.hpp"
#include "tree/engine/restored_numbers.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

// What a snapshot says of trees while they are compared with the disk for the first time: where
// which inode was, so that an entry that has moved is reported as renamed, and the watch
// descriptors.
class restoration
{
public:
    restoration(tree_port& port, tree_model& model, agenda& work, directory_access& access) noexcept
        : port_(port)
        , model_(model)
        , agenda_(work)
        , access_(access)
    {}

    [[nodiscard]] bool is_active() const noexcept { return is_active_; }
    void begin() noexcept { is_active_ = true; }

    /// The comparison is complete.
    void end() noexcept;

    /// Forget the snapshot, which was not used.
    void clear() noexcept;

    /// True while something that was forgotten is still to be destroyed.
    [[nodiscard]] bool has_rest() const noexcept
    {
        return !old_places_.empty() || !old_numbers_.empty();
    }
    /// Destroy a part of it. @pre `has_rest()`
    void drop_part() noexcept;

    restored_numbers numbers;

    /// An entry with this inode was in a directory under a name.
    void add_place(std::uint64_t inode, dir_id directory, std::string_view name)
    {
        places_.insert_or_assign(inode, {directory, std::string(name)});
    }

    /// Move an entry here that is not where it was, if the listed inode is that of one.
    /** @returns The entry, which has the listed name now; 0 if there is none. */
    [[nodiscard]] entry_id move_here(dir_id id, listed_entry const& listed, bool is_directory);

    /// Replace the entry `known`, of the same name, by the one with the listed inode, if that one
    /// is not where it was.
    /** @returns The entry that has the listed name now, which can be `known`. */
    [[nodiscard]] entry_id move_over(dir_id id, entry_id known, listed_entry const& listed,
                                     bool is_directory);

private:
    struct place
    {
        dir_id directory;
        std::string name;
    };

    // An entry of the trees that is not where it was.
    struct moved_entry
    {
        // 0 if there is none.
        entry_id id = 0;
        // The inode of what has its old name now; 0 if nothing has.
        std::uint64_t successor = 0;
    };

    [[nodiscard]] moved_entry find_moved(dir_id id, listed_entry const& listed, bool is_directory);
    void list_again(dir_id parent, entry_id id) noexcept;
    [[nodiscard]] entry_id exchange(dir_id id, entry_id known, entry_id other,
                                    listed_entry const& listed);
    [[nodiscard]] std::uint64_t inode_of(entry_id id) noexcept;
    [[nodiscard]] bool is_watched(entry_id id) noexcept;

    tree_port& port_;
    tree_model& model_;
    agenda& agenda_;
    directory_access& access_;
    sharded_map<std::uint64_t, place> places_;
    sharded_map<std::uint64_t, place> old_places_;
    sharded_map<dir_id, int> old_numbers_;
    bool is_active_ = false;
};

} // namespace asio_inotify::detail

#endif
