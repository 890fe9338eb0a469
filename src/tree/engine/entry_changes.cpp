//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/entry_changes.hpp"

#include "tree/engine/errors.hpp"

#include <string>

namespace asio_inotify::detail {

bool entry_changes::excludes(dir_id parent, std::string_view name, bool is_directory)
{
    if (options_.directories_only && !is_directory && !model_.is_link(parent, name)) {
        return true;
    }
    if (!model_.has_exclusions()) {
        return false;
    }
    // A followed link is a directory here and a file for the kernel.
    if (options_.follow_symlinks && !is_directory) {
        auto const known = model_.index.find(parent, name);
        is_directory = known != 0 && model_.index.entry(known).is_directory();
    }
    return model_.excludes(parent, name, is_directory);
}

void entry_changes::arrive(dir_id parent, std::string_view name, bool is_directory, bool moved)
{
    if (is_directory) {
        links_.forget(parent, name);
    } else if (options_.follow_symlinks) {
        links_.check_later(parent, name);
        is_directory = is_link_to_directory(parent, name);
    }
    if ((options_.directories_only && !is_directory) ||
        model_.excludes(parent, name, is_directory)) {
        remove(parent, name);
        return;
    }
    if (auto const known = model_.index.find(parent, name); known != 0) {
        auto& entry = model_.index.entry(known);
        bool const is_same_type = entry.is_directory() == is_directory;
        if (!lister_.is_missing(parent, entry) && is_same_type && (is_directory || !moved)) {
            // It was listed before its event was read; or after the name was not found, and then it
            // can be a different one.
            bool const mark = model_.directory(parent).is(tree_directory::mark);
            bool const was_seen = entry.is_marked() == mark;
            entry.set_mark(mark);
            if (is_directory && (moved || !was_seen)) {
                agenda_.verify(entry.directory());
            }
            directory_arrived(entry.directory());
            return;
        }
        model_.remove(known, false);
    }
    auto const made = model_.create(parent, name, is_directory, false);
    if (is_directory) {
        agenda_.scan(model_.index.entry(made).directory());
    }
}

bool entry_changes::is_link_to_directory(dir_id parent, std::string_view name)
{
    boost::system::error_code ec;
    auto const from = access_.open(parent, ec);
    if (from < 0) {
        return false;
    }
    looked_up_ = name;
    auto const target = port_.look(from, looked_up_.c_str(), true, ec);
    if (ec || !target.is_directory()) {
        return false;
    }
    // A directory can have the name by now.
    auto const status = port_.look(from, looked_up_.c_str(), false, ec);
    bool const is = !ec && status.kind == file_kind::symbolic_link;
    if (is) {
        recent_.add(parent);
    }
    return is;
}

void entry_changes::depart(dir_id parent, std::string_view name)
{
    links_.entry_is_gone(parent, name);
    remove(parent, name);
}

void entry_changes::remove(dir_id parent, std::string_view name)
{
    lister_.note_departure(parent, name);
    if (auto const known = model_.index.find(parent, name); known != 0) {
        model_.remove(known, false);
    }
}

bool entry_changes::is_in_place(dir_id id, std::string_view name)
{
    boost::system::error_code ignored;
    bool const is =
        !options_.follow_symlinks || (!model_.is_in_itself(id) && access_.open(id, ignored) >= 0);
    if (!is) {
        depart(id, name);
        agenda_.scan(id);
    }
    return is;
}

void entry_changes::directory_arrived(dir_id id) noexcept
{
    if (id == 0) {
        return;
    }
    if (rescan_.is_comparing_all()) {
        // The directory above can have been compared without it.
        agenda_.scan_subtree(id);
    } else if (model_.directory(id).wd == 0) {
        agenda_.scan(id);
    } else {
        agenda_.resume(id);
    }
}

void entry_changes::add_if_present(dir_id id, std::string_view name)
{
    boost::system::error_code ec;
    auto const from = access_.open(id, ec);
    if (from < 0) {
        agenda_.list(id);
        return;
    }
    auto const is_directory = access_.is_directory(from, std::string(name).c_str(), ec);
    if (ec) {
        agenda_.list(id);
    }
    if (!is_directory || model_.index.find(id, name) != 0 ||
        (options_.directories_only && !*is_directory) || model_.excludes(id, name, *is_directory)) {
        return;
    }
    // Events of it can still be queued.
    recent_.add(id);
    add_found(id, name, *is_directory);
}

bool entry_changes::add_whiteout(dir_id id, std::string_view name)
{
    if (!options_.find_whiteouts || options_.directories_only || !model_.is_attached(id) ||
        model_.index.find(id, name) != 0 || model_.excludes(id, name, false)) {
        return false;
    }
    boost::system::error_code ec;
    auto const from = access_.open(id, ec);
    if (from < 0) {
        agenda_.list(id);
        return false;
    }
    looked_up_ = name;
    auto const status = port_.look(from, looked_up_.c_str(), false, ec);
    if (!ec && status.is_whiteout) {
        add_found(id, name, false);
    } else if (ec && !says_nothing_there(ec)) {
        agenda_.list(id);
    }
    return !ec && !status.is_whiteout;
}

void entry_changes::add_found(dir_id id, std::string_view name, bool is_directory)
{
    links_.check_later(id, name);
    auto const made = model_.create(id, name, is_directory, true);
    auto& entry = model_.index.entry(made);
    entry.set_mark(model_.directory(id).is(tree_directory::mark));
    if (is_directory) {
        agenda_.scan(entry.directory());
    }
}

} // namespace asio_inotify::detail
