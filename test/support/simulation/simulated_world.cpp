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

// Nodes, names and the records of an operation. The operations are in simulated_operations.cpp.
namespace test {
namespace {

constexpr int most_symbolic_links = 40;

std::uint32_t directory_bit(simulated_world::node const& n)
{
    return n.type == simulated_world::kind::directory ? IN_ISDIR : 0;
}

} // namespace

std::string join(std::string_view directory, std::string_view name)
{
    std::string path(directory);
    if (path.empty() || path.back() != '/') {
        path += '/';
    }
    return path.append(name);
}

simulated_world::simulated_world()
{
    root_ = make_filesystem().root;
}

simulated_world::filesystem& simulated_world::make_filesystem()
{
    auto device = next_device_;
    auto const has_device = [&](auto const& fs) { return fs.device == device; };
    for (device = reuse_devices ? 1 : device;
         std::any_of(filesystems_.begin(), filesystems_.end(), has_device);) {
        ++device;
    }
    next_device_ = std::max(next_device_, device + 1);
    auto& fs = filesystems_.emplace_back();
    fs.device = device;
    fs.mount_id = next_mount_++;
    fs.root = make(kind::directory, fs);
    fs.root->links = 1;
    return fs;
}

simulated_world::node_ptr simulated_world::make(kind type, filesystem& fs)
{
    auto n = std::make_shared<node>();
    n->type = type;
    n->id = next_id_++;
    n->fs = &fs;
    if (fs.free_inodes.empty()) {
        n->inode = fs.next_inode++;
    } else {
        n->inode = *fs.free_inodes.begin();
        fs.free_inodes.erase(fs.free_inodes.begin());
    }
    touch(*n);
    return n;
}

void simulated_world::free_inode(node& n)
{
    if (n.links == 0 && n.holders == 0 && n.inode != 0) {
        if (reuse_inodes) {
            n.fs->free_inodes.insert(n.inode);
        }
        n.inode = 0;
    }
}

int simulated_world::step(node_ptr const& directory, std::string_view name, bool follow,
                          place& found, int depth) const
{
    if (directory->type != kind::directory) {
        return ENOTDIR;
    }
    if (name == ".") {
        found.what = directory;
        return 0;
    }
    if (name == "..") {
        node* up = directory.get();
        while (up->entry == nullptr && up->fs->covers != nullptr) {
            up = up->fs->covers;
        }
        node* const parent = up->entry != nullptr ? up->entry->parent : up;
        found.what = parent->entry != nullptr ? parent->entry->target : parent->fs->root;
        return 0;
    }
    auto const& entries = directory->entries;
    auto const at = std::find_if(entries.begin(), entries.end(),
                                 [name](auto const& each) { return each->name == name; });
    if (at == entries.end()) {
        return ENOENT;
    }
    found = {(*at)->target, *at};
    while (found.what->mounted != nullptr) {
        found = {found.what->mounted->root, {}};
    }
    if (follow && found.what->type == kind::symbolic_link) {
        auto const target = found.what->target;
        return depth == most_symbolic_links ? ELOOP
                                            : walk_from(target.starts_with('/') ? root_ : directory,
                                                        target, true, found, depth + 1);
    }
    return 0;
}

int simulated_world::walk(std::string_view path, bool follow, place& found) const
{
    return walk_from(root_, path, follow, found, 0);
}

int simulated_world::walk_from(node_ptr const& start, std::string_view path, bool follow,
                               place& found, int depth) const
{
    found = {start, {}};
    for (std::size_t at = 0;;) {
        at = path.find_first_not_of('/', at);
        if (at == std::string_view::npos) {
            return 0;
        }
        auto const end = std::min(path.find('/', at), path.size());
        bool const last = path.find_first_not_of('/', end) == std::string_view::npos;
        node_ptr const from = std::move(found.what);
        if (int const failure =
                step(from, path.substr(at, end - at), !last || follow, found, depth);
            failure != 0) {
            return failure;
        }
        at = end;
    }
}

std::string simulated_world::path_of(node const& directory) const
{
    node const* at = &directory;
    std::vector<std::string_view> names;
    while (at != root_.get()) {
        if (at->entry == nullptr) {
            at = at->fs->covers;
            if (at == nullptr) {
                return {};
            }
            continue;
        }
        names.push_back(at->entry->name);
        at = at->entry->parent;
    }
    std::string path = names.empty() ? "/" : "";
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        path.append("/").append(*name);
    }
    return path;
}

std::uint64_t simulated_world::link_count(node const& n) const
{
    if (n.type != kind::directory) {
        return n.links;
    }
    if (n.links == 0) {
        return 0;
    }
    if (n.fs->remote) {
        return 2;
    }
    auto const below = std::count_if(n.entries.begin(), n.entries.end(), [](auto const& each) {
        return each->target->type == kind::directory;
    });
    return count_links ? 2 + static_cast<std::uint64_t>(below) : 1;
}

std::vector<simulated_world::mount_entry> simulated_world::mounts() const
{
    std::vector<mount_entry> all;
    for (auto const& fs : filesystems_) {
        all.push_back({fs.mount_id, path_of(*fs.root)});
    }
    return all;
}

std::int64_t simulated_world::new_position(std::string_view name)
{
    // FNV-1a, without a sign.
    std::uint64_t hash = 0xcbf29ce484222325;
    switch (listing_order) {
    case order::oldest_first:
        return next_position_++;
    case order::newest_first:
        return -next_position_++;
    case order::by_name:
    default:
        for (char const c : name) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        }
        return static_cast<std::int64_t>(hash >> 1U);
    }
}

