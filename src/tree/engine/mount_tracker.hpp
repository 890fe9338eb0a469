//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_MOUNT_TRACKER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_MOUNT_TRACKER_HPP

#include "tree/engine/agenda.hpp"

#include <asio_inotify/tree_options.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// Mounts and unmounts in the trees. A mount covers a directory without an event, so the list of
// mounts is compared with the one before whenever it has changed. An unmount is reported by the
// kernel's events too: whichever comes first counts.
class mount_tracker
{
public:
    using time_point = tree_port::clock::time_point;

    mount_tracker(tree_port& port, tree_options const& options, tree_model& model,
                  agenda& work) noexcept
        : port_(port)
        , options_(options)
        , model_(model)
        , agenda_(work)
    {}

    /// Read the list of mounts before the first change of it, so that this one is seen.
    void learn();

    /// Compare the list with the one before if it has changed, or could not be read then.
    void check();

    /// CRIU has restored the process: the mounts have other numbers, and are compared by their
    /// paths. A rescan finds what is different at the same path.
    void restored();

    /// True if mounts have changed and the trees were not compared with that yet.
    [[nodiscard]] bool has_changes() const noexcept
    {
        return !changes_.empty() || !applied_.empty();
    }

    /// True if directories with many entries are empty now, of which an unmount must be reported.
    [[nodiscard]] bool has_unmounted() const noexcept { return !unmounted_.empty(); }

    /// Report these. @pre The model is not emptying directories.
    void report_unmounted();

    /// Put the directories that mounts have covered or uncovered on the agenda, until that time at
    /// the latest. @pre `has_changes()`
    void apply_changes(time_point until);

    /// The kernel reports for a directory that its filesystem was unmounted. It does so for each
    /// directory of the filesystem; the first report counts for all.
    void filesystem_ended(dir_id id);

    /// True if nothing has to be done or waited for.
    [[nodiscard]] bool is_idle() const noexcept
    {
        return !has_changes() && unplaced_.empty() && !read_again_;
    }

    /// When a mount without a known directory is looked up again, or the list is read again.
    [[nodiscard]] std::optional<time_point> deadline() const noexcept
    {
        if (unplaced_.empty() || (read_again_ && *read_again_ < unplaced_.front().when)) {
            return read_again_;
        }
        return unplaced_.front().when;
    }

private:
    struct change
    {
        std::string path;
        bool is_gone;
        // It was looked up before, in vain.
        bool was_unplaced = false;
    };

    // In a tree by its path, but in no directory that is known: one above can have its name by a
    // rename that the kernel is about to report. It is looked up once more.
    struct unplaced_mount
    {
        std::string path;
        time_point when;
    };

    [[nodiscard]] std::optional<std::vector<tree_port::mount>> read_list();
    void compare();
    void suspect_covered_roots();
    [[nodiscard]] bool apply(change const& changed);
    [[nodiscard]] bool is_reported(dir_id id) const noexcept;
    [[nodiscard]] dir_id directory_of(link_id id) noexcept;
    void unmounted(dir_id id);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    std::vector<tree_port::mount> mounts_;
    // The list could not be read.
    std::optional<time_point> read_again_;
    std::vector<change> changes_;
    // Those that are being applied, and the next one of them.
    std::vector<change> applied_;
    std::size_t next_ = 0;
    std::vector<unplaced_mount> unplaced_;
    // Those that have many entries, with the inodes they had. Reported when they have none.
    std::vector<std::pair<dir_id, std::uint64_t>> unmounted_;
    // Unmounts that the kernel's events have reported before the list did.
    std::vector<dir_id> reported_unmounts_;
    // The same, when the changes that are being applied were taken.
    std::vector<dir_id> reported_before_;
};

} // namespace asio_inotify::detail

#endif
