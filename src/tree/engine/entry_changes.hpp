//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_ENTRY_CHANGES_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_ENTRY_CHANGES_HPP

#include "tree/engine/directory_lister.hpp"

#include <string>
#include <string_view>

namespace asio_inotify::detail {

// An entry comes or goes, as events say: applied to the model, with the work that follows from it.
class entry_changes
{
public:
    entry_changes(tree_port& port, tree_options const& options, tree_model& model, agenda& work,
                  recent_directories& recent, directory_access& access, link_tracker& links,
                  directory_lister& lister, rescan const& scan) noexcept
        : port_(port)
        , options_(options)
        , model_(model)
        , agenda_(work)
        , recent_(recent)
        , access_(access)
        , links_(links)
        , lister_(lister)
        , rescan_(scan)
    {}

    /// True if the options exclude the entry that an event names.
    [[nodiscard]] bool excludes(dir_id parent, std::string_view name, bool is_directory);

    /// There is an entry of that name now. The last event of a name decides what is there: an entry
    /// of another type is gone, also if the options exclude the new one.
    /** @param moved  It came by a rename, and so can be a different one of the same type. */
    void arrive(dir_id parent, std::string_view name, bool is_directory, bool moved);

    /// There is no entry of that name any more.
    void depart(dir_id parent, std::string_view name);

    /// True if a directory is at the place that the trees have for it; always true if links are not
    /// followed.
    /** If it is false, the directory is going to be listed, and what it had by that name is removed
     * until then. */
    [[nodiscard]] bool is_in_place(dir_id id, std::string_view name);

    /// An entry has moved: if it is a link, it can lead elsewhere now.
    /** @param source  The directory that it has left, or 0.
     * @param target  The directory that it has reached, or 0. */
    void link_moved(dir_id source, std::string_view name, dir_id target, std::string_view new_name,
                    bool is_directory)
    {
        if (!is_directory) {
            links_.note_moved(source, name, target, new_name);
        } else if (target != 0) {
            // If there is a link of the old name, an exchange has put it there.
            links_.forget(target, new_name);
        }
    }

    /// Two entries have exchanged their places.
    void links_exchanged(dir_id parent, std::string_view name, dir_id other,
                         std::string_view other_name)
    {
        links_.note_exchanged(parent, name, other, other_name);
    }

    /// A directory is where the model has it, by an event: resume work that was postponed.
    /** @param id  0 for a file: nothing is done. */
    void directory_arrived(dir_id id) noexcept;

    /// Add an entry that is there although an event says that its name has left: the kernel reports
    /// an exchange as two renames, of which one is missing if its directory was not watched yet, or
    /// was merged with the one before.
    void add_if_present(dir_id id, std::string_view name);

    /// A rename has left a name: add the whiteout that it can leave there (RENAME_WHITEOUT), which
    /// no event reports.
    /** Anything else that has the name by now is not added, as an event reports it.
     * @returns True if there is such a one. It can have come by an exchange with the whiteout. */
    [[nodiscard]] bool add_whiteout(dir_id id, std::string_view name);

private:
    void remove(dir_id parent, std::string_view name);
    void add_found(dir_id id, std::string_view name, bool is_directory);
    [[nodiscard]] bool is_link_to_directory(dir_id parent, std::string_view name);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    recent_directories& recent_;
    directory_access& access_;
    link_tracker& links_;
    directory_lister& lister_;
    rescan const& rescan_;
    // Keeps its memory, as a rename must not allocate.
    std::string looked_up_;
};

} // namespace asio_inotify::detail

#endif
