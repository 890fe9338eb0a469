//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_ROOT_TABLE_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_ROOT_TABLE_HPP

#include "system/keyed_hash.hpp"
#include "tree/model/entry_arena.hpp"

#include <boost/system/error_code.hpp>

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace asio_inotify::detail {

/// A directory that the user has added, to be watched recursively.
struct tree_root
{
    // As the user gave it, without separators at the end. It and the directory do not change.
    std::string path;
    // Where it is opened.
    std::string absolute;
    // The same without symbolic links, when it was last opened.
    std::string canonical;
    dir_id directory = 0;
    // Changes below it are reported: every directory there is watched.
    bool is_reported = false;
    // There is a directory at its path.
    bool present = true;
    // Why its path is not watched wholly; success if it is.
    boost::system::error_code guard_failure{};
};

// The roots, in the order in which they were added, by directory and by path.
class root_table
{
public:
    using list = std::list<tree_root>;

    /** @returns The root, which does not move. @throws std::bad_alloc, without effect then.
     * @pre No root has its path or its directory. */
    tree_root& add(tree_root root);
    void erase(tree_root const& root) noexcept;

    [[nodiscard]] list& all() noexcept { return roots_; }

    /// Null if there is none.
    [[nodiscard]] tree_root* find(dir_id directory) noexcept;
    [[nodiscard]] tree_root* find(std::string_view path) noexcept;

private:
    list roots_;
    std::unordered_map<dir_id, list::iterator, keyed_hasher> by_directory_;
    // The keys are the paths of the roots.
    std::unordered_map<std::string_view, list::iterator, keyed_hasher> by_path_;
};

} // namespace asio_inotify::detail

#endif
