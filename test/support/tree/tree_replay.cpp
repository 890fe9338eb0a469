//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/tree_replay.hpp"

#include <asio_inotify/error.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace test {
namespace {

using asio_inotify::to_string;
using asio_inotify::tree_change;
using asio_inotify::tree_change_kind;
using asio_inotify::tree_change_mask;

// As many errors as a person reads.
constexpr std::size_t most_differences = 12;

constexpr std::int64_t nanoseconds(::timespec const& time) noexcept
{
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

std::int64_t now() noexcept
{
    ::timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return nanoseconds(time);
}

std::string join(std::string const& directory, std::string_view name)
{
    std::string path = directory;
    if (!path.ends_with('/')) {
        path += '/';
    }
    return path += name;
}

} // namespace

std::vector<int> inotify_descriptors()
{
    std::vector<int> found;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        if (std::filesystem::read_symlink(entry.path(), ignored) == "anon_inode:inotify") {
            found.push_back(std::stoi(entry.path().filename().string()));
        }
    }
    std::ranges::sort(found);
    return found;
}

std::vector<std::uint64_t> watched_inodes(int instance)
{
    std::vector<std::uint64_t> found;
    std::ifstream file("/proc/self/fdinfo/" + std::to_string(instance));
    if (!file) {
        throw std::runtime_error("cannot read the fdinfo of " + std::to_string(instance));
    }
    static constexpr std::string_view key = " ino:";
    for (std::string line; std::getline(file, line);) {
        if (auto const at = line.find(key); line.starts_with("inotify ") && at != line.npos) {
            found.push_back(std::stoull(line.substr(at + key.size()), nullptr, 16));
        }
    }
    std::ranges::sort(found);
    return found;
}

// A directory of the tree, held open.
class tree_replay::open_directory
{
public:
    open_directory(int at, char const* name, bool follow)
        : fd_(::openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW)))
    {}
    open_directory(open_directory const&) = delete;
    open_directory& operator=(open_directory const&) = delete;
    ~open_directory()
    {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }

    [[nodiscard]] int get() const noexcept { return fd_; }

    struct listed
    {
        std::string name;
        unsigned char type;
    };

    // Needs no permission but to read.
    [[nodiscard]] std::vector<listed> list() const
    {
        std::vector<listed> found;
        auto* const stream = ::fdopendir(::dup(fd_));
        if (stream == nullptr) {
            throw std::system_error(errno, std::generic_category(), "cannot list a directory");
        }
        while (auto const* const entry = ::readdir(stream)) {
            std::string name = entry->d_name;
            if (name != "." && name != "..") {
                found.push_back({std::move(name), entry->d_type});
            }
        }
        ::closedir(stream);
        return found;
    }

private:
    int fd_;
};

// What a walk over the disk compares.
struct tree_replay::visitor
{
    std::vector<std::string> found{};
    std::set<std::pair<std::uint64_t, std::uint64_t>> directories{};
    bool reads_in = false;

    void see(int at, char const* name)
    {
        struct ::stat status
        {
        };
        if (::fstatat(at, name, &status, *name == 0 ? AT_EMPTY_PATH : 0) == 0) {
            directories.emplace(status.st_dev, status.st_ino);
        }
    }

    void say(std::string difference)
    {
        if (found.size() < most_differences) {
            found.push_back(std::move(difference));
        }
    }

    [[nodiscard]] std::string text() const
    {
        std::string all;
        for (auto const& one : found) {
            all += "\n  " + one;
        }
        return all;
    }

    enum class question
    {
        names,
        writes
    } about = question::names;
};

void tree_replay::add_root(std::string path)
{
    given_.insert(path);
    auto const is_part =
        std::ranges::any_of(roots_, [&](auto const& root) { return is_beneath(path, root.first); });
    if (!is_part) {
        roots_.try_emplace(std::move(path));
    }
}

void tree_replay::remove_root(std::string const& path)
{
    given_.erase(path);
    if (!roots_.contains(path)) {
        return;
    }
    std::map<std::string, node> own;
    for (auto const& given : given_) {
        auto const is_part = std::ranges::any_of(
            own, [&](auto const& root) { return is_beneath(given, root.first); });
        if (!is_beneath(given, path) || is_part) {
            continue;
        }
        auto const at = find(given);
        if (at.entry == nullptr || at.is_root) {
            continue;
        }
        own.emplace(given, std::move(*at.entry));
    }
    roots_.erase(path);
    roots_.merge(own);
}

