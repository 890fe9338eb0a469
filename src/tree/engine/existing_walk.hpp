//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EXISTING_WALK_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EXISTING_WALK_HPP

#include "tree/engine/coverage.hpp"
#include "tree/engine/work_meter.hpp"


#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

// Reports `existing` for every entry of new roots, one entry after the other, in slices. The trees
// must not change while an entry is kept as the next one.
class existing_walk
{
public:
    using time_point = tree_port::clock::time_point;

    existing_walk(tree_port& port, tree_model& model, coverage& covered) noexcept
        : port_(port)
        , model_(model)
        , coverage_(covered)
    {}

    /// True if there are roots to be walked.
    [[nodiscard]] bool has_roots() const noexcept { return first_ != roots_.size(); }

    /// True in the middle of a root.
    [[nodiscard]] bool is_walking() const noexcept { return next_ != 0; }

    /// Make room, so that the next so many @ref add do not throw. @throws std::bad_alloc
    void reserve(std::size_t count) { roots_.reserve(roots_.size() + count); }
    void add(dir_id root) { roots_.push_back(root); }

    /// True if the root is still to be walked.
    [[nodiscard]] bool contains(dir_id root) const noexcept
    {
        return std::find(roots_.begin() + static_cast<std::ptrdiff_t>(first_), roots_.end(), root) !=
               roots_.end();
    }

    /// A root is removed, or becomes a part of another one.
    void drop(dir_id root) noexcept;

    /// Do not report what is below this path: the user has it already as a root of its own.
    void skip_below(std::string path) { known_.insert(std::move(path)); }

    /// Report until the slice ends, or the batch has so many changes.
    /** @returns True if it must be resumed. @pre `has_roots()` */
    [[nodiscard]] bool resume(time_point slice_end, std::optional<std::size_t> most);

private:
    [[nodiscard]] bool walk_first(time_point slice_end, std::optional<std::size_t> most,
                                  work_meter& meter);
    [[nodiscard]] bool is_known(dir_id id);
    [[nodiscard]] entry_id next_after(entry_id id, dir_id root, bool descends) noexcept;

    tree_port& port_;
    tree_model& model_;
    coverage& coverage_;
    std::vector<dir_id> roots_;
    // The first one that is still to be walked.
    std::size_t first_ = 0;
    std::set<std::string, std::less<>> known_;
    // The entry of the first root to be reported next; 0 at its start.
    entry_id next_ = 0;
};

} // namespace asio_inotify::detail

#endif
