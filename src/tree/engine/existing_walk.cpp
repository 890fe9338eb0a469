//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/existing_walk.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <cstddef>

namespace asio_inotify::detail {

void existing_walk::drop(dir_id root) noexcept
{
    if (has_roots() && roots_[first_] == root) {
        next_ = 0;
    }
    auto const first = roots_.begin() + static_cast<std::ptrdiff_t>(first_);
    roots_.erase(std::remove(first, roots_.end(), root), roots_.end());
}

bool existing_walk::resume(time_point slice_end, std::optional<std::size_t> most)
{
    BOOST_ASSERT(has_roots());
    constexpr unsigned between_looks_at_the_clock = 64;
    work_meter meter(model_, between_looks_at_the_clock);
    while (has_roots()) {
        if (walk_first(slice_end, most, meter)) {
            return true;
        }
        ++first_;
        if (has_roots() && meter.add() && port_.now() >= slice_end) {
            return true;
        }
    }
    roots_.clear();
    first_ = 0;
    known_.clear();
    return false;
}

// True if it must be resumed.
bool existing_walk::walk_first(time_point slice_end, std::optional<std::size_t> most,
                               work_meter& meter)
{
    auto const root = roots_[first_];
    if (next_ == 0) {
        coverage_.report(root);
        coverage_.report_unguarded(root);
        next_ = model_.directory(root).first_child;
    }
    while (next_ != 0) {
        if ((most && model_.changes().is_full(*most)) ||
            (meter.add() && port_.now() >= slice_end)) {
            return true;
        }
        // If there is no memory, the walk resumes with this entry.
        auto const& entry = model_.index.entry(next_);
        auto const id = entry.directory();
        model_.report(tree_change_mask::existing, entry.parent, entry.name(), id != 0, false);
        if (id != 0) {
            coverage_.report(id);
        }
        next_ = next_after(next_, root, id != 0 && !is_known(id));
    }
    return false;
}

bool existing_walk::is_known(dir_id id)
{
    return !known_.empty() && known_.contains(model_.locate(id).path);
}

// In preorder; 0 after the last one.
entry_id existing_walk::next_after(entry_id id, dir_id root, bool descends) noexcept
{
    auto& index = model_.index;
    if (descends) {
        if (auto const child = model_.directory(index.entry(id).directory()).first_child;
            child != 0) {
            return child;
        }
    }
    while (index.entry(id).next == 0 && index.entry(id).parent != root) {
        id = model_.directory(index.entry(id).parent).entry;
    }
    return index.entry(id).next;
}

} // namespace asio_inotify::detail
