//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/injected_actions.hpp"
#include "support/temp_directory.hpp"
#include "support/tree/describe_change.hpp"
#include "support/tree/tree_replay.hpp"

#include <asio_inotify/detail/kernel_tree.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace fs = std::filesystem;

// Each system call of a tree watcher fails, once or for a while, while something happens in the
// tree. When that is over, the changes that were reported give the tree on disk.
BOOST_AUTO_TEST_SUITE(injected_tree)

using asio_inotify::detail::kernel_tree;
using boost::system::error_code;

namespace {

/// A watched tree whose steps are made by the test, with its clock.
struct stepped_tree
{
    explicit stepped_tree(bool follows_links)
    {
        fs::create_directories(in / "a/b/c");
        fs::create_directories(in / "d");
        fs::create_directories(out / "target/sub");
        write("a/file");
        write("a/b/file");
        if (follows_links) {
            fs::create_directory_symlink(out / "target", in / "link");
        }
        options.report_existing = true;
        options.follow_symlinks = follows_links;
        options.grace_time = std::chrono::milliseconds(0);
        test::tree_replay::expectations expected;
        expected.follow_symlinks = follows_links;
        replay = test::tree_replay(expected);
        replay.add_root(in.native());
        error_code ec;
        tree = kernel_tree::make(options, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    void write(std::string const& name) const { std::ofstream(in / name, std::ios::app) << "x"; }

    void work(int waits, std::chrono::nanoseconds pause)
    {
        seen += "  --\n";
        test::work_until_waits(*tree, waits, pause, [&] {
            for (auto const& change : tree->take_batch()) {
                replay.apply(change);
                seen += "  " + test::describe(change, in.native()) + '\n';
            }
        });
    }

    void add_root()
    {
        error_code ec;
        static_cast<void>(tree->begin_add(in.native(), {}, ec));
        is_added = !ec;
    }

    test::temp_directory dir;
    fs::path in = dir / "in";
    fs::path out = dir / "out";
    asio_inotify::tree_options options;
    test::tree_replay replay;
    std::unique_ptr<kernel_tree> tree;
    bool is_added = false;
    // For messages.
    std::string seen;
};

constexpr std::array<test::injected_action<stepped_tree>, 12> actions{{
    {true, [](stepped_tree& t) { t.add_root(); }},
    {false,
     [](stepped_tree& t) {
         fs::create_directories(t.in / "new/sub/deep");
         t.write("new/sub/file");
     }},
    {false, [](stepped_tree& t) { fs::rename(t.in / "a", t.in / "d/a"); }},
    {false,
     [](stepped_tree& t) {
         t.write("other");
         fs::rename(t.in / "other", t.in / "d/a/file");
     }},
    {false,
     [](stepped_tree& t) {
         fs::rename(t.in / "new", t.out / "new");
         fs::create_directory(t.in / "new");
     }},
    {false, [](stepped_tree& t) { fs::rename(t.out / "new", t.in / "d/new"); }},
    {false,
     [](stepped_tree& t) {
         if (fs::is_symlink(t.in / "link")) {
             fs::remove(t.in / "link");
             fs::create_directory_symlink(t.out, t.in / "link");
         }
     }},
    {false, [](stepped_tree& t) { fs::remove_all(t.in / "d/a/b"); }},
    {true, [](stepped_tree& t) { t.tree->rescan(); }},
    {false,
     [](stepped_tree& t) {
         fs::rename(t.in, t.dir / "elsewhere");
         fs::create_directories(t.in / "second/sub");
     }},
    {false,
     [](stepped_tree& t) {
         fs::remove_all(t.in);
         fs::rename(t.dir / "elsewhere", t.in);
     }},
    {false,
     [](stepped_tree& t) {
         fs::permissions(t.in / "d", fs::perms::owner_all);
         t.write("d/last");
     }},
}};

void expect_exact(stepped_tree& t)
{
    constexpr std::chrono::seconds longer_than_any_pause{40};
    if (!t.is_added) {
        // The failure was the user's to deal with.
        t.add_root();
        BOOST_TEST_REQUIRE(t.is_added);
    }
    t.work(4, longer_than_any_pause);
    std::string faults;
    for (auto const& fault : t.replay.faults()) {
        faults += fault + '\n';
    }
    faults += t.replay.differences() + t.replay.differences_of_watches(t.tree->instance());
    for (auto const& one : t.tree->uncovered()) {
        faults += one.path + ": " + one.reason.message() + '\n';
    }
    BOOST_TEST(faults.empty(), faults << "what was reported:\n" << t.seen);
}

/// @returns Whether a call has failed.
bool fail_during_actions(test::failure_plan const& plan, bool follows_links)
{
    stepped_tree t(follows_links);
    bool const has_failed = test::fail_during(plan, t, actions);
    expect_exact(t);
    return has_failed;
}

} // namespace

// The actions are what they should be.
BOOST_AUTO_TEST_CASE(nothing_fails)
{
    for (bool const follows_links : {false, true}) {
        test::failure_plan const none{test::failing_kinds().front(), 0, 0, 0};
        BOOST_TEST(!fail_during_actions(none, follows_links));
    }
}

BOOST_AUTO_TEST_CASE(each_call_fails)
{
    for (bool const follows_links : {false, true}) {
        auto const failed =
            test::run_with_each_failure(13, {1, 4, 60}, [&](test::failure_plan const& plan) {
                return fail_during_actions(plan, follows_links);
            });
        BOOST_TEST_MESSAGE(failed << " runs with failures");
        BOOST_TEST(failed > 50U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
