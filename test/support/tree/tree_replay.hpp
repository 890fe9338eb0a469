//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_TREE_REPLAY_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_TREE_REPLAY_HPP

#include "support/tree/describe_change.hpp"

#include <asio_inotify/tree_change.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// The inotify instances that the process has open, ascending.
[[nodiscard]] std::vector<int> inotify_descriptors();

/// The inodes of an instance's watches, ascending.
[[nodiscard]] std::vector<std::uint64_t> watched_inodes(int instance);

/// What is known of a tree by its changes alone; says where they contradict themselves or the disk.
/** It finds entries by their path, as a user would, and so knows nothing of how the library does.
 */
class tree_replay
{
public:
    /// What is not to be expected of a tree on disk.
    struct expectations
    {
        bool follow_symlinks = false;
        bool directories_only = false;
        /// Paths that are left out, with their subtrees.
        std::function<bool(std::string const& path, bool is_directory)> excluded{};
    };

    tree_replay() = default;
    explicit tree_replay(expectations expected)
        : expected_(std::move(expected))
    {}

    /// The tree of a root is empty to begin with: what is there comes as `existing`.
    void add_root(std::string path);
    /// What is on disk counts as known.
    void take_from_disk(std::string const& root);
    /// Roots below it become trees of their own.
    void remove_root(std::string const& path);

    /// Do what a change says. What is wrong with it is added to the faults.
    void apply(asio_inotify::tree_change const& change);

    /// Every change that was not possible where it came.
    [[nodiscard]] std::vector<std::string> const& faults() const noexcept { return faults_; }

    /// What is different on disk; empty if nothing is.
    [[nodiscard]] std::string differences();

    /// What an instance watches but should not, or should but does not; empty if it is right.
    /** Directories that were reported as uncovered have no watch. */
    [[nodiscard]] std::string differences_of_watches(int instance);

    /// Files whose last write was not reported afterwards.
    [[nodiscard]] std::string missed_writes();

    /// How many entries there are, without the roots.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool contains(std::string const& path);
    [[nodiscard]] bool is_rescanning() const noexcept { return rescanning_; }

private:
    struct node
    {
        bool is_directory = true;
        bool is_uncovered = false;
        bool is_unguarded = false;
        // Of a root: there is none on disk.
        bool is_lost = false;
        // When a change of the file's content was reported last, in nanoseconds.
        std::int64_t told_at = 0;
        std::map<std::string, std::unique_ptr<node>, std::less<>> children{};
    };

    // Where an entry is or would be.
    struct place
    {
        node* parent = nullptr;
        std::string name{};
        node* entry = nullptr;
        bool is_root = false;
    };

    class open_directory;
    struct visitor;

    [[nodiscard]] place find(std::string_view path);
    void fail(asio_inotify::tree_change const& change, std::string const& why);
    void create(asio_inotify::tree_change const& change);
    void remove(asio_inotify::tree_change const& change);
    void rename(asio_inotify::tree_change const& change);
    void exchange(asio_inotify::tree_change const& change);
    void touch(asio_inotify::tree_change const& change);
    void change_directory(asio_inotify::tree_change const& change);
    void walk(visitor& visit);
    void walk(visitor& visit, open_directory const& directory, node& known,
              std::string const& path);
    void compare(visitor& visit, open_directory const& directory, node& known,
                 std::string const& path);

    expectations expected_;
    // Those that do not lie in another one.
    std::map<std::string, node> roots_;
    std::set<std::string> given_;
    std::vector<std::string> faults_;
    bool rescanning_ = false;
};

} // namespace test

#endif
