//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_world.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/inotify.h>

// What other processes do. Each operation first looks whether it can be done, in the kernel's
// order, so that of several reasons against it the kernel's is given.
namespace test {
namespace {

bool is_directory(simulated_world::link_ptr const& l)
{
    return l->target->type == simulated_world::kind::directory;
}

std::uint32_t directory_bit(simulated_world::link_ptr const& l)
{
    return is_directory(l) ? IN_ISDIR : 0;
}

// Is one directory the other, or below it?
bool is_within(simulated_world::node const* n, simulated_world::node const& top)
{
    while (n != nullptr && n != &top) {
        n = n->entry != nullptr ? n->entry->parent : nullptr;
    }
    return n != nullptr;
}

} // namespace

int simulated_world::find_slot(std::string_view path, slot& found)
{
    auto const cut = path.rfind('/');
    place where;
    if (int const failure = walk(path.substr(0, cut + 1), true, where); failure != 0) {
        return failure;
    }
    if (where.what->type != kind::directory) {
        return ENOTDIR;
    }
    wait_for(*where.what);
    found.directory = where.what;
    found.name = path.substr(cut + 1);
    found.present = nullptr;
    for (auto const& each : where.what->entries) {
        if (each->name == found.name) {
            found.present = each;
        }
    }
    return 0;
}

int simulated_world::add_new(std::string_view path, kind type, std::string_view target)
{
    slot s;
    if (int const failure = find_slot(path, s); failure != 0) {
        return failure;
    }
    if (s.present != nullptr) {
        return EEXIST;
    }
    finish();
    auto l = std::make_shared<link>();
    l->name = s.name;
    l->target = make(type, *s.directory->fs);
    l->target->links = 1;
    l->target->target = target;
    l->position = new_position(l->name);
    insert(*s.directory, l);
    queue({{IN_CREATE | directory_bit(l), s.directory, l->name, {}, 0, {}}}, {s.directory.get()});
    return 0;
}

int simulated_world::create(std::string_view path)
{
    return add_new(path, kind::file, {});
}

int simulated_world::mkdir(std::string_view path)
{
    return add_new(path, kind::directory, {});
}

int simulated_world::symlink(std::string_view target, std::string_view path)
{
    return add_new(path, kind::symbolic_link, target);
}

int simulated_world::link_to(std::string_view from, std::string_view to)
{
    slot old;
    slot s;
    if (int const failure = find_slot(from, old); failure != 0) {
        return failure;
    }
    if (old.present == nullptr) {
        return ENOENT;
    }
    if (int const failure = find_slot(to, s); failure != 0) {
        return failure;
    }
    if (s.present != nullptr) {
        return EEXIST;
    }
    if (old.directory->fs != s.directory->fs) {
        return EXDEV;
    }
    if (is_directory(old.present)) {
        return EPERM;
    }
    finish();
    auto l = std::make_shared<link>();
    l->name = s.name;
    l->target = old.present->target;
    ++l->target->links;
    touch(*l->target);
    l->position = new_position(l->name);
    insert(*s.directory, l);
    queue({{IN_ATTRIB, {}, {}, l->target, 0, {}}, {IN_CREATE, s.directory, l->name, {}, 0, {}}},
          {s.directory.get()});
    return 0;
}

int simulated_world::report(std::string_view path, std::vector<std::uint32_t> const& masks,
                            bool changes)
{
    place p;
    if (int const failure = walk(path, true, p); failure != 0) {
        return failure;
    }
    if (changes && p.what->type == kind::directory) {
        return EISDIR;
    }
    if (changes && p.what->whiteout) {
        // It cannot be truncated or opened.
        return masks.size() == 1 ? EINVAL : ENXIO;
    }
    touch(*p.what);
    if (changes && p.by != nullptr) {
        p.by->written = ++writes_;
    }
    for (auto const mask : masks) {
        report_by(p, mask, false);
    }
    return 0;
}

int simulated_world::write(std::string_view path)
{
    return report(path, {IN_MODIFY}, true);
}

int simulated_world::write_close(std::string_view path)
{
    return report(path, {IN_OPEN, IN_MODIFY, IN_CLOSE_WRITE}, true);
}

int simulated_world::chmod(std::string_view path)
{
    return report(path, {IN_ATTRIB}, false);
}

int simulated_world::make_readable(std::string_view path, bool readable)
{
    place p;
    if (int const failure = walk(path, true, p); failure != 0) {
        return failure;
    }
    p.what->readable = readable;
    return chmod(path);
}

int simulated_world::unlink(std::string_view path)
{
    slot s;
    if (int const failure = find_slot(path, s); failure != 0) {
        return failure;
    }
    if (s.present == nullptr) {
        return ENOENT;
    }
    if (is_directory(s.present)) {
        return EISDIR;
    }
    finish();
    erase(*s.present);
    touch(*s.directory);
    unlinked(s.present);
    queue({{IN_ATTRIB, {}, {}, s.present->target, 0, {}},
           {0, {}, {}, {}, 0, s.present},
           {IN_DELETE, s.directory, s.present->name, {}, 0, {}}},
          {s.directory.get()});
    return 0;
}

int simulated_world::rmdir(std::string_view path)
{
    slot s;
    if (int const failure = find_slot(path, s); failure != 0) {
        return failure;
    }
    if (s.present == nullptr) {
        return ENOENT;
    }
    if (!is_directory(s.present)) {
        return ENOTDIR;
    }
    auto const& n = *s.present->target;
    if (n.mounted != nullptr) {
        return EBUSY;
    }
    if (!n.entries.empty()) {
        return ENOTEMPTY;
    }
    finish();
    erase(*s.present);
    touch(*s.directory);
    unlinked(s.present);
    queue({{0, {}, {}, {}, 0, s.present},
           {IN_DELETE | IN_ISDIR, s.directory, s.present->name, {}, 0, {}}},
          {s.directory.get()});
    return 0;
}

// What vfs_rename() and its caller demand.
int simulated_world::check_rename(slot const& from, slot const& to, bool exchanges)
{
    if (from.directory->fs != to.directory->fs) {
        return EXDEV;
    }
    if (from.present == nullptr || (exchanges && to.present == nullptr)) {
        return ENOENT;
    }
    if (is_directory(from.present) && is_within(to.directory.get(), *from.present->target)) {
        return EINVAL;
    }
    if (to.present == nullptr) {
        return 0;
    }
    if (is_directory(to.present) && is_within(from.directory.get(), *to.present->target)) {
        return exchanges ? EINVAL : ENOTEMPTY;
    }
    if (from.present->target == to.present->target) {
        return 0;
    }
    if (!exchanges && is_directory(from.present) && !is_directory(to.present)) {
        return ENOTDIR;
    }
    if (!exchanges && !is_directory(from.present) && is_directory(to.present)) {
        return EISDIR;
    }
    if (from.present->target->mounted != nullptr || to.present->target->mounted != nullptr) {
        return EBUSY;
    }
    return !exchanges && !to.present->target->entries.empty() ? ENOTEMPTY : 0;
}

int simulated_world::rename(std::string_view from, std::string_view to, bool whiteout)
{
    slot old;
    slot s;
    int failure = find_slot(from, old);
    failure = failure == 0 ? find_slot(to, s) : failure;
    failure = failure == 0 ? check_rename(old, s, false) : failure;
    if (failure != 0) {
        return failure;
    }
    if (s.present != nullptr && s.present->target == old.present->target) {
        return 0;
    }
    if (old.present->target->mounted != nullptr) {
        return EBUSY;
    }
    finish();
    auto const moved = old.present;
    if (s.present != nullptr) {
        erase(*s.present);
        unlinked(s.present);
    }
    erase(*moved);
    touch(*old.directory);
    touch(*moved->target);
    moved->name = s.name;
    moved->position = new_position(s.name);
    insert(*s.directory, moved);
    if (whiteout) {
        auto left = std::make_shared<link>();
        left->name = old.name;
        left->target = make(kind::file, *old.directory->fs);
        left->target->links = 1;
        left->target->whiteout = true;
        left->position = new_position(left->name);
        insert(*old.directory, left);
    }
    auto const directory = directory_bit(moved);
    auto const cookie = next_cookie_++;
    std::vector<record> records{
        {IN_MOVED_FROM | directory, old.directory, std::string(old.name), {}, cookie, {}},
        {IN_MOVED_TO | directory, s.directory, moved->name, {}, cookie, {}}};
    if (s.present != nullptr) {
        records.push_back({IN_ATTRIB, {}, {}, s.present->target, 0, {}});
    }
    records.push_back({IN_MOVE_SELF, {}, {}, moved->target, 0, {}});
    if (s.present != nullptr) {
        records.push_back({0, {}, {}, {}, 0, s.present});
    }
    queue(records, {old.directory.get(), s.directory.get()});
    return 0;
}

int simulated_world::exchange(std::string_view from, std::string_view to)
{
    slot a;
    slot b;
    int failure = find_slot(from, a);
    failure = failure == 0 ? find_slot(to, b) : failure;
    failure = failure == 0 ? check_rename(a, b, true) : failure;
    if (failure != 0) {
        return failure;
    }
    if (a.present->target == b.present->target) {
        return 0;
    }
    finish();
    erase(*a.present);
    erase(*b.present);
    std::swap(a.present->name, b.present->name);
    std::swap(a.present->position, b.present->position);
    insert(*b.directory, a.present);
    insert(*a.directory, b.present);
    touch(*a.present->target);
    touch(*b.present->target);
    std::vector<record> records;
    // Each as if it alone had been renamed.
    auto const add = [&](link_ptr const& moved, slot const& was, slot const& is) {
        auto const directory = directory_bit(moved);
        auto const cookie = next_cookie_++;
        records.push_back(
            {IN_MOVED_FROM | directory, was.directory, std::string(was.name), {}, cookie, {}});
        records.push_back(
            {IN_MOVED_TO | directory, is.directory, std::string(is.name), {}, cookie, {}});
        records.push_back({IN_MOVE_SELF, {}, {}, moved->target, 0, {}});
    };
    add(a.present, a, b);
    add(b.present, b, a);
    queue(records, {a.directory.get(), b.directory.get()});
    return 0;
}

int simulated_world::mount(std::string_view path, bool remote)
{
    place p;
    if (int const failure = walk(path, true, p); failure != 0) {
        return failure;
    }
    if (p.what->type != kind::directory) {
        return ENOTDIR;
    }
    if (p.by == nullptr) {
        return EBUSY;
    }
    auto& fs = make_filesystem();
    fs.covers = p.what.get();
    fs.remote = remote;
    p.what->mounted = &fs;
    mounts_changed = true;
    return 0;
}

int simulated_world::unmount(std::string_view path)
{
    place p;
    if (int const failure = walk(path, true, p); failure != 0) {
        return failure;
    }
    auto* const fs = p.what->fs;
    if (p.what != fs->root || fs->covers == nullptr) {
        return EINVAL;
    }
    if (fs->holders != 0) {
        return EBUSY;
    }
    // The newest inode first.
    std::vector<node_ptr> all{fs->root};
    for (std::size_t i = 0; i != all.size(); ++i) {
        if (all[i]->mounted != nullptr) {
            return EBUSY;
        }
        for (std::size_t k = 0; k != all[i]->entries.size(); ++k) {
            all.push_back(all[i]->entries[k]->target);
        }
    }
    finish();
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a->id > b->id; });
    fs->covers->mounted = nullptr;
    for (auto const& n : all) {
        auto const directory = n->type == kind::directory ? IN_ISDIR : 0;
        inotify.notify(n->id, IN_UNMOUNT | static_cast<std::uint32_t>(directory), 0, {}, false);
        inotify.end(n->id);
        n->entries.clear();
    }
    filesystems_.remove_if([fs](auto const& each) { return &each == fs; });
    mounts_changed = true;
    return 0;
}

int simulated_world::hold(std::string_view path)
{
    place p;
    if (int const failure = walk(path, true, p); failure != 0) {
        return -failure;
    }
    if (p.what->whiteout) {
        return -ENXIO;
    }
    opened(p);
    held_.emplace(next_held_, p);
    return next_held_++;
}

int simulated_world::write_held(int held)
{
    auto const& p = held_.at(held);
    if (p.what->type == kind::directory) {
        return EBADF;
    }
    touch(*p.what);
    p.by->written = ++writes_;
    report_by(p, IN_MODIFY, true);
    return 0;
}

int simulated_world::release(int held)
{
    auto const p = held_.at(held);
    held_.erase(held);
    closed(p, p.what->type == kind::directory ? IN_CLOSE_NOWRITE : IN_CLOSE_WRITE);
    return 0;
}

} // namespace test
