//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
#include "support/simulation/tree_simulation.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Every sequence of a few operations of other processes, with each of them at every point of the
// engine's work: before each call that can see it, the scan of a new root included, while the
// engine waits for the second half of a rename, and when it has come to rest.
//
// Covered: create, mkdir, write, unlink, rmdir, rename and exchange on two names in the root, on
// the same two in the directories there, and on one name outside of the root; from several worlds.
//
// What is left out makes no difference. All that the engine does follows from the answers it has
// got: of two sequences after which answers, world, queue and stream are the same, one is
// continued. An operation that does not touch what the next call reads comes after that call, which
// is the same: of those that come before a call the last one touches it. When no operation is left,
// states are compared at some of the points only; that costs a few calls and misses nothing. In a
// world without names, the one that is used first is "a".
//
// States are distinguished by 64 bits. Of the twenty million of the longest search, two are the
// same by chance once in a hundred thousand searches.
//
// Four operations from nothing, at few places of a plain filesystem; two or three elsewhere, and of
// filesystems of which nothing is known. More in a long run.
BOOST_AUTO_TEST_SUITE(tree_interleavings)

namespace {

using test::operation;
using op = operation::kind;
using node_kind = test::simulated_world::kind;

/// This state was explored before.
struct known_state
{
};

/// Hashes that have been seen, a hundred million of them in little memory.
/** One table with open addressing: each is at its place or behind it. */
class hash_set
{
public:
    /// False if it is there already.
    bool insert(std::uint64_t hash)
    {
        hash += hash == 0 ? 1 : 0;
        // More than that and they are too far from their places.
        if (4 * size_ >= 3 * table_.size()) {
            grow();
        }
        bool const is_new = put(hash);
        size_ += is_new ? 1 : 0;
        return is_new;
    }

    [[nodiscard]] std::size_t size() const { return size_; }

private:
    bool put(std::uint64_t hash)
    {
        auto at = hash & (table_.size() - 1);
        for (; table_[at] != 0; at = (at + 1) & (table_.size() - 1)) {
            if (table_[at] == hash) {
                return false;
            }
        }
        table_[at] = hash;
        return true;
    }

    void grow()
    {
        auto const old = std::exchange(table_, std::vector<std::uint64_t>(2 * table_.size()));
        for (auto const hash : old) {
            if (hash != 0) {
                put(hash);
            }
        }
    }

    // 0 where there is none.
    std::vector<std::uint64_t> table_ = std::vector<std::uint64_t>(1024);
    std::size_t size_ = 0;
};

/// Where operations happen: two names in the root and in the directories there, and one outside.
constexpr std::string_view all_places[] = {"/r/a",   "/r/b",   "/r/a/a", "/r/a/b",
                                           "/r/b/a", "/r/b/b", "/o/o"};
/// With one directory in the root whose names are used.
constexpr std::string_view few_places[] = {"/r/a", "/r/b", "/r/a/a", "/r/a/b", "/o/o"};

operation make(op what, std::string_view from, std::string_view to = {})
{
    operation o{what, std::string(from), std::string(to)};
    o.gap = 0;
    return o;
}

bool is_below(std::string_view path, std::string_view top)
{
    return path.size() > top.size() && path.starts_with(top) && path[top.size()] == '/';
}

class explorer
{
public:
    struct task
    {
        std::vector<operation> before;
        std::span<std::string_view const> places;
        std::size_t operations;
        bool is_plain;
        std::size_t queue_limit = 16384;
        std::size_t entries_at_once = static_cast<std::size_t>(-1);
    };

    explicit explorer(task t)
        : task_(std::move(t))
    {}

    void explore()
    {
        do {
            run();
            ++runs_;
        } while (next());
        BOOST_TEST(failures_ == 0U);
    }

    [[nodiscard]] std::uint64_t runs() const { return runs_; }
    [[nodiscard]] std::size_t states() const { return seen_.size(); }
    [[nodiscard]] std::uint64_t sequences() const { return ends_; }

private:
    // What can still happen at a point, an operation or none: the last one is tried first.
    using choice = std::vector<std::optional<operation>>;

