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

/// What a tree_of_directories looks like.
struct tree_shape
{
    std::size_t directories = 1000;
    /// In each directory.
    std::size_t files = 10;
    /// How many directories are in a directory, until there are enough.
    std::size_t fan_out = 10;
};

/// Directories in directories, with empty files in them; removed at the end.
class tree_of_directories
{
public:
    /** @param above  Where to make it: the system's temporary directory, or another one. */
    tree_of_directories(std::filesystem::path const& above, tree_shape const& shape);

    /// The paths of all directories, those above others first.
    [[nodiscard]] std::vector<std::string> const& directories() const noexcept { return paths_; }

    /// The path of the first one.
    [[nodiscard]] std::string const& root() const noexcept { return paths_.front(); }

    /// The path of a file in one of the directories.
    [[nodiscard]] std::string file(std::size_t directory, std::size_t number) const
    {
        return paths_[directory] + "/file" + std::to_string(number);
    }

    /// How many directories and files there are.
    [[nodiscard]] std::size_t entries() const noexcept { return entries_; }

private:
    temporary_directory directory_;
    std::vector<std::string> paths_;
    std::size_t entries_;
};

} // namespace bench

#endif