void tree_replay::take_from_disk(std::string const& root)
{
    add_root(root);
    visitor visit;
    visit.reads_in = true;
    std::erase_if(roots_, [&](auto const& other) { return is_beneath(other.first, root); });
    roots_[root] = {};
    open_directory const directory(AT_FDCWD, root.c_str(), true);
    walk(visit, directory, roots_.at(root), root);
}

auto tree_replay::find(std::string_view path) -> place
{
    // Of two that match, the one that lies in the other comes last.
    for (auto one = roots_.rbegin(); one != roots_.rend(); ++one) {
        auto& [root, top] = *one;
        if (path == root) {
            return {nullptr, {}, &top, true};
        }
        if (!is_beneath(path, root)) {
            continue;
        }
        auto rest = path.substr(root.size() + (root.ends_with('/') ? 0 : 1));
        auto* at = &top;
        for (;;) {
            auto const end = rest.find('/');
            auto const child = at->children.find(rest.substr(0, end));
            auto* const entry = child == at->children.end() ? nullptr : child->second.get();
            if (end == std::string_view::npos) {
                return {at, std::string(rest), entry, false};
            }
            if (entry == nullptr || !entry->is_directory) {
                return {};
            }
            at = entry;
            rest.remove_prefix(end + 1);
        }
    }
    return {};
}

void tree_replay::fail(tree_change const& change, std::string const& why)
{
    if (faults_.size() < most_differences) {
        faults_.push_back(test::describe(change, {}) + ": " + why);
    }
}

void tree_replay::apply(tree_change const& change)
{
    switch (change.kind()) {
    case tree_change_kind::existing:
    case tree_change_kind::created:
        create(change);
        break;
    case tree_change_kind::modified:
    case tree_change_kind::closed_write:
    case tree_change_kind::attributes:
        touch(change);
        break;
    case tree_change_kind::removed:
        remove(change);
        break;
    case tree_change_kind::renamed:
        rename(change);
        break;
    case tree_change_kind::exchanged:
        exchange(change);
        break;
    case tree_change_kind::rescan_begin:
    case tree_change_kind::rescan_end:
        if (rescanning_ == (change.kind() == tree_change_kind::rescan_begin)) {
            fail(change, "in the wrong order");
        }
        rescanning_ = !rescanning_;
        break;
    default:
        change_directory(change);
        break;
    }
}

void tree_replay::create(tree_change const& change)
{
    // A root that lies in another one since that was added is reported once more, but not what is
    // in it.
    auto const root = change.is(tree_change_mask::existing)
                          ? roots_.extract(std::string(change.path()))
                          : decltype(roots_)::node_type();
    auto const at = find(change.path());
    if (at.parent == nullptr || !at.parent->is_directory) {
        fail(change, "has no directory to be in");
    } else if (at.parent->is_lost || at.parent->is_uncovered) {
        fail(change, "is in a directory that is not watched");
    } else if (at.entry != nullptr) {
        fail(change, "is there already");
    } else {
        auto made = std::make_unique<node>();
        made->is_directory = change.is_directory();
        made->told_at = now();
        if (!root.empty()) {
            *made = std::move(root.mapped());
        }
        at.parent->children.emplace(at.name, std::move(made));
    }
}

void tree_replay::remove(tree_change const& change)
{
    auto const at = find(change.path());
    if (at.entry == nullptr || at.is_root) {
        fail(change, "is not there");
    } else if (at.entry->is_directory != change.is_directory()) {
        fail(change, "is of the other type");
    } else {
        at.parent->children.erase(at.name);
    }
}

void tree_replay::rename(tree_change const& change)
{
    auto const from = find(change.old_path());
    auto const to = find(change.path());
    if (from.entry == nullptr || from.is_root) {
        fail(change, "its source is not there");
    } else if (to.parent == nullptr || !to.parent->is_directory || to.parent->is_uncovered) {
        fail(change, "its target has no directory to be in");
    } else if (is_beneath(change.path(), change.old_path()) || change.path() == change.old_path()) {
        fail(change, "goes into itself");
    } else if (is_beneath(change.old_path(), change.path())) {
        fail(change, "replaces what it is in");
    } else if ((to.entry != nullptr) != change.replaced()) {
        fail(change, to.entry != nullptr ? "its target is there" : "its target is not there");
    } else if (from.entry->is_directory != change.is_directory()) {
        fail(change, "is of the other type");
    } else {
        to.parent->children.erase(to.name);
        auto moved = from.parent->children.extract(from.name);
        moved.key() = to.name;
        to.parent->children.insert(std::move(moved));
    }
}

