//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_TREE_MODEL_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_TREE_MODEL_HPP

#include "tree/model/change_writer.hpp"
#include "tree/model/tree_index.hpp"
#include "tree/model/watch_map.hpp"
#include "tree/port/tree_port.hpp"

#include <asio_inotify/tree_options.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// A directory that the user wants to have watched with all beneath it.
struct tree_root
{
    // As the user gave it, but for separators at the end.
    std::string path;
    // Where it is looked for.
    std::string absolute;
    // The same without symbolic links, when it was added.
    std::string canonical;
    dir_id directory = 0;
    // What happens beneath it is told.
    bool is_reported = false;
    // There is a directory at the path.
    bool present = true;
};

// The trees as the stream of changes has them: whatever is done to them here is told, so that who
// replays the stream has the same trees. Knows nothing of events and of looking at directories.
class tree_model
{
public:
    tree_model(tree_port& port, tree_options const& options)
        : port_(port)
        , options_(options)
        , changes_(options.report)
    {}

    tree_index index;
    /// An entry that moves on to the next one of its directory when it is taken away.
    entry_id cursor = 0;

    [[nodiscard]] tree_directory& directory(dir_id id) noexcept { return index.directory(id); }
    [[nodiscard]] std::string_view name_of(dir_id id) const noexcept
    {
        return index.entry(index.directory(id).entry).name();
    }
    [[nodiscard]] change_writer& changes() noexcept { return changes_; }
    [[nodiscard]] change_writer const& changes() const noexcept { return changes_; }

    // Roots.

    /// A root without a watch, not announced. @throws std::bad_alloc, without effect then.
    tree_root& make_root(std::string path, std::string absolute, std::string canonical);
    /// A directory of another root becomes one of its own. @throws std::bad_alloc, without effect
    /// then.
    tree_root& promote(dir_id id, std::string path, std::string absolute, std::string canonical);
    /// Its tree is taken away without a word.
    void drop_root(tree_root const& root) noexcept;
    [[nodiscard]] std::deque<tree_root>& roots() noexcept { return roots_; }
    [[nodiscard]] tree_root* find_root(dir_id directory) noexcept;
    [[nodiscard]] tree_root* find_root(std::string_view path) noexcept;
    void start_reporting(tree_root& root) noexcept;

    // Places.

    /// Where a directory is.
    struct place
    {
        // The path as the user knows it. Valid until the next call.
        std::string_view path;
        // The same with a separator at its end, if there is a path.
        std::string_view prefix;
        // Null if the directory is no more in a tree.
        tree_root* root;
        // Changes there are told.
        bool is_reported;
    };
    [[nodiscard]] place locate(dir_id id)
    {
        if (id != located_ || shape_ != located_shape_) {
            find_place(id);
        }
        return {located_path_, located_prefix_, located_root_,
                located_root_ != nullptr && located_root_->is_reported};
    }
    [[nodiscard]] bool is_attached(dir_id id) const noexcept
    {
        return detached_ == 0 ? !index.directory(id).is(tree_directory::removed) : has_root(id);
    }
    /// True if one is the other or beneath it.
    [[nodiscard]] bool is_within(dir_id id, dir_id ancestor) const noexcept;
    /// The directory at a path below a root; 0 if none is known there.
    [[nodiscard]] dir_id find_directory(dir_id root, std::string_view rest) const noexcept;
    /// The path by which a directory can be opened. Valid until the next call; empty if none.
    [[nodiscard]] std::string const& path_to_open(dir_id id);
    /// True if there are entries that are not wanted.
    [[nodiscard]] bool has_exclusions() const noexcept
    {
        return !options_.exclude.empty() || options_.prune;
    }
    /// True if the entry of that name is not wanted.
    [[nodiscard]] bool is_excluded(dir_id parent, std::string_view name, bool is_directory)
    {
        return has_exclusions() && matches_exclusion(parent, name, is_directory);
    }

    // Changes.

    entry_id create(dir_id parent, std::string_view name, bool is_directory, bool synthetic);
    void remove(entry_id id, bool synthetic);
    /// All entries of a directory, one after the other.
    void remove_children(dir_id id);
    /// What has the new name is replaced. @returns The entry, which is another one now.
    entry_id rename(entry_id id, dir_id parent, std::string_view name, bool synthetic);
    void exchange(entry_id a, entry_id b, bool synthetic = false);
    /// Something happened to an entry.
    void report(tree_change_mask what, dir_id parent, std::string_view name, bool is_directory,
                bool synthetic);
    /// Something happened to a directory itself.
    void report(tree_change_mask what, dir_id id, boost::system::error_code const& ec = {});
    /// Something happened to no entry.
    void report(tree_change_mask what);

    // Watches.

    /// The first directory with a watch; the others follow by their aliases.
    [[nodiscard]] dir_id find_watch(int wd) const noexcept { return watches_.find(wd); }
    /// The same, of those that are in a tree. A removed one has its watch until it is freed.
    [[nodiscard]] dir_id find_attached_watch(int wd);
    [[nodiscard]] std::size_t watch_count() const noexcept { return watches_.size(); }
    /// @pre The directory has no watch. @throws std::bad_alloc, without effect then.
    void assign_watch(dir_id id, int wd);
    /// The watch is ended if no other directory has it.
    void release_watch(dir_id id) noexcept;
    /// The kernel has ended a watch.
    void drop_watch(int wd) noexcept;
    /// How many watches were ended.
    [[nodiscard]] std::uint64_t ended_watches() const noexcept { return ended_watches_; }

    // What was removed.

    /// Give memory and watches back of what was removed, so many entries at a time.
    void free_removed(std::size_t count) noexcept;
    [[nodiscard]] bool has_removed() const noexcept { return removed_ != 0; }
    /// A directory that was in another list while it was removed is in none now.
    void add_removed(dir_id id) noexcept;
    /// How often a directory was moved or taken away, or a root was changed.
    [[nodiscard]] std::uint64_t shape() const noexcept { return shape_; }

private:
    [[nodiscard]] bool has_root(dir_id id) const noexcept;
    void find_place(dir_id id);
    [[nodiscard]] bool matches_exclusion(dir_id parent, std::string_view name, bool is_directory);
    void unlink(entry_id id) noexcept;
    void detach_entry(entry_id id) noexcept;
    void detach(dir_id id) noexcept;

    tree_port& port_;
    tree_options const& options_;
    change_writer changes_;
    watch_map watches_;
    std::deque<tree_root> roots_;
    // The removed directories whose entries are still there.
    dir_id removed_ = 0;
    // How many directories are dead; there can be others beneath them.
    std::size_t detached_ = 0;
    std::uint64_t ended_watches_ = 0;
    std::uint64_t shape_ = 1;

    // The place of the last directory that was located.
    dir_id located_ = 0;
    std::uint64_t located_shape_ = 0;
    // One of the roots is announced, or was.
    bool has_reported_root_ = false;
    tree_root* located_root_ = nullptr;
    // Written from its end.
    std::string located_text_;
    std::string_view located_path_;
    std::string_view located_prefix_;
    std::string scratch_path_;
};

} // namespace asio_inotify::detail

#endif
