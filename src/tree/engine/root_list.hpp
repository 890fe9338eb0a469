//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_ROOT_LIST_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_ROOT_LIST_HPP

#include "tree/engine/directory_verifier.hpp"
#include "tree/engine/existing_walk.hpp"
#include "tree/engine/mount_tracker.hpp"

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

// The roots that the user has added. A root inside another one is a part of that one's tree: only
// its paths are kept, so that it becomes a root of its own when the outer one is removed.
class root_list
{
public:
    struct paths
    {
        // As the user gave it.
        std::string path;
        // Where it is opened.
        std::string absolute;
        // The same without symbolic links.
        std::string canonical;
    };

    root_list(tree_port& port, tree_options const& options, tree_model& model, agenda& work,
              directory_verifier& verifier, coverage& covered, mount_tracker& mounts,
              existing_walk& walk) noexcept
        : port_(port)
        , options_(options)
        , model_(model)
        , agenda_(work)
        , verifier_(verifier)
        , coverage_(covered)
        , mounts_(mounts)
        , walk_(walk)
    {}

    /// Watch a directory, and put everything below on the agenda.
    /** @param allow_missing  If there is none, the root is lost until there is one. */
    void add(paths added, bool allow_missing, boost::system::error_code& ec);
    void remove(std::string_view path, boost::system::error_code& ec);

    /// True if the user has added that path.
    [[nodiscard]] bool contains(std::string_view path) const noexcept;

    /// The number of paths that the user has added.
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::vector<std::string> paths_of_all() const;

    /// True while there are roots below which not every directory is watched yet.
    [[nodiscard]] bool is_scanning() const noexcept { return is_scanning_; }

    /// Every directory below the new roots is watched: from now on changes there are reported.
    void report_new();

    /// The roots whose path may lead elsewhere now. Reports whether their paths are watched.
    [[nodiscard]] std::vector<dir_id> take_suspects();

    /// An entry of the tree of a root that the options exclude, and that is an inner root or leads
    /// to one.
    struct excluded_place
    {
        /// Null if the options exclude nothing on the way to the inner root.
        tree_root const* outer = nullptr;
        dir_id parent = 0;
        std::string name{};
    };

    /// After a restore with other options: ask these about each root inside another one. Changes
    /// nothing but the flags `omits`.
    [[nodiscard]] std::vector<excluded_place> find_excluded_parts();

    /// Each root inside another one that excludes it now becomes a root of its own. The
    /// excluded entry is removed from the outer one. @param places  Of all of them, as they were
    /// found.
    void separate(std::vector<excluded_place> const& places);

    /// The roots inside others.
    [[nodiscard]] std::vector<paths>& parts() noexcept { return parts_; }

private:
    void add_missing(paths added);
    [[nodiscard]] bool is_below_root(std::string_view path) const;
    [[nodiscard]] std::vector<paths> take_parts_of(tree_root const& root, std::string_view path);
    [[nodiscard]] bool is_in_other_tree(paths const& part, dir_id outer);
    void make_own(paths part, dir_id outer, std::string_view outer_path);
    [[nodiscard]] excluded_place find_excluded(tree_root const& outer, std::string_view rest);
    // Where the directory of a root is in the tree of another one.
    struct inner_place
    {
        tree_root* outer = nullptr;
        dir_id directory = 0;
    };

    void absorb();
    [[nodiscard]] bool absorb_some(bool is_reported);
    [[nodiscard]] inner_place find_outer(tree_root const& inner);
    [[nodiscard]] bool will_report(tree_root const& outer, tree_root const& inner,
                                   std::string_view rest);
    void keep_reported(tree_root const& inner, dir_id place);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    directory_verifier& verifier_;
    coverage& coverage_;
    mount_tracker& mounts_;
    existing_walk& walk_;
    std::vector<paths> parts_;
    bool is_scanning_ = false;
};

} // namespace asio_inotify::detail

#endif
