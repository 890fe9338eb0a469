//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_LINK_TRACKER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_LINK_TRACKER_HPP

#include "tree/engine/coverage.hpp"
#include "tree/engine/directory_access.hpp"
#include "tree/engine/filesystem_table.hpp"
#include "tree/engine/recent_directories.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace asio_inotify::detail {

// Keeps the entries of followed symbolic links equal to what the links lead to: a directory, a
// different one, or none. Events and listings name what may be a link; the port guards the paths of
// links and names those that may lead elsewhere. To check a link is to look at it, guard its path,
// and then look at its target, so that a later change is noticed by the guard. Does nothing if
// links are not followed.
class link_tracker
{
public:
    using time_point = tree_port::clock::time_point;

    link_tracker(tree_port& port, tree_options const& options, tree_model& model, agenda& work,
                 recent_directories& recent, filesystem_table const& filesystems,
                 directory_access& access, coverage& covered) noexcept
        : port_(port)
        , options_(options)
        , model_(model)
        , agenda_(work)
        , recent_(recent)
        , filesystems_(filesystems)
        , access_(access)
        , coverage_(covered)
    {}

    /// An entry of that name may be a link, or lead elsewhere.
    void check_later(dir_id parent, std::string_view name)
    {
        if (options_.follow_symlinks) {
            model_.links.check_later(parent, name);
        }
    }

    /// A directory is going to be listed: its links may be gone.
    void check_all_later(dir_id parent)
    {
        if (!model_.links.empty()) {
            model_.links.check_all_later(parent);
        }
    }

    /// An entry has moved; if it is a link, it can lead elsewhere now.
    /** @param source  The directory that it has left, or 0.
     * @param target  The directory that it has reached, or 0. */
    void note_moved(dir_id source, std::string_view name, dir_id target, std::string_view new_name);

    /// Two entries have exchanged their places.
    void note_exchanged(dir_id parent, std::string_view name, dir_id other,
                        std::string_view other_name);

    /// There is a directory of that name now, as an event says.
    void forget(dir_id parent, std::string_view name) noexcept
    {
        if (!model_.links.empty()) {
            model_.links.remove(parent, name);
        }
    }

    /// There is no entry of that name any more. A link can be there all the same, by an exchange,
    /// or because only directories are wanted.
    void entry_is_gone(dir_id parent, std::string_view name)
    {
        if (!model_.links.empty()) {
            model_.links.check_later(model_.links.find(parent, name));
        }
    }

    /// Ask the port which links may lead elsewhere. @returns True if there are some.
    bool take_suspects();

    /// True if links may lead elsewhere: what is queued of the old target must not be reported at
    /// their paths, so they come before the next event.
    [[nodiscard]] bool has_urgent() const noexcept
    {
        return !suspects_.empty() || model_.links.has_urgent();
    }

    /// Check these until the slice ends or there are so many changes.
    /** @returns True if it must be resumed. */
    [[nodiscard]] bool check_urgent(time_point slice_end, std::optional<std::size_t> most_changes);

    /// True if links must be checked.
    [[nodiscard]] bool has_work() const noexcept { return model_.links.has_work(); }

    /// Check one. @pre `has_work()`
    void check_next();

    /// Check again what failed in a way that may pass, if it is time. @returns True if there is
    /// something.
    [[nodiscard]] bool retry();

    /// When to do that.
    [[nodiscard]] std::optional<time_point> deadline() const noexcept { return retry_at_; }

private:
    void note_arrived(dir_id parent, std::string_view name, bool is_link);
    void check(link_id id);
    void check_urgent(link_id id);
    [[nodiscard]] std::optional<file_status> look_at(followed_link const& link);
    [[nodiscard]] std::string path_of(followed_link const& link);
    [[nodiscard]] int open_parent(link_id id);
    [[nodiscard]] bool is_wanted(followed_link const& link, bool is_directory);
    void guard(link_id id);
    void compare_target(link_id id, int parent);
    void find_directory(followed_link const& link);
    void set_entry(followed_link const& link, file_status const& target);
    void check_directory(dir_id id);
    using nearest_map = std::unordered_map<dir_id, dir_id>;
    void check_moved_directories(std::vector<dir_id> const& moved);
    [[nodiscard]] dir_id find_nearest(dir_id id, nearest_map& nearest) const;
    [[nodiscard]] bool has_above(dir_id id, int wd) const noexcept;
    void end_circle(dir_id id);
    void check_again(link_id id, std::chrono::milliseconds delay);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    recent_directories& recent_;
    filesystem_table const& filesystems_;
    directory_access& access_;
    coverage& coverage_;
    // Links whose lookup failed.
    std::vector<link_id> failed_;
    // Links that may lead elsewhere, as the port says.
    std::vector<link_id> suspects_;
    std::optional<time_point> retry_at_;
};

} // namespace asio_inotify::detail

#endif
