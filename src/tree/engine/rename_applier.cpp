//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/rename_applier.hpp"

#include "tree/engine/event_bits.hpp"

#include <boost/assert.hpp>

#include <utility>
#include <vector>

namespace asio_inotify::detail {
namespace {

bool is_about_directory(queued_event const& event) noexcept
{
    return (event.mask & directory_bit) != 0;
}

} // namespace

void rename_applier::apply(queued_event const& from, rename_verdict const& verdict)
{
    using kind = rename_verdict::kind;
    BOOST_ASSERT(verdict.what != kind::needs_queue && verdict.what != kind::needs_time);
    if (verdict.what == kind::moved_out) {
        apply_moved_out(from, verdict.source);
        return;
    }
    bool const has_aliases =
        model_.directory(verdict.source).alias != 0 || model_.directory(verdict.target).alias != 0;
    if (verdict.what == kind::exchanged) {
        has_aliases ? apply_exchanged_to_all(from, verdict) : apply_exchanged(from, verdict);
    } else {
        has_aliases ? apply_to_all(from, verdict) : apply_moved(from, verdict);
    }
}

void rename_applier::apply_moved_out(queued_event const& from, dir_id source)
{
    for (auto id = source; id != 0 && model_.directory(id).wd == from.wd;) {
        auto const next = model_.directory(id).alias;
        if (!entries_.excludes(id, from.name, is_about_directory(from))) {
            // An exchange with an entry that is not watched can have brought one: the kernel merges
            // its MOVED_TO with one of that name before it.
            entries_.depart(id, from.name);
            entries_.add_if_present(id, from.name);
        } else {
            entries_.link_moved(id, from.name, 0, {}, is_about_directory(from));
            add_whiteout(id, from.name);
        }
        id = next;
    }
}

void rename_applier::apply_moved(queued_event const& from, rename_verdict const& verdict)
{
    using old_entry = rename_verdict::old_entry;
    bool const stays = verdict.old == old_entry::newer;
    if (stays) {
        auto const entry = model_.index.find(verdict.source, from.name);
        agenda_.verify(model_.index.entry(entry).directory());
    } else if (verdict.old == old_entry::gone) {
        entries_.depart(verdict.source, from.name);
    }
    rename({verdict.source, from.name, verdict.target, verdict.to->name, is_about_directory(from)},
           stays);
}

// A parent is at several places of the trees: each pair of places is a rename of its own.
void rename_applier::apply_to_all(queued_event const& from, rename_verdict const& verdict)
{
    std::vector<std::pair<dir_id, dir_id>> pairs;
    for (auto a = verdict.source, b = verdict.target; a != 0 || b != 0;) {
        pairs.emplace_back(a, b);
        a = a == 0 ? 0 : model_.directory(a).alias;
        b = b == 0 ? 0 : model_.directory(b).alias;
    }
    // One may be below an entry that was removed by the rename before, or that of a link which
    // leads elsewhere since that rename.
    auto const if_watched = [&](dir_id id, queued_event const& event) {
        bool const is = id != 0 && model_.directory(id).wd == event.wd && model_.is_attached(id);
        return is && entries_.is_in_place(id, event.name) ? id : 0;
    };
    for (auto const& [one, other] : pairs) {
        rename({if_watched(one, from), from.name, if_watched(other, *verdict.to), verdict.to->name,
                is_about_directory(from)},
               false);
    }
}

void rename_applier::apply_exchanged(queued_event const& from, rename_verdict const& verdict)
{
    using swapped = rename_verdict::swapped;
    change const records{verdict.source, from.name, verdict.target, verdict.to->name,
                         is_about_directory(from)};
    auto const one = model_.index.find(records.source, records.name);
    auto const other = model_.index.find(records.target, records.new_name);
    auto const a = model_.index.entry(one).directory();
    auto const b = model_.index.entry(other).directory();
    // If the user's function throws, nothing has changed yet: an exchange that is applied twice is
    // none, and no listing shows that two files have changed places.
    bool const one_moves = verdict.which == swapped::both || verdict.which == swapped::only_first;
    bool const other_moves =
        verdict.which == swapped::both || verdict.which == swapped::only_second;
    bool const omits_one = one_moves && model_.excludes(records.target, records.new_name,
                                                        model_.index.entry(one).is_directory());
    bool const omits_other =
        other_moves &&
        model_.excludes(records.source, records.name, model_.index.entry(other).is_directory());
    bool const is_recent = recent_.contains(records.source) || recent_.contains(records.target);
    lister_.note_departure(records.source, records.name);
    lister_.note_departure(records.target, records.new_name);
    entries_.links_exchanged(records.source, records.name, records.target, records.new_name);
    if (verdict.is_target_unknown) {
        agenda_.list(records.target);
    }
    if (verdict.which == swapped::both) {
        exchange(records, one, other, is_recent);
    } else if (verdict.which == swapped::only_first) {
        model_.rename(one, records.target, records.new_name, false);
        entries_.arrive(records.source, records.name, is_about_directory(*verdict.back), true);
    } else if (verdict.which == swapped::only_second) {
        model_.rename(other, records.source, records.name, false);
        entries_.arrive(records.target, records.new_name, records.is_directory, true);
    }
    if (omits_other) {
        remove_known(records.source, records.name);
    }
    if (omits_one) {
        remove_known(records.target, records.new_name);
    }
    for (auto const id : {a, b}) {
        if (id != 0 && (is_recent || verdict.which != swapped::both)) {
            agenda_.verify(id);
        }
        entries_.directory_arrived(id);
    }
}

// A parent is at several places of the trees: at the others, each half of the exchange is an entry
// that has come there.
void rename_applier::apply_exchanged_to_all(queued_event const& from, rename_verdict const& verdict)
{
    struct arrival
    {
        dir_id parent;
        queued_event const& at;
        bool is_directory;
    };
    std::vector<arrival> others;
    for (auto id = model_.directory(verdict.source).alias; id != 0;
         id = model_.directory(id).alias) {
        others.push_back({id, from, is_about_directory(*verdict.back)});
    }
    for (auto id = model_.directory(verdict.target).alias; id != 0;
         id = model_.directory(id).alias) {
        others.push_back({id, *verdict.to, is_about_directory(from)});
    }
    for (auto const& [id, at, is_directory] : others) {
        // If the user's function throws, it does so before the exchange.
        static_cast<void>(model_.excludes(id, at.name, is_directory));
    }
    apply_exchanged(from, verdict);
    for (auto const& [id, at, is_directory] : others) {
        if (model_.directory(id).wd == at.wd && model_.is_attached(id) &&
            entries_.is_in_place(id, at.name)) {
            entries_.depart(id, at.name);
            entries_.arrive(id, at.name, is_directory, true);
        }
    }
}

void rename_applier::exchange(change const& records, entry_id one, entry_id other, bool is_recent)
{
    auto const is_modified = [&](entry_id moved, dir_id to, std::string_view name,
                                 entry_id replaced) {
        return !model_.index.entry(moved).is_directory() &&
               (is_recent || history_.was_written(to, name, replaced));
    };
    bool const first = is_modified(one, records.target, records.new_name, other);
    bool const second = is_modified(other, records.source, records.name, one);
    model_.exchange(one, other);
    if (first) {
        model_.report(tree_change_mask::modified, records.target, records.new_name, false, true);
    }
    if (second) {
        model_.report(tree_change_mask::modified, records.source, records.name, false, true);
    }
}

void rename_applier::remove_known(dir_id parent, std::string_view name)
{
    if (auto const known = model_.index.find(parent, name); known != 0) {
        model_.remove(known, false);
    }
}

/** @param stays  The entry of the old name is a different one, and stays. */
void rename_applier::rename(change moved, bool stays)
{
    auto& [source, name, target, new_name, is_directory, is_link, replaces_link] = moved;
    is_link = source != 0 && !is_directory && model_.is_link(source, name);
    replaces_link = target != 0 && model_.is_link(target, new_name);
    // A file can be left in it also if the directory that had its name is excluded.
    auto const left = source;
    auto const reached = target;
    if (source != 0 && entries_.excludes(source, name, is_directory)) {
        source = 0;
    }
    entries_.link_moved(stays ? 0 : left, name, target, new_name, is_directory);
    if (target != 0 && excludes_at_target(moved)) {
        target = 0;
    }
    std::optional<recent_history::place> arrived_from;
    bool is_recent = target != 0 && recent_.contains(target);
    if (source != 0) {
        lister_.note_departure(source, name);
        arrived_from = history_.take_arrival(source, name);
        is_recent = is_recent || recent_.contains(source);
    }
    history_.forget_arrivals(left, reached);
    bool const is_unexplained = source != 0 && history_.take_unexplained(source, name) &&
                                model_.index.find(source, name) == 0;
    if (target != 0) {
        bool const has_other =
            history_.take_unexplained(target, new_name) || model_.index.find(target, new_name) != 0;
        if (has_other) {
            history_.note_arrival(target, new_name, left, name);
        }
    }
    if (stays) {
        if (target != 0) {
            entries_.arrive(target, new_name, is_directory, true);
        }
        return;
    }
    // A rename and one back can be an exchange that was not recognised: a different entry is back.
    bool const is_back = arrived_from && is_same_place(*arrived_from, reached, new_name);
    move(moved, is_recent || is_back);
    if (left != 0) {
        check_left_name(left, name, is_back || is_unexplained || (source != 0 && is_recent));
    }
}

// A directory that is at several places of the trees can be known by another one, or by none.
bool rename_applier::is_same_place(recent_history::place const& one, dir_id id,
                                   std::string_view name) const noexcept
{
    return one.name == name && (one.directory == id || one.directory == 0 || id == 0 ||
                                model_.directory(id).alias != 0);
}

// The name was left by a rename.
void rename_applier::check_left_name(dir_id id, std::string_view name, bool can_be_another)
{
    if (can_be_another) {
        entries_.add_if_present(id, name);
    } else {
        add_whiteout(id, name);
    }
}

// An exchange can have put another entry in the place of the whiteout. Its second event is then
// about an entry that is not known: what is there after that event is looked up.
void rename_applier::add_whiteout(dir_id id, std::string_view name)
{
    if (entries_.add_whiteout(id, name)) {
        history_.note_unexplained(id, name);
    }
}

// True if the options exclude a known entry at its new place. Any other one is asked about when it
// arrives.
bool rename_applier::excludes_at_target(change const& moved)
{
    auto const known = moved.source == 0 ? 0 : model_.index.find(moved.source, moved.name);
    if (known == 0) {
        return false;
    }
    bool const is_directory = model_.index.entry(known).is_directory();
    return (is_directory == moved.is_directory || moved.is_link) &&
           model_.excludes(moved.target, moved.new_name, is_directory);
}

void rename_applier::move(change const& moved, bool is_uncertain)
{
    auto const& [source, name, target, new_name, is_directory, is_link, replaces_link] = moved;
    auto const known = source == 0 ? 0 : model_.index.find(source, name);
    if (known == 0) {
        if (target != 0) {
            entries_.arrive(target, new_name, is_directory, true);
        }
        return;
    }
    auto const& entry = model_.index.entry(known);
    auto const below = entry.directory();
    auto const replaced = target == 0 ? 0 : model_.index.find(target, new_name);
    auto const other = replaced == 0 ? 0 : model_.index.entry(replaced).directory();
    if (is_impossible(moved, below, other)) {
        if (!is_link && !replaces_link) {
            rescan_.start();
            return;
        }
        model_.remove(known, false);
        if (model_.is_attached(target)) {
            entries_.arrive(target, new_name, is_directory, true);
        }
        return;
    }
    // What is known of a link was seen when it was looked at, and can be younger than the rename.
    bool const is_known_link = is_link && !is_uncertain;
    bool const is_other_type = entry.is_directory() != is_directory && !is_known_link;
    if (target == 0 || is_other_type ||
        model_.locate(source).is_reported != model_.locate(target).is_reported) {
        model_.remove(known, false);
        if (target != 0) {
            entries_.arrive(target, new_name, is_directory, true);
        }
        return;
    }
    if (replaced == known) {
        return;
    }
    model_.rename(known, target, new_name, false);
    entries_.directory_arrived(below);
    if (below != 0) {
        if (is_uncertain) {
            agenda_.verify(below);
        }
        return;
    }
    history_.note_rename(source, name, target, new_name);
    if (is_uncertain || history_.was_written(target, new_name, replaced)) {
        model_.report(tree_change_mask::modified, target, new_name, false, true);
    }
}

// A directory would be moved into itself, or over one that it is in: the model is wrong about these
// directories. A link can be moved into the directory to which it leads, and replaced from there.
bool rename_applier::is_impossible(change const& moved, dir_id below, dir_id replaced) noexcept
{
    return (moved.target != 0 && below != 0 && model_.is_within(moved.target, below)) ||
           (replaced != 0 && model_.is_within(moved.source, replaced));
}

} // namespace asio_inotify::detail
