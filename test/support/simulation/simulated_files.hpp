//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_FILES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_FILES_HPP

#include "file/file_port.hpp"
#include "support/make_records.hpp"

#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/event_view.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// Files in memory, with watches and a queue like the kernel's.
class simulated_files final : public asio_inotify::detail::file_port
{
public:
    using kind = asio_inotify::detail::file_kind;
    using mask = asio_inotify::event_mask;

    simulated_files() { root_ = make(kind::directory); }

    // Operations on the files. Paths are absolute, and their directories must exist.

    void mkdir(std::string const& path) { put(path, make(kind::directory), mask::create); }
    void create(std::string const& path) { put(path, make(kind::file), mask::create); }

    void symlink(std::string const& target, std::string const& path)
    {
        auto link = make(kind::symbolic_link);
        link->target = target;
        put(path, link, mask::create);
    }

    void write(std::string const& path, bool close = true)
    {
        auto const file = find(path);
        file->stamp.size += 1;
        file->stamp.modified = file->stamp.status_changed = ++clock_;
        notify(*file, mask::modify);
        if (close) {
            notify(*file, mask::close_write);
        }
    }

    /// Replace a file by a different one of the same inode number, size and time; or a link.
    void put_likeness(std::string const& path, std::string const& target = {})
    {
        auto const old = walk(path, false).first;
        auto likeness = std::make_shared<inode_in_memory>(*old);
        likeness->wd = 0;
        likeness->target = target.empty() ? old->target : target;
        auto [parent, name] = split(path);
        parent->entries[name] = likeness;
        notify(*parent, mask::moved_to, name);
        end(*old, mask::delete_self);
    }

    void unlink(std::string const& path)
    {
        auto [parent, name] = split(path);
        auto const gone = parent->entries.at(name);
        parent->entries.erase(name);
        notify(*parent, mask::delete_, name);
        end(*gone, mask::delete_self);
    }

    void rename(std::string const& from, std::string const& to)
    {
        auto [old_parent, old_name] = split(from);
        auto [new_parent, new_name] = split(to);
        auto const moved = old_parent->entries.at(old_name);
        old_parent->entries.erase(old_name);
        auto const replaced = std::exchange(new_parent->entries[new_name], moved);
        moved->parent = new_parent.get();
        moved->stamp.status_changed = ++clock_;
        notify(*old_parent, mask::moved_from, old_name);
        notify(*new_parent, mask::moved_to, new_name);
        notify(*moved, mask::move_self);
        if (replaced) {
            end(*replaced, mask::delete_self);
        }
    }

    /// Mount a network filesystem over a directory or a file.
    void mount_remote(std::string const& path)
    {
        auto [parent, name] = split(path);
        auto const mounted = make(parent->entries.at(name)->what);
        mounted->parent = parent.get();
        mounted->is_remote = true;
        parent->entries[name] = mounted;
        mounts_changed_ = true;
    }

    /// Have operations done by another machine: they are not reported.
    void elsewhere(std::function<void()> const& operations)
    {
        is_elsewhere_ = true;
        operations();
        is_elsewhere_ = false;
    }

    /// Drop what is queued, as a full queue does.
    void overflow()
    {
        queue_ = record_maker();
        queue_.add(-1, asio_inotify::detail::overflow_bit);
    }

    /// Call a function before the next lookup, or before the n-th from now on.
    void before_lookup(std::function<void()> f, int n = 1)
    {
        disturbance_ = std::move(f);
        countdown_ = n;
    }

    /// Let each lookup of a path, or below it, fail with an errno; with 0 none does any more.
    void fail_lookups(std::string const& path, int reason)
    {
        unreachable_ = path;
        unreachable_reason_ = reason;
    }

    /// Let the n-th watch from now on fail with an errno.
    void fail_watch(int reason, int n = 1)
    {
        failure_ = reason;
        failing_ = n;
    }

    void advance(std::chrono::milliseconds time) { now_ += time; }
    void change_mounts() { mounts_changed_ = true; }

