//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_SAVER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_SAVER_HPP

#include "tree/engine/root_list.hpp"

#include <asio_inotify/tree_snapshot.hpp>

#include <cstdint>
#include <vector>

namespace asio_inotify::detail {

// Writes the trees to a snapshot.
class tree_saver
{
public:
    tree_saver(tree_port& port, tree_model& model, filesystem_table const& filesystems,
               directory_access& access, rescan const& scan, restoration const& restored,
               root_list& roots) noexcept
        : port_(port)
        , model_(model)
        , filesystems_(filesystems)
        , access_(access)
        , rescan_(scan)
        , restoration_(restored)
        , roots_(roots)
    {}

    /// The trees as they were reported. @pre Every change was taken.
    [[nodiscard]] tree_snapshot save();

private:
    void save_tree(tree_root const& root, std::vector<saved_entry>& entries);
    void save_directory(dir_id id, saved_entry& saved);
    [[nodiscard]] saved_entry save_entry(tree_entry const& entry, std::uint32_t depth);

    tree_port& port_;
    tree_model& model_;
    filesystem_table const& filesystems_;
    directory_access& access_;
    rescan const& rescan_;
    restoration const& restoration_;
    root_list& roots_;
};

} // namespace asio_inotify::detail

#endif
