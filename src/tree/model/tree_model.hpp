//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_TREE_MODEL_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_TREE_MODEL_HPP

#include "tree/model/change_writer.hpp"
#include "tree/model/exclusions.hpp"
#include "tree/model/link_table.hpp"
#include "tree/model/root_table.hpp"
#include "tree/model/tree_index.hpp"
#include "tree/model/watch_map.hpp"
#include "tree/port/tree_port.hpp"

#include <asio_inotify/tree_options.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

// The trees as the stream of changes describes them. Every operation reports what it changes, so
// that replaying the stream gives the same trees (invariant 2 of tree_engine.hpp). Knows nothing of
// events and does not open directories.
class tree_model
{
public:
    tree_model(tree_port& port, tree_options const& options)
        : links(port)
        , port_(port)
        , exclusions_(options)
        , changes_(options.report)
    {}

    tree_index index;
    link_table links;
    /// An entry of a directory; the next one when it is removed.
    entry_id cursor = 0;
    /// The same, for exclusion_check.
    entry_id check_cursor = 0;

    [[nodiscard]] tree_directory& directory(dir_id id) noexcept { return index.directory(id); }
    [[nodiscard]] std::string_view name_of(dir_id id) const noexcept
    {
        return index.entry(index.directory(id).entry).name();
    }
    [[nodiscard]] change_writer& changes() noexcept { return changes_; }
    [[nodiscard]] change_writer const& changes() const noexcept { return changes_; }
    /// How much was done since the beginning, in units of about as much as a change takes: more if
    /// paths are long.
    [[nodiscard]] std::uint64_t effort() const noexcept
    {
        return levels_ / 16 + changes_.total_bytes() / 1024;
    }

    // Roots.

    /// A root without a watch, not reported yet. @throws std::bad_alloc, without effect then.
    tree_root& make_root(std::string path, std::string absolute, std::string canonical);
    /// A directory of another root becomes one of its own. @throws std::bad_alloc, without effect
    /// then.
    tree_root& promote(dir_id id, std::string path, std::string absolute, std::string canonical);
    /// Remove the root and its tree without a report.
    void drop_root(tree_root const& root) noexcept;
    /// The tree of a root replaces a directory of another root that was scanned at the same path.
    /// That one is removed without a report. @throws std::bad_alloc, without effect then.
    void move_root_over(tree_root const& root, dir_id replaced);
    [[nodiscard]] root_table::list& roots() noexcept { return roots_.all(); }
    /// The same to look them up by their paths.
    [[nodiscard]] root_table& roots_by_path() noexcept { return roots_; }
    [[nodiscard]] tree_root* find_root(dir_id directory) noexcept { return roots_.find(directory); }
    [[nodiscard]] tree_root* find_root(std::string_view path) noexcept { return roots_.find(path); }
    void start_reporting(tree_root& root) noexcept;

    // Places.

    /// Where a directory is.
    struct place
    {
        // The path as the user gave it. Valid until the next call.
        std::string_view path;
        // The same with a separator at its end, if there is a path.
        std::string_view prefix;
        // Null if the directory is in no tree any more.
        tree_root* root;
        // Changes there are reported.
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
    /// True if a directory is the other one, or below it.
    [[nodiscard]] bool is_within(dir_id id, dir_id ancestor) const noexcept;
    /// The directory at a path below a root; 0 if none is known there.
    [[nodiscard]] dir_id find_directory(dir_id root, std::string_view rest) const noexcept;
    /// The path by which a directory can be opened. Valid until the next call; empty if none.
    [[nodiscard]] std::string const& path_to_open(dir_id id);

    /// The same in two parts, of which the first one can lead through links.
    struct split_path
    {
        // Of the root.
        std::string_view top;
        std::string_view rest;
    };
    /// Valid until the next call; empty if there is none.
    [[nodiscard]] split_path path_below_root(dir_id id);

    /// True if an entry is a followed link, or may be one: not a directory for the kernel.
    [[nodiscard]] bool is_link(dir_id parent, std::string_view name) const noexcept
    {
        return !links.empty() && links.find(parent, name) != 0;
    }

    /// True if the path of a directory is so long that few changes in it fill a batch.
    [[nodiscard]] bool has_long_path(dir_id id)
    {
        constexpr std::size_t longest = 4096;
        return has_reported_root_ && locate(id).prefix.size() > longest;
    }

    /// True if the path of a directory leads through more links than the kernel follows.
    [[nodiscard]] bool has_too_many_links(dir_id id) const noexcept;

    // Exclusions.

    /// True if some entries may be excluded by the options.
    [[nodiscard]] bool has_exclusions() const noexcept { return exclusions_.exist(); }
    /// Ask the options about an entry. If its path is why they exclude it, the directory gets the
    /// flag `omits`.
    /** @returns True if they exclude it. @throws callback_failure if the user's function throws. */
    [[nodiscard]] bool excludes(dir_id parent, std::string_view name, bool is_directory)
    {
        return has_exclusions() && matches_exclusion(parent, name, is_directory);
    }
    /// Clear the flag `omits`. @returns True if it was set.
    bool forget_omissions(dir_id id) noexcept;
    /// True if directories have other paths now, so that the options have to be asked again about
    /// what is below. Always false if the options do not depend on paths.
    [[nodiscard]] bool has_moved() const noexcept { return !moved_.empty(); }
    /// One of these directories: the next one to take. @pre `has_moved()`
    [[nodiscard]] dir_id next_moved() const noexcept { return moved_.back(); }
    /// Take it. @pre `has_moved()`
    [[nodiscard]] dir_id take_moved() noexcept;