    [[nodiscard]] std::size_t watches() const { return watches_.size(); }
    [[nodiscard]] int dropped() const noexcept { return dropped_; }
    [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
    [[nodiscard]] bool is_woken() const noexcept { return deadline_ == (time_point::min)(); }

    [[nodiscard]] std::uint64_t inode(std::string const& path) const
    {
        auto const node = walk(path, true).first;
        return node ? node->inode : 0;
    }

    // The port of the engine.

    std::size_t read_events(std::byte* data, std::size_t size,
                            boost::system::error_code& ec) noexcept override
    {
        ec.clear();
        auto const& bytes = queue_.bytes();
        std::size_t taken = 0;
        while (taken != bytes.size()) {
            auto const record =
                sizeof(asio_inotify::detail::event_header) +
                asio_inotify::detail::load<asio_inotify::detail::event_header>(&bytes[taken])
                    .length;
            if (taken + record > size) {
                break;
            }
            taken += record;
        }
        if (taken != 0) {
            std::memcpy(data, bytes.data(), taken);
        }
        record_maker rest;
        rest.append_bytes(bytes.data() + taken, bytes.size() - taken);
        queue_ = rest;
        return taken;
    }

    void look_up(char const* path, std::uint32_t directory_mask, std::uint32_t file_mask,
                 asio_inotify::detail::lookup_result& result) override
    {
        disturb();
        auto const [node, reason] = look(path);
        if (!node) {
            result.reason = reason;
            return;
        }
        result.status = status_of(*node);
        result.target = node->target;
        auto const wanted = node->what == kind::directory ? directory_mask
                            : node->what == kind::file    ? file_mask
                                                          : 0;
        if (wanted != 0) {
            watch(node, wanted, result);
        }
    }

    bool look_up_unwatched_file(char const* path, std::uint32_t file_mask,
                                asio_inotify::detail::lookup_result& result) override
    {
        disturb();
        auto const [node, reason] = look(path);
        if (reason == ENOENT) {
            result.reason = ENOENT;
            return true;
        }
        if (!node || node->what != kind::file || node->wd != 0) {
            return false;
        }
        watch(node, file_mask, result);
        if (result.wd == 0) {
            return false;
        }
        // The watch is on this object, the status may be that of a different one.
        disturb();
        auto const found = look(path).first;
        if (!found || found->what != kind::file) {
            drop_watch(result.wd);
            return false;
        }
        result.status = status_of(*found);
        return true;
    }

    asio_inotify::detail::file_status status(char const* path,
                                             boost::system::error_code& ec) noexcept override
    {
        disturb();
        auto const [node, reason] = look(path);
        ec.assign(reason, boost::system::system_category());
        return node ? status_of(*node) : asio_inotify::detail::file_status{};
    }

    void drop_watch(int wd) noexcept override
    {
        ++dropped_;
        auto const found = watches_.find(wd);
        if (found != watches_.end()) {
            queue_.add(wd, asio_inotify::detail::ignored_bit);
            found->second->wd = 0;
            watches_.erase(found);
        }
    }

    bool take_mounts_changed() noexcept override { return std::exchange(mounts_changed_, false); }
    std::string working_directory(boost::system::error_code&) override { return "/wd"; }
    time_point now() noexcept override { return now_; }
    std::int64_t wall_time() noexcept override { return clock_ + wall_offset; }

    bool take_expired(time_point now) noexcept override
    {
        if (now < deadline_) {
            return false;
        }
        deadline_ = (time_point::max)();
        return true;
    }

    void arm(time_point deadline) noexcept override { deadline_ = deadline; }
    void wake() noexcept override { deadline_ = (time_point::min)(); }

    /// Large: no stamp is recent.
    std::int64_t wall_offset = 10'000'000'000;

private:
    struct inode_in_memory
    {
        kind what = kind::none;
        std::uint64_t inode = 0;
        asio_inotify::detail::file_stamp stamp{};
        std::string target{};
        std::map<std::string, std::shared_ptr<inode_in_memory>> entries{};
        inode_in_memory* parent = nullptr;
        int wd = 0;
        std::uint32_t watched_for = 0;
        bool is_remote = false;
    };
    using pointer = std::shared_ptr<inode_in_memory>;

    pointer make(kind what)
    {
        auto made = std::make_shared<inode_in_memory>();
        made->what = what;
        made->inode = ++inodes_;
        made->stamp = {++clock_, clock_, 0};
        return made;
    }

    [[nodiscard]] static asio_inotify::detail::file_status status_of(inode_in_memory const& node)
    {
        return {node.what, node.is_remote ? 2U : 1U, node.inode, node.stamp};
    }

    void put(std::string const& path, pointer const& node, mask what)
    {
        auto [parent, name] = split(path);
        node->parent = parent.get();
        node->is_remote = parent->is_remote;
        parent->entries[name] = node;
        notify(*parent, what, name);
    }

    [[nodiscard]] pointer find(std::string const& path) const { return walk(path, true).first; }

    std::pair<pointer, std::string> split(std::string const& path) const
    {
        auto const slash = path.rfind('/');
        return {find(path.substr(0, slash)), path.substr(slash + 1)};
    }

    // The answer to the engine.
    std::pair<pointer, int> look(std::string const& path) const
    {
        if (unreachable_reason_ != 0 && (path + '/').starts_with(unreachable_ + '/')) {
            return {nullptr, unreachable_reason_};
        }
        return walk(path, false);
    }

    // The inode that a path names, or the errno.
    std::pair<pointer, int> walk(std::string path, bool follow) const
    {
        std::vector<pointer> way{root_};
        int links = 0;
        for (std::size_t at = 0; at < path.size();) {
            auto const end = (std::min)(path.find('/', at), path.size());
            auto const name = path.substr(at, end - at);
            bool const last = end == path.size();
            at = end + 1;
            if (name.empty() || name == ".") {
                continue;
            }
            if (way.back()->what != kind::directory) {
                return {nullptr, ENOTDIR};
            }
            if (name == "..") {
                if (way.size() > 1) {
                    way.pop_back();
                }
                continue;
            }
            auto const found = way.back()->entries.find(name);
            if (found == way.back()->entries.end()) {
                return {nullptr, ENOENT};
            }
            if (found->second->what == kind::symbolic_link && (!last || follow)) {
                if (++links > 40) {
                    return {nullptr, ELOOP};
                }
                auto const& target = found->second->target;
                path = target + (last ? "" : "/" + path.substr(at));
                at = 0;
                if (target.starts_with('/')) {
                    way.resize(1);
                }
                continue;
            }
            way.push_back(found->second);
        }
        return {way.back(), 0};
    }

    void watch(pointer const& node, std::uint32_t wanted,
               asio_inotify::detail::lookup_result& result)
    {
        if (failing_ != 0 && --failing_ == 0) {
            result.watch_failure = failure_;
            return;
        }
        if (node->wd == 0) {
            node->wd = ++numbers_;
            node->watched_for = 0;
            watches_[node->wd] = node;
        }
        node->watched_for |= wanted;
        result.wd = node->wd;
        result.unreported = node->is_remote ? asio_inotify::detail::blind_spot::remote
                                            : asio_inotify::detail::blind_spot::none;
    }

    void notify(inode_in_memory& node, mask what, std::string const& name = {})
    {
        if (node.wd != 0 && !is_elsewhere_ &&
            (node.watched_for & static_cast<std::uint32_t>(what)) != 0) {
            queue_.add(node.wd, static_cast<std::uint32_t>(what), 0, name);
        }
    }

    void end(inode_in_memory& node, mask why)
    {
        for (auto const& [name, entry] : node.entries) {
            end(*entry, why);
        }
        notify(node, why);
        if (node.wd != 0 && !is_elsewhere_) {
            queue_.add(node.wd, asio_inotify::detail::ignored_bit);
            watches_.erase(node.wd);
            node.wd = 0;
        }
    }

    void disturb()
    {
        if (disturbance_ && --countdown_ == 0) {
            std::exchange(disturbance_, nullptr)();
        }
    }

    pointer root_;
    std::map<int, pointer> watches_;
    record_maker queue_;
    std::uint64_t inodes_ = 0;
    int numbers_ = 0;
    int dropped_ = 0;
    int failure_ = 0;
    int failing_ = 0;
    std::string unreachable_;
    int unreachable_reason_ = 0;
    int countdown_ = 0;
    std::int64_t clock_ = 1;
    std::function<void()> disturbance_;
    time_point now_{std::chrono::hours(1)};
    time_point deadline_ = (time_point::max)();
    bool mounts_changed_ = false;
    bool is_elsewhere_ = false;
};

} // namespace test

#endif
