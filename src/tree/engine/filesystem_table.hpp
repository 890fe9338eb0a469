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

#include <cstdint>
#include <optional>
#include <vector>

namespace asio_inotify::detail {

// The filesystems that directories are on, numbered in the order in which they were seen, so that a
// directory keeps 16 bits of its device; 0 is none.
class filesystem_table
{
public:
    explicit filesystem_table(tree_port& port) noexcept
        : port_(port)
    {}

    /// The number of the filesystem of an open directory. @throws std::bad_alloc
    [[nodiscard]] std::uint16_t add(std::uint64_t device, tree_port::directory_fd directory);

    /// The same from a snapshot: its traits are read when one of its directories is opened.
    /** @returns 0 if no number is left. @throws std::bad_alloc */
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
    struct filesystem
    {
        std::uint64_t device;
        // Nothing if it is known from a snapshot alone.
        std::optional<filesystem_traits> traits;
    };

    tree_port& port_;
    std::vector<filesystem> known_;
};

} // namespace asio_inotify::detail

#endif
