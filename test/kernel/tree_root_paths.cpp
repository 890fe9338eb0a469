//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace fs = std::filesystem;

// The path of a root: links, missing parts, directories above that move, and what cannot be
// watched there.
BOOST_FIXTURE_TEST_SUITE(tree_root_paths, test::watched_tree)

using test::lines;

namespace {

void link_to(fs::path const& target, fs::path const& link)
{
    fs::create_directory_symlink(target, link);
}

void replace_link(fs::path const& target, fs::path const& link)
{
    auto const next = link.native() + ".next";
    fs::create_directory_symlink(target, next);
    fs::rename(next, link);
}

bool has(lines const& seen, std::string const& line)
{
    return std::ranges::find(seen, line) != seen.end();
}

std::string message(asio_inotify::error code)
{
    return make_error_code(code).message();
}

void expect_unguarded(test::watched_tree& tree, std::string const& line)
{
    tree.settle();
    BOOST_TEST(has(tree.reported, line));
    tree.reported.clear();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_link_in_the_middle_of_a_chain_is_replaced)
{
    make("srv/releases/1");
    make("srv/releases/2");
    link_to("releases/1", path("srv/current"));
    link_to(path("srv/current"), path("www"));
    open();
    add_root("www");
    static_cast<void>(take());
    replace_link("releases/2", path("srv/current"));
    write("srv/releases/1/old");
    write("www/new");
    auto const seen = take();
    BOOST_TEST(has(seen, "root_lost dir www"));
    BOOST_TEST(has(seen, "root_found dir www"));
    BOOST_TEST(has(seen, "created file www/new"));
    BOOST_TEST(!has(seen, "created file www/old"));
    write("www/newer");
    expect({"created file www/newer", "modified file www/newer", "closed_write file www/newer"});
}

BOOST_AUTO_TEST_CASE(the_target_of_a_link_is_removed_and_comes_back)
{
    make("build");
    link_to("build", path("dist"));
    open();
    add_root("dist");
    static_cast<void>(take());
    remove("build");
    expect({"root_lost dir dist"});
    make("build/a");
    expect({"root_found dir dist", "created dir dist/a"});
}

BOOST_AUTO_TEST_CASE(the_target_of_a_link_is_in_a_directory_that_comes_back)
{
    make("x/y/z");
    link_to(path("x/y/z"), path("link"));
    open();
    add_root("link");
    static_cast<void>(take());
    remove("x");
    expect({"root_lost dir link"});
    make("x");
    expect({});
    make("x/y/z/a");
    expect({"root_found dir link", "created dir link/a"});
    // Every link leads on: one to a link, and one in the middle of a path.
    make("t/u");
    link_to("t", path("s"));
    replace_link("s/u", path("link"));
    expect({"removed dir link/a", "root_lost dir link", "root_found dir link"});
    replace_link("nowhere", path("s"));
    expect({"root_lost dir link"});
    make("nowhere/u/b");
    expect({"root_found dir link", "created dir link/b"});
}

BOOST_AUTO_TEST_CASE(links_in_a_circle_that_is_opened)
{
    make("real/a");
    link_to("two", path("one"));
    link_to("real", path("two"));
    open();
    add_root("one");
    static_cast<void>(take());
    replace_link("one", path("two"));
    auto const seen = take();
    BOOST_TEST(seen.back() == "root_lost dir one");
    replace_link("real", path("two"));
    expect({"root_found dir one", "created dir one/a"});
}

// Nothing is reported under a path that does not lead there any more.
BOOST_AUTO_TEST_CASE(events_after_a_directory_above_was_renamed)
{
    make("p/r/a");
    open();
    add_root("p/r");
    static_cast<void>(take());
    move("p", "q");
    write("q/r/a/secret");
    expect({"removed dir p/r/a", "root_lost dir p/r"});
    // And back.
    move("q", "p");
    write("p/r/a/known");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "p/r/a/known"));
}

BOOST_AUTO_TEST_CASE(events_after_the_root_was_renamed)
{
    make("r/a");
    open();
    add_root("r");
    static_cast<void>(take());
    write("r/a/before");
    move("r", "s");
    write("s/a/secret");
    auto const seen = take();
    BOOST_TEST(has(seen, "created file r/a/before"));
    BOOST_TEST(!has(seen, "created file r/a/secret"));
    BOOST_TEST(seen.back() == "root_lost dir r");
}

BOOST_AUTO_TEST_CASE(events_after_the_root_was_exchanged)
{
    make("r/a");
    make("s/b");
    open();
    add_root("r");
    static_cast<void>(take());
    BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path("r").c_str(), AT_FDCWD, path("s").c_str(),
                                   RENAME_EXCHANGE) == 0);
    write("s/a/secret");
    write("r/b/new");
    auto const seen = take();
    BOOST_TEST(!has(seen, "created file r/a/secret"));
    BOOST_TEST(has(seen, "root_lost dir r"));
    BOOST_TEST(has(seen, "created file r/b/new"));
}

BOOST_AUTO_TEST_CASE(events_after_a_link_above_was_replaced)
{
    make("1/r/a");
    make("2/r/b");
    link_to("1", path("l"));
    open();
    add_root("l/r");
    static_cast<void>(take());
    replace_link("2", path("l"));
    write("1/r/a/secret");
    auto const seen = take();
    BOOST_TEST(!has(seen, "created file l/r/a/secret"));
    BOOST_TEST(has(seen, "created dir l/r/b"));
}

