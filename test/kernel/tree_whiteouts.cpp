//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/process/run_in_child.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>

namespace fs = std::filesystem;

// RENAME_WHITEOUT leaves a character device 0:0 at the old name, and no event reports it.
namespace {

struct whiteouts : test::watched_tree
{
    void move_leaving(std::string const& from, std::string const& to) const
    {
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path(from).c_str(), AT_FDCWD, path(to).c_str(),
                                       RENAME_WHITEOUT) == 0,
                           from << ": " << test::message_of(errno));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_whiteouts, whiteouts)

BOOST_AUTO_TEST_CASE(the_device_that_a_file_leaves_was_never_reported)
{
    make("d");
    write("a");
    start();
    move_leaving("a", "b");
    expect({"renamed file a -> b", "created file a"});
    move_leaving("b", "d/c");
    expect({"renamed file b -> d/c", "created file b"});
    // The devices are files like others.
    remove("a");
    move("b", "e");
    expect({"removed file a", "renamed file b -> e"});
}

BOOST_AUTO_TEST_CASE(a_file_that_replaces_another_leaves_a_device)
{
    write("a");
    write("b");
    start();
    move_leaving("a", "b");
    expect({"renamed file a -> b replaced", "created file a"});
    // The file comes back, and the device goes to where it was.
    move_leaving("b", "a");
    // Which may have been an exchange and a write.
    expect({"renamed file b -> a replaced", "modified file a", "created file b"});
}

BOOST_AUTO_TEST_CASE(a_directory_leaves_a_device)
{
    make("d/e");
    write("d/e/f");
    start();
    move_leaving("d/e", "e");
    expect({"renamed dir d/e -> e", "created file d/e"});
    write("e/f");
    expect({"modified file e/f", "closed_write file e/f"});
    move_leaving("d", "e/d");
    expect({"renamed dir d -> e/d", "created file d"});
}

BOOST_AUTO_TEST_CASE(a_chain_of_renames_leaves_a_device_at_each_name)
{
    write("a");
    start();
    for (auto const* const names : {"ab", "bc", "cd"}) {
        move_leaving({names[0]}, {names[1]});
    }
    expect({"renamed file a -> b", "created file a", "renamed file b -> c", "created file b",
            "renamed file c -> d", "created file c"});
}

BOOST_AUTO_TEST_CASE(a_device_that_is_gone_when_the_rename_is_read)
{
    write("a");
    start();
    move_leaving("a", "b");
    remove("a");
    write("c");
    move_leaving("c", "d");
    move("c", "e");
    static_cast<void>(take());
    // A different file has the name of the device: its own event reports it.
    move_leaving("b", "f");
    remove("b");
    write("b");
    expect({"renamed file b -> f", "created file b", "modified file b", "closed_write file b"});
}

BOOST_AUTO_TEST_CASE(an_entry_that_leaves_the_tree_leaves_a_device)
{
    make("d");
    write("a");
    start();
    move_leaving("a", "../out/a");
    expect({"removed file a", "created file a"});
    move_leaving("d", "../out/d");
    expect({"removed dir d", "created file d"});
}

BOOST_AUTO_TEST_CASE(a_device_in_a_directory_that_has_moved_as_well)
{
    make("d");
    write("d/a");
    start();
    move_leaving("d/a", "d/b");
    move("d", "e");
    static_cast<void>(take());
    BOOST_TEST(watcher.counters().entries == 4U);
}

BOOST_AUTO_TEST_CASE(an_excluded_name)
{
    make("a");
    auto options = test::at_once();
    options.exclude = {"x*"};
    options.prune = [](std::string_view path, asio_inotify::tree_entry_type type) {
        return type == asio_inotify::tree_entry_type::directory && path.ends_with("/pruned");
    };
    is_replaying = false;
    write("x1");
    write("b");
    make("pruned");
    start(options);
    move_leaving("x1", "c");
    move_leaving("b", "x2");
    expect({"created file c", "removed file b", "created file b"});
    // A directory of that name is pruned, and a device is none.
    move_leaving("pruned", "d");
    expect({"created dir d", "created file pruned"});
}

// The lookup of each old name can be left out.
BOOST_AUTO_TEST_CASE(renames_of_which_none_leaves_a_device)
{
    write("a");
    write("b");
    auto options = test::at_once();
    options.find_whiteouts = false;
    is_replaying = false;
    start(options);
    move_leaving("a", "c");
    move("b", "d");
    expect({"renamed file a -> c", "renamed file b -> d"});
}

BOOST_AUTO_TEST_CASE(without_files)
{
    make("d");
    auto options = test::at_once();
    options.directories_only = true;
    is_replaying = false;
    start(options);
    move_leaving("d", "e");
    expect({"renamed dir d -> e"});
}

// As in a container: the upper directory of an overlay is watched, and a file of the lower one is
// renamed or removed.
BOOST_AUTO_TEST_CASE(the_upper_directory_of_an_overlay)
{
    test::run_in_child([] {
        test::enter_mount_namespace();
        whiteouts w;
        auto const base = w.dir.path().native();
        // Not every filesystem can be the upper one.
        if (::mount("none", base.c_str(), "tmpfs", 0, nullptr) != 0) {
            throw test::skipped("no tmpfs: " + test::message_of(errno));
        }
        for (auto const* const name : {"/in", "/out", "/lower", "/lower/d", "/work", "/merged"}) {
            fs::create_directory(base + name);
        }
        for (auto const* const name : {"a", "b", "d/c", "e"}) {
            w.write("../lower/" + std::string(name));
        }
        auto const options =
            "lowerdir=" + base + "/lower,upperdir=" + base + "/in,workdir=" + base + "/work";
        if (::mount("none", (base + "/merged").c_str(), "overlay", 0, options.c_str()) != 0) {
            throw test::skipped("no overlay: " + test::message_of(errno));
        }
        w.start();
        w.move("../merged/a", "../merged/x");
        static_cast<void>(w.take());
        BOOST_TEST(w.watcher.counters().entries == 3U);
        w.remove("../merged/b");
        w.move("../merged/d/c", "../merged/d/y");
        static_cast<void>(w.take());
        w.remove("../merged/d");
        w.move("../merged/x", "../merged/e");
        static_cast<void>(w.take());
        BOOST_TEST(w.watcher.counters().entries == 5U);
    });
}

BOOST_AUTO_TEST_SUITE_END()