    void run()
    {
        test::tree_simulation simulation(task_.before);
        simulation_ = &simulation;
        auto& kernel = simulation.kernel;
        kernel.world.inotify.queue_limit = task_.queue_limit;
        kernel.entries_at_once = task_.entries_at_once;
        kernel.is_plain = task_.is_plain;
        depth_ = 0;
        left_ = task_.operations;
        calls_ = 0;
        done_.clear();
        abandoned_ = false;
        kernel.before = [this](test::port_call call) {
            ++calls_;
            // The answers of these two do not change.
            if (call == test::port_call::rewind || call == test::port_call::identify) {
                return;
            }
            if (call != test::port_call::close && call != test::port_call::remove) {
                point(static_cast<int>(call));
                return;
            }
            // Before these there can be no exception; and they come once more after one.
            try {
                point(static_cast<int>(call));
            } catch (known_state const&) {
            }
        };
        simulation.waits = [&] { return simulation.has_deadline() && point(waiting); };
        try {
            simulation.start({});
            do {
                simulation.run();
            } while (point(resting));
            ++ends_;
        } catch (known_state const&) {
        } catch (test::broken_promise const& broken) {
            constexpr std::size_t most_printed = 3;
            if (++failures_ > most_printed) {
                return;
            }
            std::string text = broken.what();
            for (auto const& [calls, o] : done_) {
                text += "\n  before call " + std::to_string(calls) + ": " + test::describe(*o);
            }
            BOOST_ERROR(text + '\n' + simulation.picture());
        }
    }

    static constexpr int waiting = 100;
    static constexpr int resting = 101;

    // The operations that happen now. True if there is one.
    bool point(int where)
    {
        if (abandoned_) {
            throw known_state();
        }
        bool touched = true;
        for (bool some = false;; some = true) {
            bool const is_new = depth_ == path_.size();
            if (is_new && is_kept(where, some) && !seen_.insert(state(where))) {
                abandoned_ = true;
                throw known_state();
            }
            if (left_ == 0) {
                return some;
            }
            if (is_new) {
                // If the last one did not touch what the call reads, another one has to follow.
                path_.push_back(possible(where, touched));
                if (path_.back().empty()) {
                    path_.pop_back();
                    abandoned_ = true;
                    throw known_state();
                }
            }
            auto const& o = path_[depth_++].back();
            if (!o) {
                return some;
            }
            // Of those that were done before it has been asked before.
            touched = depth_ != path_.size() || touches(*o, where);
            --left_;
            done_.emplace_back(calls_, &*o);
            if (!simulation_->perform(*o)) {
                throw std::logic_error("it was possible: " + test::describe(*o));
            }
        }
    }

    // When nothing can happen any more, it is enough to compare some of the states that follow.
    bool is_kept(int where, bool some) const
    {
        return left_ != 0 || some || where == static_cast<int>(test::port_call::read) ||
               where == waiting || where == resting;
    }

    choice possible(int where, bool or_nothing) const
    {
        choice all;
        if (or_nothing) {
            all.emplace_back();
        }
        for (auto& o : operations()) {
            if (left_ != 1 || touches(o, where)) {
                all.emplace_back(std::move(o));
            }
        }
        return all;
    }

    // Can the call that comes next have another answer, or another effect, before the operation
    // than after it?
    bool touches(operation const& o, int where) const
    {
        if (where == waiting || where == resting) {
            return true;
        }
        return touches(o.from, where) || (!o.to.empty() && touches(o.to, where));
    }

    bool touches(std::string_view path, int where) const
    {
        auto const& kernel = simulation_->kernel;
        auto const& world = kernel.world;
        auto const is_watched = [&](std::string_view there) {
            test::simulated_world::place place;
            return world.walk(there, false, place) == 0 && world.inotify.is_watched(place.what->id);
        };
        auto const parent = path.substr(0, path.rfind('/'));
        auto const& [looked_up, directory, name] = kernel.looks_at();
        switch (static_cast<test::port_call>(where)) {
        case test::port_call::read:
        case test::port_call::remove:
            return is_watched(parent) || is_watched(path);
        case test::port_call::open:
        case test::port_call::look:
            if (directory == nullptr) {
                return path == looked_up || is_below(looked_up, path);
            }
            return parent == world.path_of(*directory) && path.substr(parent.size() + 1) == name;
        case test::port_call::close:
            return path == world.path_of(*directory);
        case test::port_call::list:
        case test::port_call::add: {
            auto const there = world.path_of(*directory);
            return parent == there || path == there;
        }
        default:
            return true;
        }
    }

    // To the next sequence. False if there is none.
    bool next()
    {
        while (!path_.empty()) {
            path_.back().pop_back();
            if (!path_.back().empty()) {
                return true;
            }
            path_.pop_back();
        }
        return false;
    }

    std::uint64_t state(int where) const
    {
        test::state_hash state;
        simulation_->describe(state);
        state.add(simulation_->kernel.answers());
        state.add(static_cast<std::size_t>(where) << 8U | left_);
        return state.value();
    }

