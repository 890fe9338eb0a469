//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/mounted_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Filesystems that come and go below a root.
BOOST_AUTO_TEST_SUITE(tree_mounts)

using test::lines;
using test::mounted_tree;
using test::with_mounts;

namespace {

bool has(lines const& seen, std::string const& line)
{
    return std::find(seen.begin(), seen.end(), line) != seen.end();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_filesystem_is_unmounted)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m");
        tree.write("m/below");
        tree.mount("m");
        tree.make("m/a/b");
        tree.write("m/a/b/file");
        tree.start();
        tree.write("m/a/file");
        tree.expect(
            {"created file m/a/file", "modified file m/a/file", "closed_write file m/a/file"});
        // No descriptor of the watcher's keeps it busy.
        tree.unmount("m");
        auto const seen = tree.take();
        BOOST_TEST(has(seen, "unmounted dir m"));
        BOOST_TEST(has(seen, "created file m/below"));
        BOOST_TEST(tree.replay.size() == 2U);
        tree.write("m/below");
        tree.expect({"modified file m/below", "closed_write file m/below"});
    });
}

BOOST_AUTO_TEST_CASE(a_filesystem_is_mounted)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m/a");
        tree.write("m/a/hidden");
        tree.start();
        tree.mount("m");
        tree.write("m/file");
        auto const seen = tree.take();
        BOOST_TEST(has(seen, "created file m/file"));
        BOOST_TEST(tree.replay.size() == 2U);
        tree.make("m/b");
        tree.write("m/b/file");
        tree.expect({"created dir m/b", "created file m/b/file"});
        tree.unmount("m");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "m/a/hidden"));
        tree.write("m/a/hidden");
        tree.expect({"modified file m/a/hidden", "closed_write file m/a/hidden"});
    });
}

BOOST_AUTO_TEST_CASE(mounted_and_unmounted_before_the_scan)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m/a");
        tree.start();
        for (int n = 0; n != 3; ++n) {
            tree.mount("m");
            tree.make("m/new");
            tree.unmount("m");
        }
        static_cast<void>(tree.take());
        tree.write("m/a/file");
        tree.expect(
            {"created file m/a/file", "modified file m/a/file", "closed_write file m/a/file"});
    });
}

BOOST_AUTO_TEST_CASE(one_filesystem_over_another)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m");
        tree.start();
        tree.mount("m");
        tree.make("m/n");
        tree.write("m/first");
        tree.mount("m/n");
        tree.write("m/n/inner");
        static_cast<void>(tree.take());
        tree.mount("m");
        tree.write("m/second");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "m/second"));
        tree.unmount("m");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "m/n/inner"));
        tree.unmount("m/n");
        static_cast<void>(tree.take());
        tree.unmount("m");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 1U);
    });
}

// What docs/tree-watcher.md says of it, change by change.
BOOST_AUTO_TEST_CASE(a_mount_is_reported)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m/a");
        tree.write("m/hidden");
        tree.start();
        tree.mount("m");
        tree.expect({"removed dir m", "created dir m"});
        tree.mount("m");
        tree.make("m/b");
        tree.expect({"removed dir m", "created dir m", "created dir m/b"});
    });
}

BOOST_AUTO_TEST_CASE(an_unmount_is_reported)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m");
        tree.write("m/hidden");
        tree.mount("m");
        tree.make("m/n");
        tree.mount("m/n");
        tree.write("m/n/file");
        tree.start();
        // Nothing was scanned in the meantime, and so the kernel's events come first.
        tree.unmount("m/n");
        tree.expect({"removed file m/n/file", "unmounted dir m/n"});
        tree.unmount("m");
        tree.expect({"removed dir m/n", "unmounted dir m", "created file m/hidden"});
    });
}

// The filesystem lives on, elsewhere or for the processes that use it.
BOOST_AUTO_TEST_CASE(an_unmount_without_events_is_reported)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("a/b");
        tree.make("m");
        tree.write("m/hidden");
        tree.bind("a", "m");
        tree.start();
        tree.unmount("m");
        tree.expect({"removed dir m/b", "unmounted dir m", "created file m/hidden"});
        tree.mount("m");
        tree.write("m/file");
        static_cast<void>(tree.take());
        int const used = ::open(tree.path("m/file").c_str(), O_RDONLY | O_CLOEXEC);
        BOOST_TEST_REQUIRE(used >= 0);
        tree.unmount("m", MNT_DETACH);
        tree.expect({"removed file m/file", "unmounted dir m", "created file m/hidden"});
        BOOST_TEST(::close(used) == 0);
        tree.expect({});
    });
}

BOOST_AUTO_TEST_CASE(mounts_over_the_root_are_reported)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("a");
        tree.start();
        tree.mount(".");
        tree.make("b");
        tree.expect({"removed dir a", "root_lost dir .", "root_found dir .", "created dir b"});
        tree.unmount(".");
        tree.expect({"removed dir b", "unmounted dir .", "created dir a"});
    });
}

BOOST_AUTO_TEST_CASE(unmounted_while_somebody_uses_it)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m");
        tree.mount("m");
        tree.write("m/file");
        tree.start();
        int const used = ::open(tree.path("m/file").c_str(), O_WRONLY | O_CLOEXEC);
        BOOST_TEST_REQUIRE(used >= 0);
        tree.unmount("m", MNT_DETACH);
        tree.write("m/below");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "m/below"));
        BOOST_TEST(::write(used, "x", 1) == 1);
        BOOST_TEST(::close(used) == 0);
        static_cast<void>(tree.take());
        tree.write("m/below");
        tree.expect({"modified file m/below", "closed_write file m/below"});
    });
}

