//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_RESTORER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_RESTORER_HPP

#include "tree/engine/root_list.hpp"

#include <asio_inotify/tree_snapshot.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

// Makes the model from a snapshot, in parts, and begins the rescan that reports what is different.
class tree_restorer
{
public:
    using time_point = tree_port::clock::time_point;

    /// Returns the path of a root without symbolic links, or fails.
    using find_canonical =
        std::function<std::string(std::string const& absolute, boost::system::error_code& ec)>;

    tree_restorer(tree_port& port, tree_model& model, filesystem_table& filesystems, rescan& scan,
                  restoration& restored, mount_tracker& mounts, root_list& roots) noexcept
        : port_(port)
        , model_(model)
        , filesystems_(filesystems)
        , rescan_(scan)
        , restoration_(restored)
        , mounts_(mounts)
        , roots_(roots)
    {}

    /// Begin. @pre There are no roots. The snapshot lives until the end, or until @ref cancel.
    void begin(tree_snapshot const& saved, find_canonical canonical);

    /// True from the begin to the end: the trees are incomplete.
    [[nodiscard]] bool is_active() const noexcept { return saved_ != nullptr; }
    [[nodiscard]] bool is_active(tree_snapshot const& saved) const noexcept
    {
        return saved_ == &saved;
    }

    /// Make the next part of the trees. Fails if the snapshot contradicts itself, or has more
    /// filesystems than there can be; then there are no roots, as after an exception. @pre Active.
    void resume(time_point slice_end, boost::system::error_code& ec);

    /// Forget what was made.
    void cancel() noexcept;

private:
    void make(saved_entry const& saved, boost::system::error_code& ec);
    [[nodiscard]] dir_id make_root(saved_entry const& saved, boost::system::error_code& ec);
    [[nodiscard]] dir_id make_entry(saved_entry const& saved, dir_id parent);
    void fill_directory(dir_id id, saved_entry const& saved, boost::system::error_code& ec);
    void finish();
    void forget() noexcept;

    tree_port& port_;
    tree_model& model_;
    filesystem_table& filesystems_;
    rescan& rescan_;
    restoration& restoration_;
    mount_tracker& mounts_;
    root_list& roots_;

    tree_snapshot const* saved_ = nullptr;
    find_canonical canonical_;
    // The next entry of the snapshot.
    std::size_t next_ = 0;
    // The directories above it.
    std::vector<dir_id> above_;
    // The roots until now.
    std::set<std::string_view> names_;
    // The next one to be guarded, when all are made.
    std::optional<root_table::list::iterator> guarded_;
};

} // namespace asio_inotify::detail

#endif
