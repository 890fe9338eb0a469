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

// What is known of a directory beside its entry.
//
//   flag      | set by                         | cleared by           | meaning
//   ----------+--------------------------------+----------------------+---------------------------
//   queued    | agenda                         | agenda               | it is on the agenda
//   verify    | agenda                         | agenda               | open, watch, compare
//   list      | agenda                         | agenda               | compare its entries
//   deep      | agenda                         | agenda               | the same for all below
//   mark      | directory_lister               | directory_lister     | see there
//   unsettled | directory_lister               | directory_lister     | see there
//   uncovered | coverage, tree_restorer        | coverage             | it cannot be watched
//   removed   | tree_model                     | tree_index, with id  | it is in no tree
//   root      | tree_model                     | tree_model, or there | its entry is a root's
//   recent    | recent_directories             | recent_directories   | invariant 5
//   hashed    | tree_index                     | tree_index           | see name_table
//   attempts  | agenda                         | agenda               | a count of misses
//   omits     | tree_model                     | tree_model           | invariant 11
struct tree_directory
{
    // It is on the agenda.
    static constexpr std::uint16_t queued = 1U << 0;
    // It must be opened and watched, and its identity compared.
    static constexpr std::uint16_t verify = 1U << 1;
    // Its entries must be listed and compared.
    static constexpr std::uint16_t list = 1U << 2;
    // Everything below must be verified and listed as well.
    static constexpr std::uint16_t deep = 1U << 3;
    // The mark of the entries that were seen since its last listing began.
    static constexpr std::uint16_t mark = 1U << 4;
    static constexpr std::uint16_t uncovered = 1U << 5;
    // It is in no tree any more, and is freed soon.
    static constexpr std::uint16_t removed = 1U << 6;
    // Its entry is that of a root.
    static constexpr std::uint16_t root = 1U << 7;
    // Some entries have the other mark although it is not being listed: those are gone, or have
    // moved to a place where they will be found.
    static constexpr std::uint16_t unsettled = 1U << 11;
    // It was watched or listed since the queue was last empty: events that are still queued can be
    // older than what was seen.
    static constexpr std::uint16_t recent = 1U << 12;
    // Its entries are in the table of names.
    static constexpr std::uint16_t hashed = 1U << 13;
    // Entries of it can be missing in the tree because the options exclude them at their path.
    static constexpr std::uint16_t omits = 1U << 14;
    // In these bits: how often in a row it was listed and could not be opened.
    static constexpr std::uint16_t one_attempt = 1U << 8;
    static constexpr std::uint16_t attempts = 7U << 8;

    entry_id entry;
    entry_id first_child;
    std::uint64_t inode;
    // 0 if there is no watch.
    std::int32_t wd;
    // The next directory with the same watch.
    dir_id alias;
    // The next directory of the list that it is in.
    dir_id link;
    // Its filesystem, as filesystem_table numbers them; 0 if that is not known.
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

// The entries of trees, found by directory and name. Paths are computed and not stored, so that
// renaming a directory takes constant time. Values only: no system calls.
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
        return d.is(tree_directory::hashed) ? names_.find(entries_, parent, name)
                                            : find_listed(d, name);
    }

    struct found
    {
        entry_id id = 0;
        tree_entry const* entry = nullptr;
    };

    /// The same, where it often is: beside an entry of the directory that was found before.
    /** @pre The name is not empty. */
    [[nodiscard]] found find_beside(found last, dir_id parent, padded_name name) const noexcept
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
        auto const& d = directory(parent);
        auto const id =
            d.is(tree_directory::hashed) ? find(parent, name.view()) : find_listed(d, name);
        return {id, &entry(id)};
    }

    /// Make room to count the directories of the filesystems up to this number.
    /** @throws std::bad_alloc */
    void reserve_devices(std::uint16_t most)
    {
        if (device_uses_.size() <= most) {
            device_uses_.resize(std::size_t{most} + 1);
        }
    }

    /// A directory is on the filesystem of that number; 0 is none. The only writer of `device`.
    /** @pre Room was reserved. */
    void set_device(dir_id id, std::uint16_t number) noexcept
    {
        auto& device = directory(id).device;
        if (device != 0) {
            --device_uses_[device];
        }
        device = number;
        if (device != 0) {
            ++device_uses_[device];
        }
    }

    /// How many directories are on the filesystem of a number, removed ones that still exist too.
    [[nodiscard]] std::uint32_t device_uses(std::uint16_t number) const noexcept
    {
        return number < device_uses_.size() ? device_uses_[number] : 0;
    }

    /// A new entry, with a directory if it is one, in no directory yet.
    /** @throws std::bad_alloc, without effect then. */
    [[nodiscard]] entry_id make(std::string_view name, bool is_directory);

    /// Make room to link so many more entries. @throws std::bad_alloc
    void reserve(std::size_t count = 1) { names_.reserve(count * (few + std::size_t{1})); }

    /// Put an entry into a directory.
    /** @pre Room was reserved. It is in no directory; there is no entry of its name. */
    void link(entry_id id, dir_id parent) noexcept;

    /// Take an entry out of its directory.
    void unlink(entry_id id) noexcept;

    /// The same entry with another name, in no directory yet. @throws std::bad_alloc
    [[nodiscard]] entry_id copy(entry_id id, std::string_view name);

    /// Free an entry that is in no directory; its copy replaces it.
    void replace(entry_id id, entry_id copy) noexcept;

    /// Free an entry that is in no directory, but not its directory.
    void free(entry_id id) noexcept { entries_.free(id); }

    /// Free a directory without entries.
    void free_directory(dir_id id) noexcept;

    [[nodiscard]] std::size_t entry_count() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t directory_count() const noexcept { return directory_count_; }

private:
    // Comparing so many names takes as long as a look-up in the table, which is a cache miss or
    // two. Most directories have no more entries, so the table stays small and scanning a tree
    // rarely inserts into it.
    static constexpr unsigned few = 32;
    static_assert(std::size_t{2} * (few + 1) <= name_table::most_reserved);

    static constexpr unsigned chunk_bits = 9;
    static constexpr std::size_t chunk_size = std::size_t{1} << chunk_bits;

    // In a directory whose entries are not in the table.
    template <class Name>
    [[nodiscard]] entry_id find_listed(tree_directory const& d, Name name) const noexcept
    {
        for (auto id = d.first_child; id != 0;) {
            auto const& e = entry(id);
            if (e.is_named(name)) {
                return id;
            }
            id = e.next;
        }
        return 0;
    }

    [[nodiscard]] dir_id make_directory();
    [[nodiscard]] unsigned count_entries(tree_directory const& d) const noexcept;

    entry_arena entries_;
    name_table names_;
    std::vector<std::unique_ptr<tree_directory[]>> directories_;
    dir_id free_directories_ = 0;
    dir_id used_directories_ = 1;
    std::size_t directory_count_ = 0;
    // By the number of the filesystem.
    std::vector<std::uint32_t> device_uses_;
};

} // namespace asio_inotify::detail

#endif
