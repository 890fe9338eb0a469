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
#include <string>
#include <vector>

namespace asio_inotify::detail {

// Trees that outlive the engine: writes them to a snapshot, and makes the model from one.
class tree_saver
{
public:
    tree_saver(tree_port& port, tree_model& model, filesystem_table& filesystems,
               directory_access& access, rescan& scan, restoration& restored, mount_tracker& mounts,
               root_list& roots) noexcept
        : port_(port)
        , model_(model)
        , filesystems_(filesystems)
        , access_(access)
        , rescan_(scan)
        , restoration_(restored)
        , mounts_(mounts)
        , roots_(roots)
    {}

    /// The trees as they were reported. @pre Every change was taken.
    [[nodiscard]] tree_snapshot save();

    /// Make the trees of a snapshot, and begin the rescan that reports what is different.
    /** Nothing is changed on failure. @pre There are no roots.
     * @param canonical  The paths of the roots without symbolic links, in their order. */
    void restore(tree_snapshot const& saved, std::vector<std::string> const& canonical,
                 boost::system::error_code& ec);

private:
    void save_tree(tree_root const& root, std::vector<saved_entry>& entries);
    void save_directory(dir_id id, saved_entry& saved);
    [[nodiscard]] saved_entry save_entry(tree_entry const& entry, std::uint32_t depth);
    void make_trees(tree_snapshot const& saved, std::vector<std::string> const& canonical,
                    boost::system::error_code& ec);
    [[nodiscard]] dir_id make_root(saved_entry const& saved, std::string const& canonical);
    [[nodiscard]] dir_id make_entry(saved_entry const& saved, dir_id parent);
    void fill_directory(dir_id id, saved_entry const& saved, boost::system::error_code& ec);
    void forget_restored() noexcept;

    tree_port& port_;
    tree_model& model_;
    filesystem_table& filesystems_;
    directory_access& access_;
    rescan& rescan_;
    restoration& restoration_;
    mount_tracker& mounts_;
    root_list& roots_;
};

} // namespace asio_inotify::detail

#endif
