//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_TREE_OF_DIRECTORIES_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_TREE_OF_DIRECTORIES_HPP

#include "system.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// The shape of a tree_of_directories.
struct tree_shape
{
    std::size_t directories = 1000;
    /// Files in each directory.
    std::size_t files = 10;
    /// Subdirectories per directory, until there are enough.
    std::size_t fan_out = 10;
};

/// A tree of directories with empty files; removed at the end.
class tree_of_directories
{
public:
    /** @param above  The parent directory, by default the system's temporary directory. */
    tree_of_directories(std::filesystem::path const& above, tree_shape const& shape);

    /// The paths of all directories, parents first.
    [[nodiscard]] std::vector<std::string> const& directories() const noexcept { return paths_; }

    /// The path of the root.
    [[nodiscard]] std::string const& root() const noexcept { return paths_.front(); }

    /// The path of a file in one of the directories.
    [[nodiscard]] std::string file(std::size_t directory, std::size_t number) const
    {
        return paths_[directory] + "/file" + std::to_string(number);
    }

    /// The number of directories and files.
    [[nodiscard]] std::size_t entries() const noexcept { return entries_; }

private:
    temporary_directory directory_;
    std::vector<std::string> paths_;
    std::size_t entries_;
};

} // namespace bench

#endif
