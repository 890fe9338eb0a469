//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_DIRECTORY_ACCESS_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_DIRECTORY_ACCESS_HPP

#include "tree/engine/filesystem_table.hpp"
#include "tree/engine/open_directories.hpp"
#include "tree/model/tree_model.hpp"

#include <boost/system/error_code.hpp>

#include <optional>
#include <string_view>

namespace asio_inotify::detail {

// Opens directories of the trees and looks up names in them. Nothing that is opened by its path is
// trusted before its identity was compared (invariant 3 of tree_engine.hpp).
class directory_access
{
public:
    directory_access(tree_port& port, tree_options const& options, tree_model& model,
                     filesystem_table const& filesystems) noexcept
        : port_(port)
        , options_(options)
        , model_(model)
        , filesystems_(filesystems)
        , opened_(port)
    {}

    /// A descriptor of a watched directory that is where the trees have it; negative if it is not,
    /// and then `ec` is set if a system call failed. It is valid until the next call.
    [[nodiscard]] int open(dir_id id, boost::system::error_code& ec);

    /// Open the path of a root; the caller owns the descriptor.
    /** These three close the directories that are kept open if descriptors are used up. */
    [[nodiscard]] int open_root(std::string_view path, boost::system::error_code& ec);
    /// The same for the place that the trees have for a directory: any directory can be there.
    /** Negative without a failure if there is no such place. */
    [[nodiscard]] int open_place(dir_id id, boost::system::error_code& ec);
    /// The same as tree_port::open_child.
    [[nodiscard]] int open_child(int parent, char const* name, bool follow,
                                 boost::system::error_code& ec);

    /// Take the ownership of an open directory; negative if it is not open.
    [[nodiscard]] int take(dir_id id) noexcept { return opened_.take(id); }

    /// Keep a directory open for what comes next; takes ownership of the descriptor.
    void keep(dir_id id, int directory) noexcept { opened_.put(id, directory); }

    void close_all() noexcept { opened_.clear(); }

    /// Close the directories that are in no tree any more.
    void close_detached() noexcept
    {
        opened_.close_if([this](dir_id id) { return !model_.is_attached(id); });
    }

    /// True if the object that has a name in a directory now is this directory of the trees. Links
    /// are not followed.
    [[nodiscard]] bool is_at(dir_id id, dir_id parent, std::string_view name);

    /// True if there is an entry of that name now that is no whiteout, or whiteouts are not looked
    /// up; nothing if that cannot be checked.
    [[nodiscard]] std::optional<bool> is_taken(dir_id parent, std::string_view name);

    /// True if the entry of an open directory is a directory, or a followed link to one; nothing if
    /// there is no such entry, or if that cannot be found out: then with a failure.
    [[nodiscard]] std::optional<bool> is_directory(int parent, char const* name,
                                                   boost::system::error_code& ec);

    /// True if the directory itself is at the place that the trees have for it.
    [[nodiscard]] bool is_in_place(dir_id id, file_status const& status);

private:
    template <class Open>
    [[nodiscard]] int open_again(int spared, boost::system::error_code& ec, Open open);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    filesystem_table const& filesystems_;
    open_directories opened_;
};

} // namespace asio_inotify::detail

#endif