BOOST_AUTO_TEST_CASE(events_after_a_mount_over_the_root)
{
    test::run_in_child([] {
        test::enter_mount_namespace();
        test::watched_tree tree;
        tree.make("r/a");
        tree.open();
        tree.add_root("r");
        static_cast<void>(tree.take());
        int const covered = ::open(tree.path("r/a").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        BOOST_TEST_REQUIRE(covered >= 0);
        BOOST_TEST_REQUIRE(::mount("tmpfs", tree.path("r").c_str(), "tmpfs", 0, nullptr) == 0);
        ::close(::openat(covered, "secret", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        tree.write("r/new");
        auto const seen = tree.take();
        BOOST_TEST(!has(seen, "created file r/a/secret"));
        BOOST_TEST(has(seen, "created file r/new"));
        ::close(covered);
        BOOST_TEST(::umount2(tree.path("r").c_str(), MNT_DETACH) == 0);
    });
}

BOOST_AUTO_TEST_CASE(a_directory_above_that_cannot_be_read)
{
    test::run_in_child([] {
        test::watched_tree tree;
        tree.make("h/p/r");
        fs::permissions(tree.dir.path(), fs::perms::all);
        fs::permissions(tree.in, fs::perms::all);
        for (auto const* const each : {"h/p", "h/p/r"}) {
            fs::permissions(tree.path(each), fs::perms::all);
        }
        tree.chmod("h", 0711);
        test::become_unprivileged();
        tree.open();
        tree.add_root("h/p/r");
        expect_unguarded(tree, "path_unguarded dir h/p/r: Permission denied");
        // A change that the watched part notices.
        tree.remove("h/p/r");
        tree.make("h/p/r/a");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "h/p/r/a"));
    });
}

BOOST_AUTO_TEST_CASE(a_directory_above_that_cannot_be_read_until_it_can)
{
    test::run_in_child([] {
        test::watched_tree tree;
        tree.make("h/p/r");
        fs::permissions(tree.dir.path(), fs::perms::all);
        fs::permissions(tree.in, fs::perms::all);
        for (auto const* const each : {"h", "h/p", "h/p/r"}) {
            test::give_away(tree.path(each).c_str());
        }
        test::become_unprivileged();
        tree.chmod("h", 0311);
        tree.open();
        tree.add_root("h/p/r");
        expect_unguarded(tree, "path_unguarded dir h/p/r: Permission denied");
        // What cannot be watched is checked every second.
        tree.move("h/p", "h/q");
        tree.run_until([&] { return has(tree.reported, "root_lost dir h/p/r"); });
        tree.chmod("h", 0700);
        tree.run_until([&] { return has(tree.reported, "path_guarded dir h/p/r"); });
        tree.move("h/q", "h/p");
        tree.settle();
        BOOST_TEST(has(tree.reported, "root_found dir h/p/r"));
    });
}

// chdir(2) is no event: such a path is checked every second.
BOOST_AUTO_TEST_CASE(a_root_below_the_working_directory)
{
    make("one/r/a");
    make("two/r/b");
    auto const before = fs::current_path();
    fs::current_path(in / "one");
    open();
    watcher.add("/proc/self/cwd/r");
    replay.add_root("/proc/self/cwd/r");
    settle();
    BOOST_TEST(replay.contains("/proc/self/cwd/r/a"));
    BOOST_TEST(std::ranges::count_if(reported, [](auto const& line) {
                   return line.starts_with("path_unguarded ") &&
                          line.ends_with(message(asio_inotify::error::pseudo_filesystem));
               }) == 1);
    reported.clear();
    fs::current_path(in / "two");
    run_until([&] { return replay.contains("/proc/self/cwd/r/b"); });
    BOOST_TEST(!replay.contains("/proc/self/cwd/r/a"));
    fs::current_path(before);
}

BOOST_AUTO_TEST_CASE(no_inotify_instance_for_the_path)
{
    test::run_in_child([] {
        test::watched_tree tree;
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 1);
        tree.make("p/r");
        tree.open();
        tree.add_root("p/r");
        expect_unguarded(tree, "path_unguarded dir p/r: " +
                                   message(asio_inotify::error::instance_limit_reached));
        tree.move("p", "q");
        tree.run_until([&] { return has(tree.reported, "root_lost dir p/r"); });
        tree.make("p/r/a");
        tree.run_until([&] { return has(tree.reported, "created dir p/r/a"); });
        test::limit("max_inotify_instances", 2);
        tree.run_until([&] { return has(tree.reported, "path_guarded dir p/r"); });
        tree.reported.clear();
        tree.move("p/r", "p/s");
        tree.settle();
        BOOST_TEST(has(tree.reported, "root_lost dir p/r"));
    });
}

BOOST_AUTO_TEST_CASE(no_watch_left_for_the_path)
{
    test::run_in_child([] {
        test::watched_tree tree;
        test::enter_user_namespace();
        tree.make("p/r");
        tree.open();
        test::limit("max_inotify_watches", 3);
        tree.add_root("p/r");
        expect_unguarded(tree, "path_unguarded dir p/r: " +
                                   message(asio_inotify::error::watch_limit_reached));
        tree.move("p", "q");
        tree.run_until([&] { return has(tree.reported, "root_lost dir p/r"); });
        test::limit("max_inotify_watches", 100);
        tree.run_until([&] { return has(tree.reported, "path_guarded dir p/r"); });
        tree.reported.clear();
        tree.make("p/r");
        tree.settle();
        BOOST_TEST(has(tree.reported, "root_found dir p/r"));
    });
}

BOOST_AUTO_TEST_SUITE_END()
