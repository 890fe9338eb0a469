//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
#include "support/seed.hpp"
#include "support/tree/saved_tree.hpp"
#include "support/tree/tree_script.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

namespace fs = std::filesystem;

// Trees are changed at random while nobody watches, and a little while they are restored.
BOOST_AUTO_TEST_SUITE(tree_save_model)

namespace {

bool has_failed()
{
    auto const& unit = boost::unit_test::framework::current_test_unit();
    return boost::unit_test::results_collector.results(unit.p_id).p_assertions_failed.get() != 0;
}

std::map<std::uint64_t, fs::path> directories_of(test::saved_tree const& tree)
{
    std::map<std::uint64_t, fs::path> found{{tree.inode_of("."), tree.in}};
    for (auto const& entry : fs::recursive_directory_iterator(tree.in)) {
        if (entry.is_directory() && !entry.is_symlink()) {
            found.emplace(tree.inode_of(entry.path().lexically_relative(tree.in)), entry.path());
        }
    }
    return found;
}

// Directories at the same path, below the same ones, keep their watch descriptors.
void expect_kept(test::saved_tree const& tree, std::map<std::uint64_t, fs::path> const& before,
                 std::map<std::uint64_t, int> const& numbers)
{
    auto const now = tree.numbers();
    for (auto const& [inode, path] : directories_of(tree)) {
        auto const was = before.find(inode);
        if (was == before.end() || was->second != path) {
            continue;
        }
        bool same = true;
        for (auto above = path; above != tree.in && same; above = above.parent_path()) {
            auto const known =
                before.find(tree.inode_of(above.parent_path().lexically_relative(tree.in)));
            same = known != before.end() && known->second == above.parent_path();
        }
        if (same) {
            BOOST_TEST(now.at(inode) == numbers.at(inode), path);
        }
    }
}

void run(std::uint64_t seed)
{
    test::tree_operations random(seed);
    test::saved_tree tree;
    auto const change = [&](std::size_t count) {
        for (; count != 0; --count) {
            auto const operation = random.next();
            BOOST_TEST_MESSAGE(operation.text());
            operation.perform(tree.dir.path());
        }
    };
    change(60);
    tree.begin();
    for (int round = 0; round != 6 && !has_failed(); ++round) {
        change(random.below(20));
        BOOST_TEST_MESSAGE("# save");
        tree.save();
        auto const numbers = tree.numbers_before;
        auto const before = directories_of(tree);
        change(1 + random.below(30));
        auto const still = random.below(2) == 0;
        auto options = test::at_once();
        options.slice_time = std::chrono::microseconds(random.below(2) * 100);
        options.batch_size = random.below(3) == 0 ? 1 + random.below(20) : options.batch_size;
        BOOST_TEST_MESSAGE("# restore");
        tree.restore(options);
        if (!still) {
            tree.receive();
            for (auto steps = random.below(40); steps != 0; --steps) {
                tree.context.restart();
                tree.context.poll_one();
                change(random.below(3));
            }
        }
        tree.settle();
        for (auto const& line : tree.reported) {
            BOOST_TEST_MESSAGE("  reported: " << line);
        }
        tree.check();
        BOOST_TEST(tree.replay.missed_writes() == "");
        if (still) {
            expect_kept(tree, before, numbers);
        }
        tree.reported.clear();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(at_random)
{
    auto const seed = test::seed();
    auto const time = std::chrono::seconds(test::is_long_run() ? 600 : 2);
    auto const end = std::chrono::steady_clock::now() + time;
    // A single seed repeats what failed.
    for (std::uint64_t n = 0; std::chrono::steady_clock::now() < end && !has_failed(); ++n) {
        BOOST_TEST_CONTEXT("ASIO_INOTIFY_SEED=" << seed + n)
        {
            run(seed + n);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
