//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/rename_reader.hpp"

#include "tree/engine/event_bits.hpp"

#include <boost/assert.hpp>

namespace asio_inotify::detail {

rename_verdict rename_reader::read(queued_event const& from, evidence known)
{
    BOOST_ASSERT((from.mask & moved_from_bit) != 0 && from.at == queue_.front().at);
    auto const to = queue_.match_moved_to(from.cookie);
    if (!to && known != evidence::time) {
        return {rename_verdict::kind::needs_time};
    }
    auto const source = model_.find_attached_watch(from.wd);
    auto const target = to ? model_.find_attached_watch(to->wd) : 0;
    if (target == 0) {
        return {rename_verdict::kind::moved_out, source};
    }
    pair const records{from, *to, source, target};
    if (auto const exchange = read_exchange(records, known)) {
        return *exchange;
    }
    if (model_.directory(source).alias != 0 || model_.directory(target).alias != 0) {
        return {rename_verdict::kind::moved, source, target, to};
    }
    return read_move(records, known);
}

// The directory that has the old name in the model came by it after the rename if it has not moved
// since: then it was found there by a listing.
rename_verdict rename_reader::read_move(pair const& records, evidence known)
{
    auto const& [from, to, source, target] = records;
    rename_verdict moved{rename_verdict::kind::moved, source, target, to};
    auto const entry = model_.index.find(source, from.name);
    auto const below = entry == 0 ? 0 : directory_of(entry);
    if (options_.directories_only && (from.mask & directory_bit) == 0) {
        // The entry of the model is a different one.
        return moved;
    }
    // One that was watched before the queue was last empty reports all its moves since.
    if (below == 0 || model_.directory(below).wd == 0 ||
        !(is_recent(below) || is_recent(source) || is_recent(target))) {
        return moved;
    }
    auto const wd = model_.directory(below).wd;
    auto const mover = queue_.find_mover(from, to, wd, wd);
    if (mover.wd) {
        return moved;
    }
    if (known == evidence::read && !mover.is_certain) {
        return {rename_verdict::kind::needs_queue};
    }
    // A new one was found by its name and then watched. One that moved between these two steps
    // does not report it, nor does one that took the name before them.
    if (is_recent(below) && !access_.is_at(below, source, from.name)) {
        if (!access_.is_at(below, target, to.name)) {
            moved.old = rename_verdict::old_entry::gone;
        }
        return moved;
    }
    moved.old = rename_verdict::old_entry::newer;
    return moved;
}

// The directory of an entry, as the kernel sees it: 0 for a followed link.
dir_id rename_reader::directory_of(entry_id id) const noexcept
{
    auto const& entry = model_.index.entry(id);
    return model_.is_link(entry.parent, entry.name()) ? 0 : entry.directory();
}

// Also through a followed link.
bool rename_reader::is_within(dir_id id, entry_id ancestor) const noexcept
{
    auto const above = model_.index.entry(ancestor).directory();
    return above != 0 && model_.is_within(id, above);
}

// Nothing if it is no exchange.
std::optional<rename_verdict> rename_reader::read_exchange(pair const& records, evidence known)
{
    auto const& [from, to, source, target] = records;
    auto const one = model_.index.find(source, from.name);
    auto const other = model_.index.find(target, to.name);
    if (one == 0 || other == 0 || one == other) {
        return std::nullopt;
    }
    auto const a = directory_of(one);
    auto const b = directory_of(other);
    // The kernel reports nothing else in the two parents in between.
    auto const back = queue_.find_next_entry(to.at, from.wd, to.wd);
    auto const end = back ? queue_.find_next_entry(back->at, from.wd, to.wd) : std::nullopt;
    auto const is_half = [](queued_event const& event, std::uint32_t bit, queued_event const& of) {
        return (event.mask & bit) != 0 && event.wd == of.wd && event.name == of.name;
    };
    if ((back && !is_half(*back, moved_from_bit, to)) ||
        (end && (!is_half(*end, moved_to_bit, from) || end->cookie != back->cookie))) {
        return std::nullopt;
    }
    if (!end) {
        return read_half(records, a, b, known);
    }
    if (is_within(target, one) || is_within(source, other) ||
        model_.locate(source).is_reported != model_.locate(target).is_reported) {
        return std::nullopt;
    }
    exchange_records const all{from, to, *back, *end};
    auto const wd = a == 0 ? 0 : model_.directory(a).wd;
    auto const other_wd = b == 0 ? 0 : model_.directory(b).wd;
    auto const last = queue_.find_mover(*back, *end, wd, other_wd);
    moves const moved{wd, other_wd, queue_.find_mover(from, to, wd, other_wd).wd, last.wd};
    switch (is_exchange(all, moved, last.is_certain, known)) {
    case answer::needs_queue:
        return rename_verdict{rename_verdict::kind::needs_queue};
    case answer::no:
        return std::nullopt;
    case answer::yes:
        break;
    }
    rename_verdict exchanged{rename_verdict::kind::exchanged, source, target, to};
    exchanged.which = which(all, a, b, moved);
    exchanged.back = back;
    exchanged.end = end;
    exchanged.is_target_unknown = observed_.at == end->at && !observed_.is_taken;
    return exchanged;
}

// Only the first pair was read: whether to wait for the second one, of entries that are the
// directories `a` and `b` (0 for a file). Nothing if there is none.
std::optional<rename_verdict> rename_reader::read_half(pair const& records, dir_id a, dir_id b,
                                                       evidence known)
{
    if (!queue_.is_near_end(records.to.at)) {
        return std::nullopt;
    }
    // A directory that is replaced is empty and ends soon.
    bool const must_be_exchange =
        (a != 0) != (b != 0) ||
        (b != 0 &&
         (model_.directory(b).wd == 0 || !queue_.has_end(records.to.at, model_.directory(b).wd)));
    if (known == evidence::read || (known == evidence::queue && must_be_exchange)) {
        return rename_verdict{must_be_exchange ? rename_verdict::kind::needs_time
                                               : rename_verdict::kind::needs_queue};
    }
    return std::nullopt;
}

// Directories report that they have moved, one after the first pair, the other one after the
// second; but not those that were watched after it.
auto rename_reader::is_exchange(exchange_records const& records, moves const& moved,
                                bool is_certain, evidence known) -> answer
{
    bool const second_moved = moved.other_wd != 0 && moved.second == moved.other_wd;
    if (!is_certain && moved.other_wd != 0 && known == evidence::read) {
        if (moved.wd == 0) {
            observe_second_name(records);
        }
        return answer::needs_queue;
    }
    bool const is_same_type =
        (records.from.mask & directory_bit) == (records.back.mask & directory_bit);
    if (!is_same_type || second_moved) {
        return answer::yes;
    }
    // In an exchange each of them moves once.
    if (moved.wd != 0 && moved.first == moved.wd && moved.second == moved.wd) {
        return answer::no;
    }
    if (moved.wd != 0 && moved.other_wd != 0) {
        return answer::yes;
    }
    return was_name_free(records, known);
}

// If it was a rename and one back, the second name is free after it, or a whiteout was left there.
// `no`: it was free. If a whiteout took part in an exchange, that is a rename and one back as well:
// the second one reports what has come back as modified, and finds the whiteout.
auto rename_reader::was_name_free(exchange_records const& records, evidence known) -> answer
{
    auto const next = queue_.find_near(records.end.at, records.to.wd,
                                       created_bit | moved_to_bit | deleted_bit | moved_from_bit,
                                       records.to.name);
    if (next) {
        return (next->mask & (created_bit | moved_to_bit)) != 0 ? answer::no : answer::yes;
    }
    if (known == evidence::read || observed_.at != records.end.at) {
        observe_second_name(records);
    }
    if (known == evidence::read) {
        return answer::needs_queue;
    }
    return observed_.is_taken.value_or(true) ? answer::yes : answer::no;
}

auto rename_reader::which(exchange_records const& records, dir_id a, dir_id b,
                          moves const& moved) const noexcept -> rename_verdict::swapped
{
    using swapped = rename_verdict::swapped;
    auto const is_type = [&](dir_id id, queued_event const& event) {
        return (id != 0) == ((event.mask & directory_bit) != 0);
    };
    bool const first = is_type(a, records.from) && (moved.wd == 0 || moved.first == moved.wd);
    bool const second =
        is_type(b, records.back) && (moved.other_wd == 0 || moved.second == moved.other_wd);
    if (first) {
        return second ? swapped::both : swapped::only_first;
    }
    return second ? swapped::only_second : swapped::none;
}

void rename_reader::observe_second_name(exchange_records const& records)
{
    auto const target = model_.find_attached_watch(records.to.wd);
    observed_ = {records.end.at, access_.is_taken(target, records.to.name)};
}

} // namespace asio_inotify::detail
