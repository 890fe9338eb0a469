//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"
#include "support/process/run_in_child.hpp"
#include "support/set/saved_set.hpp"

#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/set_restorer.hpp>
#include <asio_inotify/detail/watch_registry.hpp>
#include <asio_inotify/watch_set_saving.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

// The world has changed between saving and restoring.
namespace {

struct saved_world : test::open_set
{
    // Save, change the world, restore what can be.
    template <class Change>
    test::watch_report after(Change change, test::restore_options options = {false, true})
    {
        auto const saved = save(set);
        set.close();
        change();
        auto report = restore(set, saved, options);
        // Restoring makes no event.
        BOOST_TEST(set.available() == 0U);
        return report;
    }

    static ino_t inode_of(fs::path const& path)
    {
        struct stat status
        {
        };
        BOOST_REQUIRE(::lstat(path.c_str(), &status) == 0);
        return status.st_ino;
    }

    // The watch reports what happens to the file, and nothing else does.
    void expect_watched(fs::path const& path, int number)
    {
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
        auto const seen = test::drain(set);
        BOOST_TEST_REQUIRE(seen.size() == 1U);
        BOOST_TEST(seen[0].ends_with(": " + std::to_string(number) + " attrib"));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_restore, saved_world)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::findings;
using test::wd;
using lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(nothing_has_changed)
{
    set.add_at(wd(9), new_file(), event_mask::attrib);
    auto const report = after([] {});
    BOOST_TEST(report.same == 1U);
    BOOST_TEST(report.compared == 1U);
    BOOST_TEST(report.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_file_was_renamed)
{
    auto const file = dir.write("old");
    set.add_at(wd(9), file, event_mask::attrib, add_options::one_shot);
    auto const expected = test::watch_lines(set.native_handle());
    auto const report = after([&] { fs::rename(file, dir / "new"); });
    if (!test::can_open_by_handle()) {
        BOOST_TEST(findings(report) == lines{"9 gone old: No such file or directory"});
        test::print_skipped("objects may not be opened by their handles");
        return;
    }
    BOOST_TEST(findings(report) == lines{"9 moved new"});
    BOOST_TEST(report.findings[0].path == dir / "new");
    BOOST_TEST(test::watch_lines(set.native_handle()) == expected,
               boost::test_tools::per_element());
    BOOST_TEST(set.find(wd(9)).path() == (dir / "new").native());
    BOOST_TEST((set.find(wd(9)).options() == add_options::one_shot));
}

BOOST_AUTO_TEST_CASE(a_directory_was_renamed_and_moved)
{
    if (!test::can_open_by_handle()) {
        test::print_skipped("objects may not be opened by their handles");
        return;
    }
    fs::create_directories(dir / "a");
    fs::create_directories(dir / "b");
    dir.write("a/file");
    // Who looks for it must not be seen by those who watch everything that is on the way.
    set.add(dir.path(), event_mask::all);
    set.add(dir / "b", event_mask::all);
    set.add(dir / "a", event_mask::all, add_options::only_directory);
    set.add(dir / "a/file", event_mask::all);
    auto const report = after([&] { fs::rename(dir / "a", dir / "b/c"); });
    BOOST_TEST((findings(report) == lines{"3 moved c", "4 moved file"}));
    BOOST_TEST(set.find(wd(4)).path() == (dir / "b/c/file").native());
    BOOST_TEST(report.same == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_was_deleted)
{
    auto const file = dir.write("file");
    set.add_at(wd(9), file, event_mask::attrib);
    set.add_at(wd(12), new_file(), event_mask::attrib);
    auto const report = after([&] { fs::remove(file); });
    BOOST_TEST(findings(report) == lines{"9 gone file: No such file or directory"});
    BOOST_TEST(report.same == 1U);
    BOOST_TEST(set.size() == 1U);
    // The number is free in the new instance: who watches the path again can have it.
    dir.write("file");
    set.add_at(wd(9), file, event_mask::attrib);
    expect_watched(file, 9);
}

BOOST_AUTO_TEST_CASE(a_deleted_file_that_is_still_open_is_gone)
{
    auto const file = dir.write("file");
    set.add_at(wd(9), file, event_mask::attrib);
    int const held = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    auto const report = after([&] { fs::remove(file); });
    ::close(held);
    BOOST_TEST(findings(report) == lines{"9 gone file: No such file or directory"});
}

BOOST_AUTO_TEST_CASE(a_file_was_deleted_and_made_again_with_the_same_inode_number)
{
    auto const file = dir.write("file");
    auto const inode = inode_of(file);
    set.add_at(wd(9), file, event_mask::attrib);
    auto const saved = save(set);
    BOOST_TEST_REQUIRE(saved.watches()[0].identity.has_value());
    if (saved.watches()[0].identity->handle.empty()) {
        test::print_skipped("no file handles on this filesystem");
        return;
    }
    bool again = false;
    auto const report = after([&] {
        // Ext4 gives the number to the next file, others not: then it is another number.
        for (int n = 0; n != 50 && !again; ++n) {
            fs::remove(file);
            dir.write("file");
            again = inode_of(file) == inode;
        }
    });
    BOOST_TEST_MESSAGE("the same inode number: " << again);
    BOOST_TEST(findings(report) == lines{"9 replaced file: path does not name the watched object"});
    expect_watched(file, 9);
}

BOOST_AUTO_TEST_CASE(a_file_was_replaced_by_a_symbolic_link)
{
    auto const file = dir.write("file");
    auto const other = dir.write("other");
    set.add_at(wd(9), file, event_mask::attrib);
    auto const report = after([&] {
        fs::remove(file);
        fs::create_symlink(other, file);
    });
    BOOST_TEST(findings(report) == lines{"9 replaced file: path does not name the watched object"});
    expect_watched(other, 9);
}

BOOST_AUTO_TEST_CASE(a_link_that_is_watched_itself)
{
    auto const target = dir.write("target");
    fs::create_symlink(target, dir / "link");
    set.add(dir / "link", event_mask::all, add_options::dont_follow);
    set.add(target, event_mask::all);
    auto const expected = test::watch_lines(set.native_handle());
    auto report = after([] {});
    BOOST_TEST(report.same == 2U);
    BOOST_TEST(test::watch_lines(set.native_handle()) == expected,
               boost::test_tools::per_element());
    if (test::can_open_by_handle()) {
        report = after([&] { fs::rename(dir / "link", dir / "moved"); });
        BOOST_TEST(findings(report) == lines{"1 moved moved"});
        BOOST_TEST(test::watch_lines(set.native_handle()) == expected,
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_directory_became_a_file)
{
    fs::create_directories(dir / "d");
    set.add(dir / "d", event_mask::create, add_options::only_directory);
    auto const report = after([&] {
        fs::remove(dir / "d");
        dir.write("d");
    });
    BOOST_TEST(findings(report) == lines{"1 gone d: Not a directory"},
               boost::test_tools::per_element());
}

// A new file gets the inode number of the one that the restore looks up.
BOOST_AUTO_TEST_CASE(other_files_are_created_during_a_restore)
{
    std::atomic<bool> over = false;
    std::thread others([&] {
        for (int n = 0; !over; ++n) {
            auto const path = dir / ("other" + std::to_string(n % 50));
            ::close(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
            ::unlink(path.c_str());
        }
    });
    lines unexpected;
    for (int n = 0; n != 1000 && unexpected.empty(); ++n) {
        auto const file = dir.write("file");
        set.add(file, event_mask::attrib);
        auto const saved = save(set);
        set.close();
        fs::remove(file);
        auto const found = findings(restore(set, saved, {false, true}));
        if (found != lines{"1 gone file: No such file or directory"}) {
            unexpected = found;
        }
        set.close();
        set.open();
    }
    over = true;
    others.join();
    BOOST_TEST(unexpected == lines{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(two_paths_name_one_object_now)
{
    auto const a = dir.write("a");
    auto const b = dir.write("b");
    set.add(a, event_mask::attrib);
    set.add(b, event_mask::attrib);
    // The first path names what the second watch was on: the second one keeps it.
    auto const report = after([&] {
        fs::remove(a);
        fs::create_hard_link(b, a);
    });
    BOOST_TEST(findings(report) == lines{"1 failed a: File exists"});
    BOOST_TEST(report.same == 1U);
    expect_watched(b, 2);
}

BOOST_AUTO_TEST_CASE(each_link_to_one_file_costs_another_pass)
{
    constexpr int links = 200;
    auto const target = dir.write("target");
    for (int n = 0; n != links; ++n) {
        set.add(new_file(), event_mask::attrib);
    }
    set.add(target, event_mask::attrib);
    auto const saved = save(set);
    for (int n = 1; n != links + 1; ++n) {
        auto const path = dir / ("file" + std::to_string(n));
        fs::remove(path);
        fs::create_hard_link(target, path);
    }
    asio_inotify::detail::set_restorer restorer(saved, {false, true});
    using progress = asio_inotify::detail::set_restorer::progress;
    int passes = 0;
    for (auto last = progress::start_over; last != progress::done; ++passes) {
        BOOST_TEST_REQUIRE(passes < 2);
        test::instance fresh;
        asio_inotify::detail::read_backlog backlog;
        asio_inotify::detail::watch_registry registry;
        do {
            error_code ec;
            last = restorer.step({fresh.in.native_handle(), backlog, true}, registry, ec);
            BOOST_TEST_REQUIRE(!ec);
        } while (last == progress::more);
    }
    BOOST_TEST(passes == 2);
    BOOST_TEST(restorer.report().same == 1U);
    BOOST_TEST(restorer.report().count(test::watch_outcome::failed) == std::size_t{links});
}

// Two links lead to the file of another watch each, and both files have their names still.
BOOST_AUTO_TEST_CASE(links_to_two_files_are_tried_in_turn)
{
    std::vector<fs::path> links;
    for (int n = 0; n != 4; ++n) {
        links.push_back(new_file());
        set.add(links.back(), event_mask::attrib);
    }
    auto const b = dir.write("b");
    auto const c = dir.write("c");
    set.add(b, event_mask::attrib);
    set.add(c, event_mask::attrib);
    auto const report = after([&] {
        for (std::size_t n = 0; n != links.size(); ++n) {
            fs::remove(links[n]);
            fs::create_hard_link(n % 2 == 0 ? b : c, links[n]);
        }
    });
    BOOST_TEST(report.same == 2U);
    BOOST_TEST(
        (findings(report) == lines{"1 failed file1: File exists", "2 failed file2: File exists",
                                   "3 failed file3: File exists", "4 failed file4: File exists"}));
    expect_watched(b, 5);
    expect_watched(c, 6);
}

// The path of a watch that comes first in the second pass must lead to its own inode.
BOOST_AUTO_TEST_CASE(a_path_that_names_a_third_object_is_tried_too_soon)
{
    auto const a = new_file();
    auto const b = new_file();
    auto const c = new_file();
    set.add(a, event_mask::attrib);
    set.add(b, event_mask::attrib);
    set.add(c, event_mask::attrib);
    auto const report = after([&] {
        fs::rename(b, dir / "kept");
        fs::create_hard_link(c, b);
        fs::remove(a);
        fs::create_hard_link(dir / "kept", a);
    });
    BOOST_TEST((findings(report) == lines{"1 replaced file1: path does not name the watched object",
                                          "2 failed file2: File exists"}));
    expect_watched(c, 3);
    expect_watched(a, 1);
}

BOOST_AUTO_TEST_CASE(two_watches_with_one_path)
{
    auto const a = dir.write("a");
    set.add(a, event_mask::attrib);
    fs::rename(a, dir / "b");
    dir.write("a");
    set.add(a, event_mask::attrib);
    auto const expected = test::watch_lines(set.native_handle());
    auto const report = after([] {});
    if (!test::can_open_by_handle()) {
        BOOST_TEST(findings(report) == lines{"1 failed a: File exists"});
        return;
    }
    BOOST_TEST(findings(report) == lines{"1 moved b"});
    BOOST_TEST(test::watch_lines(set.native_handle()) == expected,
               boost::test_tools::per_element());
    BOOST_TEST((set.find(a.native()).wd() == wd(2)));
}

BOOST_AUTO_TEST_CASE(names_were_swapped)
{
    auto const a = dir.write("a");
    auto const b = dir.write("b");
    set.add(a, event_mask::attrib);
    set.add(b, event_mask::attrib);
    auto const report = after([&] {
        fs::rename(a, dir / "c");
        fs::rename(b, a);
        fs::rename(dir / "c", b);
    });
    // A watch goes to what its path names.
    BOOST_TEST((findings(report) == lines{"1 replaced a: path does not name the watched object",
                                          "2 replaced b: path does not name the watched object"}));
}

BOOST_AUTO_TEST_CASE(all_or_nothing)
{
    auto const file = dir.write("file");
    auto const stays = dir.write("stays");
    set.add_at(wd(9), file, event_mask::attrib);
    set.add_at(wd(10), stays, event_mask::attrib);
    auto const saved = save(set);
    set.close();
    fs::remove(file);
    auto const descriptors = test::open_descriptors();
    error_code ec;
    auto const report = restore(set, saved, {}, ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(findings(report) == lines{"9 gone file: No such file or directory"});
    BOOST_TEST(report.same == 1U);
    BOOST_TEST(!set.is_open());
    BOOST_TEST(set.empty());
    BOOST_TEST(test::open_descriptors() == descriptors);
    try {
        restore(set, saved);
        BOOST_ERROR("not thrown");
    } catch (boost::system::system_error const& e) {
        BOOST_TEST(std::string(e.what()).find("restore") != std::string::npos);
        BOOST_TEST(std::string(e.what()).find('9') != std::string::npos);
        BOOST_TEST(std::string(e.what()).find(file.native()) != std::string::npos);
    }
    // Replaced is lost, too.
    dir.write("file");
    restore(set, saved, {}, ec);
    BOOST_TEST(ec == error::watch_moved);
    BOOST_TEST(!set.is_open());
    // Where nobody asks, what the path names is what was watched.
    BOOST_TEST(restore(set, saved, {true, false}).same == 2U);
    expect_watched(file, 9);
}

BOOST_AUTO_TEST_CASE(without_identities)
{
    auto const file = dir.write("file");
    test::saved_watch known;
    known.wd = wd(3);
    known.path = file.native();
    known.mask = event_mask::attrib;
    auto nameless = known;
    nameless.wd = wd(4);
    nameless.path.clear();
    set.close();
    auto const report = restore(set, test::snapshot({known, nameless}), {false, true});
    BOOST_TEST(report.same == 1U);
    BOOST_TEST(report.compared == 0U);
    BOOST_TEST(findings(report) == lines{"4 gone : path does not name the watched object"});
    expect_watched(file, 3);
}

// Why an object was not found: it is not there, or the lookup failed.
// A relative path means what it means where and when the watch is made again.
BOOST_AUTO_TEST_CASE(relative_paths)
{
    test::run_in_child([&] {
        fs::create_directory(dir / "here");
        fs::create_directory(dir / "there");
        dir.write("here/file");
        dir.write("there/file");
        fs::current_path(dir / "here");
        set.add("file", event_mask::attrib);
        auto const saved = save(set);
        BOOST_TEST(saved.watches()[0].path == "file");
        set.close();
        BOOST_TEST(restore(set, saved).same == 1U);
        BOOST_TEST(set.find(wd(1)).path() == "file");

        fs::current_path(dir / "there");
        BOOST_TEST(findings(revalidate(set)) ==
                   lines{"1 moved file: path does not name the watched object"});
        error_code ec;
        set.set_mask(wd(1), event_mask::all, ec);
        BOOST_TEST(ec == error::watch_moved);
        set.close();
        BOOST_TEST(findings(restore(set, saved, {false, true})) ==
                   lines{"1 replaced file: path does not name the watched object"});
        fs::permissions("file", fs::perms::owner_all);
        test::expect_events(test::drain(set), {"file: 1 attrib"});
        set.close();

        fs::current_path(dir.path());
        auto const report = restore(set, saved, {false, true});
        if (test::can_open_by_handle()) {
            BOOST_TEST(findings(report) == lines{"1 moved file"});
            BOOST_TEST(set.find(wd(1)).path() == (dir / "here" / "file").native());
        } else {
            BOOST_TEST(findings(report) == lines{"1 gone file: No such file or directory"});
        }
    });
}

// A child has the watches under its own instance; the parent loses nothing.
BOOST_AUTO_TEST_CASE(a_forked_child)
{
    auto const file = dir.write("file");
    set.add_at(wd(100), file, event_mask::attrib);
    set.add(dir.path(), event_mask::create);
    fs::permissions(file, fs::perms::owner_all);
    auto const account_before = account();
    test::run_in_child([&] {
        context.notify_fork(boost::asio::execution_context::fork_child);
        auto const saved = save(set);
        set.close();
        auto const report = restore(set, saved);
        BOOST_TEST(report.same == 2U);
        BOOST_TEST(set.available() == 0U);
        expect_watched(file, 100);
    });
    BOOST_TEST(account() == account_before);
    // What the child did to the file is seen here as well.
    auto const seen = test::drain(set);
    BOOST_TEST_REQUIRE(!seen.empty());
    for (auto const& line : seen) {
        BOOST_TEST(line == "file: 100 attrib");
    }
}

BOOST_AUTO_TEST_SUITE_END()
