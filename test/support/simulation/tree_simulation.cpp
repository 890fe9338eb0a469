//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/tree_simulation.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_change_batch.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fnmatch.h>

namespace test {
namespace {

using change_kind = asio_inotify::tree_change_mask;
using op = operation::kind;

constexpr std::array<std::string_view, 22> names{
    "create",  "mkdir",         "symlink",    "write",    "write_close", "chmod",
    "unlink",  "rmdir",         "link",       "rename",   "whiteout",    "exchange",
    "mount",   "unmount",       "unreadable", "readable", "hold",        "write_held",
    "release", "limit_watches", "finish",     "tick"};

simulated_world::node const* through_mounts(simulated_world::node const* n)
{
    while (n->mounted != nullptr) {
        n = n->mounted->root.get();
    }
    return n;
}

} // namespace

std::string describe(operation const& o)
{
    std::string text(names.at(static_cast<std::size_t>(o.what)));
    for (auto const& path : {o.from, o.to}) {
        text += path.empty() ? "" : ' ' + path;
    }
    if (o.number != 0) {
        text += ' ' + std::to_string(o.number);
    }
    if (o.split != operation::whole) {
        text += ", of which " + std::to_string(o.split) + " records at once";
    }
    text +=
        o.gap == operation::at_rest ? ", at rest" : ", " + std::to_string(o.gap) + " calls later";
    return text;
}

operation::kind kind_of(std::string_view name)
{
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        throw std::invalid_argument("no operation: " + std::string(name));
    }
    return static_cast<op>(found - names.begin());
}

tree_simulation::tree_simulation(std::vector<operation> const& before)
{
    kernel.world.mkdir(root);
    kernel.world.mkdir(outside);
    for (auto const& o : before) {
        if (!perform(o)) {
            throw std::logic_error("the world cannot be made: " + test::describe(o));
        }
    }
}

tree_simulation::~tree_simulation()
{
    kernel.before = nullptr;
}

void tree_simulation::start(asio_inotify::tree_options options, bool both)
{
    options.report_existing = true;
    options_ = options;
    roots_ = {root};
    if (both) {
        roots_.push_back(outside);
    }
    engine_ = std::make_unique<asio_inotify::detail::tree_engine>(kernel, std::move(options));
    note_paths();
    for (auto const path : roots_) {
        add_root(path);
    }
}

void tree_simulation::add_root(std::string_view added)
{
    std::string const path(added);
    replay_.add_root(path);
    boost::system::error_code ec;
    engine_->add_root(path, path, path, false, ec);
    if (ec) {
        throw broken_promise("the root cannot be added: " + ec.message());
    }
}

bool tree_simulation::perform(operation const& o)
{
    auto& world = kernel.world;
    if (o.split != operation::whole) {
        world.split_next(o.split);
    }
    int failure = 0;
    switch (o.what) {
    case op::create:
        failure = world.create(o.from);
        break;
    case op::mkdir:
        failure = world.mkdir(o.from);
        break;
    case op::symlink:
        failure = world.symlink(o.to, o.from);
        break;
    case op::write:
        failure = world.write(o.from);
        break;
    case op::write_close:
        failure = world.write_close(o.from);
        break;
    case op::chmod:
        failure = world.chmod(o.from);
        break;
    case op::unlink:
        failure = world.unlink(o.from);
        break;
    case op::rmdir:
        failure = world.rmdir(o.from);
        break;
    case op::link:
        failure = world.link_to(o.from, o.to);
        break;
    case op::rename:
    case op::whiteout:
        failure = world.rename(o.from, o.to, o.what == op::whiteout);
        break;
    case op::exchange:
        failure = world.exchange(o.from, o.to);
        break;
    case op::mount:
        failure = world.mount(o.from);
        has_mounted_ = true;
        break;
    case op::unmount:
        failure = world.unmount(o.from);
        has_mounted_ = true;
        break;
    case op::make_unreadable:
    case op::make_readable:
        failure = world.make_readable(o.from, o.what == op::make_readable);
        break;
    case op::hold: {
        int const held = world.hold(o.from);
        failure = held < 0 ? -held : 0;
        if (held > 0) {
            held_.push_back(held);
        }
        break;
    }
    case op::write_held:
        failure = held_.empty() ? EBADF : world.write_held(held_[o.number % held_.size()]);
        break;
    case op::release:
        failure = held_.empty() ? EBADF : 0;
        if (failure == 0) {
            auto const at = held_.begin() + static_cast<std::ptrdiff_t>(o.number % held_.size());
            world.release(*at);
            held_.erase(at);
        }
        break;
    case op::limit_watches:
        world.inotify.watch_limit = world.inotify.watch_count() + o.number;
        break;
    case op::finish:
        failure = world.is_split() ? 0 : EINVAL;
        world.finish();
        break;
    case op::tick:
        ++world.time;
        break;
    }
    world.split_next(operation::whole);
    if (engine_ && failure == 0) {
        note_paths();
    }
    return failure == 0;
}

