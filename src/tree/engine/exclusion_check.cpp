//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/exclusion_check.hpp"

#include "tree/engine/work_meter.hpp"

namespace asio_inotify::detail {

bool exclusion_check::resume(time_point slice_end, std::optional<std::size_t> most_changes)
{
    constexpr unsigned between_looks_at_the_clock = 64;
    // A root can have been removed since the last slice.
    if (current_ != 0 && !model_.is_attached(current_)) {
        current_ = 0;
        model_.check_cursor = 0;
    }
    work_meter meter(model_, between_looks_at_the_clock);
    while (has_work()) {
        if ((most_changes && model_.changes().is_full(*most_changes)) ||
            (meter.add() && port_.now() >= slice_end)) {
            return true;
        }
        step();
    }
    return false;
}

// One entry, or the step to the next directory.
void exclusion_check::step()
{
    if (model_.check_cursor != 0) {
        check_entry(model_.check_cursor);
    } else if (!directories_.empty()) {
        auto const id = directories_.back();
        directories_.pop_back();
        begin(id);
    } else if (model_.has_moved()) {
        // It is taken when the user's function, which can throw, has been called.
        begin_moved(model_.next_moved());
        static_cast<void>(model_.take_moved());
    } else {
        current_ = 0;
    }
}

// The directory may have been removed since, and its id may be that of another one by now, which is
// then checked in vain.
void exclusion_check::begin_moved(dir_id id)
{
    auto const& d = model_.directory(id);
    if (d.is(tree_directory::removed) || !model_.is_attached(id)) {
        return;
    }
    if (!d.is(tree_directory::root) &&
        model_.excludes(model_.index.parent(id), model_.name_of(id), true)) {
        model_.remove(d.entry, true);
        return;
    }
    begin(id);
}

void exclusion_check::begin(dir_id id)
{
    if (!model_.is_attached(id)) {
        return;
    }
    current_ = id;
    if (model_.forget_omissions(id)) {
        agenda_.list(id);
    }
    model_.check_cursor = model_.directory(id).first_child;
}

void exclusion_check::check_entry(entry_id id)
{
    auto const& entry = model_.index.entry(id);
    auto const below = entry.directory();
    if (model_.excludes(entry.parent, entry.name(), below != 0)) {
        model_.remove(id, true);
        return;
    }
    if (below != 0) {
        directories_.push_back(below);
    }
    model_.check_cursor = entry.next;
}

} // namespace asio_inotify::detail
