//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_DIRECTORY_VERIFIER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_DIRECTORY_VERIFIER_HPP

#include "tree/engine/directory_lister.hpp"

#include <cstdint>

namespace asio_inotify::detail {

// Opens a directory at the place that the trees have for it, watches it, and compares its identity:
// it can be new, the same as before, moved here, or a different one. Ends with a listing where one
// is needed.
class directory_verifier
{
public:
    directory_verifier(tree_port& port, tree_options const& options, tree_model& model,
                       agenda& work, recent_directories& recent, filesystem_table& filesystems,
                       directory_access& access, directory_lister& lister, coverage& covered,
                       rescan& scan, restoration& restored) noexcept;

    /// Verify a directory. @pre It is in a tree.
    void verify(dir_id id);

    /// Open the path of a new root. Negative on failure.
    [[nodiscard]] int open_root(std::string_view path, boost::system::error_code& ec)
    {
        return access_.open_root(path, ec);
    }
    /// Watch a root that is open. Takes ownership of the descriptor.
    void watch_root(dir_id id, int directory, file_status const& status)
    {
        watch(id, directory, status, 0);
    }

    /// Watch an open directory that had no watch yet.
    /** @returns The watch, which can be one that it has already. */
    [[nodiscard]] int add_new_watch(int directory, boost::system::error_code& ec);

private:
    // A watch on a directory that was not opened.
    struct watched_name
    {
        // 0 if there is none.
        int wd = 0;
        // Of the object that has the name now.
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };

    class unused_watch;

    void verify_root(dir_id id);
    [[nodiscard]] bool is_other(tree_directory const& d, file_status const& status) const noexcept;
    [[nodiscard]] bool is_adopted(tree_directory const& d,
                                  file_status const& status) const noexcept;
    [[nodiscard]] bool lose(tree_root& root);
    void verify_child(dir_id id);
    void open_child(dir_id id, int parent, watched_name const& by_name);
    [[nodiscard]] bool is_other_filesystem(dir_id id, std::uint64_t device);

    [[nodiscard]] bool is_new(tree_directory const& d) const noexcept;
    [[nodiscard]] bool watch_leaf(dir_id id, int parent, watched_name& watched);
    [[nodiscard]] bool watch_plain(dir_id id, int parent);
    void take_new(dir_id id, int wd, std::uint64_t inode);

    void watch(dir_id id, int directory, file_status const& status, int known_wd);
    void continue_listing(dir_id id, held_directory& held, file_status const& status, bool is_fresh,
                          bool had_entries);
    [[nodiscard]] bool is_leaf(int directory, file_status const& status);
    [[nodiscard]] int add_watch(dir_id id, int directory, file_status const& status,
                                boost::system::error_code& ec);
    [[nodiscard]] dir_id resolve_owners(dir_id id, int directory, file_status const& status,
                                        int& wd, boost::system::error_code& ec);
    void find_place(dir_id id);
    [[nodiscard]] dir_id move_owner(dir_id owner, dir_id id, int wd);
    [[nodiscard]] dir_id replace(dir_id id);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    recent_directories& recent_;
    filesystem_table& filesystems_;
    directory_access& access_;
    directory_lister& lister_;
    coverage& coverage_;
    rescan& rescan_;
    restoration& restoration_;
    std::uint32_t watch_mask_;
};

} // namespace asio_inotify::detail

#endif
