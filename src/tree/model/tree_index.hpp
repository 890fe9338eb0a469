//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_TREE_INDEX_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_TREE_INDEX_HPP

#include "tree/model/entry_arena.hpp"
#include "tree/model/name_table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// What is kept of a directory beside its entry.
struct tree_directory
{
    // Waits for what is in its other flags to be done.
    static constexpr std::uint16_t queued = 1U << 0;
    // To be opened and watched, to see whether it is still the same.
    static constexpr std::uint16_t verify = 1U << 1;
    // To be listed and compared.
    static constexpr std::uint16_t list = 1U << 2;
    // All beneath it to be probed and listed as well.
    static constexpr std::uint16_t deep = 1U << 3;
    // The mark of the entries that were seen since it was begun to be listed.
    static constexpr std::uint16_t mark = 1U << 4;
    static constexpr std::uint16_t uncovered = 1U << 5;
    // No more in the tree, and soon no more at all.
    static constexpr std::uint16_t removed = 1U << 6;
    // The entry is that of a root.
    static constexpr std::uint16_t root = 1U << 7;
    // Some entries have another mark although it is not being listed: those are not there any more,
    // or have moved to where they will be found.
    static constexpr std::uint16_t unsettled = 1U << 11;
    // Watched or listed since the queue was empty: events that are still queued can be older than
    // what was seen.
    static constexpr std::uint16_t recent = 1U << 12;
    // Its entries are in the table of names.
    static constexpr std::uint16_t hashed = 1U << 13;
    // How often in a row it could not be found although it is listed, in these bits.
    static constexpr std::uint16_t one_attempt = 1U << 8;
    static constexpr std::uint16_t attempts = 7U << 8;

    entry_id entry;
    entry_id first_child;
    std::uint64_t inode;
    // 0 if there is no watch.
    std::int32_t wd;
    // The next directory with the same watch.
    dir_id alias;
    // The next one of the list that it is in.
    dir_id link;
    // Which filesystem, in the order in which they were seen; 0 if that is not known.
    std::uint16_t device;
    std::uint16_t flags;

    [[nodiscard]] bool is(std::uint16_t wanted) const noexcept { return (flags & wanted) != 0; }
    void set(unsigned wanted) noexcept { flags = static_cast<std::uint16_t>(flags | wanted); }
    void clear(unsigned unwanted) noexcept
    {
        flags = static_cast<std::uint16_t>(flags & ~unwanted);
    }
};
static_assert(sizeof(tree_directory) == 32);

// The entries of trees, found by directory and name. Paths are computed, not kept: all beneath a
// directory goes with it when it gets another name. Values only.
class tree_index
{
public:
    [[nodiscard]] tree_entry& entry(entry_id id) noexcept { return entries_[id]; }
    [[nodiscard]] tree_entry const& entry(entry_id id) const noexcept { return entries_[id]; }

    [[nodiscard]] tree_directory& directory(dir_id id) noexcept
    {
        return directories_[id >> chunk_bits][id & (chunk_size - 1)];
    }

    [[nodiscard]] tree_directory const& directory(dir_id id) const noexcept
    {
        return directories_[id >> chunk_bits][id & (chunk_size - 1)];
    }

    [[nodiscard]] dir_id parent(dir_id id) const noexcept
    {
        return entry(directory(id).entry).parent;
    }

    [[nodiscard]] entry_id find(dir_id parent, std::string_view name) const noexcept
    {
        auto const& d = directory(parent);
        if (d.is(tree_directory::hashed)) {
            return names_.find(entries_, parent, name);
        }
        for (auto id = d.first_child; id != 0;) {
            auto const& e = entry(id);
            if (e.is_named(name)) {
                return id;
            }
            id = e.next;
        }
        return 0;
    }

    struct found
    {
        entry_id id = 0;
        tree_entry const* entry = nullptr;
    };

    /// The same, where it often is: beside an entry of the directory that was found before.
    [[nodiscard]] found find_beside(found last, dir_id parent, std::string_view name) const noexcept
    {
        if (last.id != 0) {
            auto const* const next = &entry(last.entry->next);
            if (last.entry->next != 0 && next->is_named(name)) {
                return {last.entry->next, next};
            }
            auto const* const previous = &entry(last.entry->previous);
            if (last.entry->previous != 0 && previous->is_named(name)) {
                return {last.entry->previous, previous};
            }
        }
        auto const id = find(parent, name);
        return {id, &entry(id)};
    }

    /// A new entry, with a directory if it is one; still without a place.
    /** @throws std::bad_alloc, without effect then. */
    [[nodiscard]] entry_id make(std::string_view name, bool is_directory);

    /// Make room for one or two more entries with a place. @throws std::bad_alloc
    void reserve(std::size_t count = 1) { names_.reserve(count * (few + std::size_t{1})); }

    /// Put an entry into a directory.
    /** @pre Room was reserved. It has no place; there is no entry of its name. */
    void link(entry_id id, dir_id parent) noexcept;

    /// Take an entry out of its directory.
    void unlink(entry_id id) noexcept;

    /// The same entry with another name, without a place. @throws std::bad_alloc
    [[nodiscard]] entry_id copy(entry_id id, std::string_view name);

    /// Forget an entry without a place; its copy counts from now on.
    void replace(entry_id id, entry_id copy) noexcept;

    /// Forget an entry without a place, but not its directory.
    void free(entry_id id) noexcept { entries_.free(id); }

    /// Forget a directory without entries.
    void free_directory(dir_id id) noexcept;

    [[nodiscard]] std::size_t entry_count() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t directory_count() const noexcept { return directory_count_; }

private:
    // So many entries of a directory are looked through as fast as one is found in the table, which
    // is a miss of the cache or two. Most directories have no more, and with them the table stays
    // small, and nothing needs to be put into it when a tree is scanned.
    static constexpr unsigned few = 32;
    static_assert(2 * (few + 1) <= name_table::most_reserved);

    static constexpr unsigned chunk_bits = 9;
    static constexpr std::size_t chunk_size = std::size_t{1} << chunk_bits;

    [[nodiscard]] dir_id make_directory();
    [[nodiscard]] unsigned count_entries(tree_directory const& d) const noexcept;

    entry_arena entries_;
    name_table names_;
    std::vector<std::unique_ptr<tree_directory[]>> directories_; // NOLINT(*-avoid-c-arrays)
    dir_id free_directories_ = 0;
    dir_id used_directories_ = 1;
    std::size_t directory_count_ = 0;
};

} // namespace asio_inotify::detail

#endif
