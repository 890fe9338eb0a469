//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_restorer.hpp"

#include "tree/engine/work_meter.hpp"
#include "values/fail.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>

#include <boost/assert.hpp>

#include <utility>

namespace asio_inotify::detail {

void tree_restorer::begin(tree_snapshot const& saved, find_canonical canonical)
{
    BOOST_ASSERT(model_.roots().empty() && !is_active());
    canonical_ = std::move(canonical);
    saved_ = &saved;
}

void tree_restorer::resume(time_point slice_end, boost::system::error_code& ec)
{
    BOOST_ASSERT(is_active());
    ec.clear();
    scope_guard undo([this] { cancel(); });
    // A root takes some system calls.
    constexpr unsigned steps = 64;
    constexpr unsigned steps_of_root = 16;
    work_meter meter(model_, steps);
    auto const is_over = [&](unsigned count) {
        return meter.add(count) && port_.now() >= slice_end;
    };
    auto const& entries = saved_->entries();
    while (next_ != entries.size()) {
        auto const& entry = entries[next_];
        make(entry, ec);
        if (ec) {
            return;
        }
        ++next_;
        if (is_over(entry.depth == 0 ? steps_of_root : 1)) {
            undo.dismiss();
            return;
        }
    }
    if (!roots_.parts().empty() && model_.roots().empty()) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        return;
    }
    for (auto& next = guarded_ ? *guarded_ : guarded_.emplace(model_.roots().begin());
         next != model_.roots().end();) {
        auto& root = *next++;
        port_.guard(root.absolute);
        model_.start_reporting(root);
        if (is_over(steps_of_root)) {
            undo.dismiss();
            return;
        }
    }
    finish();
    undo.dismiss();
}

void tree_restorer::make(saved_entry const& saved, boost::system::error_code& ec)
{
    dir_id id = 0;
    if (saved.depth == 0) {
        id = make_root(saved, ec);
        above_.clear();
    } else {
        above_.resize(saved.depth);
        if (model_.index.find(above_.back(), saved.name) != 0) {
            ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
            return;
        }
        id = make_entry(saved, above_.back());
    }
    if (id != 0) {
        above_.push_back(id);
        fill_directory(id, saved, ec);
    }
}

/** @returns 0 for a root inside another one. */
dir_id tree_restorer::make_root(saved_entry const& saved, boost::system::error_code& ec)
{
    auto canonical = canonical_(saved.absolute, ec);
    if (!ec && !names_.insert(saved.name).second) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
    }
    if (ec) {
        return 0;
    }
    if (!saved.is_directory) {
        roots_.parts().push_back({saved.name, saved.absolute, std::move(canonical)});
        return 0;
    }
    auto& root = model_.make_root(saved.name, saved.absolute, std::move(canonical));
    root.present = saved.state != saved_state::lost;
    return root.directory;
}

/** @returns Its directory, if it is one. */
dir_id tree_restorer::make_entry(saved_entry const& saved, dir_id parent)
{
    auto const made = model_.create(parent, saved.name, saved.is_directory, true);
    auto& entry = model_.index.entry(made);
    if (!entry.is_directory()) {
        entry.what = saved.inode;
    }
    if (saved.inode != 0) {
        restoration_.add_place(saved.inode, parent, saved.name);
    }
    return entry.directory();
}

void tree_restorer::fill_directory(dir_id id, saved_entry const& saved,
                                   boost::system::error_code& ec)
{
    auto& d = model_.directory(id);
    // A lost root has none, whatever a text says.
    d.inode = saved.state == saved_state::lost ? 0 : saved.inode;
    if (saved.device != 0) {
        auto const device = filesystems_.add_saved(saved.device);
        if (device == 0) {
            ASIO_INOTIFY_FAIL(ec, error::too_many_filesystems);
            return;
        }
        model_.index.set_device(id, device);
    }
    if (saved.state == saved_state::uncovered) {
        d.set(tree_directory::uncovered);
    }
    if (saved.wd != 0) {
        restoration_.numbers.add(id, saved.wd);
    }
}

void tree_restorer::finish()
{
    // If the user's function throws, nothing was reported yet.
    auto const excluded = roots_.find_excluded_parts();
    mounts_.learn();
    rescan_.complete_at(saved_->time());
    rescan_.start();
    if (rescan_.is_reported()) {
        restoration_.begin();
    } else {
        restoration_.clear();
    }
    roots_.separate(excluded);
    forget();
}

void tree_restorer::cancel() noexcept
{
    auto& roots = model_.roots();
    while (!roots.empty()) {
        port_.unguard(roots.front().absolute);
        model_.drop_root(roots.front());
    }
    // The rest of large trees is freed by the next steps.
    constexpr std::size_t freed_at_once = 4096;
    model_.free_removed(freed_at_once);
    roots_.parts().clear();
    restoration_.end();
    forget();
}

void tree_restorer::forget() noexcept
{
    saved_ = nullptr;
    canonical_ = nullptr;
    next_ = 0;
    above_.clear();
    names_.clear();
    guarded_.reset();
}

} // namespace asio_inotify::detail
