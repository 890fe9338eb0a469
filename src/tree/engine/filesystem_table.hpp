//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_FILESYSTEM_TABLE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_FILESYSTEM_TABLE_HPP

#include "tree/model/tree_index.hpp"
#include "tree/port/tree_port.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace asio_inotify::detail {

// The filesystems that directories are on, numbered so that a directory keeps 16 bits of its
// device; 0 is none. The number of a filesystem without directories is given to another one.
class filesystem_table
{
public:
    filesystem_table(tree_port& port, tree_index& index) noexcept
        : port_(port)
        , index_(index)
    {}

    /// The number of the filesystem of an open directory.
    /** Give it to a directory of the index before the next call.
     * @returns 0 if no number is left. @throws std::bad_alloc */
    [[nodiscard]] std::uint16_t add(std::uint64_t device, tree_port::directory_fd directory);

    /// The same from a snapshot: its traits are read when one of its directories is opened.
    [[nodiscard]] std::uint16_t add_saved(std::uint64_t device);

    /// Read the traits again: a device number is used again after an unmount.
    void refresh(std::uint16_t number, tree_port::directory_fd directory);

    /// 0 for the number 0.
    [[nodiscard]] std::uint64_t device(std::uint16_t number) const noexcept
    {
        return number != 0 ? known_[number - 1U].device : 0;
    }

    /// Those of no filesystem if nothing is known.
    [[nodiscard]] filesystem_traits traits(std::uint16_t number) const noexcept
    {
        return number != 0 ? known_[number - 1U].traits.value_or(filesystem_traits())
                           : filesystem_traits();
    }

    /// Nothing if no directory of the device was opened.
    [[nodiscard]] std::optional<filesystem_traits> find_traits(std::uint64_t device) const noexcept;

    /// True if a directory of the trees is the one of that status.
    [[nodiscard]] bool is_same(tree_directory const& d, file_status const& status) const noexcept
    {
        return d.inode == status.inode && d.device != 0 && device(d.device) == status.device;
    }

private:
    static constexpr std::size_t least_to_sweep = 64;

    struct filesystem
    {
        std::uint64_t device = 0;
        // Nothing if it is known from a snapshot alone.
        std::optional<filesystem_traits> traits;
    };

    [[nodiscard]] std::uint16_t number_of(std::uint64_t device);
    void free_unused();

    tree_port& port_;
    tree_index& index_;
    // By their numbers, from 1 on.
    std::vector<filesystem> known_;
    // No hash table, as a snapshot can choose the devices.
    std::map<std::uint64_t, std::uint16_t> by_device_;
    std::vector<std::uint16_t> free_;
    // How many numbers are in use when unused ones are searched for again.
    std::size_t next_sweep_ = least_to_sweep;
};

} // namespace asio_inotify::detail

#endif
