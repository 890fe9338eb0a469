//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/directory_lister.hpp"

#include "tree/engine/errors.hpp"

#include <boost/assert.hpp>

#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr std::size_t swept_at_a_time = 256;

} // namespace

directory_lister::directory_lister(tree_port& port, tree_options const& options, tree_model& model,
                                   agenda& work, recent_directories& recent,
                                   filesystem_table const& filesystems, directory_access& access,
                                   link_tracker& links, coverage& covered, rescan const& scan,
                                   restoration& restored, tree_counters& counters) noexcept
    : port_(port)
    , options_(options)
    , model_(model)
    , agenda_(work)
    , recent_(recent)
    , filesystems_(filesystems)
    , access_(access)
    , links_(links)
    , coverage_(covered)
    , rescan_(scan)
    , restoration_(restored)
    , counters_(counters)
{}

void directory_lister::begin(dir_id id, int directory, bool checks_files)
{
    if (is_active()) {
        access_.keep(id, directory);
        agenda_.list(id);
        return;
    }
    held_directory held(port_, directory);
    recent_.add(id);
    departed_.clear();
    auto const& d = model_.directory(id);
    listing_ = {};
    listing_.directory = id;
    listing_.watch = d.wd;
    listing_.descriptor = held.release();
    listing_.compares = d.first_child != 0;
    listing_.deep = d.is(tree_directory::deep);
    listing_.since = rescan_.writes_missed_since();
    listing_.checks_files = checks_files;
    listing_.has_long_path = model_.has_long_path(id);
    agenda_.begin_listing(id);
    links_.check_all_later(id);
    if (listing_.compares) {
        flip_mark(id);
    }
    ++counters_.listings;
}

// From now on the entries of the directory have the other mark.
void directory_lister::flip_mark(dir_id id)
{
    auto& d = model_.directory(id);
    if (d.is(tree_directory::unsettled)) {
        for (auto entry = d.first_child; entry != 0; entry = model_.index.entry(entry).next) {
            model_.index.entry(entry).set_mark(d.is(tree_directory::mark));
        }
    }
    d.flags = static_cast<std::uint16_t>(d.flags ^ tree_directory::mark);
    d.set(tree_directory::unsettled);
}

std::size_t directory_lister::read_ahead(int directory, boost::system::error_code& ec)
{
    return port_.list(directory, buffer_.data(), buffer_.size(), ec);
}

void directory_lister::begin_new(dir_id id, int directory, std::size_t read)
{
    BOOST_ASSERT(!is_active());
    begin(id, directory, false);
    listing_.is_first_read = true;
    take(read);
    listing_.is_first_read = false;
}

void directory_lister::begin_sweep(dir_id id) noexcept
{
    BOOST_ASSERT(!is_active());
    listing_ = {};
    listing_.directory = id;
    listing_.watch = model_.directory(id).wd;
    listing_.is_sweeping = true;
    model_.cursor = model_.directory(id).first_child;
}

void directory_lister::resume()
{
    BOOST_ASSERT(is_active());
    auto const id = listing_.directory;
    if (model_.directory(id).is(tree_directory::removed) || !model_.is_attached(id) ||
        model_.directory(id).wd != listing_.watch) {
        // With another watch it is listed again (invariant 1).
        end(false);
        return;
    }
    if (listing_.is_sweeping) {
        sweep();
        return;
    }
    boost::system::error_code ec;
    auto const read = port_.list(listing_.descriptor, buffer_.data(), room(), ec);
    if (ec) {
        failed(ec);
    } else if (read == 0) {
        complete();
    } else {
        take(read);
    }
}

void directory_lister::failed(boost::system::error_code const& ec)
{
    auto const id = listing_.directory;
    agenda_.put_listing_back(id, listing_.deep || listing_.checks_files);
    end(false);
    bool const is_root = model_.directory(id).is(tree_directory::root);
    if (!says_gone(ec) || agenda_.count_miss(id)) {
        coverage_.uncover(id, ec);
    } else if (is_root) {
        agenda_.verify(id);
    } else {
        agenda_.postpone(id);
        agenda_.list(model_.index.parent(id));
    }
}

// All at once: what is listed is true only up to the next event.
void directory_lister::take(std::size_t read)
{
    auto const id = listing_.directory;
    listed_entry entry{};
    for (std::size_t at = 0; at < read;) {
        at += first_entry(buffer_.data() + at, entry);
        take_entry(id, entry);
        if (auto const failure = listing_.failure) {
            failed(failure);
            return;
        }
    }
    auto const end_of_listing = filesystems_.traits(model_.directory(id).device).end_of_listing;
    if (entry.next == end_of_listing && entry.next != 0 && read + longest_record <= room()) {
        complete();
    }
}

void directory_lister::complete()
{
    auto const id = listing_.directory;
    agenda_.forget_misses(id);
    if (!listing_.compares) {
        end(listing_.has_directories);
    } else if (listing_.deep || restoration_.is_active()) {
        agenda_.sweep_later(id);
        end(listing_.has_directories);
    } else {
        listing_.is_sweeping = true;
        model_.cursor = model_.directory(id).first_child;
    }
}

