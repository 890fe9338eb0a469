//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_WORLD_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_WORLD_HPP

#include "support/simulation/simulated_inotify.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// Filesystems in memory, whose changes one simulated inotify instance sees.
/** Each operation is one system call of another process: it returns 0 or an errno, and queues what
 *  the kernel queues, in the kernel's order. Paths are absolute. What the kernel does is in kernel
 *  notes 4.18 to 4.34; that it is done here as well is compared by the test simulation_matches. */
class simulated_world
{
public:
    enum class kind : std::uint8_t
    {
        file,
        directory,
        symbolic_link
    };

    /// In which order directories are listed; where new entries come follows from it.
    enum class order : std::uint8_t
    {
        oldest_first,
        newest_first,
        by_name
    };

    struct node;
    using node_ptr = std::shared_ptr<node>;

    /// A name of a node: what a directory has, and what somebody holds who opened it.
    struct link : std::enable_shared_from_this<link>
    {
        node* parent;
        std::string name;
        node_ptr target;
        /// Where it comes in a listing.
        std::int64_t position;
        /// How many have opened it.
        std::size_t holders = 0;
        bool unlinked = false;
        /// The count of writes when the file was last written to by this name.
        std::uint64_t written = 0;
        /// A name that is gone but held keeps its directory.
        std::shared_ptr<link> kept_parent;
    };
    using link_ptr = std::shared_ptr<link>;

    struct filesystem
    {
        std::uint64_t device;
        std::uint64_t next_inode = 1;
        std::set<std::uint64_t> free_inodes;
        node_ptr root;
        /// The directory over which it is mounted.
        node* covers = nullptr;
        std::uint64_t mount_id = 0;
        bool remote = false;
        std::size_t holders = 0;
    };

    struct node
    {
        kind type;
        /// That no other node ever has.
        simulated_inotify::object id;
        std::uint64_t inode;
        filesystem* fs;
        std::int64_t changed = 0;
        std::uint64_t links = 0;
        /// How many have it open.
        std::size_t holders = 0;
        bool readable = true;
        bool dead = false;
        /// A character device 0:0.
        bool whiteout = false;
        std::string target;
        /// In the order of listing.
        std::vector<link_ptr> entries;
        /// Of a directory: its name. None for a root.
        link* entry = nullptr;
        filesystem* mounted = nullptr;
    };

    simulated_world();

    // How it behaves.
    simulated_inotify inotify;
    order listing_order = order::oldest_first;
    /// The number of a removed inode is the next one's.
    bool reuse_inodes = false;
    /// The number of a device is used again after an unmount, as that of an anonymous one is.
    bool reuse_devices = false;
    /// Directories say how many subdirectories they have; else their link count is 1.
    /** Those of remote filesystems say always that there are none. */
    bool count_links = true;
    /// Files are marked with it; somebody must move it forward.
    std::int64_t time = 1;

    // Operations.
    int create(std::string_view path);
    int mkdir(std::string_view path);
    int symlink(std::string_view target, std::string_view path);
    /// truncate(2).
    int write(std::string_view path);
    /// open(2), write(2), close(2).
    int write_close(std::string_view path);
    int chmod(std::string_view path);
    int make_readable(std::string_view path, bool readable);
    int unlink(std::string_view path);
    int rmdir(std::string_view path);
    int link_to(std::string_view from, std::string_view to);
    /// @param whiteout  With RENAME_WHITEOUT: a device that no event reports has the old name.
    int rename(std::string_view from, std::string_view to, bool whiteout = false);
    int exchange(std::string_view from, std::string_view to);
    int mount(std::string_view path, bool remote = false);
    int unmount(std::string_view path);

    /// open(2) by somebody who keeps it: a file for writing, a directory for reading.
    /** @returns A number above 0 for the following, or an errno with its sign changed. */
    int hold(std::string_view path);
    int write_held(int held);
    int release(int held);
    [[nodiscard]] std::size_t held_count() const { return held_.size(); }

    /// The next operation queues so many of its records only, the others by finish(): the kernel
    /// queues one after the other (note 4.27), and others see it before it is through.
    /** Who needs a directory that the operation has locked waits, that is, finishes it. */
    void split_next(std::size_t records) { split_ = records; }
    void finish();
    [[nodiscard]] bool is_split() const { return !pending_.empty(); }

    // For the port, and for those who look.

    /// What a path leads to. A root has no name.
    struct place
    {
        node_ptr what;
        link_ptr by;
    };
    /// @returns 0 or an errno.
    int walk(std::string_view path, bool follow, place& found) const;
    int step(node_ptr const& directory, std::string_view name, bool follow, place& found,
             int depth = 0) const;
    [[nodiscard]] node_ptr const& root() const { return root_; }
    /// Finish the split operation that has locked the directory, if there is one.
    void wait_for(node const& directory);
    void opened(place const& p);
    void listed(place const& p);
    void closed(place const& p, std::uint32_t mask);
    /// The path of a directory; empty if it is not in the tree.
    [[nodiscard]] std::string path_of(node const& directory) const;
    [[nodiscard]] std::uint64_t link_count(node const& n) const;

    struct mount_entry
    {
        std::uint64_t id;
        std::string path;
    };
    [[nodiscard]] std::vector<mount_entry> mounts() const;
    /// How often files have been written to.
    [[nodiscard]] std::uint64_t writes() const { return writes_; }
    bool mounts_changed = false;

    /// Everything on which later behaviour depends.
    void describe(state_hash& state) const;

private:
    // What an operation still has to queue.
    struct record
    {
        std::uint32_t mask;
        /// Who reports it with a name, if anybody.
        node_ptr directory;
        std::string name;
        /// Who reports it without one, if anybody.
        node_ptr self;
        std::uint32_t cookie = 0;
        /// Instead, a name that is gone: if nobody has it open, its node ends.
        link_ptr gone;
    };

    /// Where an entry is or could be. It is not gone through: neither link nor mount.
    struct slot
    {
        node_ptr directory;
        std::string_view name;
        link_ptr present;
    };

    int walk_from(node_ptr const& start, std::string_view path, bool follow, place& found,
                  int depth) const;
    int find_slot(std::string_view path, slot& found);
    int add_new(std::string_view path, kind type, std::string_view target);
    int report(std::string_view path, std::vector<std::uint32_t> const& masks, bool changes);
    static int check_rename(slot const& from, slot const& to, bool exchanges);
    node_ptr make(kind type, filesystem& fs);
    filesystem& make_filesystem();
    void touch(node& n) const { n.changed = time; }
    [[nodiscard]] std::int64_t new_position(std::string_view name);
    void insert(node& directory, link_ptr const& l);
    static void erase(link const& l);
    void unlinked(link_ptr const& l);
    void let_go(link_ptr const& l);
    void queue(std::vector<record> const& records, std::vector<node*> locked);
    void emit(record const& r);
    void report_by(place const& p, std::uint32_t mask, bool by_file);
    void end_if_unused(link_ptr const& l);
    void free_inode(node& n);

    std::list<filesystem> filesystems_;
    node_ptr root_;
    std::map<int, place> held_;
    std::deque<record> pending_;
    std::vector<node*> locked_;
    std::size_t split_ = static_cast<std::size_t>(-1);
    simulated_inotify::object next_id_ = 1;
    std::int64_t next_position_ = 1;
    std::uint32_t next_cookie_ = 1;
    std::uint64_t next_device_ = 1;
    std::uint64_t next_mount_ = 1;
    int next_held_ = 1;
    std::uint64_t writes_ = 0;
};

/// The path of an entry.
std::string join(std::string_view directory, std::string_view name);

} // namespace test

#endif