void tree_replay::exchange(tree_change const& change)
{
    auto const one = find(change.old_path());
    auto const other = find(change.path());
    if (one.entry == nullptr || other.entry == nullptr || one.is_root || other.is_root) {
        fail(change, "one of the two is not there");
    } else if (is_beneath(change.path(), change.old_path()) ||
               is_beneath(change.old_path(), change.path())) {
        fail(change, "one is in the other");
    } else if (one.entry->is_directory != change.is_directory()) {
        fail(change, "is of the other type");
    } else {
        std::swap(one.parent->children.find(one.name)->second,
                  other.parent->children.find(other.name)->second);
    }
}

void tree_replay::touch(tree_change const& change)
{
    auto const at = find(change.path());
    if (at.entry == nullptr) {
        fail(change, "is not there");
        return;
    }
    if (at.entry->is_directory != change.is_directory()) {
        fail(change, "is of the other type");
    }
    if (!change.is(tree_change_mask::attributes)) {
        at.entry->told_at = now();
    }
}

// Changes of a directory as the object of a watch.
void tree_replay::change_directory(tree_change const& change)
{
    auto const at = find(change.path());
    constexpr auto of_paths = tree_change_mask::path_unguarded | tree_change_mask::path_guarded;
    if (at.entry != nullptr && !at.is_root && change.is(of_paths)) {
        // The path of a link, which can lead to a file.
        if (!expected_.follow_symlinks ||
            !change.error() != change.is(tree_change_mask::path_guarded)) {
            fail(change, "is no link, or has no reason");
        }
        return;
    }
    if (at.entry == nullptr || !at.entry->is_directory) {
        fail(change, "is no directory");
        return;
    }
    auto& directory = *at.entry;
    if (directory.is_lost && change.is(tree_change_mask::uncovered)) {
        // Its path cannot be looked up; root_found ends that.
        return;
    }
    // These two are reported in addition to the contents, not instead of them.
    bool const is_watched =
        change.error() == make_error_code(asio_inotify::error::remote_filesystem) ||
        change.error() == make_error_code(asio_inotify::error::pseudo_filesystem);
    bool const is_about_contents = !is_watched && !change.is(of_paths);
    if (is_about_contents && !directory.children.empty()) {
        fail(change, "still has entries");
    }
    switch (change.kind()) {
    case tree_change_kind::uncovered:
        directory.is_uncovered = directory.is_uncovered || !is_watched;
        if (!change.error()) {
            fail(change, "has no reason");
        }
        break;
    case tree_change_kind::covered:
        if (!std::exchange(directory.is_uncovered, false)) {
            fail(change, "was covered before");
        }
        break;
    case tree_change_kind::path_unguarded:
        directory.is_unguarded = true;
        if (!at.is_root || !change.error()) {
            fail(change, "is no root, or has no reason");
        }
        break;
    case tree_change_kind::path_guarded:
        if (!at.is_root || !std::exchange(directory.is_unguarded, false)) {
            fail(change, "is no root that was not guarded");
        }
        break;
    case tree_change_kind::root_lost:
        if (!at.is_root || std::exchange(directory.is_lost, true)) {
            fail(change, "is no root that was there");
        }
        directory.is_uncovered = false;
        break;
    case tree_change_kind::root_found:
        if (!at.is_root || !std::exchange(directory.is_lost, false)) {
            fail(change, "is no root that was lost");
        }
        break;
    case tree_change_kind::unmounted:
        break;
    default:
        fail(change, "is not one kind of change");
        break;
    }
}

std::string tree_replay::differences()
{
    visitor visit;
    walk(visit);
    return visit.text();
}

std::string tree_replay::missed_writes()
{
    visitor visit;
    visit.about = visitor::question::writes;
    walk(visit);
    return visit.text();
}