// A link that is followed is the directory to which it leads.
simulated_world::node const* tree_simulation::seen_as(simulated_world::link const& entry,
                                                      std::string const& path) const
{
    auto const* what = through_mounts(entry.target.get());
    simulated_world::place found;
    if (options_.follow_symlinks && what->type == simulated_world::kind::symbolic_link &&
        kernel.world.walk(path, true, found) == 0 &&
        found.what->type == simulated_world::kind::directory) {
        what = through_mounts(found.what.get());
    }
    return what;
}

void tree_simulation::collect(simulated_world::node const& directory, std::string const& path,
                              bool everything, tree& all) const
{
    auto const* const top = through_mounts(&directory);
    above_.push_back(top);
    for (auto const& each : top->entries) {
        auto const name = join(path, each->name);
        auto const* const what = seen_as(*each, name);
        bool const is_directory = what->type == simulated_world::kind::directory;
        if ((options_.directories_only && !is_directory) || is_excluded(name, is_directory)) {
            continue;
        }
        bool const is_in_itself = std::find(above_.begin(), above_.end(), what) != above_.end();
        all[name] = {what, each.get(), is_in_itself};
        if (is_directory && !is_in_itself) {
            auto const known = replay_.entries().find(name);
            bool const uncovered = known != replay_.entries().end() && known->second.uncovered;
            if (everything || !uncovered) {
                collect(*what, name, everything, all);
            }
        }
    }
    above_.pop_back();
}

void tree_simulation::collect_root(std::string_view path, bool everything, tree& all) const
{
    simulated_world::place found;
    if (kernel.world.walk(path, true, found) == 0 &&
        found.what->type == simulated_world::kind::directory) {
        std::string const name(path);
        auto const known = replay_.entries().find(name);
        if (!everything && known == replay_.entries().end() && replay_.is_uncovered(name)) {
            // It is said that a lost root cannot be looked up.
            return;
        }
        all[name] = {found.what.get(), found.by.get()};
        if (everything || known == replay_.entries().end() || !known->second.uncovered) {
            collect(*found.what, name, everything, all);
        }
    }
}

tree_simulation::tree tree_simulation::on_disk(bool everything) const
{
    tree all;
    for (auto const path : roots_) {
        collect_root(path, everything, all);
    }
    return all;
}

// What the options say, by the words of their documentation.
bool tree_simulation::is_excluded(std::string_view path, bool is_directory) const
{
    std::string const name(path.substr(path.rfind('/') + 1));
    static_assert(root.size() == outside.size());
    std::string const below(path.substr(root.size() + 1));
    for (auto const& glob : options_.exclude) {
        auto const pattern = glob.starts_with('/') ? glob.substr(1) : glob;
        bool const is_for_paths = glob.find('/') != std::string::npos;
        if (::fnmatch(pattern.c_str(), (is_for_paths ? below : name).c_str(),
                      is_for_paths ? FNM_PATHNAME : 0) == 0) {
            return true;
        }
    }
    return options_.prune &&
           options_.prune(path, is_directory ? asio_inotify::tree_entry_type::directory
                                             : asio_inotify::tree_entry_type::file);
}

void tree_simulation::note_paths()
{
    note_paths_below(root);
    note_paths_below(outside);
    note_changed_links();
}

void tree_simulation::note_changed_links()
{
    auto const now = std::exchange(links_now_, {});
    for (auto& [path, target] : links_) {
        auto const is = now.find(path);
        if (is == now.end() || is->second != target) {
            changed_links_.insert(path);
        }
    }
    for (auto const& [path, target] : now) {
        links_.insert_or_assign(path, target);
    }
}

