//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include <utility>

// How directories are listed and compared with what is known of them.
namespace asio_inotify::detail {

void tree_engine::begin_listing(dir_id id, int handle, bool looks_at_files)
{
    auto& d = directory(id);
    if (listing_.directory != 0) {
        // Another one's turn.
        opened_.put(id, handle);
        push(id, tree_directory::must_list);
        return;
    }
    held_directory held(port_, handle);
    note_listing(id);
    gone_while_listing_.clear();
    listing_ = {};
    listing_.directory = id;
    listing_.handle = held.release();
    listing_.compares = d.first_child != 0;
    listing_.deep = d.is(tree_directory::deep);
    listing_.since = rescanning_ ? changes_since_ : 0;
    listing_.looks_at_files = looks_at_files;
    d.clear(tree_directory::must_list | tree_directory::deep);
    if (listing_.compares) {
        if (d.is(tree_directory::unsettled)) {
            for (auto entry = d.first_child; entry != 0; entry = model_.index.entry(entry).next) {
                set_mark(entry, d.is(tree_directory::mark));
            }
        }
        d.flags = static_cast<std::uint16_t>(d.flags ^ tree_directory::mark);
        d.set(tree_directory::unsettled);
    }
    ++counters_.listings;
}

void tree_engine::begin_sweep(dir_id id)
{
    listing_ = {};
    listing_.directory = id;
    listing_.sweeping = true;
    model_.cursor = directory(id).first_child;
}

void tree_engine::sweep()
{
    auto& d = directory(listing_.directory);
    auto const mark = d.is(tree_directory::mark);
    for (std::size_t i = 0; i != entries_at_a_time; ++i) {
        auto const entry = model_.cursor;
        if (entry == 0) {
            d.clear(tree_directory::unsettled);
            end_listing(listing_.has_directories);
            return;
        }
        model_.cursor = model_.index.entry(entry).next;
        if (((model_.index.entry(entry).flags & tree_entry::mark_flag) != 0) != mark) {
            model_.remove(entry, true);
        }
    }
}

void tree_engine::set_mark(entry_id id, bool mark) noexcept
{
    auto& flags = model_.index.entry(id).flags;
    flags = static_cast<std::uint16_t>(mark ? flags | tree_entry::mark_flag
                                            : flags & ~unsigned{tree_entry::mark_flag});
}

void tree_engine::continue_listing()
{
    auto const id = listing_.directory;
    if (directory(id).is(tree_directory::dead) || !model_.is_attached(id)) {
        end_listing(false);
        return;
    }
    if (listing_.sweeping) {
        sweep();
        return;
    }
    boost::system::error_code ec;
    auto const listed = port_.list(listing_.handle, listed_.data(), listed_at_once(), ec);
    if (ec) {
        end_listing(false);
        if (says_gone(ec) && !directory(id).is(tree_directory::root)) {
            missing(id, ec);
        } else if (says_gone(ec)) {
            push(id, tree_directory::must_probe);
        } else {
            uncover(id, ec);
        }
        return;
    }
    if (listed == 0) {
        listed_all();
    } else {
        take_listed(listed);
    }
}

// All at once: what is listed is true only up to the next event.
void tree_engine::take_listed(std::size_t listed)
{
    auto const id = listing_.directory;
    listed_entry entry{};
    for (std::size_t at = 0; at < listed;) {
        at += first_entry(listed_.data() + at, entry);
        list_entry(id, entry);
    }
    // The place of the end could be that of an entry for which there was no room.
    constexpr std::size_t longest_record = 280;
    if (entry.next == traits(directory(id)).end_of_listing && entry.next != 0 &&
        listed + longest_record <= listed_at_once()) {
        listed_all();
    }
}

void tree_engine::listed_all()
{
    auto const id = listing_.directory;
    if (listing_.compares && (listing_.deep || restoring_)) {
        to_sweep_.push_back(id);
        end_listing(listing_.has_directories);
    } else if (listing_.compares) {
        listing_.sweeping = true;
        model_.cursor = directory(id).first_child;
    } else {
        end_listing(listing_.has_directories);
    }
}

void tree_engine::end_listing(bool keep) noexcept
{
    if (keep) {
        opened_.put(listing_.directory, listing_.handle);
    } else if (listing_.handle >= 0) {
        port_.close(listing_.handle);
    }
    listing_ = {};
    model_.cursor = 0;
}

// False if there is nothing by the name.
bool tree_engine::look_at_type(int handle, char const* name, bool& is_directory)
{
    boost::system::error_code ec;
    auto status = port_.look(handle, name, options_.follow_symlinks, ec);
    if (ec && options_.follow_symlinks) {
        // A link that leads nowhere is there all the same.
        status = port_.look(handle, name, false, ec);
    }
    is_directory = !ec && status.is_directory();
    return !ec || !says_gone(ec);
}

// What is seen in a directory may have come there by what events that are still queued tell.
void tree_engine::note_listing(dir_id id)
{
    if (!directory(id).is(tree_directory::recent)) {
        recently_listed_.push_back(id);
        directory(id).set(tree_directory::recent);
    }
}

// The queue was empty: all that happened before is known.
void tree_engine::forget_listed() noexcept
{
    for (auto const id : recently_listed_) {
        directory(id).clear(tree_directory::recent);
    }
    recently_listed_.clear();
    if (listing_.directory != 0 && listing_.handle >= 0) {
        directory(listing_.directory).set(tree_directory::recent);
        recently_listed_.push_back(listing_.directory);
    }
}

void tree_engine::list_entry(dir_id id, listed_entry const& listed)
{
    using kind = listed_entry::kind;
    std::string_view const name(listed.name, listed.name_size);
    if (name == "." || name == "..") {
        return;
    }
    bool is_directory = listed.type == kind::directory;
    if (listed.type == kind::unknown || gone_while_listing_.contains(name) ||
        (listed.type == kind::symbolic_link && options_.follow_symlinks)) {
        if (!look_at_type(listing_.handle, listed.name, is_directory)) {
            // Gone since it was listed, which an event tells.
            return;
        }
    }
    if (options_.directories_only && !is_directory) {
        return;
    }
    if (model_.is_excluded(id, name, is_directory)) {
        return;
    }
    auto known = listing_.is_first ? 0 : model_.index.find(id, name);
    bool has_moved = false;
    if (known != 0 && restoring_) {
        auto const now = find_exchanged(id, known, listed, is_directory);
        has_moved = now != std::exchange(known, now);
    }
    if (known != 0 && model_.index.entry(known).is_directory() != is_directory) {
        model_.remove(known, true);
        known = 0;
    }
    if (known == 0 && restoring_) {
        known = find_moved(id, listed, is_directory);
        has_moved = known != 0;
    }
    bool const is_new = known == 0;
    if (is_new) {
        known = model_.create(id, name, is_directory, true);
    }
    auto& entry = model_.index.entry(known);
    set_mark(known, directory(id).is(tree_directory::mark));
    if (!is_directory) {
        auto const was = std::exchange(entry.what, listed.inode);
        if (is_new) {
            return;
        }
        if (restoring_ && was != 0 && was != listed.inode) {
            // Another one, however old it is.
            model_.tell(tree_change_mask::modified, id, name, false, true);
        } else if (listing_.looks_at_files || has_moved) {
            look_at_file(id, listed);
        }
        return;
    }
    listing_.has_directories = true;
    auto& below = directory(entry.directory());
    if (listing_.deep) {
        push(entry.directory(),
             tree_directory::must_probe | tree_directory::must_list | tree_directory::deep);
    } else if (is_new || (below.wd == 0 && (restoring_ || !below.is(tree_directory::uncovered)))) {
        push(entry.directory(), tree_directory::must_probe | tree_directory::must_list);
    } else if (below.is(tree_directory::must_probe)) {
        push(entry.directory(), tree_directory::must_probe);
    }
}

// Nobody has told what was written while events were lost.
void tree_engine::look_at_file(dir_id id, listed_entry const& listed)
{
    boost::system::error_code ec;
    auto const status = port_.look(listing_.handle, listed.name, false, ec);
    if (!ec && status.stamp.status_changed >= listing_.since) {
        model_.tell(tree_change_mask::modified, id, {listed.name, listed.name_size}, false, true);
    }
}

} // namespace asio_inotify::detail
