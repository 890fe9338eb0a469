//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/tree_engine.hpp"

#include "values/fail.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// How directories are watched, and what is done about those that cannot be.
namespace asio_inotify::detail {
namespace {

constexpr std::uint64_t links_without_directories = 2;

constexpr std::chrono::seconds shortest_retry_delay{1};
constexpr std::chrono::seconds longest_retry_delay{32};

// Whether the reason can go away without anything being told.
bool can_pass(boost::system::error_code const& ec) noexcept
{
    return is_errno(ec, ENOSPC) || is_errno(ec, ENOMEM) || is_errno(ec, EMFILE) ||
           is_errno(ec, ENFILE) || is_errno(ec, ENOENT) || is_errno(ec, EIO);
}

// The inode of what is listed: 0 if it is not among the entries.
std::uint64_t own_inode(std::span<std::byte const> listed) noexcept
{
    for (std::size_t at = 0; at < listed.size();) {
        listed_entry entry;
        at += first_entry(listed.data() + at, entry);
        if (std::string_view(entry.name, entry.name_size) == ".") {
            return entry.inode;
        }
    }
    return 0;
}

} // namespace

bool tree_engine::is_remote(tree_directory const& d) const noexcept
{
    return traits(d).is_remote;
}

filesystem_traits tree_engine::traits(tree_directory const& d) const noexcept
{
    return d.device != 0 ? devices_[d.device - 1U].traits.value_or(filesystem_traits())
                         : filesystem_traits();
}

bool tree_engine::is_same(tree_directory const& d, file_status const& status) const noexcept
{
    return d.inode == status.inode && d.device != 0 &&
           devices_[d.device - 1U].device == status.device;
}

std::uint16_t tree_engine::device_number(std::uint64_t device, int handle)
{
    auto const at = std::ranges::find(devices_, device, &known_device::device);
    auto const number = at - devices_.begin() + 1;
    if (at == devices_.end()) {
        devices_.push_back({device, port_.traits(handle)});
    } else if (!at->traits) {
        at->traits = port_.traits(handle);
    }
    return static_cast<std::uint16_t>(number);
}

// True if the directory above is of another filesystem, or is not in the tree.
bool tree_engine::begins_filesystem(dir_id id) noexcept
{
    auto const& d = directory(id);
    return d.is(tree_directory::root) || directory(model_.index.parent(id)).device != d.device;
}

// A directory on another filesystem than the one above it is watched.
void tree_engine::filesystem_found(dir_id id, int handle)
{
    // The number of a device is used again after an unmount.
    devices_[directory(id).device - 1U].traits = port_.traits(handle);
    if (!is_remote(directory(id))) {
        return;
    }
    if (model_.locate(id).is_told) {
        model_.tell(tree_change_mask::uncovered, id, make_error_code(error::remote_filesystem));
    } else if (std::ranges::find(found_remote_, id) == found_remote_.end()) {
        found_remote_.push_back(id);
    }
}

// Watch a directory that is open: it was found at the place of one that the trees have.
void tree_engine::watch(dir_id id, int handle, file_status const& status, int known_wd)
{
    held_directory held(port_, handle);
    boost::system::error_code ec;
    auto wd = known_wd != 0 ? known_wd : add_watch(id, handle, status, ec);
    unused_watch const unused{*this, wd};
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
        note_listing(id);
        model_.give_watch(id, wd);
    } else if (d.inode != 0 && !is_same(d, status)) {
        // Another one had its name when it was watched by that.
        d.set(tree_directory::must_list);
    }
    d.inode = status.inode;
    d.device = device_number(status.device, handle);
    d.clear(tree_directory::attempts);
    if (d.is(tree_directory::uncovered)) {
        model_.tell(tree_change_mask::covered, id);
        d.clear(tree_directory::uncovered);
        uncovered_.erase(id);
    }
    if (is_fresh && begins_filesystem(id)) {
        filesystem_found(id, handle);
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

// True if nothing is known of a directory but its name, and its name is all that leads to it.
bool tree_engine::is_new(tree_directory const& d) const noexcept
{
    return !options_.follow_symlinks && !restoring_ && d.wd == 0 && d.inode == 0 &&
           !d.is(tree_directory::uncovered);
}

// It is of the filesystem of its parent.
void tree_engine::take_new(dir_id id, int wd, std::uint64_t inode)
{
    note_listing(id);
    model_.give_watch(id, wd);
    auto& d = directory(id);
    d.inode = inode;
    d.device = directory(model_.index.parent(id)).device;
    d.clear(tree_directory::attempts);
}

// A directory without directories in it need not be opened if nothing else is wanted. False if it
// has to be; it can be watched then already. Who takes its place meanwhile is found, as the kernel
// tells of what is watched.
bool tree_engine::watch_leaf(dir_id id, int parent, named_watch& watched)
{
    auto& d = directory(id);
    auto const device = directory(model_.index.parent(id)).device;
    if (!options_.directories_only || !is_new(d) || device == 0 ||
        is_remote(directory(model_.index.parent(id)))) {
        return false;
    }
    boost::system::error_code ec;
    auto const wd = port_.add_child(parent, name_of(id).data(), watch_mask_, ec);
    if (ec || model_.find_watch(wd) != 0) {
        return false;
    }
    watched.wd = wd;
    auto const status = port_.look(parent, name_of(id).data(), false, ec);
    if (ec || devices_[device - 1U].device != status.device) {
        return false;
    }
    watched.device = status.device;
    watched.inode = status.inode;
    if (!status.is_directory() || status.links != links_without_directories) {
        return false;
    }
    take_new(id, wd, status.inode);
    d.clear(tree_directory::must_list | tree_directory::deep);
    return true;
}

// Most directories are new ones on the filesystem of their parent, of which the listing tells all
// that is to be known of them. False if this is not one of those, or cannot be watched.
bool tree_engine::watch_plain(dir_id id, int parent)
{
    auto const& d = directory(id);
    if (options_.directories_only || !is_new(d) || d.first_child != 0 ||
        d.is(tree_directory::deep) || !traits(directory(model_.index.parent(id))).is_plain) {
        return false;
    }
    held_directory held(port_, port_.open_within(parent, name_of(id).data()));
    if (held.get() < 0) {
        return false;
    }
    boost::system::error_code ec;
    auto const wd = port_.add(held.get(), watch_mask_, ec);
    if (ec || model_.find_watch(wd) != 0) {
        return false;
    }
    unused_watch const unused{*this, wd};
    auto const listed = port_.list(held.get(), listed_.data(), listed_.size(), ec);
    auto const inode = ec ? 0 : own_inode({listed_.data(), listed});
    if (inode == 0) {
        return false;
    }
    take_new(id, wd, inode);
    begin_listing(id, held.release(), false);
    listing_.is_first = true;
    take_listed(listed);
    listing_.is_first = false;
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
    if (at == devices_.end() || !at->traits || at->traits->is_remote) {
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
