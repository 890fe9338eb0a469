//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/process/restricted.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Directories that cannot be watched, until they can.
BOOST_AUTO_TEST_SUITE(tree_limits)

using test::lines;

namespace {

// How many watches are needed for what is above the root.
int steps_to(fs::path const& path)
{
    return static_cast<int>(std::distance(path.begin(), path.end())) - 1;
}

std::ptrdiff_t count(lines const& seen, std::string const& start)
{
    return std::count_if(seen.begin(), seen.end(),
                         [&](std::string const& line) { return line.starts_with(start); });
}

// Every directory is either watched or said not to be.
void expect_all_accounted_for(test::watched_tree const& tree)
{
    auto const counters = tree.watcher.counters();
    BOOST_TEST(counters.watches + tree.watcher.uncovered().size() == counters.directories);
}

} // namespace

BOOST_AUTO_TEST_CASE(in_the_middle_of_a_tree)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::watched_tree tree;
        for (int n = 0; n != 8; ++n) {
            tree.make(std::to_string(n) + "/sub");
            tree.write(std::to_string(n) + "/sub/file");
        }
        test::limit("max_inotify_watches", steps_to(tree.in) + 5);
        tree.open();
        tree.add_root();
        static_cast<void>(tree.take());
        auto const uncovered = tree.watcher.uncovered();
        BOOST_TEST(!uncovered.empty());
        for (auto const& one : uncovered) {
            BOOST_TEST(one.reason == boost::system::errc::no_space_on_device);
            BOOST_TEST(tree.replay.contains(one.path));
        }
        expect_all_accounted_for(tree);
        // Those that are watched work.
        tree.write("file");
        tree.expect({"created file file", "modified file file", "closed_write file file"});
        // And others need no look until there is hope.
        auto const before = tree.watcher.counters();
        for (int n = 0; n != 100; ++n) {
            tree.write("file");
        }
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.counters().listings == before.listings);
    });
}

BOOST_AUTO_TEST_CASE(a_watch_becomes_free)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::watched_tree tree;
        tree.start();
        test::limit("max_inotify_watches", steps_to(tree.in) + 3);
        tree.make("a");
        tree.make("b");
        tree.expect({"created dir a", "created dir b"});
        tree.make("c");
        tree.write("c/file");
        tree.expect({"created dir c",
                     "uncovered dir c: " +
                         make_error_code(asio_inotify::error::watch_limit_reached).message()});
        tree.write("c/file");
        tree.chmod("c", 0700);
        tree.expect({"attributes dir c"});
        tree.remove("a");
        tree.expect({"removed dir a", "covered dir c", "created file c/file"});
        BOOST_TEST(tree.watcher.uncovered().empty());
        tree.write("c/file");
        tree.expect({"modified file c/file", "closed_write file c/file"});
    });
}

BOOST_AUTO_TEST_CASE(the_limit_is_raised)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::watched_tree tree;
        tree.start();
        test::limit("max_inotify_watches", steps_to(tree.in) + 4);
        for (int n = 0; n != 10; ++n) {
            tree.make("d" + std::to_string(n) + "/a/b");
            tree.write("d" + std::to_string(n) + "/a/b/file");
        }
        static_cast<void>(tree.take());
        BOOST_TEST(!tree.watcher.uncovered().empty());
        expect_all_accounted_for(tree);
        test::limit("max_inotify_watches", 1000);
        tree.run_until([&] { return tree.watcher.uncovered().empty(); });
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 40U);
        BOOST_TEST(tree.watcher.counters().watches == 31U);
    });
}

BOOST_AUTO_TEST_CASE(uncovered_directories_are_moved_and_removed)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::watched_tree tree;
        tree.make("w");
        tree.start();
        test::limit("max_inotify_watches", steps_to(tree.in) + 2);
        tree.make("a/b");
        tree.make("c");
        tree.make("w/d");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().size() == 3U);
        tree.move("a", "w/d2");
        tree.move("c", "../out/c");
        tree.remove("w/d");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().size() == 1U);
        BOOST_TEST(tree.watcher.uncovered().front().path == (tree.in / "w/d2").native());
        tree.move("w/d2", "w/d3");
        tree.expect({"renamed dir w/d2 -> w/d3"});
        // From a directory that is not watched to one that is.
        tree.move("w/d3/b", "b");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().size() == 2U);
        test::limit("max_inotify_watches", 1000);
        tree.run_until([&] { return tree.watcher.uncovered().empty(); });
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 3U);
    });
}

BOOST_AUTO_TEST_CASE(not_even_the_root)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 0);
        test::watched_tree tree;
        tree.open();
        test::error_code ec;
        tree.watcher.add(tree.in, ec);
        BOOST_TEST(ec == boost::system::errc::no_space_on_device);
        BOOST_TEST(tree.watcher.counters().entries == 0U);
        test::limit("max_inotify_watches", 100);
        tree.add_root();
        tree.make("a");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 1U);
    });
}

BOOST_AUTO_TEST_CASE(no_instance)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 0);
        test::watched_tree tree;
        auto const before = std::distance(fs::directory_iterator("/proc/self/fd"), {});
        test::error_code ec;
        tree.watcher.open(ec);
        BOOST_TEST(ec == asio_inotify::error::instance_limit_reached);
        BOOST_TEST(!tree.watcher.is_open());
        BOOST_TEST(std::distance(fs::directory_iterator("/proc/self/fd"), {}) == before);
        // One is enough.
        test::limit("max_inotify_instances", 1);
        tree.start();
        tree.make("a");
        tree.expect({"created dir a"});
    });
}

