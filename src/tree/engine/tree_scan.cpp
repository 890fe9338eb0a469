//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include "values/fail.hpp"

#include <utility>

// What there is to do without events, and how directories are opened.
namespace asio_inotify::detail {
namespace {

// So often a directory may be listed in its parent and not be found there.
constexpr unsigned most_attempts = 4;

} // namespace

bool tree_engine::says_gone(boost::system::error_code const& ec) noexcept
{
    return is_errno(ec, ENOENT) || is_errno(ec, ENOTDIR) || is_errno(ec, ELOOP) ||
           is_errno(ec, ESTALE);
}

// The last one comes first: so a directory is looked at while its parent is still open.
void tree_engine::push(dir_id id, unsigned flags) noexcept
{
    auto& d = directory(id);
    if (d.is(tree_directory::dead)) {
        return;
    }
    d.set(flags);
    if (!d.is(tree_directory::queued)) {
        d.set(tree_directory::queued);
        d.link = work_;
        work_ = id;
    }
}

// Some of what there is to do without events; false if there is nothing.
bool tree_engine::work()
{
    if (listing_.directory != 0) {
        continue_listing();
        return true;
    }
    if (model_.has_removed()) {
        opened_.close_if([this](dir_id id) { return !model_.is_attached(id); });
        model_.dismantle(entries_at_a_time);
        return true;
    }
    if (work_ != 0) {
        auto const id = work_;
        auto& d = directory(id);
        work_ = d.link;
        d.clear(tree_directory::queued);
        if (d.is(tree_directory::dead)) {
            model_.bury(id);
        } else if (model_.is_attached(id)) {
            visit(id);
        }
        return true;
    }
    opened_.clear();
    if (!to_sweep_.empty()) {
        auto const id = to_sweep_.back();
        to_sweep_.pop_back();
        if (!directory(id).is(tree_directory::dead) &&
            directory(id).is(tree_directory::unsettled) && model_.is_attached(id)) {
            begin_sweep(id);
        }
        return true;
    }
    comparing_all_ = false;
    if (retry_uncovered()) {
        return true;
    }
    if (rescanning_) {
        model_.tell(tree_change_mask::rescan_end);
        rescanning_ = false;
        end_restoring();
        return true;
    }
    if (scanning_ && to_walk_.empty()) {
        announce();
        return true;
    }
    return false;
}

void tree_engine::visit(dir_id id)
{
    auto& d = directory(id);
    if (d.is(tree_directory::must_probe)) {
        d.clear(tree_directory::must_probe);
        if (d.is(tree_directory::root)) {
            probe_root(id);
        } else {
            probe(id);
        }
    } else if (d.is(tree_directory::must_list) && !d.is(tree_directory::uncovered)) {
        boost::system::error_code ec;
        auto const open = handle_of(id, ec);
        if (open >= 0) {
            auto const handle = opened_.take(id);
            port_.rewind(handle);
            begin_listing(id, handle, false);
        } else {
            push(id, tree_directory::must_probe);
        }
    }
}

// A descriptor of a directory that is where the trees have it; negative if it is not.
int tree_engine::handle_of(dir_id id, boost::system::error_code& ec)
{
    ec.clear();
    if (auto const handle = opened_.find(id); handle >= 0) {
        return handle;
    }
    auto const& d = directory(id);
    if (d.wd == 0) {
        return -1;
    }
    auto const& path = model_.path_to_open(id);
    if (path.empty()) {
        return -1;
    }
    bool const follow = d.is(tree_directory::root) || options_.follow_symlinks;
    auto const handle = port_.open_path(path, follow, ec);
    if (handle < 0) {
        return -1;
    }
    auto const status = port_.identify(handle, ec);
    if (ec || !is_same(d, status)) {
        port_.close(handle);
        return -1;
    }
    opened_.put(id, handle);
    return handle;
}

// Open a directory by its parent, watch it, and see what has become of it.
void tree_engine::probe(dir_id id)
{
    auto const parent = model_.index.parent(id);
    boost::system::error_code ec;
    auto const from = handle_of(parent, ec);
    if (from < 0 && ec && !says_gone(ec)) {
        uncover(id, ec);
        return;
    }
    if (from < 0) {
        // The parent is somewhere else by now, or gone: an event is on its way that tells so. It
        // looks for this one when it has been found.
        directory(id).set(tree_directory::must_probe);
        push(parent, tree_directory::must_probe | tree_directory::must_list);
        return;
    }
    named_watch by_name;
    unused_watch const unused{*this, by_name.wd};
    if (watch_leaf(id, from, by_name)) {
        return;
    }
    if (watch_plain(id, from)) {
        return;
    }
    held_directory held(port_,
                        port_.open_child(from, name_of(id).data(), options_.follow_symlinks, ec));
    if (held.get() < 0) {
        if (says_gone(ec)) {
            missing(id, ec);
        } else {
            uncover(id, ec);
        }
        return;
    }
    auto const status = port_.identify(held.get(), ec);
    if (!ec && options_.one_filesystem) {
        auto const root = model_.locate(id).root->directory;
        if (devices_[directory(root).device - 1U].device != status.device) {
            ec.assign(EXDEV, boost::system::system_category());
        }
    }
    if (ec) {
        uncover(id, ec);
        return;
    }
    bool const is_watched =
        by_name.wd != 0 && by_name.inode == status.inode && by_name.device == status.device;
    watch(id, held.release(), status, is_watched ? by_name.wd : 0);
}

// What is listed but cannot be found has gone or will be listed no more.
void tree_engine::missing(dir_id id, boost::system::error_code const& ec)
{
    auto& d = directory(id);
    d.flags = static_cast<std::uint16_t>(d.flags + tree_directory::one_attempt);
    if (d.is(tree_directory::one_attempt * most_attempts)) {
        uncover(id, ec);
        return;
    }
    d.set(tree_directory::must_probe);
    push(model_.index.parent(id), tree_directory::must_list);
}

void tree_engine::start_over() noexcept
{
    if (listing_.directory != 0) {
        end_listing(false);
    }
    compare_all();
}

void tree_engine::compare_all() noexcept
{
    comparing_all_ = true;
    for (auto& root : model_.roots()) {
        push(root.directory,
             tree_directory::must_probe | tree_directory::must_list | tree_directory::deep);
    }
}

// Everything is compared with what is on disk.
void tree_engine::rescan()
{
    if (!rescanning_) {
        changes_since_ = complete_at_;
    }
    bool told = rescanning_;
    for (auto& root : model_.roots()) {
        if (!told && root.announced) {
            model_.tell(tree_change_mask::rescan_begin);
            told = true;
        }
    }
    compare_all();
    rescanning_ = told;
}

} // namespace asio_inotify::detail
