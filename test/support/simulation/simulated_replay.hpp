//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_REPLAY_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_REPLAY_HPP

#include "support/simulation/state_hash.hpp"

#include <asio_inotify/tree_change.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

/// A promise of the tree engine is broken.
class broken_promise : public std::runtime_error
{
public:
    using runtime_error::runtime_error;
};

/// A change whose batch may be gone. It is seldom that somebody wants its text.
struct past_change
{
    past_change(asio_inotify::tree_change const& change);

    asio_inotify::tree_change_kind what;
    asio_inotify::tree_entry_type type;
    bool replaced;
    bool synthetic;
    boost::system::error_code error;
    std::string path;
    std::string old_path;
};

/// "renamed dir /a -> /b replaced"
std::string describe(past_change const& change);

/// The tree that one gets by replaying a stream of changes.
/** Each change is checked when it comes: X2 of the design. */
class simulated_replay
{
public:
    struct entry
    {
        bool is_directory;
        bool uncovered = false;
        /// The count of writes when the stream last said that there is something to read.
        std::uint64_t reported_writes = 0;
    };

    void add_root(std::string path) { entries_[std::move(path)] = {true}; }
    /// A root that was lost before the stream begins.
    void add_lost_root(std::string path) { lost_roots_[std::move(path)] = false; }

    /// What was reported before the stream begins.
    void add(std::string path, entry const& e) { entries_[std::move(path)] = e; }

    /// @param writes  How often files have been written to up to now.
    /// @throws broken_promise
    void apply(asio_inotify::tree_change const& change, std::uint64_t writes);

    /// True if the path was reported as uncovered.
    [[nodiscard]] bool is_uncovered(std::string const& path) const
    {
        auto const lost = lost_roots_.find(path);
        auto const found = entries_.find(path);
        return (lost != lost_roots_.end() && lost->second) ||
               (found != entries_.end() && found->second.uncovered);
    }
    [[nodiscard]] bool has_uncovered_roots() const
    {
        return std::ranges::any_of(lost_roots_, [](auto const& root) { return root.second; });
    }

    /// What there is, the roots among them.
    [[nodiscard]] std::map<std::string, entry> const& entries() const { return entries_; }
    [[nodiscard]] bool is_rescanning() const { return rescanning_; }

    /// The changes that were applied last, as text.
    [[nodiscard]] std::vector<std::string> log() const;
    void clear_log() { log_.clear(); }

    void describe(state_hash& state) const;

private:
    using tree = std::map<std::string, entry>;

    entry& present(std::string const& path);
    void absent(std::string const& path) const;
    void parent_present(std::string const& path);
    tree take(std::string const& path);
    void put(tree const& taken, std::string const& old_path, std::string const& path);

    tree entries_;
    // Whether they were reported as uncovered.
    std::map<std::string, bool> lost_roots_;
    bool rescanning_ = false;
    std::vector<past_change> log_;
};

} // namespace test

#endif
