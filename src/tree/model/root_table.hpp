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
#include "tree/model/path_index.hpp"

#include <boost/system/error_code.hpp>

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace asio_inotify::detail {

/// A directory that the user has added, to be watched recursively.
struct tree_root
{
    // As the user gave it, without separators at the end. It and the directory do not change.
    std::string path;
    // Where it is opened.
    std::string absolute;
    // The same without symbolic links, when it was last opened. The table sets it.
    std::string canonical;
    dir_id directory = 0;
    // Changes below it are reported: every directory there is watched.
    bool is_reported = false;
    // There is a directory at its path.
    bool present = true;
    // Why its path is not watched wholly; success if it is.
    boost::system::error_code guard_failure{};
    // It is on the list of those to be verified before the next event.
    bool is_suspect = false;
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

    /// @throws std::bad_alloc: then it is not known.
    void set_canonical(tree_root& root, std::string canonical)
    {
        by_canonical_.change(root.canonical, std::move(canonical), root.directory);
    }

    /// The directories of the roots, by their paths without symbolic links.
    [[nodiscard]] path_index const& by_canonical() const noexcept { return by_canonical_; }

    /// Call `f(root)` for each of an absolute path.
    template <class Function>
    void for_each_at(std::string_view absolute, Function const& f)
    {
        auto const [first, last] = by_absolute_.equal_range(absolute);
        for (auto at = first; at != last; ++at) {
            f(*at->second);
        }
    }

    /// Null if there is none.
    [[nodiscard]] tree_root* find(dir_id directory) noexcept;
    [[nodiscard]] tree_root* find(std::string_view path) noexcept;

private:
    void forget(list::iterator root) noexcept;

    list roots_;
    std::unordered_map<dir_id, list::iterator, keyed_hasher> by_directory_;
    // The keys are the paths of the roots.
    std::unordered_map<std::string_view, list::iterator, keyed_hasher> by_path_;
    // Two roots can have one: one was given relative, the other absolute.
    std::unordered_multimap<std::string_view, list::iterator, keyed_hasher> by_absolute_;
    path_index by_canonical_;
};

} // namespace asio_inotify::detail

#endif
