//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/event_applier.hpp"

#include "tree/engine/event_bits.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace asio_inotify::detail {

unsigned event_applier::apply_known_files(event_queue& queue, unsigned most)
{
    BOOST_ASSERT(!queue.empty());
    constexpr auto touches = modified_bit | closed_write_bit | attributes_bit;
    auto const wd = queue.front().wd;
    auto const id = model_.find_watch(wd);
    if (id == 0 || model_.directory(id).alias != 0 || model_.has_exclusions()) {
        return 0;
    }
    auto const where = model_.locate(id);
    if (where.root == nullptr) {
        return 0;
    }
    auto& changes = model_.changes();
    constexpr std::size_t most_bytes = 65536;
    most =
        static_cast<unsigned>((std::min)({options_.batch_size - changes.size(), std::size_t{most},
                                          most_bytes / (where.prefix.size() + 1) + 1}));
    auto const wanted = where.is_reported ? options_.report : tree_change_mask{};
    auto const records = queue.records();
    auto const* at = records.data();
    auto const* const end = at + records.size();
    unsigned count = 0;
    // Once for all events, and also if a change cannot be added for lack of memory.
    scope_guard const remove_applied([&] {
        counters_.events += count;
        queue.pop_to(at);
    });
    tree_index::found known;
    for (; count != most && at != end; ++count) {
        raw_event const event(at);
        auto const mask = event.header.mask;
        // Events of directories have one bit more or no name, and consumed ones have no bit.
        if (event.header.wd != wd || mask == 0 || (mask & ~touches) != 0 || event.name.empty()) {
            break;
        }
        // The name is compared in the record, as its size is known from the entry then.
        if (known.entry == nullptr || !known.entry->is_named(event.name)) {
            known = model_.index.find_beside(known, id, event.name);
            if (known.id == 0 || known.entry->is_directory()) {
                break;
            }
        }
        auto kind = tree_change_mask::attributes;
        if (mask != attributes_bit) {
            history_.note_write(id, known.id, {});
            kind =
                mask == modified_bit ? tree_change_mask::modified : tree_change_mask::closed_write;
        }
        if (any(kind & wanted)) {
            changes.add_entry(kind, tree_entry_type::file, where.prefix, known.entry->name(),
                              false);
        }
        at += event.size_bytes();
    }
    return count;
}

void event_applier::apply(queued_event const& event, dir_id first)
{
    if (event.name.empty()) {
        apply_to_directory(event, first);
    } else if (model_.directory(first).alias == 0) {
        apply_to_entry(event, first);
    } else {
        apply_to_all(event, first);
    }
}

// The directory is at several places of the trees.
void event_applier::apply_to_all(queued_event const& event, dir_id first)
{
    std::vector<dir_id> all;
    for (auto id = first; id != 0; id = model_.directory(id).alias) {
        all.push_back(id);
    }
    for (auto const id : all) {
        // One may be below an entry of another one that was removed by this event.
        if (model_.directory(id).wd == event.wd && model_.is_attached(id)) {
            apply_to_entry(event, id);
        }
    }
}

void event_applier::apply_to_entry(queued_event const& event, dir_id id)
{
    bool const is_directory = (event.mask & directory_bit) != 0;
    if (options_.directories_only && !is_directory && !options_.follow_symlinks) {
        return;
    }
    bool const is_arrival = (event.mask & (created_bit | moved_to_bit)) != 0;
    if (!is_arrival && entries_.excludes(id, event.name, is_directory)) {
        return;
    }
    if ((event.mask & modified_bit) != 0) {
        touch(event, id, tree_change_mask::modified);
    } else if ((event.mask & closed_write_bit) != 0) {
        touch(event, id, tree_change_mask::closed_write);
    } else if ((event.mask & created_bit) != 0) {
        history_.note_explained(id, event.name);
        entries_.arrive(id, event.name, is_directory, false);
    } else if ((event.mask & deleted_bit) != 0) {
        entries_.depart(id, event.name);
    } else if ((event.mask & attributes_bit) != 0) {
        touch(event, id, tree_change_mask::attributes);
    } else if ((event.mask & moved_to_bit) != 0) {
        // From a place that is not watched: an exchange reports MOVED_TO of the name here, and then
        // MOVED_FROM, and nothing else.
        history_.note_explained(id, event.name);
        history_.note_arrival(id, event.name, 0, {});
        entries_.arrive(id, event.name, is_directory, true);
    }
}

void event_applier::touch(queued_event const& event, dir_id id, tree_change_mask kind)
{
    auto const entry = model_.index.find(id, event.name);
    if (kind != tree_change_mask::attributes) {
        history_.note_write(id, entry, event.name);
    }
    if (entry == 0) {
        // A late event that uses the name before a rename.
        if (auto const* const now = history_.find_renamed(id, event.name); now != nullptr) {
            if (auto const moved = model_.index.find(now->directory, now->name); moved != 0) {
                model_.report(kind, now->directory, now->name,
                              model_.index.entry(moved).is_directory(), false);
            }
        }
        return;
    }
    auto const below = model_.index.entry(entry).directory();
    model_.report(kind, id, event.name, below != 0, false);
    if (kind == tree_change_mask::attributes && below != 0) {
        coverage_.retry_below(below);
    }
}

// An event without a name is about the watched directory, wherever it is.
void event_applier::apply_to_directory(queued_event const& event, dir_id id)
{
    if ((event.mask & ignored_bit) != 0) {
        watch_ended(event.wd, id);
    } else if ((event.mask & unmount_bit) != 0) {
        std::vector<dir_id> all;
        for (auto at = id; at != 0; at = model_.directory(at).alias) {
            all.push_back(at);
        }
        std::ranges::for_each(all, [this](dir_id at) { mounts_.filesystem_ended(at); });
    } else if ((event.mask & move_self_bit) != 0) {
        // If it is not where the trees have it, the kernel has reported a different directory by
        // this name.
        for (auto at = id; at != 0; at = model_.directory(at).alias) {
            if (model_.directory(at).is(tree_directory::root)) {
                agenda_.suspect(at);
            } else {
                agenda_.verify(at);
            }
        }
    } else if ((event.mask & attributes_bit) != 0) {
        for (auto at = id; at != 0; at = model_.directory(at).alias) {
            // For the others, the watch of their parent reports it.
            if (model_.directory(at).is(tree_directory::root)) {
                model_.report(tree_change_mask::attributes, at);
                coverage_.retry_below(at);
            }
        }
    }
}

void event_applier::watch_ended(int wd, dir_id first)
{
    for (auto id = first; id != 0; id = model_.directory(id).alias) {
        auto const& d = model_.directory(id);
        if (d.is(tree_directory::root)) {
            agenda_.suspect(id);
        } else if (d.entry != 0) {
            // An event of its parent says if it is gone; if there is none, the listing does.
            agenda_.postpone_scan(id);
            agenda_.list(model_.index.entry(d.entry).parent);
        }
    }
    model_.drop_watch(wd);
}

} // namespace asio_inotify::detail