void directory_lister::sweep()
{
    auto& d = model_.directory(listing_.directory);
    auto const mark = d.is(tree_directory::mark);
    for (std::size_t i = 0; i != swept_at_a_time; ++i) {
        auto const entry = model_.cursor;
        if (entry != 0 && i != 0 && model_.changes().is_full(options_.batch_size)) {
            return;
        }
        if (entry == 0) {
            d.clear(tree_directory::unsettled);
            end(listing_.has_directories);
            return;
        }
        model_.cursor = model_.index.entry(entry).next;
        if (model_.index.entry(entry).is_marked() != mark) {
            links_.entry_is_gone(listing_.directory, model_.index.entry(entry).name());
            model_.remove(entry, true);
        }
    }
}

void directory_lister::end(bool keeps_open) noexcept
{
    if (keeps_open) {
        access_.keep(listing_.directory, listing_.descriptor);
    } else if (listing_.descriptor >= 0) {
        port_.close(listing_.descriptor);
    }
    listing_ = {};
    model_.cursor = 0;
}

bool directory_lister::is_missing(dir_id parent, tree_entry const& entry) const noexcept
{
    auto const& d = model_.index.directory(parent);
    return d.is(tree_directory::unsettled) && listing_.directory != parent &&
           entry.is_marked() != d.is(tree_directory::mark);
}

void directory_lister::note_departure(dir_id parent, std::string_view name)
{
    if (listing_.directory == parent && !listing_.is_sweeping) {
        departed_.emplace(name);
    }
}

void directory_lister::take_entry(dir_id id, listed_entry const& listed)
{
    using kind = listed_entry::kind;
    std::string_view const name(listed.name, listed.name_size);
    if (name == "." || name == "..") {
        return;
    }
    bool is_directory = listed.type == kind::directory;
    if (listed.type == kind::unknown || departed_.contains(name) || model_.is_link(id, name) ||
        (listed.type == kind::symbolic_link && options_.follow_symlinks)) {
        auto const type = access_.is_directory(listing_.descriptor, listed.name, listing_.failure);
        if (!type) {
            // Gone since it was listed, which an event reports.
            return;
        }
        is_directory = *type;
        if (listed.type != kind::directory) {
            links_.check_later(id, name);
        }
    }
    if ((options_.directories_only && !is_directory) || model_.excludes(id, name, is_directory)) {
        return;
    }
    bool has_moved = false;
    auto known = find_known(id, listed, is_directory, has_moved);
    bool const is_new = known == 0;
    if (is_new) {
        known = model_.create(id, name, is_directory, true);
    }
    auto& entry = model_.index.entry(known);
    entry.set_mark(model_.directory(id).is(tree_directory::mark));
    if (is_directory) {
        compare_directory(entry.directory(), is_new);
    } else {
        compare_file(id, known, listed, is_new, has_moved);
    }
}

entry_id directory_lister::find_known(dir_id id, listed_entry const& listed, bool is_directory,
                                      bool& has_moved)
{
    auto known =
        listing_.is_first_read ? 0 : model_.index.find(id, {listed.name, listed.name_size});
    if (known != 0 && restoration_.is_active()) {
        auto const now = restoration_.move_over(id, known, listed, is_directory);
        has_moved = now != std::exchange(known, now);
    }
    if (known != 0 && model_.index.entry(known).is_directory() != is_directory) {
        model_.remove(known, true);
        known = 0;
    }
    if (known == 0 && restoration_.is_active()) {
        known = restoration_.move_here(id, listed, is_directory);
        has_moved = known != 0;
    }
    return known;
}

void directory_lister::compare_file(dir_id id, entry_id known, listed_entry const& listed,
                                    bool is_new, bool has_moved)
{
    auto const was = std::exchange(model_.index.entry(known).what, listed.inode);
    if (is_new) {
        return;
    }
    bool const knows_inode = restoration_.is_active() || rescan_.compares_identities();
    if (knows_inode && was != 0 && was != listed.inode) {
        // A different file, however old it is.
        model_.report(tree_change_mask::modified, id, {listed.name, listed.name_size}, false, true);
    } else if (listing_.checks_files || has_moved) {
        report_missed_write(id, listed);
    }
}

void directory_lister::compare_directory(dir_id below, bool is_new) noexcept
{
    listing_.has_directories = true;
    auto const& d = model_.directory(below);
    if (listing_.deep) {
        agenda_.scan_subtree(below);
    } else if (is_new ||
               (d.wd == 0 && (restoration_.is_active() || !d.is(tree_directory::uncovered)))) {
        agenda_.scan(below);
    } else {
        agenda_.resume(below);
    }
}

// No event says what was written while events were lost.
void directory_lister::report_missed_write(dir_id id, listed_entry const& listed)
{
    boost::system::error_code ec;
    auto const status = port_.look(listing_.descriptor, listed.name, false, ec);
    // If that cannot be found out, it can have been written.
    if (ec ? !says_nothing_there(ec) : status.stamp.status_changed >= listing_.since) {
        model_.report(tree_change_mask::modified, id, {listed.name, listed.name_size}, false, true);
    }
}

} // namespace asio_inotify::detail