bool tree_simulation::is_below_changed_link(std::string_view path) const
{
    for (auto end = path.find('/', 1); end != std::string_view::npos;
         end = path.find('/', end + 1)) {
        if (changed_links_.contains(std::string(path.substr(0, end)))) {
            return true;
        }
    }
    return false;
}

void tree_simulation::note_paths_below(std::string_view top)
{
    simulated_world::place found;
    if (kernel.world.walk(top, true, found) == 0 &&
        found.what->type == simulated_world::kind::directory) {
        std::string path(top);
        path += '/';
        if (is_root(top)) {
            been_.insert(path);
        }
        note_paths(*found.what, path, is_root(top));
    }
}

// Notes each path below one that ends with a separator, as all paths of directories do.
void tree_simulation::note_paths(simulated_world::node const& directory, std::string& path,
                                 bool is_inside)
{
    auto const size = path.size();
    auto const* const top = through_mounts(&directory);
    above_.push_back(top);
    for (auto const& each : top->entries) {
        path.append(each->name);
        auto const& what = *seen_as(*each, path);
        path.resize(size);
        bool const is_directory = what.type == simulated_world::kind::directory;
        // A link that has moved is reported with the type that it had before, and then again.
        bool const has_both_types =
            options_.follow_symlinks && each->target->type == simulated_world::kind::symbolic_link;
        if (options_.directories_only && !is_directory && !has_both_types) {
            continue;
        }
        path.append(each->name);
        if (has_both_types) {
            links_now_[path] = &what;
        }
        bool const is_wanted = is_inside && !is_excluded(path, is_directory);
        if (is_wanted && has_both_types) {
            been_.insert(path + (is_directory ? "" : "/"));
        }
        path.append(is_directory ? "/" : "");
        if (is_wanted) {
            been_.insert(path);
        } else {
            been_outside_.insert(path.substr(size - 1));
        }
        if (is_directory && std::find(above_.begin(), above_.end(), &what) == above_.end()) {
            note_paths(what, path, is_wanted);
        }
        path.resize(size);
    }
    above_.pop_back();
}

// X4, and as much of X3 as can be said without knowing when events were queued.
void tree_simulation::check_place(asio_inotify::tree_change const& change) const
{
    constexpr auto places = change_kind::existing | change_kind::created | change_kind::modified |
                            change_kind::closed_write | change_kind::attributes |
                            change_kind::renamed;
    // What a mount has covered is still reached through links until the mount is noticed. Where a
    // lookup fails, an entry is taken for a file.
    if (!change.is(places) || (options_.follow_symlinks && has_mounted_) || calls_fail) {
        return;
    }
    std::string path(change.path());
    path += change.is_directory() ? "/" : "";
    // A scan can find an entry before the engine reads the rename of a directory above it, and a
    // rescan can find one after the rename was lost. The entry has been there by the reported name.
    bool const was_found =
        change.synthetic() || change.is(change_kind::existing) || replay_.is_rescanning();
    if (is_below_changed_link(change.path())) {
        return;
    }
    auto const name = path.substr(change.path().rfind('/'));
    auto const same_name = [&](auto const& been) { return been.ends_with(name); };
    if (!been_.contains(path) &&
        !(was_found &&
          (been_outside_.contains(name) || std::any_of(been_.begin(), been_.end(), same_name)))) {
        throw broken_promise("X4: nothing has been at " + path);
    }
}

void tree_simulation::take_batch()
{
    asio_inotify::tree_change_batch const batch(engine_->take());
    if (batch.empty()) {
        throw broken_promise("a batch without changes");
    }
    for (auto const& change : batch) {
        replay_.apply(change, kernel.world.writes());
        check_place(change);
        if (on_change) {
            on_change(change);
        }
    }
}

void tree_simulation::run()
{
    constexpr unsigned most_steps = 20000;
    constexpr unsigned most_idle = 8;
    unsigned idle = 0;
    using result = asio_inotify::detail::step_result;
    for (unsigned steps = 0; steps != most_steps; ++steps) {
        boost::system::error_code ec;
        auto const now = engine_->step(ec);
        if (ec) {
            throw broken_promise("a step fails: " + ec.message());
        }
        if (now == result::deliver) {
            take_batch();
            idle = 0;
        }
        while (now == result::wait && !kernel.has_something()) {
            if (waits && waits()) {
                continue;
            }
            if (kernel.world.is_split()) {
                kernel.world.finish();
                continue;
            }
            auto const deadline = engine_->deadline();
            auto const uncovered = std::any_of(replay_.entries().begin(), replay_.entries().end(),
                                               [](auto const& e) { return e.second.uncovered; });
            bool const has_retries = uncovered || replay_.has_uncovered_roots() || calls_fail;
            if (!deadline || (idle == most_idle && has_retries)) {
                if (!calls_fail) {
                    check_at_rest();
                }
                return;
            }
            if (idle++ == most_idle) {
                throw broken_promise("deadlines without end");
            }
            kernel.time = std::max(kernel.time, *deadline);
            break;
        }
    }
    throw broken_promise("it does not come to rest");
}