BOOST_AUTO_TEST_CASE(no_descriptor)
{
    test::run_in_child([] {
        test::watched_tree tree;
        tree.start();
        tree.make("a/b");
        tree.write("a/b/file");
        // As many as there are, so that there is none for a directory.
        std::vector<int> taken;
        ::rlimit few{64, 64};
        ::rlimit before{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
        few.rlim_max = before.rlim_max;
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
        for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) {
            taken.push_back(fd);
        }
        tree.settle();
        auto const seen = std::exchange(tree.reported, {});
        BOOST_TEST(count(seen, "created dir a") == 1);
        BOOST_TEST(count(seen, "uncovered dir a: Too many open files") == 1);
        for (int const fd : taken) {
            ::close(fd);
        }
        tree.run_until([&] { return tree.watcher.uncovered().empty(); });
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 3U);
    });
}

// One for a directory, one for an entry of it.
BOOST_AUTO_TEST_CASE(two_descriptors_are_enough)
{
    test::run_in_child([] {
        test::watched_tree tree;
        std::string deep = "deep";
        for (int i = 0; i != 40; ++i) {
            tree.make("wide/" + std::to_string(i) + "/a/b");
            tree.make(deep += "/d");
        }
        tree.open();
        tree.add_root();
        // The lowest that is free is above all that are used.
        int const free = ::dup(0);
        ::rlimit few{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &few) == 0);
        few.rlim_cur = static_cast<::rlim_t>(free) + 2;
        ::close(free);
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
        tree.settle();
        tree.make("wide/new/a/b/c");
        tree.move("deep/d", "wide/new/a/b/d");
        tree.settle();
        BOOST_TEST(tree.watcher.uncovered().empty());
        for (auto const& line : tree.reported) {
            BOOST_TEST(!line.starts_with("uncovered"), line);
        }
        few.rlim_cur = few.rlim_max;
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
        tree.check();
    });
}

BOOST_AUTO_TEST_CASE(unreadable_at_the_start)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_tree tree;
        tree.make("a/b");
        tree.write("a/b/file");
        tree.make("c");
        tree.chmod("a", 0000);
        tree.open();
        tree.add_root();
        tree.expect({"existing dir a", "uncovered dir a: Permission denied", "existing dir c"});
        auto const uncovered = tree.watcher.uncovered();
        BOOST_TEST_REQUIRE(uncovered.size() == 1U);
        BOOST_TEST(uncovered.front().path == (tree.in / "a").native());
        BOOST_TEST(uncovered.front().reason == boost::system::errc::permission_denied);
        tree.chmod("a", 0700);
        tree.expect(
            {"attributes dir a", "covered dir a", "created dir a/b", "created file a/b/file"});
        BOOST_TEST(tree.watcher.uncovered().empty());
    });
}

BOOST_AUTO_TEST_CASE(unreadable_at_run_time)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_tree tree;
        tree.make("../out/a/b");
        tree.write("../out/a/b/file");
        tree.chmod("../out/a/b", 0000);
        tree.start();
        tree.move("../out/a", "a");
        tree.expect({"created dir a", "created dir a/b", "uncovered dir a/b: Permission denied"});
        tree.write("file");
        tree.chmod("a/b", 0000);
        tree.expect({"created file file", "modified file file", "closed_write file file",
                     "attributes dir a/b"});
        tree.chmod("a/b", 0500);
        tree.expect({"attributes dir a/b", "covered dir a/b", "created file a/b/file"});
        // What is watched stays so.
        tree.chmod("a/b", 0000);
        tree.expect({"attributes dir a/b"});
        tree.chmod("a/b", 0700);
        tree.write("a/b/file");
        tree.expect({"attributes dir a/b", "modified file a/b/file", "closed_write file a/b/file"});
    });
}

// Its entries can be listed, but not checked with stat.
BOOST_AUTO_TEST_CASE(a_directory_without_passage)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_tree tree;
        tree.make("a/b");
        tree.write("a/b/file");
        tree.chmod("a", 0400);
        tree.open();
        tree.add_root();
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().size() == 1U);
        tree.chmod("a", 0700);
        tree.expect({"attributes dir a", "covered dir a/b", "created file a/b/file"});
    });
}

BOOST_AUTO_TEST_CASE(the_root_without_passage)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_tree tree;
        tree.make("a");
        tree.chmod(".", 0400);
        tree.open();
        tree.add_root();
        tree.settle();
        BOOST_TEST(tree.watcher.uncovered().size() == 1U);
        tree.chmod(".", 0700);
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().empty());
        tree.write("a/file");
        tree.expect({"created file a/file", "modified file a/file", "closed_write file a/file"});
    });
}

BOOST_AUTO_TEST_CASE(an_unreadable_root)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_tree tree;
        tree.chmod(".", 0000);
        tree.open();
        test::error_code ec;
        tree.watcher.add(tree.in, ec);
        BOOST_TEST(ec == boost::system::errc::permission_denied);
        tree.chmod(".", 0700);
    });
}

BOOST_AUTO_TEST_SUITE_END()
