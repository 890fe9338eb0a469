//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_ENTRY_ARENA_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_ENTRY_ARENA_HPP

#include "tree/model/name_bytes.hpp"

#include "system/memory_ops.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// Identifies an entry of a tree; 0 for none.
using entry_id = std::uint32_t;

/// Identifies a directory of a tree; 0 for none.
using dir_id = std::uint32_t;

/// A name in a directory. The bytes of the name follow, and 1 to 8 zeros up to a multiple of 8
/// bytes.
struct tree_entry
{
    static constexpr std::uint16_t directory_flag = 1;
    static constexpr std::uint16_t mark_flag = 2;
    // In the other bits: an upper bound for the number of entries from this one to the last one.
    static constexpr unsigned count_shift = 2;

    // 0 for the entry of a root, whose name is the path of the root.
    dir_id parent;
    // The other entries of the parent.
    entry_id next;
    entry_id previous;
    std::uint16_t name_size;
    std::uint16_t flags;
    // The dir_id of a directory, or the inode of anything else; 0 if that is not known.
    std::uint64_t what;

    [[nodiscard]] bool is_directory() const noexcept { return (flags & directory_flag) != 0; }

    [[nodiscard]] dir_id directory() const noexcept
    {
        return is_directory() ? static_cast<dir_id>(what) : 0;
    }

    /// Compared with the mark of the directory: see directory_lister.
    [[nodiscard]] bool is_marked() const noexcept { return (flags & mark_flag) != 0; }
    void set_mark(bool mark) noexcept
    {
        flags = static_cast<std::uint16_t>(mark ? flags | mark_flag : flags & ~unsigned{mark_flag});
    }

    [[nodiscard]] unsigned most_from_here() const noexcept { return flags >> count_shift; }
    void set_most_from_here(unsigned count) noexcept
    {
        flags = static_cast<std::uint16_t>((flags & (directory_flag | mark_flag)) |
                                           count << count_shift);
    }

    [[nodiscard]] char const* name_data() const noexcept
    {
        return reinterpret_cast<char const*>(this + 1);
    }

    [[nodiscard]] std::string_view name() const noexcept { return {name_data(), name_size}; }

    [[nodiscard]] bool is_named(std::string_view name) const noexcept
    {
        return name_size == name.size() && equal_names(name_data(), name.data(), name.size());
    }

    /// The same, for a name in a record. @pre Neither name is empty.
    [[nodiscard]] bool is_named(padded_name name) const noexcept
    {
        return name.equals(name_data(), name_size);
    }
};
static_assert(sizeof(tree_entry) == 24);

// Memory for entries, which are identified by 32 bits. Own code, as millions of entries must take a
// third of the memory that an allocation and 8-byte pointers would take. Memory is not freed while
// there are entries, but reused for others of the same size.
class entry_arena
{
public:
    static constexpr std::size_t longest_name = 0xffff;

    [[nodiscard]] tree_entry& operator[](entry_id id) noexcept
    {
        return *reinterpret_cast<tree_entry*>(at(id));
    }

    [[nodiscard]] tree_entry const& operator[](entry_id id) const noexcept
    {
        return *reinterpret_cast<tree_entry const*>(at(id));
    }

    /// Memory for an entry with a copy of the name; everything else is zero.
    /** @throws std::bad_alloc; @pre The name is not longer than @ref longest_name. */
    [[nodiscard]] entry_id make(std::string_view name);

    void free(entry_id id) noexcept;

    /// How many entries there are.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    // An id counts units of 8 bytes, so the memory can be 32 GiB.
    static constexpr unsigned chunk_bits = 15;
    static constexpr std::size_t chunk_units = std::size_t{1} << chunk_bits;

    struct alignas(8) unit
    {
        std::byte bytes[8];
    };

    // The first chunks are allocated one by one. The others are in huge pages: writing to small
    // pages for the first time takes a tenth of the time to start in a virtual machine
    // (bench_tree_start).
    static constexpr std::size_t small_chunks = 16;
    static constexpr std::size_t chunks_in_huge_page = huge_page::size / sizeof(unit) / chunk_units;
    static_assert(small_chunks % chunks_in_huge_page == 0);

    [[nodiscard]] static constexpr std::size_t units_for(std::size_t name_size) noexcept
    {
        return (sizeof(tree_entry) + name_size + 1 + sizeof(unit) - 1) / sizeof(unit);
    }

    [[nodiscard]] unit* at(entry_id id) const noexcept
    {
        return chunks_[id >> chunk_bits] + (id & (chunk_units - 1));
    }

    [[nodiscard]] entry_id take(std::size_t units);
    void add_chunk();

    std::vector<std::unique_ptr<unit[]>> small_blocks_;
    std::vector<huge_page> huge_blocks_;
    // In the blocks.
    std::vector<unit*> chunks_;
    // Lists of the free entries of each size.
    std::vector<entry_id> free_;
    // How many units of the last chunk are used. Unit 0 of the first chunk is no entry.
    std::size_t used_ = chunk_units;
    std::size_t size_ = 0;
};

} // namespace asio_inotify::detail

#endif