BOOST_AUTO_TEST_CASE(over_the_root)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("a");
        tree.start();
        tree.mount(".");
        tree.write("file");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "file"));
        tree.make("b");
        tree.expect({"created dir b"});
        tree.unmount(".");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "a"));
        tree.make("a/b");
        tree.expect({"created dir a/b"});
    });
}

// Mounts are named by where the link leads.
BOOST_AUTO_TEST_CASE(in_a_root_whose_link_was_changed)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("../one");
        tree.make("../two/m");
        fs::remove(tree.in);
        fs::create_directory_symlink("one", tree.in);
        tree.start();
        fs::create_directory_symlink("two", tree.path("../link"));
        fs::rename(tree.path("../link"), tree.in);
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "m"));
        tree.mount("m");
        tree.write("m/file");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "m/file"));
        tree.unmount("m");
        static_cast<void>(tree.take());
    });
}

BOOST_AUTO_TEST_CASE(over_a_directory_above_the_root)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("a");
        tree.start();
        tree.mount("..");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 0U);
        fs::create_directory(tree.in);
        tree.make("b");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "b"));
        tree.unmount("..");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "a"));
    });
}

BOOST_AUTO_TEST_CASE(the_same_directory_twice)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("a/d");
        tree.make("b");
        tree.bind("a", "b");
        tree.start();
        BOOST_TEST(tree.replay.size() == 4U);
        tree.write("a/file");
        tree.make("b/d/e");
        tree.write("b/d/e/x");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.contains(tree.in / "b/file"));
        BOOST_TEST(tree.replay.contains(tree.in / "a/d/e/x"));
        tree.move("a/d/e", "a/e");
        tree.remove("b/file");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 8U);
        tree.unmount("b");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 5U);
        tree.write("a/e/x");
        tree.expect({"modified file a/e/x", "closed_write file a/e/x"});
        tree.bind("a", "b");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 8U);
    });
}

BOOST_AUTO_TEST_CASE(a_directory_in_itself)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("a/b/c");
        tree.start();
        tree.bind("a", "a/b/c");
        auto const seen = tree.take();
        BOOST_TEST(has(seen, "uncovered dir a/b/c: directory is also above itself, by a mount or a "
                             "symbolic link"));
        tree.write("a/file");
        tree.expect({"created file a/file", "modified file a/file", "closed_write file a/file"});
        tree.unmount("a/b/c");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().empty());
        tree.make("a/b/c/d");
        tree.expect({"created dir a/b/c/d"});
    });
}

BOOST_AUTO_TEST_CASE(a_directory_from_outside)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("../out/a/b");
        tree.make("m");
        tree.start();
        tree.bind("../out", "m");
        static_cast<void>(tree.take());
        // By either path.
        tree.write("../out/a/b/file");
        tree.expect({"created file m/a/b/file", "modified file m/a/b/file",
                     "closed_write file m/a/b/file"});
        tree.move("m/a", "m/c");
        tree.expect({"renamed dir m/a -> m/c"});
        tree.unmount("m");
        tree.write("../out/c/b/file");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 1U);
        tree.write("../out/c/b/file");
        tree.expect({});
    });
}

// It was silent: the watcher said that it watches.
BOOST_AUTO_TEST_CASE(a_filesystem_that_the_kernel_makes)
{
    with_mounts([](mounted_tree& tree) {
        std::string const uncovered =
            "uncovered dir m: inotify does not report what the kernel changes on this filesystem";
        tree.make("m");
        tree.bind("/proc/sys/user", "m");
        tree.open();
        tree.add_root();
        auto const first = tree.take();
        BOOST_TEST(has(first, uncovered));
        BOOST_TEST(has(first, "existing file m/max_inotify_watches"));
        tree.unmount("m");
        BOOST_TEST(has(tree.take(), "unmounted dir m"));
        tree.bind("/sys/kernel/mm", "m");
        BOOST_TEST(has(tree.take(), uncovered));
    });
}

BOOST_AUTO_TEST_CASE(staying_on_one_filesystem)
{
    with_mounts([](mounted_tree& tree) {
        tree.make("m/a");
        tree.make("n");
        tree.mount("n");
        tree.make("n/hidden");
        auto options = test::at_once();
        options.one_filesystem = true;
        tree.start(options);
        auto const uncovered = tree.watcher.uncovered();
        BOOST_TEST_REQUIRE(uncovered.size() == 1U);
        BOOST_TEST(uncovered.front().path == tree.path("n").native());
        BOOST_TEST(uncovered.front().reason == boost::system::errc::cross_device_link);
        tree.mount("m");
        tree.write("m/file");
        tree.expect(
            {"removed dir m/a",
             "uncovered dir m: directory is on a different filesystem than the root of its tree"});
        tree.write("n/file");
        tree.expect({});
        tree.unmount("m");
        tree.unmount("n");
        tree.write("n/file");
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().empty());
        BOOST_TEST(tree.replay.contains(tree.in / "m/a"));
        BOOST_TEST(tree.replay.contains(tree.in / "n/file"));
    });
}

BOOST_AUTO_TEST_SUITE_END()
