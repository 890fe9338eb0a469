//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree_engine.hpp"

#include "../fail.hpp"

#include <algorithm>
#include <utility>

// How directories are opened, watched and listed.
namespace asio_inotify::detail {
namespace {

// So often a directory may be listed in its parent and not be found there.
constexpr unsigned most_attempts = 4;

constexpr std::size_t entries_at_a_time = 256;

constexpr std::uint64_t links_without_directories = 2;

constexpr std::chrono::seconds shortest_retry_delay{1};
constexpr std::chrono::seconds longest_retry_delay{32};

// Whether the reason can go away without anything being told.
bool can_pass(boost::system::error_code const& ec) noexcept
{
    return is_errno(ec, ENOSPC) || is_errno(ec, ENOMEM) || is_errno(ec, EMFILE) ||
           is_errno(ec, ENFILE) || is_errno(ec, ENOENT) || is_errno(ec, EIO);
}

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
    if (watch_leaf(id, from)) {
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
    watch(id, held.release(), status);
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

void tree_engine::uncover(dir_id id, boost::system::error_code const& ec)
{
    auto& d = directory(id);
    d.clear(tree_directory::attempts | tree_directory::must_list | tree_directory::deep);
    auto const [at, is_new] = uncovered_.try_emplace(id, ec);
    bool const known = !is_new && d.is(tree_directory::uncovered) && at->second == ec;
    at->second = ec;
    retry_failed_ = true;
    model_.remove_children(id);
    model_.take_watch(id);
    if (!known) {
        model_.tell(tree_change_mask::uncovered, id, ec);
    }
    d.set(tree_directory::uncovered);
}

bool tree_engine::is_remote(tree_directory const& d) const noexcept
{
    return d.device != 0 && devices_[d.device - 1U].is_remote.value_or(false);
}

bool tree_engine::is_same(tree_directory const& d, file_status const& status) const noexcept
{
    return d.inode == status.inode && d.device != 0 &&
           devices_[d.device - 1U].device == status.device;
}

// Ends a watch that no directory was given.
struct tree_engine::end_on_failure
{
    tree_engine& engine;
    int const& wd;

    ~end_on_failure()
    {
        if (wd > 0 && engine.model_.find_watch(wd) == 0) {
            engine.port_.remove(wd);
        }
    }
};

// Watch a directory that is open: it was found at the place of one that the trees have.
void tree_engine::watch(dir_id id, int handle, file_status const& status)
{
    held_directory held(port_, handle);
    boost::system::error_code ec;
    auto wd = add_watch(id, handle, status, ec);
    end_on_failure const unused{*this, wd};
    if (!ec && directory(id).wd != wd) {
        if (directory(id).wd != 0 ||
            (directory(id).inode != 0 && !is_same(directory(id), status))) {
            id = replace(id);
        }
        id = settle_owners(id, handle, status, wd, ec);
    }
    if (ec) {
        uncover(id, ec);
        return;
    }
    if (id == 0) {
        return;
    }
    auto& d = directory(id);
    bool const is_fresh = d.wd == 0;
    bool const had_entries = d.first_child != 0;
    if (is_fresh) {
        model_.give_watch(id, wd);
    }
    bool is_new = false;
    d.inode = status.inode;
    d.device = device_number(status.device, handle, is_new);
    d.clear(tree_directory::attempts);
    if (d.is(tree_directory::uncovered)) {
        model_.tell(tree_change_mask::covered, id);
        d.clear(tree_directory::uncovered);
        uncovered_.erase(id);
    }
    if (is_new && is_remote(d)) {
        model_.tell(tree_change_mask::uncovered, id, make_error_code(error::remote_filesystem));
    }
    if (options_.directories_only && is_leaf(handle, status)) {
        d.clear(tree_directory::must_list | tree_directory::deep);
        model_.remove_children(id);
    } else if (is_fresh || d.is(tree_directory::must_list)) {
        begin_listing(id, held.release(), d.is(tree_directory::deep) || (is_fresh && had_entries));
    } else {
        opened_.put(id, held.release());
    }
}

// A directory without directories in it need not be opened if nothing else is wanted. False if it
// has to be.
bool tree_engine::watch_leaf(dir_id id, int parent)
{
    auto const& d = directory(id);
    if (!options_.directories_only || options_.follow_symlinks || restoring_ || d.wd != 0 ||
        d.inode != 0 || d.is(tree_directory::uncovered)) {
        return false;
    }
    auto const device = directory(model_.index.parent(id)).device;
    auto const look = [&](file_status& status) {
        boost::system::error_code ec;
        status = port_.look(parent, name_of(id).data(), false, ec);
        return !ec && status.is_directory() && status.links == links_without_directories &&
               device != 0 && devices_[device - 1U].device == status.device;
    };
    file_status before;
    if (is_remote(directory(model_.index.parent(id))) || !look(before)) {
        return false;
    }
    boost::system::error_code ec;
    auto const wd = port_.add_child(parent, name_of(id).data(), watch_mask_, ec);
    if (ec) {
        return false;
    }
    end_on_failure const unused{*this, wd};
    // It has to be looked at after it is watched.
    file_status after;
    if (model_.find_watch(wd) != 0 || !look(after) || after.inode != before.inode) {
        return false;
    }
    model_.give_watch(id, wd);
    auto& watched = directory(id);
    watched.inode = after.inode;
    watched.device = device;
    watched.clear(tree_directory::attempts | tree_directory::must_list | tree_directory::deep);
    return true;
}

// True if the number of links says that there are no directories in it. Not every filesystem keeps
// that number; those that do not say 1.
bool tree_engine::is_leaf(int handle, file_status const& status)
{
    if (status.links != links_without_directories) {
        return false;
    }
    auto const at = std::ranges::find(devices_, status.device, &known_device::device);
    if (at == devices_.end() || at->is_remote.value_or(true)) {
        return false;
    }
    // It has to be looked at after it is watched.
    boost::system::error_code ec;
    return port_.identify(handle, ec).links == links_without_directories && !ec;
}

// Other directories can have the watch: those that were removed, those that have moved here, and
// those that are the same at another place. Returns which one is here: 0 if that is found out by a
// rescan.
dir_id tree_engine::settle_owners(dir_id id, int handle, file_status const& status, int& wd,
                                  boost::system::error_code& ec)
{
    auto const first = model_.find_watch(wd);
    if (first == 0) {
        return id;
    }
    unsigned const flags =
        directory(id).flags & unsigned{tree_directory::must_list | tree_directory::deep};
    std::vector<dir_id> owners;
    for (auto owner = first; owner != 0; owner = directory(owner).alias) {
        owners.push_back(owner);
    }
    for (auto const owner : owners) {
        if (!model_.is_attached(owner)) {
            model_.take_watch(owner);
        } else if (!is_in_place(owner, status)) {
            if (directory(owner).is(tree_directory::root)) {
                push(owner, tree_directory::must_probe);
                model_.take_watch(owner);
                continue;
            }
            auto const left = model_.index.parent(owner);
            auto const here = model_.index.parent(id);
            note_listing(left);
            note_listing(here);
            if (model_.is_within(here, owner)) {
                rescan();
                return 0;
            }
            push(left, tree_directory::must_list);
            bool const told = model_.locate(left).is_told;
            if (directory(id).wd == wd || told != model_.locate(here).is_told) {
                model_.remove(directory(owner).entry, true);
                continue;
            }
            auto const entry = model_.rename(directory(owner).entry, here, name_of(id), true);
            id = model_.index.entry(entry).directory();
            directory(id).set(flags);
        } else if (model_.is_within(id, owner)) {
            // It is in itself, by a mount or a link.
            ec.assign(ELOOP, boost::system::system_category());
            return id;
        }
    }
    if (model_.find_watch(wd) == 0) {
        // Under a number of its own, as events of the one that was removed are still to come.
        wd = add_new_watch(handle, ec);
    }
    return id;
}

bool tree_engine::is_in_place(dir_id id, file_status const& status)
{
    boost::system::error_code ec;
    bool const follow = directory(id).is(tree_directory::root) || options_.follow_symlinks;
    auto const handle = port_.open_path(model_.path_to_open(id), follow, ec);
    if (handle < 0) {
        return false;
    }
    auto const there = port_.identify(handle, ec);
    port_.close(handle);
    return !ec && there.inode == status.inode && there.device == status.device;
}

// Another directory has the name now, and nobody has told.
dir_id tree_engine::replace(dir_id id)
{
    if (directory(id).is(tree_directory::root)) {
        lose(*model_.find_root(id));
        return id;
    }
    auto const parent = model_.index.parent(id);
    std::string const name(name_of(id));
    unsigned const flags =
        directory(id).flags & unsigned{tree_directory::must_list | tree_directory::deep};
    model_.remove(directory(id).entry, true);
    auto const made = model_.index.entry(model_.create(parent, name, true, true)).directory();
    directory(made).set(flags);
    return made;
}

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
    // Looking at each file takes longer than listing it.
    auto const size = listing_.looks_at_files ? listed_.size() / 8 : listed_.size();
    auto const listed = port_.list(listing_.handle, listed_.data(), size, ec);
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
        if (listing_.compares && (listing_.deep || restoring_)) {
            to_sweep_.push_back(id);
            end_listing(listing_.has_directories);
        } else if (listing_.compares) {
            listing_.sweeping = true;
            model_.cursor = directory(id).first_child;
        } else {
            end_listing(listing_.has_directories);
        }
        return;
    }
    // All at once: what is listed is true only up to the next event.
    for (std::size_t at = 0; at < listed;) {
        listed_entry entry;
        at += first_entry(listed_.data() + at, entry);
        list_entry(id, entry);
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
    auto known = model_.index.find(id, name);
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
        entry.what = listed.inode;
        if ((listing_.looks_at_files || has_moved) && !is_new) {
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

std::uint16_t tree_engine::device_number(std::uint64_t device, int handle, bool& is_new)
{
    auto const at = std::ranges::find(devices_, device, &known_device::device);
    auto const number = at - devices_.begin() + 1;
    is_new = at == devices_.end();
    if (is_new) {
        devices_.push_back({device, port_.is_remote(handle)});
    } else if (!at->is_remote) {
        at->is_remote = port_.is_remote(handle);
    }
    return static_cast<std::uint16_t>(number);
}

void tree_engine::start_over() noexcept
{
    if (listing_.directory != 0) {
        end_listing(false);
    }
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
        push(root.directory,
             tree_directory::must_probe | tree_directory::must_list | tree_directory::deep);
    }
    rescanning_ = told;
}

// When watches have become free, or from time to time, as others' watches count too: first one,
// then twice as many each time.
bool tree_engine::retry_uncovered()
{
    if (uncovered_.empty()) {
        retry_at_.reset();
        return false;
    }
    auto const now = port_.now();
    auto const ended = model_.ended_watches();
    if (retry_count_ != 0 && retry_failed_) {
        retry_count_ = 0;
        retry_at_ = now + retry_delay_;
        retry_delay_ = (std::min)(2 * retry_delay_, longest_retry_delay);
        retried_at_ended_ = ended;
        return false;
    }
    if (retry_count_ == 0) {
        if (!retry_at_) {
            retry_at_ = now + retry_delay_;
            retried_at_ended_ = ended;
        }
        if (retried_at_ended_ == ended && now < *retry_at_) {
            return false;
        }
    }
    auto const wanted = 2 * retry_count_ + 1;
    retry_count_ = 0;
    retry_failed_ = false;
    for (auto at = uncovered_.begin(); at != uncovered_.end() && retry_count_ != wanted;) {
        if (!directory(at->first).is(tree_directory::uncovered) || !model_.is_attached(at->first)) {
            at = uncovered_.erase(at);
            continue;
        }
        if (can_pass(at->second)) {
            ++retry_count_;
            push(at->first, tree_directory::must_probe | tree_directory::must_list);
        }
        ++at;
    }
    if (retry_count_ == 0) {
        retry_at_.reset();
        retry_delay_ = shortest_retry_delay;
        return false;
    }
    return true;
}

// After the attributes of a directory have changed, which may let what is in it be opened.
void tree_engine::retry_beneath(dir_id id)
{
    for (auto const& [other, ec] : uncovered_) {
        if (is_errno(ec, EACCES) && directory(other).is(tree_directory::uncovered) &&
            model_.is_attached(other) &&
            (other == id ||
             (!directory(other).is(tree_directory::root) && model_.index.parent(other) == id))) {
            push(other, tree_directory::must_probe | tree_directory::must_list);
        }
    }
}

} // namespace asio_inotify::detail
