//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EXCLUSION_CHECK_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EXCLUSION_CHECK_HPP

#include "tree/engine/agenda.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace asio_inotify::detail {

// Asks the options again about everything below a directory that has moved, as they can depend on
// paths. What they exclude now is removed. A directory from which they excluded entries at its old
// path goes on the agenda to be listed, as they may not exclude these at the new one. Opens no
// directory, and works in slices: the subtree can be large. It comes before the next event, so that
// nothing is reported of an entry that is excluded by then (invariant 11 of tree_engine.hpp).
class exclusion_check
{
public:
    using time_point = tree_port::clock::time_point;

    exclusion_check(tree_port& port, tree_model& model, agenda& work) noexcept
        : port_(port)
        , model_(model)
        , agenda_(work)
    {}

    /// True if a directory has moved and what is below it was not checked yet.
    [[nodiscard]] bool has_work() const noexcept
    {
        return model_.has_moved() || current_ != 0 || !directories_.empty();
    }

    /// Check until the slice ends, or until there are so many changes to deliver.
    /** @returns True if it must be resumed. */
    [[nodiscard]] bool resume(time_point slice_end, std::optional<std::size_t> most_changes);

private:
    void step();
    void begin_moved(dir_id id);
    void begin(dir_id id);
    void check_entry(entry_id id);

    tree_port& port_;
    tree_model& model_;
    agenda& agenda_;
    // Found below directories that have moved, and not checked yet.
    std::vector<dir_id> directories_;
    // Its entries are being checked; the model has the next one.
    dir_id current_ = 0;
};

} // namespace asio_inotify::detail

#endif