    std::vector<operation> operations() const
    {
        struct found
        {
            std::string_view path;
            test::simulated_world::node const* what;
        };
        std::vector<found> present;
        std::vector<std::string_view> free;
        auto const& world = simulation_->kernel.world;
        for (auto const path : task_.places) {
            test::simulated_world::place place;
            if (world.walk(path, false, place) == 0) {
                present.push_back({path, place.what.get()});
            } else if (world.walk(path.substr(0, path.rfind('/')), false, place) == 0 &&
                       place.what->type == node_kind::directory) {
                free.push_back(path);
            }
        }
        std::vector<operation> all;
        for (auto const path : free) {
            all.push_back(make(op::create, path));
            all.push_back(make(op::mkdir, path));
        }
        for (auto const& [path, what] : present) {
            bool const is_directory = what->type == node_kind::directory;
            if (!is_directory) {
                all.push_back(make(op::write, path));
                all.push_back(make(op::unlink, path));
            } else if (what->entries.empty()) {
                all.push_back(make(op::rmdir, path));
            }
            for (auto const to : free) {
                if (!is_below(to, path)) {
                    all.push_back(make(op::rename, path, to));
                }
            }
            for (auto const& [other, there] : present) {
                if (other == path || is_below(other, path) || is_below(path, other)) {
                    continue;
                }
                if (path < other) {
                    all.push_back(make(op::exchange, path, other));
                }
                if (what->type == there->type && there->entries.empty()) {
                    all.push_back(make(op::rename, path, other));
                }
            }
        }
        if (task_.before.empty() && done_.empty()) {
            std::erase_if(all, [](operation const& o) {
                auto const first = (o.from + o.to).find_first_of("ab");
                return first != std::string::npos && (o.from + o.to)[first] == 'b';
            });
        }
        return all;
    }

    task task_;
    std::vector<choice> path_;
    hash_set seen_;
    std::uint64_t runs_ = 0;
    std::uint64_t ends_ = 0;
    std::size_t failures_ = 0;

    // Of the current run.
    test::tree_simulation* simulation_ = nullptr;
    std::size_t depth_ = 0;
    std::size_t left_ = 0;
    std::size_t calls_ = 0;
    bool abandoned_ = false;
    std::vector<std::pair<std::size_t, operation const*>> done_;
};

struct lengths
{
    std::size_t at_few_places;
    std::size_t at_all_places;
};

/// All sequences of so many operations; of more in the long run.
void explore(std::vector<operation> const& before, lengths usual, lengths longer,
             std::size_t queue_limit = 16384,
             std::size_t entries_at_once = static_cast<std::size_t>(-1))
{
    auto const search = [&](std::span<std::string_view const> places, std::size_t length,
                            bool is_plain) {
        explorer e({before, places, length, is_plain, queue_limit, entries_at_once});
        e.explore();
        BOOST_TEST_MESSAGE(length << " operations, " << places.size() << " places, "
                                  << (is_plain ? "plain" : "other")
                                  << " filesystems: " << e.sequences() << " sequences, "
                                  << e.states() << " states, " << e.runs() << " runs");
        BOOST_TEST(e.sequences() > 0U);
    };
    auto const& operations = test::is_long_run() ? longer : usual;
    search(few_places, operations.at_few_places, true);
    search(all_places, operations.at_all_places, true);
    search(few_places, test::is_long_run() ? longer.at_few_places : usual.at_all_places, false);
    search(all_places, operations.at_all_places, false);
}

} // namespace

BOOST_AUTO_TEST_CASE(from_nothing)
{
    explore({}, {4, 3}, {4, 4});
}

BOOST_AUTO_TEST_CASE(from_a_directory_outside_and_one_inside)
{
    explore({make(op::mkdir, "/r/a"), make(op::mkdir, "/o/o")}, {2, 2}, {3, 3});
}

BOOST_AUTO_TEST_CASE(from_two_directories)
{
    explore({make(op::mkdir, "/r/a"), make(op::create, "/r/a/a"), make(op::mkdir, "/r/b")}, {2, 2},
            {3, 3});
}

BOOST_AUTO_TEST_CASE(from_a_directory_in_another)
{
    explore({make(op::mkdir, "/r/a"), make(op::mkdir, "/r/a/a"), make(op::create, "/r/b")}, {2, 2},
            {3, 3});
}

BOOST_AUTO_TEST_CASE(with_a_queue_that_overflows)
{
    explore({make(op::mkdir, "/r/a"), make(op::create, "/r/a/a")}, {2, 2}, {3, 3}, 1);
}

BOOST_AUTO_TEST_CASE(listed_one_by_one)
{
    explore({make(op::mkdir, "/r/a"), make(op::create, "/r/a/a")}, {2, 2}, {3, 3}, 16384, 1);
}

BOOST_AUTO_TEST_SUITE_END()
