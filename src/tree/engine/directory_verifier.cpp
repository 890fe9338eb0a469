//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/directory_verifier.hpp"

#include "system/inotify_ops.hpp"
#include "tree/engine/errors.hpp"
#include "values/native.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {
namespace {

constexpr std::uint64_t links_without_directories = 2;

std::uint32_t watch_mask(tree_options const& options) noexcept
{
    auto kinds = event_mask::create | event_mask::delete_ | event_mask::move |
                 event_mask::move_self | event_mask::attrib;
    auto const wants = [&](tree_change_mask kind) { return any(options.report & kind); };
    if (!options.directories_only && wants(tree_change_mask::modified)) {
        kinds |= event_mask::modify;
    }
    if (!options.directories_only && wants(tree_change_mask::closed_write)) {
        kinds |= event_mask::close_write;
    }
    return native(kinds, add_options::only_directory | add_options::exclude_unlinked);
}

// The inode of the directory that is listed: 0 if it is not among the entries.
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

// Removes a watch that no directory has when the scope is left (invariant 8 of tree_engine.hpp).
class directory_verifier::unused_watch
{
public:
    unused_watch(tree_port& port, tree_model const& model, int const& wd) noexcept
        : port_(port)
        , model_(model)
        , wd_(wd)
    {}
    unused_watch(unused_watch const&) = delete;
    unused_watch& operator=(unused_watch const&) = delete;

