//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RENAME_APPLIER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RENAME_APPLIER_HPP

#include "tree/engine/entry_changes.hpp"
#include "tree/engine/recent_history.hpp"
#include "tree/engine/rename_reader.hpp"

#include <string_view>

namespace asio_inotify::detail {

// Applies what a rename_reader has decided to the model.
class rename_applier
{
public:
    rename_applier(tree_model& model, agenda& work, recent_directories const& recent,
                   directory_lister& lister, entry_changes& entries, recent_history& history,
                   rescan& scan) noexcept
        : model_(model)
        , agenda_(work)
        , recent_(recent)
        , lister_(lister)
        , entries_(entries)
        , history_(history)
        , rescan_(scan)
    {}

    /// @pre The verdict is `moved_out`, `moved` or `exchanged`.
    void apply(queued_event const& from, rename_verdict const& verdict);

private:
    // One rename at one place of the trees; a parent is 0 if it is not in the trees.
    struct change
    {
        dir_id source;
        std::string_view name;
        dir_id target;
        std::string_view new_name;
        // For the kernel.
        bool is_directory;
        // It is a followed link, so it can be a directory in the trees.
        bool is_link = false;
        // There is such a link at the new name.
        bool replaces_link = false;
    };

    void apply_moved_out(queued_event const& from, dir_id source);
    void apply_moved(queued_event const& from, rename_verdict const& verdict);
    void apply_to_all(queued_event const& from, rename_verdict const& verdict);
    void apply_exchanged(queued_event const& from, rename_verdict const& verdict);
    void apply_exchanged_to_all(queued_event const& from, rename_verdict const& verdict);
    void exchange(change const& records, entry_id one, entry_id other, bool is_recent);
    void remove_known(dir_id parent, std::string_view name);
    void rename(change moved, bool stays);
    [[nodiscard]] bool is_same_place(recent_history::place const& one, dir_id id,
                                     std::string_view name) const noexcept;
    void check_left_name(dir_id id, std::string_view name, bool can_be_another);
    void add_whiteout(dir_id id, std::string_view name);
    [[nodiscard]] bool excludes_at_target(change const& moved);
    void move(change const& moved, bool is_uncertain);
    [[nodiscard]] bool is_impossible(change const& moved, dir_id below, dir_id replaced) noexcept;

    tree_model& model_;
    agenda& agenda_;
    recent_directories const& recent_;
    directory_lister& lister_;
    entry_changes& entries_;
    recent_history& history_;
    rescan& rescan_;
};

} // namespace asio_inotify::detail

#endif
