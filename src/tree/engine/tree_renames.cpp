//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/event_bits.hpp"
#include "tree/engine/tree_engine.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// What renames do to the trees. Most are told by two records that belong together; those of an
// exchange look like two renames in opposite directions.
namespace asio_inotify::detail {

auto tree_engine::apply_rename(queued_event const& from, outcome given_up) -> outcome
{
    bool const is_directory = (from.mask & directory_bit) != 0;
    if (!is_directory && options_.directories_only && !options_.follow_symlinks) {
        return outcome::done;
    }
    auto const to = queue_.find_moved_to(from.cookie);
    if (to.mask == 0 && given_up != outcome::needs_time) {
        return outcome::needs_time;
    }
    auto const first = find_watched(from.wd);
    auto const target = to.mask == 0 ? 0 : find_watched(to.wd);
    if (target == 0) {
        for (auto id = first; id != 0 && directory(id).wd == from.wd;) {
            auto const next = directory(id).alias;
            if (!model_.is_excluded(id, from.name, is_directory)) {
                depart(id, from.name);
                look_for(id, from.name);
            }
            id = next;
        }
        return outcome::done;
    }
    if (directory(first).alias == 0 && directory(target).alias == 0) {
        auto const result = find_exchange(from, to, given_up);
        if (result != outcome::done) {
            return result;
        }
        if (queue_.front().mask != 0) {
            auto const kept = find_unmoved(first, from, target, to, given_up);
            if (kept.second != outcome::done) {
                return kept.second;
            }
            rename(first, from.name, target, to.name, is_directory, kept.first);
        }
    } else {
        std::vector<std::pair<dir_id, dir_id>> pairs;
        auto a = first;
        auto b = target;
        while (a != 0 || b != 0) {
            pairs.emplace_back(a, b);
            a = a == 0 ? 0 : directory(a).alias;
            b = b == 0 ? 0 : directory(b).alias;
        }
        for (auto [one, other] : pairs) {
            one = one != 0 && directory(one).wd == from.wd && model_.is_attached(one) ? one : 0;
            other =
                other != 0 && directory(other).wd == to.wd && model_.is_attached(other) ? other : 0;
            rename(one, from.name, other, to.name, is_directory, false);
        }
    }
    queue_.consume(to);
    return outcome::done;
}

// True if the directory that has the name came by it after what is told now: if it has not moved
// since, it was looked for and found there.
auto tree_engine::find_unmoved(dir_id from_id, queued_event const& from, dir_id to_id,
                               queued_event const& to, outcome given_up) -> std::pair<bool, outcome>
{
    auto const known = model_.index.find(from_id, from.name);
    auto const below = known == 0 ? 0 : model_.index.entry(known).directory();
    // One that was watched before the queue was empty last tells of all its moves since.
    if (below == 0 || directory(below).wd == 0 ||
        !(directory(below).is(tree_directory::recent) ||
          directory(from_id).is(tree_directory::recent) ||
          directory(to_id).is(tree_directory::recent))) {
        return {false, outcome::done};
    }
    auto const wd = directory(below).wd;
    auto const mover = queue_.find_mover(from, to, wd, wd);
    if (mover.wd != 0) {
        return {false, outcome::done};
    }
    if (given_up == outcome::done && !mover.is_certain) {
        return {false, outcome::needs_more};
    }
    // A new one was found by its name and watched then. What has moved between these two does not
    // tell so, and neither does what took the name before them.
    if (directory(below).is(tree_directory::recent) && !is_at(below, from_id, from.name)) {
        if (!is_at(below, to_id, to.name)) {
            depart(from_id, from.name);
        }
        return {false, outcome::done};
    }
    push(below, tree_directory::must_probe);
    return {true, outcome::done};
}

// True if a directory is found by a name now.
bool tree_engine::is_at(dir_id id, dir_id parent, std::string_view name)
{
    boost::system::error_code ec;
    auto const handle = handle_of(parent, ec);
    if (handle < 0) {
        return false;
    }
    auto const status = port_.look(handle, std::string(name).c_str(), options_.follow_symlinks, ec);
    return !ec && is_same(directory(id), status);
}

// An exchange is two renames in opposite directions, that are told in one go. A rename over an
// entry, and one back, look nearly the same.
auto tree_engine::find_exchange(queued_event const& from, queued_event const& to, outcome given_up)
    -> outcome
{
    auto const parent = find_watched(from.wd);
    auto const target = find_watched(to.wd);
    auto const one = model_.index.find(parent, from.name);
    auto const other = model_.index.find(target, to.name);
    if (one == 0 || other == 0 || one == other) {
        return outcome::done;
    }
    auto const a = model_.index.entry(one).directory();
    auto const b = model_.index.entry(other).directory();
    // The kernel tells of nothing else in the two parents between.
    auto const back = queue_.find_next_entry(to.at, from.wd, to.wd);
    auto const end =
        back.mask == 0 ? queued_event{} : queue_.find_next_entry(back.at, from.wd, to.wd);
    auto const is_half = [](queued_event const& event, std::uint32_t kind, queued_event const& of) {
        return (event.mask & kind) != 0 && event.wd == of.wd && event.name == of.name;
    };
    if ((back.mask != 0 && !is_half(back, moved_from_bit, to)) ||
        (end.mask != 0 && (!is_half(end, moved_to_bit, from) || end.cookie != back.cookie))) {
        return outcome::done;
    }
    if (end.mask == 0) {
        // A directory that another one takes the place of is empty and ends soon.
        bool const certain =
            (a != 0) != (b != 0) ||
            (b != 0 && (directory(b).wd == 0 || !queue_.has_end(to.at, directory(b).wd)));
        if (!queue_.is_near_end(to.at)) {
            return outcome::done;
        }
        auto const needed = certain ? outcome::needs_time : outcome::needs_more;
        return given_up == outcome::done || (given_up == outcome::needs_more && certain)
                   ? needed
                   : outcome::done;
    }
    if ((a != 0 && model_.is_within(target, a)) || (b != 0 && model_.is_within(parent, b)) ||
        model_.locate(parent).is_told != model_.locate(target).is_told) {
        return outcome::done;
    }
    auto const state = examine_exchange({from, to, back, end}, a, b, given_up != outcome::done);
    if (state == exchange_state::unknown) {
        return outcome::needs_more;
    }
    if (state == exchange_state::not_one) {
        return outcome::done;
    }
    note_gone(parent, from.name);
    note_gone(target, to.name);
    bool const is_recent = directory(parent).is(tree_directory::recent) ||
                           directory(target).is(tree_directory::recent);
    if (state == exchange_state::both) {
        bool const one_is_new = a == 0 && (is_recent || was_written_early(target, to.name, other));
        bool const other_is_new =
            b == 0 && (is_recent || was_written_early(parent, from.name, one));
        model_.exchange(one, other);
        if (one_is_new) {
            model_.tell(tree_change_mask::modified, target, to.name, false, true);
        }
        if (other_is_new) {
            model_.tell(tree_change_mask::modified, parent, from.name, false, true);
        }
    } else if (state == exchange_state::only_one) {
        model_.rename(one, target, to.name, false);
        arrive(parent, from.name, (back.mask & directory_bit) != 0, true);
    } else if (state == exchange_state::only_other) {
        model_.rename(other, parent, from.name, false);
        arrive(target, to.name, (from.mask & directory_bit) != 0, true);
    }
    for (auto const id : {a, b}) {
        if (id != 0 && (is_recent || state != exchange_state::both)) {
            push(id, tree_directory::must_probe);
        }
        arrived(id);
    }
    queue_.consume(back);
    queue_.consume(end);
    queue_.consume(from);
    return outcome::done;
}

// Whether two renames in opposite directions are an exchange, of entries that are the directories
// `a` and `b` (0 for a file). What was listed after it came there by it.
auto tree_engine::examine_exchange(exchange_records const& records, dir_id a, dir_id b,
                                   bool has_all) -> exchange_state
{
    using state = exchange_state;
    auto const wd_of = [&](dir_id id) { return id == 0 ? 0 : directory(id).wd; };
    auto const wd = wd_of(a);
    auto const other_wd = wd_of(b);
    // Directories tell that they have moved, the one after the first half, the other one after the
    // second; but not those that are watched since.
    auto const first = queue_.find_mover(records.from, records.to, wd, other_wd).wd;
    auto const last = queue_.find_mover(records.back, records.end, wd, other_wd);
    auto const second = last.wd;
    if (!last.is_certain && other_wd != 0 && !has_all) {
        if (wd == 0) {
            look_for_second(records);
        }
        return state::unknown;
    }
    bool const one_is_directory = (records.from.mask & directory_bit) != 0;
    bool const other_is_directory = (records.back.mask & directory_bit) != 0;
    // Links that are followed are directories here and none for the kernel.
    auto const is_type = [&](dir_id id, bool type) {
        return options_.follow_symlinks || (id != 0) == type;
    };
    bool const one = is_type(a, one_is_directory) && (wd == 0 || first == wd);
    bool const other = is_type(b, other_is_directory) && (other_wd == 0 || second == other_wd);
    auto const result = one && other ? state::both
                        : one        ? state::only_one
                        : other      ? state::only_other
                                     : state::seen;
    if (one_is_directory != other_is_directory || (other_wd != 0 && second == other_wd)) {
        return result;
    }
    // In an exchange each of them moves once.
    if (wd != 0 && first == wd && second == wd) {
        return state::not_one;
    }
    if (wd != 0 && other_wd != 0) {
        return result;
    }
    // If it was a rename and one back, the second name was free then.
    auto const next = queue_.find_near(records.end.at, records.to.wd,
                                       created_bit | moved_to_bit | deleted_bit | moved_from_bit,
                                       records.to.name);
    if ((next.mask & (created_bit | moved_to_bit)) != 0) {
        return state::not_one;
    }
    if (next.mask != 0) {
        return result;
    }
    if (!has_all || looked_for_.at != records.end.at) {
        look_for_second(records);
    }
    if (!has_all) {
        return state::unknown;
    }
    return looked_for_.exists ? result : state::not_one;
}

void tree_engine::rename(dir_id from, std::string_view name, dir_id to, std::string_view new_name,
                         bool is_directory, bool keeps_old)
{
    if (from != 0 && model_.is_excluded(from, name, is_directory)) {
        from = 0;
    }
    if (to != 0 && model_.is_excluded(to, new_name, is_directory)) {
        to = 0;
    }
    arrival before;
    bool is_recent = to != 0 && directory(to).is(tree_directory::recent);
    if (from != 0) {
        note_gone(from, name);
        before = take_arrival(from, name);
        is_recent = is_recent || directory(from).is(tree_directory::recent);
    }
    if (to != 0 && model_.index.find(to, new_name) != 0) {
        remember_arrival(to, new_name, from, name);
    }
    // An exchange that was not taken for one: what came back is another one.
    bool const is_uncertain =
        is_recent || (before.directory != 0 && before.from == to && before.old_name == new_name);
    if (keeps_old) {
        if (to != 0) {
            arrive(to, new_name, is_directory, true);
        }
        return;
    }
    move(from, name, to, new_name, is_directory, is_uncertain);
    if (before.directory != 0 || (from != 0 && is_recent)) {
        look_for(from, name);
    }
}

void tree_engine::move(dir_id from, std::string_view name, dir_id to, std::string_view new_name,
                       bool is_directory, bool is_uncertain)
{
    auto const known = from == 0 ? 0 : model_.index.find(from, name);
    if (known == 0) {
        if (to != 0) {
            arrive(to, new_name, is_directory, true);
        }
        return;
    }
    auto const& entry = model_.index.entry(known);
    auto const below = entry.directory();
    auto const replaced = to == 0 ? 0 : model_.index.find(to, new_name);
    auto const other = replaced == 0 ? 0 : model_.index.entry(replaced).directory();
    if ((to != 0 && below != 0 && model_.is_within(to, below)) ||
        (other != 0 && model_.is_within(from, other))) {
        // Not possible: what is known of these directories is not so.
        rescan();
        return;
    }
    // Links that are followed are directories here and none for the kernel.
    bool const other_type = entry.is_directory() != is_directory && !options_.follow_symlinks;
    if (to == 0 || other_type || model_.locate(from).is_told != model_.locate(to).is_told) {
        model_.remove(known, false);
        if (to != 0) {
            arrive(to, new_name, is_directory, true);
        }
        return;
    }
    if (replaced == known) {
        return;
    }
    model_.rename(known, to, new_name, false);
    arrived(below);
    if (below != 0) {
        if (is_uncertain) {
            push(below, tree_directory::must_probe);
        }
        return;
    }
    remember_rename(from, name, to, new_name);
    if (is_uncertain || was_written_early(to, new_name, replaced)) {
        model_.tell(tree_change_mask::modified, to, new_name, false, true);
    }
}

// An entry has its new name before the kernel tells so: what was written in between was told of
// something else, or of nothing.
bool tree_engine::was_written_early(dir_id id, std::string_view name,
                                    entry_id replaced) const noexcept
{
    return std::ranges::any_of(writes_, [&](early_write const& write) {
        return write.directory == id &&
               (replaced != 0 ? write.entry == replaced : write.entry == 0 && write.name == name);
    });
}

void tree_engine::remember_rename(dir_id from, std::string_view name, dir_id to,
                                  std::string_view new_name)
{
    auto& passed = renames_[next_rename_];
    next_rename_ = (next_rename_ + 1) % renames_.size();
    passed.from = from;
    passed.name = name;
    passed.to = to;
    passed.new_name = new_name;
}

void tree_engine::remember_arrival(dir_id id, std::string_view name, dir_id from,
                                   std::string_view old_name)
{
    static_cast<void>(take_arrival(id, name));
    auto& next = arrivals_[next_arrival_];
    next_arrival_ = (next_arrival_ + 1) % arrivals_.size();
    next.directory = id;
    next.name = name;
    next.from = from;
    next.old_name = old_name;
}

auto tree_engine::take_arrival(dir_id id, std::string_view name) -> arrival
{
    for (auto& each : arrivals_) {
        if (each.directory == id && each.name == name) {
            return std::exchange(each, {});
        }
    }
    return {};
}

// What has come to the second name before this look is told by events that can be read after it.
void tree_engine::look_for_second(exchange_records const& records)
{
    auto const target = find_watched(records.to.wd);
    looked_for_ = {records.end.at, may_exist(target, records.to.name)};
}

// Whether there is an entry by a name, if that can be found out now.
bool tree_engine::may_exist(dir_id id, std::string_view name)
{
    boost::system::error_code ec;
    auto const handle = handle_of(id, ec);
    if (handle < 0) {
        // Found out when it is listed.
        push(id, tree_directory::must_list);
        return true;
    }
    static_cast<void>(port_.look(handle, std::string(name).c_str(), false, ec));
    return !ec || !says_gone(ec);
}

// An entry can be there by a name that has left as events say: the kernel tells of an exchange as
// of two renames, of which one is not told if its directory was not watched yet, or merged with one
// before.
void tree_engine::look_for(dir_id id, std::string_view name)
{
    boost::system::error_code ec;
    auto const handle = handle_of(id, ec);
    if (handle < 0) {
        push(id, tree_directory::must_list);
        return;
    }
    bool is_directory = false;
    if (!look_at_type(handle, std::string(name).c_str(), is_directory) ||
        model_.index.find(id, name) != 0 || (options_.directories_only && !is_directory) ||
        model_.is_excluded(id, name, is_directory)) {
        return;
    }
    note_listing(id);
    auto const made = model_.create(id, name, is_directory, true);
    set_mark(made, directory(id).is(tree_directory::mark));
    if (is_directory) {
        push(model_.index.entry(made).directory(),
             tree_directory::must_probe | tree_directory::must_list);
    }
}

} // namespace asio_inotify::detail
