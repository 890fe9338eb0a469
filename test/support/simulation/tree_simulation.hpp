//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_TREE_SIMULATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_TREE_SIMULATION_HPP

#include "tree/engine/tree_engine.hpp"

#include "support/simulation/simulated_kernel.hpp"
#include "support/simulation/simulated_replay.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// What another process does.
struct operation
{
    enum class kind : std::uint8_t
    {
        create,
        mkdir,
        symlink,
        write,
        write_close,
        chmod,
        unlink,
        rmdir,
        link,
        rename,
        /// A rename that leaves a whiteout.
        whiteout,
        exchange,
        mount,
        unmount,
        make_unreadable,
        make_readable,
        hold,
        write_held,
        release,
        /// The limit of watches, `number` above what there are.
        limit_watches,
        finish,
        tick
    };
    static constexpr auto whole = static_cast<std::size_t>(-1);
    static constexpr auto at_rest = static_cast<std::size_t>(-1);

    kind what;
    std::string from;
    std::string to;
    std::size_t number = 0;
    /// How many of its records are queued at once.
    std::size_t split = whole;
    /// So many calls of the engine after the operation before, or when the engine has come to rest.
    std::size_t gap = at_rest;
};

std::string describe(operation const& o);

/// Of the name that describe() writes. @throws std::invalid_argument
operation::kind kind_of(std::string_view name);

/// A simulated kernel, the engine on it, and a replay that checks the promises.
class tree_simulation
{
public:
    static constexpr std::string_view root = "/r";
    static constexpr std::string_view outside = "/o";

    simulated_kernel kernel;

    /// Calls of the kernel fail. Until that is over, the trees at rest need not be exact.
    bool calls_fail = false;

    /// Called when the engine would wait. True if something was done then.
    std::function<bool()> waits;

    /// Called with each change, if it is set.
    std::function<void(asio_inotify::tree_change const&)> on_change;

    /// The root and a directory outside of it exist from the start.
    explicit tree_simulation(std::vector<operation> const& before);
    tree_simulation(tree_simulation const&) = delete;
    tree_simulation& operator=(tree_simulation const&) = delete;
    ~tree_simulation();

    /// @param both  The directory outside is a root as well.
    void start(asio_inotify::tree_options options, bool both = false);

    /// What the engine would write to a snapshot. @pre It is at rest.
    [[nodiscard]] asio_inotify::tree_snapshot save();

    /// The process that watches ends: no engine, no watches.
    void stop();

    /// A new engine resumes with saved trees. If there was one before, the changes of both are one
    /// stream; else the snapshot is all that was reported.
    /** @pre There is no engine, and no root but the two directories. */
    void restore(asio_inotify::tree_snapshot const& saved, asio_inotify::tree_options options,
                 boost::system::error_code& ec);

    /// False if it cannot be done.
    bool perform(operation const& o);

    /// Let the engine work until nothing is left to do, then check the promises.
    /** @throws broken_promise */
    void run();

    [[nodiscard]] simulated_replay const& replay() const { return replay_; }
    [[nodiscard]] asio_inotify::tree_counters counters() const { return engine_->counters(); }

    /// Directories that cannot be watched for a reason that is over, once no call fails any more.
    /** @throws broken_promise */
    void check_retried() const;

    /// The tree on disk and the stream since the last rest, for people.
    [[nodiscard]] std::string picture() const;

    /// True if the engine would do something later even if nothing happened.
    [[nodiscard]] bool has_deadline() const { return engine_->deadline().has_value(); }

    /// What the promises depend on.
    void describe(state_hash& state) const;

private:
    struct disk_entry
    {
        simulated_world::node const* what;
        simulated_world::link const* by;
        // By a link.
        bool is_in_itself = false;
    };
    using tree = std::map<std::string, disk_entry>;

    [[nodiscard]] bool is_root(std::string_view path) const
    {
        return std::find(roots_.begin(), roots_.end(), path) != roots_.end();
    }
    void add_root(std::string_view path);
    void add_to_replay(asio_inotify::tree_snapshot const& saved);
    void take_batch();
    void check_at_rest();
    void check_place(asio_inotify::tree_change const& change) const;
    [[nodiscard]] bool is_excluded(std::string_view path, bool is_directory) const;
    void note_paths();
    void note_changed_links();
    [[nodiscard]] bool is_below_changed_link(std::string_view path) const;
    void note_paths_below(std::string_view top);
    void note_paths(simulated_world::node const& directory, std::string& path, bool is_inside);
    [[nodiscard]] simulated_world::node const* seen_as(simulated_world::link const& entry,
                                                       std::string const& path) const;
    void collect(simulated_world::node const& directory, std::string const& path, bool everything,
                 tree& all) const;
    void check_covered(std::string const& path, disk_entry const& each) const;
    void check_uncovered() const;
    void collect_root(std::string_view path, bool everything, tree& all) const;
    [[nodiscard]] tree on_disk(bool everything) const;

    simulated_replay replay_;
    std::unique_ptr<asio_inotify::detail::tree_engine> engine_;
    // What has been at which path since the last rest: "path" for files, "path/" for directories.
    std::set<std::string> been_;
    // The same outside of the roots and where the options exclude it, names only: "/name".
    std::set<std::string> been_outside_;
    std::vector<int> held_;
    asio_inotify::tree_options options_;
    std::vector<std::string_view> roots_;
    // Since the last rest. No order of mounts and events is known.
    bool has_mounted_ = false;
    using link_targets = std::map<std::string, simulated_world::node const*>;
    // To what the followed links led, by their paths, and what of that has changed since the last
    // rest. No order of these changes and events is known either, if the link itself is replaced.
    link_targets links_;
    link_targets links_now_;
    std::set<std::string> changed_links_;
    // The directories above the one that is being collected or noted.
    mutable std::vector<simulated_world::node const*> above_;
};

} // namespace test

#endif
