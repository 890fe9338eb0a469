//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
#include "support/seed.hpp"
#include "support/tree/tree_script.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fnmatch.h>
#include <unistd.h>

// Trees are changed at random. Whenever nothing is left to report, the replayed changes give the
// tree on disk, and the watches are those of its directories.
BOOST_AUTO_TEST_SUITE(tree_storm)

namespace {

using kind = test::tree_operation::kind;

std::size_t how_many()
{
    return test::operation_count(60000, 1'000'000);
}

// The errors in the reported changes; empty if there are none.
std::string faults_of(test::watched_tree& tree)
{
    std::string text;
    for (auto const& fault : tree.replay.faults()) {
        text += "\n  impossible: " + fault;
    }
    text += tree.replay.is_rescanning() ? "\n  a rescan did not end" : "";
    text += tree.replay.differences();
    text += tree.replay.missed_writes();
    if (auto const watches = tree.replay.differences_of_watches(tree.instance); !watches.empty()) {
        text += "\n  " + watches;
    }
    return text;
}

test::tree_options random_options(test::tree_operations& random)
{
    auto options = test::at_once();
    options.report_existing = random.below(2) == 0;
    options.slice_time = std::chrono::microseconds(random.below(3) * 100);
    options.batch_size = random.below(3) == 0 ? 1 + random.below(20) : options.batch_size;
    options.event_bytes = random.below(3) == 0 ? 1 : options.event_bytes;
    if (random.below(3) == 0) {
        // Whether they match changes with the names of directories above.
        options.exclude = {"a/b", "*/c/d", "?/?/a"};
    }
    return options;
}

// True if a path below the root matches one of the globs.
bool is_excluded(test::tree_options const& options, std::string const& below)
{
    return std::ranges::any_of(options.exclude, [&](std::string const& glob) {
        return ::fnmatch(glob.c_str(), below.c_str(), FNM_PATHNAME) == 0;
    });
}

void start(test::watched_tree& tree, test::tree_options const& options)
{
    test::tree_replay::expectations expected;
    expected.excluded = [options, root = tree.in.native()](std::string const& entry, bool) {
        return is_excluded(options, entry.substr(root.size() + 1));
    };
    tree.replay = test::tree_replay(expected);
    tree.open(options);
    tree.add_root();
    if (!options.report_existing) {
        tree.settle();
        tree.replay.take_from_disk(tree.in.native());
    }
    tree.settle();
}

// More events than the queue holds, which change nothing.
void flood(std::filesystem::path const& directory)
{
    for (int n = 0; n != 8300; ++n) {
        auto const name = (directory / ("flood" + std::to_string(n))).native();
        ::close(::open(name.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        ::unlink(name.c_str());
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(several_threads)
{
    constexpr std::size_t in_a_round = 2000;
    constexpr std::size_t rounds_of_a_watcher = 4;
    auto const seed = test::seed();
    test::tree_operations random(seed);
    std::unique_ptr<test::watched_tree> tree;
    std::uint64_t overflows = 0;
    std::uint64_t changes = 0;
    for (std::size_t round = 0; round * in_a_round < how_many(); ++round) {
        if (round % rounds_of_a_watcher == 0) {
            tree = std::make_unique<test::watched_tree>();
            auto const before = random.below(300);
            for (std::size_t n = 0; n != before; ++n) {
                random.next().perform(tree->dir.path());
            }
            start(*tree, random_options(random));
        }
        auto const count = 1 + random.below(4);
        bool const at_the_same_time = random.below(3) != 0;
        bool const overflowing = random.below(6) == 0;
        std::atomic<std::size_t> at_work = count;
        std::vector<std::thread> threads;
        for (std::size_t n = 0; n != count; ++n) {
            threads.emplace_back(
                [&, n, own = test::tree_operations(seed + round * 16 + n)]() mutable {
                    for (std::size_t i = 0; i != in_a_round / count; ++i) {
                        if (overflowing && n == 0 && i == in_a_round / count / 2) {
                            flood(tree->in);
                        }
                        own.next().perform(tree->dir.path());
                    }
                    if (--at_work == 0) {
                        boost::asio::post(tree->context, [] {});
                    }
                });
        }
        if (at_the_same_time) {
            tree->run_until([&] { return at_work == 0; });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        tree->settle();
        auto const faults = faults_of(*tree);
        BOOST_TEST_REQUIRE(faults == "", "ASIO_INOTIFY_SEED=" << seed << ", round " << round << ", "
                                                              << count << " threads:" << faults);
        tree->reported.clear();
        if ((round + 1) % rounds_of_a_watcher == 0) {
            overflows += tree->watcher.counters().overflows;
            changes += tree->watcher.counters().changes;
        }
    }
    BOOST_TEST_MESSAGE(changes << " changes, " << overflows << " overflows");
    BOOST_TEST(changes != 0U);
}

// With one thread, what happens depends on the seed alone, and a failure can be made short.
BOOST_AUTO_TEST_CASE(scripts)
{
    constexpr std::size_t operations = 100;
    auto const seed = test::seed();
    for (std::size_t n = 0; n * operations * 6 < how_many(); ++n) {
        test::tree_operations random(seed + n);
        auto options = random_options(random);
        options.slice_time = std::chrono::microseconds(0);
        auto const looks = 2 + random.below(20);
        test::tree_script script;
        for (std::size_t i = 0; i != operations; ++i) {
            script.push_back(random.next());
            if (random.below(looks) == 0) {
                script.push_back({random.below(4) == 0 ? kind::look : kind::glance});
            }
        }
        auto const run = [&](test::tree_script const& steps) -> std::string {
            test::watched_tree tree;
            start(tree, options);
            for (auto const& step : steps) {
                step.perform(tree.dir.path());
                if (step.what == kind::look) {
                    tree.settle();
                } else if (step.what == kind::glance) {
                    tree.context.restart();
                    tree.context.poll_one();
                }
            }
            tree.settle();
            return faults_of(tree);
        };
        auto const faults = run(script);
        if (faults.empty()) {
            continue;
        }
        auto const shortest = test::shrink(
            script, [&](auto const& steps) { return !run(steps).empty(); },
            std::chrono::seconds(60));
        std::string text;
        for (auto const& step : shortest) {
            text += "\n  " + step.text();
        }
        BOOST_FAIL("ASIO_INOTIFY_SEED=" << seed + n << faults << "\nthe shortest script:" << text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