    ~unused_watch()
    {
        if (wd_ > 0 && model_.find_watch(wd_) == 0) {
            port_.remove(wd_);
        }
    }

private:
    tree_port& port_;
    tree_model const& model_;
    int const& wd_;
};

directory_verifier::directory_verifier(tree_port& port, tree_options const& options,
                                       tree_model& model, agenda& work, recent_directories& recent,
                                       filesystem_table& filesystems, directory_access& access,
                                       directory_lister& lister, coverage& covered, rescan& scan,
                                       restoration& restored) noexcept
    : port_(port)
    , options_(options)
    , model_(model)
    , agenda_(work)
    , recent_(recent)
    , filesystems_(filesystems)
    , access_(access)
    , lister_(lister)
    , coverage_(covered)
    , rescan_(scan)
    , restoration_(restored)
    , watch_mask_(watch_mask(options))
{}

void directory_verifier::verify(dir_id id)
{
    BOOST_ASSERT(model_.is_attached(id));
    if (model_.directory(id).is(tree_directory::root)) {
        verify_root(id);
    } else {
        verify_child(id);
    }
}

void directory_verifier::verify_root(dir_id id)
{
    auto& root = *model_.find_root(id);
    boost::system::error_code ec;
    held_directory held(port_, access_.open_root(root.absolute, ec));
    auto const status = held.get() < 0 ? file_status{} : port_.identify(held.get(), ec);
    if (ec) {
        if (!says_nothing_there(ec)) {
            coverage_.uncover(id, ec);
        } else if (root.present) {
            static_cast<void>(lose(root));
        } else {
            coverage_.forget(id);
        }
        return;
    }
    auto const& d = model_.directory(id);
    if (root.present && is_other(d, status)) {
        if (rescan_.is_after_restore()) {
            rescan_.ignore_identities();
        } else if (!lose(root)) {
            return;
        }
    }
    if (!root.present) {
        // That it is found says that it is covered, too.
        coverage_.forget(id);
        model_.report(tree_change_mask::root_found, id);
        root.present = true;
        agenda_.list_when_opened(id);
    }
    // The links in its path can lead elsewhere than before.
    if (auto canonical = port_.canonical_path(held.get()); !canonical.empty()) {
        model_.roots_by_path().set_canonical(root, std::move(canonical));
    }
    watch(id, held.release(), status, 0);
}

// The removal of everything below is reported first, so that nothing is left of it.
bool directory_verifier::is_other(tree_directory const& d, file_status const& status) const noexcept
{
    return d.inode != 0 && !filesystems_.is_same(d, status);
}

// After a restore by CRIU the same directory can have another identity: its filesystem was mounted
// again and has another number, or the trees are a copy of those at the dump.
bool directory_verifier::is_adopted(tree_directory const& d,
                                    file_status const& status) const noexcept
{
    return rescan_.is_after_restore() && (rescan_.ignores_identities() || d.inode == status.inode);
}

// False if it has many entries: then it is verified again when it has none.
bool directory_verifier::lose(tree_root& root)
{
    auto const id = root.directory;
    if (!model_.empty(id)) {
        agenda_.scan(id);
        return false;
    }
    model_.release_watch(id);
    model_.directory(id).inode = 0;
    coverage_.forget(id);
    if (root.present) {
        model_.report(tree_change_mask::root_lost, id);
        root.present = false;
    }
    return true;
}

void directory_verifier::verify_child(dir_id id)
{
    auto const parent = model_.index.parent(id);
    boost::system::error_code ec;
    auto const from = access_.open(parent, ec);
    if (from < 0 && ec && !says_gone(ec)) {
        coverage_.uncover(id, ec);
        return;
    }
    if (from < 0) {
        // The parent has moved or is gone: an event is on its way that reports it. The listing of
        // the parent resumes this one.
        agenda_.postpone(id);
        agenda_.scan(parent);
        return;
    }
    watched_name by_name;
    unused_watch const unused(port_, model_, by_name.wd);
    if (watch_leaf(id, from, by_name) || watch_plain(id, from)) {
        return;
    }
    open_child(id, from, by_name);
}

void directory_verifier::open_child(dir_id id, int parent, watched_name const& by_name)
{
    boost::system::error_code ec;
    if (options_.one_filesystem) {
        // Opening a mount point could wake an automount, or wait for a server.
        auto const seen =
            port_.look(parent, model_.name_of(id).data(), options_.follow_symlinks, ec);
        if (!ec && is_other_filesystem(id, seen.device)) {
            coverage_.uncover(id, make_error_code(error::different_filesystem));
            return;
        }
    }
    held_directory held(
        port_, access_.open_child(parent, model_.name_of(id).data(), options_.follow_symlinks, ec));
    if (held.get() < 0) {
        if (!says_gone(ec) || agenda_.count_miss(id)) {
            coverage_.uncover(id, ec);
        } else {
            // What is listed but cannot be opened is gone, or will not be listed again.
            agenda_.postpone(id);
            agenda_.list(model_.index.parent(id));
        }
        return;
    }
    auto const status = port_.identify(held.get(), ec);
    if (!ec && options_.one_filesystem && is_other_filesystem(id, status.device)) {
        ec = make_error_code(error::different_filesystem);
    }
    if (!ec && model_.has_too_many_links(id)) {
        ec = {ELOOP, boost::system::system_category()};
    }
    if (ec) {
        coverage_.uncover(id, ec);
        return;
    }
    bool const is_watched =
        by_name.wd != 0 && by_name.inode == status.inode && by_name.device == status.device;
    watch(id, held.release(), status, is_watched ? by_name.wd : 0);
}

// Not that of its root.
bool directory_verifier::is_other_filesystem(dir_id id, std::uint64_t device)
{
    auto const root = model_.locate(id).root->directory;
    return filesystems_.device(model_.directory(root).device) != device;
}

// Nothing is known of the directory but its name, and nothing but its name leads to it.
bool directory_verifier::is_new(tree_directory const& d) const noexcept
{
    return !options_.follow_symlinks && !restoration_.is_active() && d.wd == 0 && d.inode == 0 &&
           !d.is(tree_directory::uncovered);
}

// A directory on the filesystem of its parent.
void directory_verifier::take_new(dir_id id, int wd, std::uint64_t inode)
{
    recent_.add(id);
    model_.assign_watch(id, wd);
    model_.directory(id).inode = inode;
    model_.index.set_device(id, model_.directory(model_.index.parent(id)).device);
    agenda_.forget_misses(id);
}

// If only directories are wanted, one without directories in it need not be opened. False if it has
// to be; it can be watched by then. A different one that takes its place in the meantime is found,
// as the kernel reports that for what is watched.
bool directory_verifier::watch_leaf(dir_id id, int parent, watched_name& watched)
{
    auto const above = model_.index.parent(id);
    auto const device = model_.directory(above).device;
    if (!options_.directories_only || !is_new(model_.directory(id)) || device == 0 ||
        coverage_.is_blind(above)) {
        return false;
    }
    boost::system::error_code ec;
    auto const* const name = model_.name_of(id).data();
    auto const wd = port_.add_child(parent, name, watch_mask_, ec);
    if (ec || model_.find_watch(wd) != 0) {
        return false;
    }
    watched.wd = wd;
    auto const status = port_.look(parent, name, false, ec);
    if (ec || filesystems_.device(device) != status.device) {
        return false;
    }
    watched.device = status.device;
    watched.inode = status.inode;
    if (!status.is_directory() || status.links != links_without_directories) {
        return false;
    }
    take_new(id, wd, status.inode);
    agenda_.skip_listing(id);
    return true;
}

// Most directories are new ones on the filesystem of their parent, of which the listing says
// everything that has to be known. False if this is not one of those, or cannot be watched.
bool directory_verifier::watch_plain(dir_id id, int parent)
{
    auto const& d = model_.directory(id);
    auto const device = model_.directory(model_.index.parent(id)).device;
    if (options_.directories_only || !is_new(d) || d.first_child != 0 ||
        d.is(tree_directory::deep) || !filesystems_.traits(device).is_plain ||
        model_.has_long_path(id)) {
        return false;
    }
    held_directory held(port_, port_.open_within(parent, model_.name_of(id).data()));
    if (held.get() < 0) {
        return false;
    }
    boost::system::error_code ec;
    auto const wd = port_.add(held.get(), watch_mask_, ec);
    if (ec || model_.find_watch(wd) != 0) {
        return false;
    }
    unused_watch const unused(port_, model_, wd);
    auto const read = lister_.read_ahead(held.get(), ec);
    auto const inode = ec ? 0 : own_inode(lister_.bytes(read));
    if (inode == 0) {
        return false;
    }
    take_new(id, wd, inode);
    lister_.begin_new(id, held.release(), read);
    return true;
}

// Watch a directory that was opened at the place of one that the trees have.
/** @param known_wd  Its watch, if it is watched by its name; else 0. */
void directory_verifier::watch(dir_id id, int directory, file_status const& status, int known_wd)
{
    held_directory held(port_, directory);
    boost::system::error_code ec;
    auto wd = known_wd != 0 ? known_wd : add_watch(id, directory, status, ec);
    unused_watch const unused(port_, model_, wd);
    auto const& known = model_.directory(id);
    bool const trusts_watch = !rescan_.compares_identities();
    bool const stays = !trusts_watch && (!is_other(known, status) || is_adopted(known, status));
    if (!ec && (known.wd != wd || (!trusts_watch && !stays))) {
        bool const was_its_own = known.wd == wd;
        if (stays) {
            model_.release_watch(id);
        } else if (known.wd != 0 || is_other(known, status)) {
            id = replace(id);
        }
        if (id == 0) {
            return;
        }
        if (was_its_own && model_.find_watch(wd) == 0) {
            // It has ended with the directory that is replaced.
            wd = add_new_watch(directory, ec);
        }
        if (!ec) {
            id = resolve_owners(id, directory, status, wd, ec);
        }
    } else if (!ec && model_.is_in_itself(id)) {
        // By a move of the link, or of a directory above it, since it was watched.
        ec = make_error_code(error::directory_in_itself);
    }
    if (ec == error::too_many_places) {
        coverage_.uncover_crowded(id, wd);
        return;
    }
    if (ec) {
        coverage_.uncover(id, ec);
        return;
    }
    if (id == 0) {
        return;
    }
    auto const device = filesystems_.add(status.device, directory);
    if (device == 0) {
        coverage_.uncover(id, make_error_code(error::too_many_filesystems));
        return;
    }
    auto& d = model_.directory(id);
    bool const is_fresh = d.wd == 0;
    bool const had_entries = d.first_child != 0;
    if (is_fresh) {
        recent_.add(id);
        model_.assign_watch(id, wd);
    } else if (is_other(d, status)) {
        // A different one had its name when it was watched by that.
        agenda_.list_when_opened(id);
    }
    d.inode = status.inode;
    model_.index.set_device(id, device);
    if (!is_fresh && !d.is(tree_directory::list)) {
        // Else when it is listed.
        agenda_.forget_misses(id);
    }
    coverage_.cover(id);
    if (is_fresh) {
        coverage_.check_filesystem(id, directory);
    }
    continue_listing(id, held, status, is_fresh, had_entries);
}

// The directory is watched: its entries are compared now if they are in doubt.
void directory_verifier::continue_listing(dir_id id, held_directory& held,
                                          file_status const& status, bool is_fresh,
                                          bool had_entries)
{
    auto const& d = model_.directory(id);
    if (options_.directories_only && is_leaf(held.get(), status)) {
        agenda_.skip_listing(id);
        if (!model_.empty(id)) {
            agenda_.scan(id);
        }
    } else if (is_fresh || d.is(tree_directory::list)) {
        lister_.begin(id, held.release(), d.is(tree_directory::deep) || (is_fresh && had_entries));
    } else {
        access_.keep(id, held.release());
    }
}

// The number of links says that there are no directories in it. Not every filesystem keeps that
// number; those that do not say 1.
bool directory_verifier::is_leaf(int directory, file_status const& status)
{
    if (status.links != links_without_directories || options_.follow_symlinks) {
        // Links to directories do not count.
        return false;
    }
    auto const traits = filesystems_.find_traits(status.device);
    if (!traits || traits->unreported != blind_spot::none) {
        return false;
    }
    // It has to be checked after the directory is watched.
    boost::system::error_code ec;
    return port_.identify(directory, ec).links == links_without_directories && !ec;
}

// While trees are restored, directories get their descriptors back, and others get larger ones.
int directory_verifier::add_watch(dir_id id, int directory, file_status const& status,
                                  boost::system::error_code& ec)
{
    auto const& d = model_.directory(id);
    if (!restoration_.is_active() || d.wd != 0) {
        return port_.add(directory, watch_mask_, ec);
    }
    auto const wanted = restoration_.numbers.find(id);
    if (!wanted || !filesystems_.is_same(d, status)) {
        return add_new_watch(directory, ec);
    }
    auto const wd = port_.add_at(*wanted, directory, watch_mask_, ec);
    if (is_set_next_missing(ec)) {
        return port_.add(directory, watch_mask_, ec);
    }
    if (!ec) {
        restoration_.numbers.use(id);
    }
    return wd;
}

int directory_verifier::add_new_watch(int directory, boost::system::error_code& ec)
{
    auto const next = restoration_.numbers.next();
    if (!restoration_.is_active() || !next) {
        return port_.add(directory, watch_mask_, ec);
    }
    auto const wd = port_.add_at(*next, directory, watch_mask_, ec);
    if (is_set_next_missing(ec)) {
        return port_.add(directory, watch_mask_, ec);
    }
    if (!ec && wd == *next) {
        restoration_.numbers.use_next();
    }
    return wd;
}

// Other directories of the trees can have the watch: removed ones, those that have moved here, and
// those that are the same directory at another place.
/** @returns The directory that is here; 0 if a rescan has to find out. */
dir_id directory_verifier::resolve_owners(dir_id id, int directory, file_status const& status,
                                          int& wd, boost::system::error_code& ec)
{
    std::vector<dir_id> owners;
    for (auto owner = model_.find_watch(wd); owner != 0; owner = model_.directory(owner).alias) {
        owners.push_back(owner);
    }
    if (owners.empty()) {
        return id;
    }
    auto const removed = std::partition(owners.begin(), owners.end(),
                                        [&](dir_id owner) { return model_.is_attached(owner); });
    std::for_each(removed, owners.end(), [&](dir_id owner) { model_.release_watch(owner); });
    owners.erase(removed, owners.end());
    if (owners.size() >= tree_model::most_places) {
        ec = make_error_code(error::too_many_places);
        return id;
    }
    for (auto const owner : owners) {
        if (!model_.is_attached(owner)) {
            model_.release_watch(owner);
        } else if (rescan_.compares_identities() && is_other(model_.directory(owner), status)) {
            // Somebody else has put the watch of that directory here.
            agenda_.verify(owner);
            model_.release_watch(owner);
        } else if (!access_.is_in_place(owner, status)) {
            if (options_.follow_symlinks && !access_.is_in_place(id, status)) {
                find_place(id);
                return 0;
            }
            id = move_owner(owner, id, wd);
            if (id == 0) {
                return 0;
            }
        } else if (model_.is_within(id, owner)) {
            // It is in itself, by a mount or a link.
            ec = make_error_code(error::directory_in_itself);
            return id;
        }
    }
    if (model_.find_watch(wd) == 0) {
        // Under a number of its own, as events of the removed one are still to come.
        wd = add_new_watch(directory, ec);
    }
    return id;
}

// A directory was opened in its parent, which was open, and its path does not lead to it: a link or
// a mount above is different now.
void directory_verifier::find_place(dir_id id)
{
    auto const parent = model_.index.parent(id);
    access_.close_all();
    agenda_.postpone(id);
    agenda_.scan(parent);
}

// A directory of the trees that has the watch is not where it was: it is here now, unless `id` has
// the watch already.
/** @returns The directory that is here; 0 if a rescan has to find out. */
dir_id directory_verifier::move_owner(dir_id owner, dir_id id, int wd)
{
    if (model_.directory(owner).is(tree_directory::root)) {
        agenda_.verify(owner);
        model_.release_watch(owner);
        return id;
    }
    auto const left = model_.index.parent(owner);
    auto const here = model_.index.parent(id);
    recent_.add(left);
    recent_.add(here);
    if (model_.is_within(here, owner)) {
        rescan_.start();
        return 0;
    }
    agenda_.list(left);
    bool const is_reported = model_.locate(left).is_reported;
    auto const entry = model_.directory(owner).entry;
    if (model_.directory(id).wd == wd || is_reported != model_.locate(here).is_reported) {
        model_.remove(entry, true);
        return id;
    }
    unsigned const flags = agenda_.listing_of(id);
    auto const moved = model_.rename(entry, here, model_.name_of(id), true);
    auto const found = model_.index.entry(moved).directory();
    agenda_.set_listing(found, flags);
    return found;
}

// A different directory has the name now, and no event said so.
/** @returns The new one; 0 if it is to be verified again. */
dir_id directory_verifier::replace(dir_id id)
{
    if (model_.directory(id).is(tree_directory::root)) {
        return lose(*model_.find_root(id)) ? id : 0;
    }
    auto const parent = model_.index.parent(id);
    std::string const name(model_.name_of(id));
    unsigned const flags = agenda_.listing_of(id);
    model_.remove(model_.directory(id).entry, true);
    auto const made = model_.index.entry(model_.create(parent, name, true, true)).directory();
    agenda_.set_listing(made, flags);
    return made;
}

} // namespace asio_inotify::detail