    // Changes.

    entry_id create(dir_id parent, std::string_view name, bool is_directory, bool synthetic);
    void remove(entry_id id, bool synthetic);
    /// Remove all entries of a directory, one after the other. If there are many, its watch is
    /// released, and they are removed by @ref resume_emptying. Nothing else may happen until then.
    /** @returns True if there are none any more. @throws std::bad_alloc */
    [[nodiscard]] bool empty(dir_id id);
    [[nodiscard]] bool is_emptying() const noexcept { return !emptying_.empty(); }
    /// Remove some of these entries, until a batch has so many changes. @pre `is_emptying()`
    void resume_emptying(std::optional<std::size_t> most_changes);
    /// An entry of the new name is replaced. @returns The entry, which has another id now.
    entry_id rename(entry_id id, dir_id parent, std::string_view name, bool synthetic);
    void exchange(entry_id a, entry_id b, bool synthetic = false);
    /// Report that something happened to an entry.
    void report(tree_change_mask what, dir_id parent, std::string_view name, bool is_directory,
                bool synthetic);
    /// The same with a cause.
    void report(tree_change_mask what, dir_id parent, std::string_view name, bool is_directory,
                boost::system::error_code const& ec);
    /// Report that something happened to a directory itself.
    void report(tree_change_mask what, dir_id id, boost::system::error_code const& ec = {});
    /// Report a change that is about no entry.
    void report(tree_change_mask what);

    // Watches.

    /// The first directory with a watch; the others follow by their aliases. 0 if there is none.
    [[nodiscard]] dir_id find_watch(int wd) const noexcept { return watches_.find(wd); }
    /// The same, of those that are in a tree. A removed one has its watch until it is freed.
    [[nodiscard]] dir_id find_attached_watch(int wd);
    [[nodiscard]] std::size_t watch_count() const noexcept { return watches_.size(); }
    /// True if one of the directories above has the same watch. @pre It has one.
    [[nodiscard]] bool is_in_itself(dir_id id) const noexcept;
    /// @pre The directory has no watch. @throws std::bad_alloc, without effect then.
    void assign_watch(dir_id id, int wd);
    /// Remove the watch, unless another directory has it too.
    void release_watch(dir_id id) noexcept;
    /// The kernel has removed a watch.
    void drop_watch(int wd) noexcept;
    /// How many watches have ended so far.
    [[nodiscard]] std::uint64_t ended_watches() const noexcept { return ended_watches_; }
    /// At so many places a directory is watched: each of its events is applied at all of them, and
    /// with links in what links lead to there can be exponentially many.
    static constexpr std::size_t most_places = 64;
    /// How many directories have a watch.
    [[nodiscard]] std::size_t count_places(int wd) const noexcept;
    /// How often a directory has lost its watch so far.
    [[nodiscard]] std::uint64_t ended_places() const noexcept { return ended_places_; }

    // Removed directories.

    /// Free memory and watches of removed directories, so many entries and directories at a time.
    void free_removed(std::size_t count) noexcept;
    [[nodiscard]] bool has_removed() const noexcept { return removed_ != 0; }
    /// A removed directory is in no other list any more, and can be freed.
    void add_removed(dir_id id) noexcept;

private:
    void forget_root(tree_root const& root) noexcept;
    [[nodiscard]] bool has_root(dir_id id) const noexcept;
    void find_place(dir_id id);
    [[nodiscard]] bool matches_exclusion(dir_id parent, std::string_view name, bool is_directory);
    void reserve_moved(std::size_t count);
    void note_moved(dir_id id) noexcept;
    void unlink(entry_id id) noexcept;
    void detach_entry(entry_id id) noexcept;
    void detach(dir_id id) noexcept;

    tree_port& port_;
    exclusions exclusions_;
    change_writer changes_;
    watch_map watches_;
    root_table roots_;
    // Directories that have moved since exclusion_check took one. A removed one can be among them.
    std::vector<dir_id> moved_;
    // Directories whose entries are removed in parts. A removed one can be among them.
    std::vector<dir_id> emptying_;
    // A list of the removed directories whose entries were not freed yet.
    dir_id removed_ = 0;
    // How many directories have the flag `removed`; there can be others below them.
    std::size_t detached_ = 0;
    std::uint64_t ended_watches_ = 0;
    std::uint64_t ended_places_ = 0;
    // Changes when a directory is moved or removed, or a root changes.
    std::uint64_t shape_ = 1;

    // The place of the last directory that was located.
    dir_id located_ = 0;
    std::uint64_t located_shape_ = 0;
    // How many levels were gone up for all of them.
    std::uint64_t levels_ = 0;
    // One of the roots is reported, or was.
    bool has_reported_root_ = false;
    tree_root* located_root_ = nullptr;
    // Written from its end, as directories know their parents only.
    std::string located_text_;
    std::string_view located_path_;
    std::string_view located_prefix_;
    std::string scratch_path_;
};

} // namespace asio_inotify::detail

#endif
