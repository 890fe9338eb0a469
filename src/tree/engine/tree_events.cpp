//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/event_bits.hpp"
#include "tree/engine/tree_engine.hpp"

#include <boost/config.hpp>

#include <algorithm>
#include <utility>

// What events do to the trees.
namespace asio_inotify::detail {
bool tree_engine::read_more(boost::system::error_code& ec)
{
    auto const room = queue_.room();
    if (room.empty()) {
        return false;
    }
    auto const before = port_.file_time();
    auto const size = port_.read(room.data(), room.size(), ec);
    if (size == 0) {
        if (!ec && queue_.empty()) {
            complete_at_ = before;
        }
        return false;
    }
    queue_.append(size, port_.now());
    return true;
}

auto tree_engine::process_events(time_point slice_end, boost::system::error_code& ec) -> progress
{
    constexpr unsigned between_looks_at_the_clock = 64;
    // Events since the last look.
    unsigned count = 0;
    for (;;) {
        while (!queue_.empty()) {
            if (is_full()) {
                return progress::batch_full;
            }
            if (count >= between_looks_at_the_clock) {
                if (port_.now() >= slice_end) {
                    return progress::slice_over;
                }
                count = 0;
            }
            if (auto const touched = touch_known_files(between_looks_at_the_clock - count);
                touched != 0) {
                count += touched;
                continue;
            }
            ++count;
            auto result = apply_front(outcome::done);
            if (result == outcome::done) {
                continue;
            }
            if (read_more(ec)) {
                continue;
            }
            if (ec) {
                return progress::all_done;
            }
            // What was not needed yet can be told now.
            auto const until = queue_.front_time() + options_.grace_time;
            bool const too_late = result == outcome::needs_more || queue_.room().empty() ||
                                  port_.now() >= until || queue_.has_overflow();
            result = apply_front(too_late ? outcome::needs_time : outcome::needs_more);
            if (result != outcome::done) {
                deadline_ = until;
                return progress::held;
            }
        }
        if (!read_more(ec)) {
            if (!ec) {
                forget_listed();
            }
            return progress::all_done;
        }
    }
}

// The first directory with a watch. Those of what was removed are as good as gone.
dir_id tree_engine::find_watched(int wd)
{
    auto id = model_.find_watch(wd);
    while (id != 0 && model_.locate(id).root == nullptr) {
        id = directory(id).alias;
    }
    return id;
}

// The short way for most of what happens: something is done to files that are known, in one
// directory. Returns how many events that were; 0 if the next one is anything else.
unsigned tree_engine::touch_known_files(unsigned most)
{
    constexpr auto touches = modified_bit | closed_write_bit | attributes_bit;
    auto const wd = queue_.front().wd;
    auto const id = model_.find_watch(wd);
    if (id == 0 || directory(id).alias != 0 || model_.has_exclusions()) {
        return 0;
    }
    auto const where = model_.locate(id);
    if (where.root == nullptr) {
        return 0;
    }
    auto& changes = model_.changes();
    most =
        static_cast<unsigned>((std::min)(options_.batch_size - changes.size(), std::size_t{most}));
    auto const wanted = where.is_told ? options_.report : tree_change_mask{};
    tree_index::found known;
    std::uint32_t last_mask = 0;
    for (unsigned count = 0;;) {
        if (count == most || queue_.empty()) {
            return count;
        }
        auto const event = queue_.front();
        // Of directories there is one bit more, and none if the event was dealt with before.
        if (event.wd != wd || event.mask == 0 || (event.mask & ~touches) != 0) {
            return count;
        }
        // The kernel does not tell the same twice running.
        if (known.id == 0 || event.mask == last_mask || !known.entry->is_named(event.name)) {
            known = model_.index.find_beside(known, id, event.name);
            if (known.id == 0 || known.entry->is_directory()) {
                return count;
            }
        }
        last_mask = event.mask;
        auto what = tree_change_mask::attributes;
        if (event.mask != attributes_bit) {
            remember_write(id, known.id, {});
            what = event.mask == modified_bit ? tree_change_mask::modified
                                              : tree_change_mask::closed_write;
        }
        if (any(what & wanted)) {
            changes.add_entry(what, tree_entry_type::file, where.prefix, event.name, false);
        }
        ++counters_.events;
        ++count;
        queue_.pop();
    }
}

// `given_up` says what need not be hoped for: nothing yet (done), more events that are queued
// already (needs_more), or any (needs_time).
auto tree_engine::apply_front(outcome given_up) -> outcome
{
    auto const event = queue_.front();
    if (event.mask == 0) {
        queue_.pop();
        return outcome::done;
    }
    if ((event.mask & overflow_bit) != 0) {
        ++counters_.events;
        queue_.pop();
        overflowed();
        return outcome::done;
    }
    auto const first = find_watched(event.wd);
    if (first == 0) {
        ++counters_.events;
        ++counters_.stale;
        queue_.pop();
        return outcome::done;
    }
    if ((event.mask & moved_from_bit) != 0) {
        auto const result = apply_rename(event, given_up);
        if (result != outcome::done) {
            return result;
        }
    } else if (directory(first).alias == 0) {
        if (event.name.empty()) {
            apply_own_event(event, first);
        } else {
            apply_entry_event(event, first);
        }
    } else if (event.name.empty()) {
        // It is about the object, wherever it is.
        apply_own_event(event, first);
    } else {
        std::vector<dir_id> all;
        for (auto id = first; id != 0; id = directory(id).alias) {
            all.push_back(id);
        }
        for (auto const id : all) {
            // One may be beneath an entry of another that is gone now.
            if (directory(id).wd == event.wd && model_.is_attached(id)) {
                apply_entry_event(event, id);
            }
        }
    }
    ++counters_.events;
    queue_.pop();
    return outcome::done;
}

void tree_engine::apply_entry_event(queued_event const& event, dir_id id)
{
    bool const is_directory = (event.mask & directory_bit) != 0;
    if (options_.directories_only && !is_directory && !options_.follow_symlinks) {
        return;
    }
    if (model_.is_excluded(id, event.name, is_directory)) {
        return;
    }
    if ((event.mask & modified_bit) != 0) {
        touch(event, id, tree_change_mask::modified);
    } else if ((event.mask & closed_write_bit) != 0) {
        touch(event, id, tree_change_mask::closed_write);
    } else if ((event.mask & created_bit) != 0) {
        arrive(id, event.name, is_directory, false);
    } else if ((event.mask & deleted_bit) != 0) {
        depart(id, event.name);
    } else if ((event.mask & attributes_bit) != 0) {
        touch(event, id, tree_change_mask::attributes);
    } else if ((event.mask & moved_to_bit) != 0) {
        remember_arrival(id, event.name, 0, {});
        arrive(id, event.name, is_directory, true);
    }
}

void tree_engine::touch(queued_event const& event, dir_id id, tree_change_mask what)
{
    auto const entry = model_.index.find(id, event.name);
    if (what != tree_change_mask::attributes) {
        remember_write(id, entry, event.name);
    }
    if (entry == 0) {
        for (auto const& passed : renames_) {
            if (passed.from == id && passed.name == event.name) {
                if (auto const now = model_.index.find(passed.to, passed.new_name); now != 0) {
                    model_.tell(what, passed.to, passed.new_name,
                                model_.index.entry(now).is_directory(), false);
                }
                return;
            }
        }
        return;
    }
    auto const below = model_.index.entry(entry).directory();
    model_.tell(what, id, event.name, below != 0, false);
    if (what == tree_change_mask::attributes && below != 0) {
        retry_beneath(below);
    }
}

// Called from a loop that has better use for the registers than its string.
BOOST_NOINLINE void tree_engine::remember_write(dir_id id, entry_id entry, std::string_view name)
{
    auto& write = writes_[next_write_];
    next_write_ = (next_write_ + 1) % writes_.size();
    write.directory = id;
    write.entry = entry;
    if (entry == 0) {
        write.name = name;
    }
}

// The last event of a name decides what is there; so an entry of another type has gone.
void tree_engine::arrive(dir_id parent, std::string_view name, bool is_directory, bool moved)
{
    bool link_to_directory = false;
    if (!is_directory && options_.follow_symlinks) {
        boost::system::error_code ec;
        if (auto const handle = handle_of(parent, ec); handle >= 0) {
            auto const status = port_.look(handle, std::string(name).c_str(), true, ec);
            link_to_directory = !ec && status.is_directory();
        }
    }
    is_directory = is_directory || link_to_directory;
    if (options_.directories_only && !is_directory) {
        depart(parent, name);
        return;
    }
    if (auto const known = model_.index.find(parent, name); known != 0) {
        auto const& entry = model_.index.entry(known);
        auto const& d = directory(parent);
        bool const mark = d.is(tree_directory::mark);
        // One that was not listed is another one.
        bool const is_gone = d.is(tree_directory::unsettled) && listing_.directory != parent &&
                             ((entry.flags & tree_entry::mark_flag) != 0) != mark;
        if (!is_gone && entry.is_directory() == is_directory && (is_directory || !moved)) {
            // Listed before its event was read; or after the name was looked for in vain, and then
            // it can be another one.
            bool const was_seen = ((entry.flags & tree_entry::mark_flag) != 0) == mark;
            set_mark(known, mark);
            if (is_directory && (moved || !was_seen)) {
                push(entry.directory(), tree_directory::must_probe);
            }
            arrived(entry.directory());
            return;
        }
        model_.remove(known, false);
    }
    auto const made = model_.create(parent, name, is_directory, false);
    if (is_directory) {
        push(model_.index.entry(made).directory(),
             tree_directory::must_probe | tree_directory::must_list);
    }
}

void tree_engine::depart(dir_id parent, std::string_view name)
{
    note_gone(parent, name);
    if (auto const known = model_.index.find(parent, name); known != 0) {
        model_.remove(known, false);
    }
}

// A listing that was begun before can still have the name: filesystems may list what was.
void tree_engine::note_gone(dir_id parent, std::string_view name)
{
    if (listing_.directory == parent && !listing_.sweeping) {
        gone_while_listing_.emplace(name);
    }
}

// A directory that was not found where it was is here.
void tree_engine::arrived(dir_id id) noexcept
{
    if (id == 0) {
        return;
    }
    auto const& d = directory(id);
    if (comparing_all_) {
        // What is above it can have been gone through without it.
        push(id, tree_directory::must_probe | tree_directory::must_list | tree_directory::deep);
    } else if (d.wd == 0) {
        push(id, tree_directory::must_probe | tree_directory::must_list);
    } else if (d.is(tree_directory::must_probe)) {
        push(id, tree_directory::must_probe);
    }
}

void tree_engine::apply_own_event(queued_event const& event, dir_id id)
{
    if ((event.mask & ignored_bit) != 0) {
        for (auto at = id; at != 0;) {
            auto const next = directory(at).alias;
            if (directory(at).is(tree_directory::root)) {
                push(at, tree_directory::must_probe);
            } else if (auto const entry = directory(at).entry; entry != 0) {
                // Its parent tells if it is gone; if nothing comes, it has to be looked for.
                directory(at).set(tree_directory::must_probe | tree_directory::must_list);
                push(model_.index.entry(entry).parent, tree_directory::must_list);
            }
            at = next;
        }
        model_.forget_watch(event.wd);
    } else if ((event.mask & unmount_bit) != 0) {
        filesystem_ended(id);
    } else if ((event.mask & move_self_bit) != 0) {
        // Whether it is where the trees have it. If it is not, the kernel has told of another
        // directory by this name.
        for (auto at = id; at != 0; at = directory(at).alias) {
            push(at, tree_directory::must_probe);
        }
    } else if ((event.mask & attributes_bit) != 0) {
        for (auto at = id; at != 0; at = directory(at).alias) {
            // Of others, their parent tells.
            if (directory(at).is(tree_directory::root)) {
                model_.tell(tree_change_mask::attributes, at);
                retry_beneath(at);
            }
        }
    }
}

// Every directory of the filesystem tells that it is unmounted: the first one counts for all.
void tree_engine::filesystem_ended(dir_id id)
{
    if (!model_.is_attached(id)) {
        return;
    }
    auto top = id;
    auto const device = directory(id).device;
    while (!directory(top).is(tree_directory::root) &&
           directory(model_.index.parent(top)).device == device) {
        top = model_.index.parent(top);
    }
    told_unmounts_.push_back(top);
    unmounted(top);
}

void tree_engine::unmounted(dir_id id)
{
    model_.remove_children(id);
    model_.tell(tree_change_mask::unmounted, id);
    model_.take_watch(id);
    directory(id).inode = 0;
    push(id, tree_directory::must_probe | tree_directory::must_list);
}

void tree_engine::overflowed()
{
    ++counters_.overflows;
    rescan();
}

} // namespace asio_inotify::detail