void simulated_world::insert(node& directory, link_ptr const& l)
{
    l->parent = &directory;
    if (l->target->type == kind::directory) {
        l->target->entry = l.get();
    }
    auto& entries = directory.entries;
    entries.insert(std::upper_bound(entries.begin(), entries.end(), l->position,
                                    [](std::int64_t position, link_ptr const& each) {
                                        return position < each->position;
                                    }),
                   l);
    touch(directory);
}

void simulated_world::erase(link const& l)
{
    std::erase_if(l.parent->entries, [&l](auto const& each) { return each.get() == &l; });
}

// It names nothing any more, but who has it open keeps it, and thereby the directory where it was.
void simulated_world::unlinked(link_ptr const& l)
{
    auto& n = *l->target;
    l->unlinked = true;
    --n.links;
    touch(n);
    if (n.type == kind::directory) {
        n.dead = true;
        n.entry = nullptr;
        n.links = 0;
    }
    if (l->holders != 0) {
        if (auto* const parent = l->parent->entry; parent != nullptr) {
            l->kept_parent = parent->shared_from_this();
            ++parent->holders;
        }
    }
}

void simulated_world::queue(std::vector<record> const& records, std::vector<node*> locked)
{
    pending_.assign(records.begin(), records.end());
    locked_ = std::move(locked);
    auto const now = std::exchange(split_, static_cast<std::size_t>(-1));
    for (std::size_t i = 0; i != now && !pending_.empty(); ++i) {
        auto const r = std::move(pending_.front());
        pending_.pop_front();
        emit(r);
    }
    if (pending_.empty()) {
        locked_.clear();
    }
}

void simulated_world::finish()
{
    while (!pending_.empty()) {
        auto const r = std::move(pending_.front());
        pending_.pop_front();
        emit(r);
    }
    locked_.clear();
}

void simulated_world::wait_for(node const& directory)
{
    if (std::find(locked_.begin(), locked_.end(), &directory) != locked_.end()) {
        finish();
    }
}

void simulated_world::emit(record const& r)
{
    if (r.gone != nullptr) {
        end_if_unused(r.gone);
        return;
    }
    if (r.directory != nullptr) {
        if (!inotify.notify(r.directory->id, r.mask, r.cookie, r.name, false)) {
            // Nobody can know that another file has the name now.
            auto const& entries = r.directory->entries;
            auto const moved = std::ranges::find_if(
                entries, [&](auto const& each) { return each->name == r.name; });
            if (moved != entries.end()) {
                (*moved)->written = 0;
            }
        }
    }
    if (r.self != nullptr) {
        inotify.notify(r.self->id, r.mask | directory_bit(*r.self), r.cookie, {}, false);
    }
}

void simulated_world::end_if_unused(link_ptr const& l)
{
    auto const n = l->target;
    if (l->holders != 0 || n->links != 0) {
        return;
    }
    inotify.notify(n->id, IN_DELETE_SELF, 0, {}, false);
    inotify.end(n->id);
    free_inode(*n);
}

// What happens to an open file is reported by the name by which it was opened, whether it has
// that name still or not (note 4.21), and by itself.
void simulated_world::report_by(place const& p, std::uint32_t mask, bool by_file)
{
    mask |= directory_bit(*p.what);
    bool const gone = p.by != nullptr && p.by->unlinked;
    if (p.by != nullptr) {
        inotify.notify(p.by->parent->id, mask, 0, p.by->name, gone && by_file);
    }
    inotify.notify(p.what->id, mask, 0, {}, gone && by_file);
}

void simulated_world::opened(place const& p)
{
    ++p.what->holders;
    ++p.what->fs->holders;
    if (p.by != nullptr) {
        ++p.by->holders;
    }
    report_by(p, IN_OPEN, true);
}

void simulated_world::listed(place const& p)
{
    report_by(p, IN_ACCESS, true);
}

void simulated_world::closed(place const& p, std::uint32_t mask)
{
    report_by(p, mask, true);
    --p.what->holders;
    --p.what->fs->holders;
    if (p.by != nullptr) {
        let_go(p.by);
    }
}

void simulated_world::let_go(link_ptr const& l)
{
    --l->holders;
    if (l->unlinked && l->holders == 0) {
        end_if_unused(l);
        // The directory's own name may be gone as well, and kept by this one only.
        if (auto const parent = std::exchange(l->kept_parent, nullptr); parent != nullptr) {
            let_go(parent);
        }
    }
}

void simulated_world::describe(state_hash& state) const
{
    inotify.describe(state);
    std::vector<node const*> left{root_.get()};
    auto const describe_node = [&](node const& n) {
        state.add(n.id);
        state.add(n.fs->device << 48U ^ n.inode);
        state.add(n.changed);
        state.add(n.holders << 2U | (n.readable ? 2U : 0U) | (n.dead ? 1U : 0U));
        state.add(n.target);
        if (n.whiteout) {
            state.add('w');
        }
    };
    while (!left.empty()) {
        auto const& n = *left.back();
        left.pop_back();
        describe_node(n);
        state.add(n.entries.size());
        for (auto const& each : n.entries) {
            state.add(each->name);
            state.add(each->target->id);
            state.add(each->written);
            if (each->target->type == kind::directory) {
                left.push_back(each->target.get());
            } else {
                describe_node(*each->target);
            }
        }
        if (n.mounted != nullptr) {
            state.add('m');
            left.push_back(n.mounted->root.get());
        }
    }
    for (auto const& [number, p] : held_) {
        state.add(number);
        describe_node(*p.what);
    }
    state.add(pending_.size());
    state.add(time);
    state.add(next_id_);
    state.add(std::uint64_t{next_cookie_} << 1U | (mounts_changed ? 1U : 0U));
}

} // namespace test