std::string tree_replay::differences_of_watches(int instance)
{
    visitor visit;
    walk(visit);
    std::vector<std::uint64_t> wanted;
    for (auto const& [device, inode] : visit.directories) {
        wanted.push_back(inode);
    }
    std::ranges::sort(wanted);
    auto const watched = watched_inodes(instance);
    std::vector<std::uint64_t> missing;
    std::vector<std::uint64_t> excess;
    std::ranges::set_difference(wanted, watched, std::back_inserter(missing));
    std::ranges::set_difference(watched, wanted, std::back_inserter(excess));
    if (missing.empty() && excess.empty()) {
        return {};
    }
    return std::to_string(wanted.size()) + " directories, " + std::to_string(watched.size()) +
           " watches: " + std::to_string(missing.size()) + " directories without one, " +
           std::to_string(excess.size()) + " watches too many";
}

void tree_replay::walk(visitor& visit)
{
    for (auto& [path, top] : roots_) {
        // The paths of roots are short; below them, directories are opened one from another.
        open_directory const directory(AT_FDCWD, path.c_str(), true);
        if (top.is_lost || directory.get() < 0) {
            if (top.is_lost != (directory.get() < 0)) {
                visit.say(path + (top.is_lost ? ": a lost root is there"
                                              : ": a lost root was not reported"));
            }
        } else if (!top.is_uncovered) {
            walk(visit, directory, top, path);
        }
    }
}

void tree_replay::walk(visitor& visit, open_directory const& directory, node& known,
                       std::string const& path)
{
    visit.see(directory.get(), "");
    compare(visit, directory, known, path);
    for (auto& [name, child] : known.children) {
        if (child->is_directory && !child->is_uncovered) {
            open_directory const below(directory.get(), name.c_str(), expected_.follow_symlinks);
            if (below.get() >= 0) {
                walk(visit, below, *child, join(path, name));
            } else if (errno == EACCES) {
                // It was readable when it was watched.
                visit.see(directory.get(), name.c_str());
            }
        }
    }
}

// The entries of one directory.
void tree_replay::compare(visitor& visit, open_directory const& directory, node& known,
                          std::string const& path)
{
    std::set<std::string> there;
    for (auto const& found : directory.list()) {
        // Not bound by their names, as clang does not let lambdas have those.
        auto const& name = found.name;
        auto const type = found.type;
        struct ::stat status
        {
        };
        auto const look = [&](int flags) {
            return ::fstatat(directory.get(), name.c_str(), &status, flags) == 0;
        };
        if ((!expected_.follow_symlinks || !look(0)) && !look(AT_SYMLINK_NOFOLLOW)) {
            status.st_mode = static_cast<::mode_t>(DTTOIF(type));
        }
        bool const is_directory = S_ISDIR(status.st_mode);
        auto const whole = join(path, name);
        if ((expected_.directories_only && !is_directory) ||
            (expected_.excluded && expected_.excluded(whole, is_directory))) {
            continue;
        }
        there.insert(name);
        if (visit.reads_in) {
            auto made = std::make_unique<node>();
            made->is_directory = is_directory;
            made->told_at = now();
            known.children[name] = std::move(made);
            continue;
        }
        auto const entry = known.children.find(name);
        if (entry == known.children.end()) {
            visit.say(whole + ": was never reported");
        } else if (entry->second->is_directory != is_directory) {
            visit.say(whole + ": is of the other type");
        } else if (visit.about == visitor::question::writes && S_ISREG(status.st_mode) &&
                   entry->second->told_at < nanoseconds(status.st_mtim)) {
            visit.say(whole + ": was written to " +
                      std::to_string(nanoseconds(status.st_mtim) - entry->second->told_at) +
                      " ns after it was reported last");
        }
    }
    for (auto const& [name, child] : known.children) {
        if (!there.contains(name)) {
            visit.say(join(path, name) + ": is not there");
        }
    }
}

std::size_t tree_replay::size() const
{
    auto const count = [](auto const& self, node const& n) -> std::size_t {
        std::size_t all = n.children.size();
        for (auto const& [name, child] : n.children) {
            all += self(self, *child);
        }
        return all;
    };
    std::size_t all = 0;
    for (auto const& [path, top] : roots_) {
        all += count(count, top);
    }
    return all;
}

bool tree_replay::contains(std::string const& path)
{
    return find(path).entry != nullptr;
}

} // namespace test