void tree_simulation::check_at_rest()
{
    auto const disk = on_disk(false);
    auto const& seen = replay_.entries();
    std::set<simulated_inotify::object> watched;
    if (replay_.is_rescanning()) {
        throw broken_promise("a rescan has no end");
    }
    for (auto const& [path, each] : disk) {
        bool const is_directory = each.what->type == simulated_world::kind::directory;
        auto const found = seen.find(path);
        if (found == seen.end() || found->second.is_directory != is_directory) {
            throw broken_promise("X1: on disk but not reported: " + path);
        }
        if (is_directory && !found->second.uncovered) {
            watched.insert(each.what->id);
            check_covered(path, each);
        }
        if (!is_directory && each.by->written > found->second.reported_writes) {
            throw broken_promise("X5: written to but not reported: " + path);
        }
    }
    for (auto const& [path, each] : seen) {
        if (!disk.contains(path)) {
            throw broken_promise("X1: reported but not on disk: " + path);
        }
    }
    if (watched.size() != kernel.world.inotify.watch_count()) {
        throw broken_promise("X6: " + std::to_string(kernel.world.inotify.watch_count()) +
                             " watches for " + std::to_string(watched.size()) + " directories");
    }
    check_uncovered();
    if (kernel.open_handles() != 0) {
        throw broken_promise("directories are held open");
    }
    has_mounted_ = false;
    links_.clear();
    changed_links_.clear();
    been_.clear();
    been_outside_.clear();
    note_paths();
    replay_.clear_log();
}

void tree_simulation::check_covered(std::string const& path, disk_entry const& each) const
{
    if (each.is_in_itself) {
        throw broken_promise("X6: it is in itself, and not uncovered: " + path);
    }
    if (!kernel.world.inotify.is_watched(each.what->id)) {
        throw broken_promise("X6: not watched: " + path);
    }
}

void tree_simulation::check_uncovered() const
{
    auto const disk = on_disk(false);
    for (auto const& [path, ec] : engine_->uncovered()) {
        if (!replay_.is_uncovered(path)) {
            throw broken_promise("not reported as uncovered: " + path);
        }
        if (ec == asio_inotify::error::directory_in_itself && !disk.at(path).is_in_itself) {
            throw broken_promise("X6: it is not in itself any more: " + path);
        }
    }
}

void tree_simulation::check_retried() const
{
    for (auto const& [path, ec] : engine_->uncovered()) {
        for (int const passing : {EMFILE, ENFILE, ENOMEM, EIO, EPERM, ENOENT, ESTALE, ENOTDIR}) {
            if (ec == boost::system::error_code(passing, boost::system::system_category())) {
                throw broken_promise("not tried again: " + path + ": " + ec.message());
            }
        }
    }
}

std::string tree_simulation::picture() const
{
    std::string text = "stream since the last rest:\n";
    for (auto const& line : replay_.log()) {
        text += "  " + line + '\n';
    }
    text += "on disk:\n";
    for (auto const& [path, each] : on_disk(true)) {
        bool const is_directory = each.what->type == simulated_world::kind::directory;
        text += "  " + path + (is_directory ? "/" : "");
        text +=
            is_directory && !kernel.world.inotify.is_watched(each.what->id) ? " not watched" : "";
        text += '\n';
    }
    text += "replayed:\n";
    for (auto const& [path, e] : replay_.entries()) {
        text +=
            "  " + path + (e.is_directory ? "/" : "") + (e.uncovered ? " uncovered" : "") + '\n';
    }
    return text;
}

void tree_simulation::describe(state_hash& state) const
{
    kernel.describe(state);
    replay_.describe(state);
    state.add(been_outside_.size());
    for (auto const& name : been_outside_) {
        state.add(name);
    }
    for (auto const& path : been_) {
        state.add(path);
    }
}

} // namespace test
