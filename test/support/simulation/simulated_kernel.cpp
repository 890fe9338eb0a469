//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <sys/inotify.h>

namespace test {
namespace {

void set(boost::system::error_code& ec, int failure)
{
    ec.assign(failure, boost::system::system_category());
}

constexpr std::int64_t end_of_listing = 0x7fffffff;

unsigned char type_of(simulated_world::kind type)
{
    switch (type) {
    case simulated_world::kind::directory:
        return DT_DIR;
    case simulated_world::kind::symbolic_link:
        return DT_LNK;
    case simulated_world::kind::file:
    default:
        return DT_REG;
    }
}

} // namespace

bool simulated_kernel::begin(port_call call, subject const& what, error_code& ec)
{
    ec.clear();
    looks_at_ = what;
    if (before) {
        before(call);
    }
    if (int const failure = fail ? fail(call) : 0; failure != 0) {
        set(ec, failure);
        answer(static_cast<std::uint64_t>(failure));
        return false;
    }
    answer(static_cast<std::uint64_t>(call) << 32U);
    return true;
}

std::size_t simulated_kernel::read(std::byte* data, std::size_t size, error_code& ec)
{
    if (!begin(port_call::read, {}, ec)) {
        return 0;
    }
    auto const got = world.inotify.read(data, size);
    if (got < 0) {
        set(ec, static_cast<int>(-got));
        return 0;
    }
    answer({reinterpret_cast<char const*>(data), static_cast<std::size_t>(got)});
    return static_cast<std::size_t>(got);
}

simulated_kernel::directory_fd
simulated_kernel::open(int failure, simulated_world::place const& found, error_code& ec)
{
    if (failure == 0 && found.what->type != simulated_world::kind::directory) {
        failure = ENOTDIR;
    }
    if (failure == 0 && !found.what->readable) {
        failure = EACCES;
    }
    answer(static_cast<std::uint64_t>(failure));
    if (failure != 0) {
        set(ec, failure);
        return -1;
    }
    world.opened(found);
    // The lowest number that is free, as descriptors are.
    directory_fd number = 3;
    while (handles_.contains(number)) {
        ++number;
    }
    handles_[number].what = found;
    return number;
}

simulated_kernel::directory_fd simulated_kernel::open_path(std::string_view path, bool follow,
                                                           error_code& ec)
{
    if (!begin(port_call::open, {path}, ec)) {
        return -1;
    }
    simulated_world::place found;
    int const failure = world.walk(path, follow, found);
    return open(failure, found, ec);
}

simulated_kernel::directory_fd simulated_kernel::open_below(std::string_view top,
                                                            std::string_view rest, error_code& ec)
{
    auto path = std::string(top);
    if (!rest.empty()) {
        path.append("/").append(rest);
    }
    if (!begin(port_call::open, {path}, ec)) {
        return -1;
    }
    simulated_world::place found;
    int failure = world.walk(top, true, found);
    while (failure == 0 && !rest.empty()) {
        auto const end = std::min(rest.find('/'), rest.size());
        auto const from = found.what;
        failure = world.step(from, rest.substr(0, end), false, found);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return open(failure, found, ec);
}

simulated_kernel::directory_fd simulated_kernel::open_child(directory_fd parent, char const* name,
                                                            bool follow, error_code& ec)
{
    if (!begin(port_call::open, {{}, handles_.at(parent).what.what.get(), name}, ec)) {
        return -1;
    }
    simulated_world::place found;
    int const failure = world.step(handles_.at(parent).what.what, name, follow, found);
    return open(failure, found, ec);
}

simulated_kernel::directory_fd simulated_kernel::open_within(directory_fd parent, char const* name)
{
    error_code ec;
    auto const from = handles_.at(parent).what.what;
    if (!begin(port_call::open, {{}, from.get(), name}, ec)) {
        return -1;
    }
    simulated_world::place found;
    int const failure = world.step(from, name, false, found);
    return open(failure == 0 && found.what->fs != from->fs ? EXDEV : failure, found, ec);
}

void simulated_kernel::close(directory_fd directory) noexcept
{
    auto const found = handles_.find(directory);
    looks_at_ = {{}, found->second.what.what.get()};
    if (before) {
        before(port_call::close);
    }
    auto const what = std::move(found->second.what);
    handles_.erase(found);
    world.closed(what, IN_CLOSE_NOWRITE);
}

simulated_kernel::file_status simulated_kernel::status(simulated_world::node const& n) const
{
    using kind = asio_inotify::detail::file_kind;
    file_status status;
    status.kind = n.type == simulated_world::kind::directory       ? kind::directory
                  : n.type == simulated_world::kind::symbolic_link ? kind::symbolic_link
                                                                   : kind::file;
    status.device = n.fs->device;
    status.inode = n.inode;
    status.stamp.status_changed = n.changed;
    status.links = world.link_count(n);
    status.is_whiteout = n.whiteout;
    return status;
}

simulated_kernel::file_status simulated_kernel::identify(directory_fd directory, error_code& ec)
{
    if (!begin(port_call::identify, {{}, handles_.at(directory).what.what.get()}, ec)) {
        return {};
    }
    // What else it says can change, but the engine does not look at it.
    auto const s = status(*handles_.at(directory).what.what);
    answer(s.device << 32U ^ s.inode);
    return s;
}

simulated_kernel::file_status simulated_kernel::look(directory_fd parent, char const* name,
                                                     bool follow, error_code& ec)
{
    if (!begin(port_call::look, {{}, handles_.at(parent).what.what.get(), name}, ec)) {
        return {};
    }
    simulated_world::place found;
    int const failure = world.step(handles_.at(parent).what.what, name, follow, found);
    answer(static_cast<std::uint64_t>(failure));
    if (failure != 0) {
        set(ec, failure);
        return {};
    }
    auto const s = status(*found.what);
    answer(s.device << 32U ^ s.inode);
    answer(static_cast<std::uint64_t>(s.stamp.status_changed) << 3U ^ (s.is_whiteout ? 4U : 0U) ^
           static_cast<std::uint64_t>(s.kind));
    return s;
}

std::vector<simulated_kernel::entry> simulated_kernel::left_of(open_directory& d) const
{
    std::vector<entry> all;
    if (lists_what_was && d.begun) {
        all = d.were;
    } else {
        for (auto const& each : d.what.what->entries) {
            all.push_back({each->position, each->target->inode, each->name, each->target->type});
        }
        d.were = all;
    }
    if (d.begun) {
        std::erase_if(all, [&](entry const& e) { return e.position <= d.position; });
    }
    return all;
}

std::size_t simulated_kernel::list(directory_fd directory, std::byte* data, std::size_t size,
                                   error_code& ec)
{
    if (!begin(port_call::list, {{}, handles_.at(directory).what.what.get()}, ec)) {
        return 0;
    }
    auto& d = handles_.at(directory);
    auto const& n = *d.what.what;
    world.wait_for(n);
    if (n.dead) {
        set(ec, ENOENT);
        answer(ENOENT);
        return 0;
    }
    world.listed(d.what);
    auto const left = left_of(d);
    if (!d.begun) {
        d.begun = true;
        d.position = (std::numeric_limits<std::int64_t>::min)();
    }
    std::size_t done = 0;
    std::size_t count = 0;
    std::byte* last = data;
    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
    auto const give = [&](std::uint64_t inode, std::string_view name, unsigned char type) {
        constexpr std::size_t name_at = 19;
        auto const length = (name_at + name.size() + 1 + 7) / 8 * 8;
        if (count == entries_at_once || length > size - done) {
            return false;
        }
        auto* const record = data + done;
        last = record;
        std::memset(record, 0, length);
        std::memcpy(record, &inode, sizeof inode);
        auto const short_length = static_cast<std::uint16_t>(length);
        std::memcpy(record + 16, &short_length, sizeof short_length);
        record[18] = std::byte{hides_types ? static_cast<unsigned char>(DT_UNKNOWN) : type};
        std::memcpy(record + name_at, name.data(), name.size());
        done += length;
        ++count;
        return true;
    };
    for (; d.dots != 2; ++d.dots) {
        if (!give(n.inode, d.dots == 0 ? "." : "..", DT_DIR)) {
            break;
        }
    }
    bool all = d.dots == 2;
    for (auto e = left.begin(); all && e != left.end(); ++e) {
        all = give(e->inode, e->name, type_of(e->type));
        d.position = all ? e->position : d.position;
    }
    if (all && count != 0) {
        std::memcpy(last + 8, &end_of_listing, sizeof end_of_listing);
    }
    if (count == 0 && (d.dots != 2 || !left.empty())) {
        set(ec, EINVAL);
    }
    answer({reinterpret_cast<char const*>(data), done});
    return done;
}

void simulated_kernel::rewind(directory_fd directory) noexcept
{
    if (before) {
        before(port_call::rewind);
    }
    auto& d = handles_.at(directory);
    auto what = std::move(d.what);
    d = {};
    d.what = std::move(what);
}

int simulated_kernel::add(directory_fd directory, std::uint32_t native_mask, int at, error_code& ec)
{
    if (!begin(port_call::add, {{}, handles_.at(directory).what.what.get()}, ec)) {
        return -1;
    }
    return watch(*handles_.at(directory).what.what, native_mask, at, ec);
}

int simulated_kernel::watch(simulated_world::node const& n, std::uint32_t native_mask, int at,
                            error_code& ec)
{
    int result = -EACCES;
    if (n.readable) {
        if (at != 0) {
            world.inotify.set_next(at);
        }
        result = world.inotify.add(n.id, native_mask | IN_MASK_ADD);
    }
    answer(static_cast<std::uint64_t>(result));
    if (result < 0) {
        set(ec, -result);
        return -1;
    }
    return result;
}

int simulated_kernel::add_child(directory_fd parent, char const* name, std::uint32_t native_mask,
                                error_code& ec)
{
    auto const directory = handles_.at(parent).what.what;
    if (!begin(port_call::open, {{}, directory.get(), name}, ec)) {
        return -1;
    }
    simulated_world::place found;
    int failure = world.step(directory, name, false, found);
    if (failure == 0 && found.what->type != simulated_world::kind::directory) {
        failure = ENOTDIR;
    }
    if (failure != 0) {
        answer(static_cast<std::uint64_t>(failure));
        set(ec, failure);
        return -1;
    }
    return watch(*found.what, native_mask, 0, ec);
}

int simulated_kernel::add(directory_fd directory, std::uint32_t native_mask, error_code& ec)
{
    return add(directory, native_mask, 0, ec);
}

int simulated_kernel::add_at(int wd, directory_fd directory, std::uint32_t native_mask,
                             error_code& ec)
{
    return add(directory, native_mask, wd, ec);
}

void simulated_kernel::remove(int wd) noexcept
{
    if (before) {
        before(port_call::remove);
    }
    world.inotify.remove(wd);
}

asio_inotify::detail::filesystem_traits simulated_kernel::traits(directory_fd directory) noexcept
{
    bool const is_remote = handles_.at(directory).what.what->fs->remote;
    bool const is_known = is_plain && !is_remote;
    using asio_inotify::detail::blind_spot;
    return {is_remote ? blind_spot::remote : blind_spot::none, is_known,
            is_known ? end_of_listing : 0};
}

simulated_inotify::object simulated_kernel::object_at(std::string const& path, bool follow) const
{
    simulated_world::place found;
    return world.walk(path, follow, found) == 0 ? found.what->id : 0;
}

void simulated_kernel::guard(std::string const& absolute)
{
    guarded_[absolute] = object_at(absolute);
}

void simulated_kernel::unguard(std::string const& absolute) noexcept
{
    guarded_.erase(absolute);
}

std::vector<std::string> simulated_kernel::take_suspects()
{
    std::vector<std::string> suspects;
    for (auto& [path, was] : guarded_) {
        if (auto const is = object_at(path); std::exchange(was, is) != is) {
            suspects.push_back(path);
        }
    }
    return suspects;
}

void simulated_kernel::guard_link(asio_inotify::detail::link_id id, std::string const& absolute)
{
    guarded_links_[id] = link_at(absolute);
}

void simulated_kernel::unguard_link(asio_inotify::detail::link_id id) noexcept
{
    guarded_links_.erase(id);
}

std::vector<asio_inotify::detail::link_id> simulated_kernel::take_suspect_links()
{
    std::vector<asio_inotify::detail::link_id> suspects;
    for (auto& [id, was] : guarded_links_) {
        if (auto const is = link_at(was.path); std::exchange(was, is) != is) {
            suspects.push_back(id);
        }
    }
    return suspects;
}

bool simulated_kernel::has_something() const
{
    return !world.inotify.queue().empty() || world.mounts_changed ||
           std::any_of(guarded_.begin(), guarded_.end(),
                       [this](auto const& each) { return object_at(each.first) != each.second; }) ||
           std::any_of(guarded_links_.begin(), guarded_links_.end(), [this](auto const& each) {
               return link_at(each.second.path) != each.second;
           });
}

bool simulated_kernel::mounts_changed()
{
    return std::exchange(world.mounts_changed, false);
}

std::vector<simulated_kernel::mount> simulated_kernel::mounts(error_code& ec)
{
    if (!begin(port_call::mounts, {}, ec)) {
        return {};
    }
    std::vector<mount> all;
    for (auto& [id, path] : world.mounts()) {
        all.push_back({id, std::move(path)});
    }
    return all;
}

void simulated_kernel::describe(state_hash& state) const
{
    world.describe(state);
    state.add(time.time_since_epoch().count());
    for (auto const& one : handles_) {
        auto const& d = one.second;
        state.add(one.first);
        state.add(d.what.what->id);
        state.add(d.dots * 2 + (d.begun ? 1 : 0));
        // Where the entries stand is known; so it is enough how many of them are behind it.
        auto const& entries = d.what.what->entries;
        state.add(std::count_if(entries.begin(), entries.end(), [&](auto const& each) {
            return d.begun && each->position > d.position;
        }));
        state.add(lists_what_was ? d.position : 0);
        for (auto const& each : d.were) {
            state.add(lists_what_was ? std::string_view(each.name) : std::string_view());
        }
    }
}

} // namespace test
