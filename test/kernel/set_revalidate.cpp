//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/process/restricted.hpp"
#include "support/process/run_in_child.hpp"
#include "support/set/saved_set.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include <sys/inotify.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Somebody else has changed the instance, or the paths, under a set.
BOOST_FIXTURE_TEST_SUITE(set_revalidate, test::open_set)

using test::add_options;
using test::error_code;
using test::event_mask;
using test::findings;
using test::wd;
using lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(nothing_has_changed)
{
    set.add(new_file(), event_mask::all, add_options::one_shot);
    set.add_at(wd(50), new_file(), event_mask::modify, add_options::exclude_unlinked);
    fs::create_symlink("nowhere", dir / "link");
    set.add(dir / "link", event_mask::all, add_options::dont_follow);
    set.add(dir.path(), event_mask::create, add_options::only_directory);
    auto const before = account();
    auto const report = revalidate(set);
    BOOST_TEST(report.findings.empty());
    BOOST_TEST(report.same == 4U);
    BOOST_TEST(report.compared == 4U);
    BOOST_TEST(report.repaired == 0U);
    BOOST_TEST(report.foreign == 0U);
    BOOST_TEST(account() == before);
    BOOST_TEST(set.available() == 0U);
    // Nothing was used up by looking.
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 4);
}

BOOST_AUTO_TEST_CASE(lost_watches_are_added_again)
{
    auto const fires = new_file();
    auto const other = new_file();
    set.add(fires, event_mask::attrib | event_mask::open, add_options::one_shot);
    set.add(other, event_mask::all, add_options::exclude_unlinked);
    auto const before = account();
    // As a restorer does that knows no options.
    BOOST_REQUIRE(::inotify_add_watch(set.native_handle(), fires.c_str(), IN_ATTRIB) == 1);
    BOOST_REQUIRE(::inotify_add_watch(set.native_handle(), other.c_str(), IN_OPEN) == 2);
    BOOST_TEST(account() != before);
    auto const report = revalidate(set);
    BOOST_TEST(report.repaired == 2U);
    BOOST_TEST(report.same == 2U);
    BOOST_TEST(account() == before);
}

BOOST_AUTO_TEST_CASE(a_watch_is_gone_without_a_word)
{
    set.add(new_file(), event_mask::all);
    set.add(new_file(), event_mask::all);
    BOOST_REQUIRE(::inotify_rm_watch(set.native_handle(), 2) == 0);
    std::array<char, 256> taken{};
    BOOST_REQUIRE(::read(set.native_handle(), taken.data(), taken.size()) == 16);
    auto const report = revalidate(set);
    BOOST_TEST(findings(report) == lines{"2 gone file2: no watch has this watch descriptor"});
    BOOST_TEST(report.same == 1U);
    test::expect_events(test::drain(set), {"file2: 2 ignored"});
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(revalidate(set).findings.empty());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_watch_is_reported_once)
{
    auto const file = new_file();
    set.add(file, event_mask::delete_self);
    fs::remove(file);
    BOOST_TEST(findings(revalidate(set)) ==
               lines{"1 gone file1: no watch has this watch descriptor"});
    BOOST_TEST(findings(revalidate(set)) ==
               lines{"1 gone file1: no watch has this watch descriptor"});
    test::expect_events(test::drain(set), {"file1: 1 delete_self", "file1: 1 ignored"});
    BOOST_TEST(set.empty());
}

// A read has taken events off the queue, and its handler did not run yet.
BOOST_AUTO_TEST_CASE(the_end_of_a_watch_comes_after_its_events)
{
    boost::asio::io_context reading;
    auto const ends = new_file();
    fs::path const others[] = {new_file(), new_file()};
    set.add(ends, event_mask::delete_self);
    for (auto const& path : others) {
        set.add(path, event_mask::attrib);
    }
    // More than the read takes.
    for (int n = 0; n != 20; ++n) {
        fs::permissions(others[n % 2], fs::perms::owner_all);
    }
    fs::remove(ends);
    std::array<std::byte, asio_inotify::minimum_watch_buffer_size> memory;
    std::size_t events = 0;
    auto const count = [&](error_code ec, asio_inotify::watch_event_batch batch) {
        BOOST_TEST(!ec);
        events = static_cast<std::size_t>(std::ranges::distance(batch));
    };
    set.async_read_events(boost::asio::buffer(memory), boost::asio::bind_executor(reading, count));
    context.poll();
    BOOST_TEST(revalidate(set).count(test::watch_outcome::gone) == 1U);
    BOOST_TEST(events == 0U);
    reading.poll();
    auto const seen = test::drain(set);
    BOOST_TEST_REQUIRE(seen.size() == 20 - events + 2);
    BOOST_TEST(seen[seen.size() - 2] == "file1: 1 delete_self");
    BOOST_TEST(seen.back() == "file1: 1 ignored");
    BOOST_TEST(set.counters().stale == 0U);

    // The same if the read takes everything later: reported as soon as nothing is queued.
    set.async_read_events(boost::asio::buffer(memory), boost::asio::bind_executor(reading, count));
    BOOST_REQUIRE(::inotify_rm_watch(set.native_handle(), 2) == 0);
    std::array<char, 256> taken{};
    BOOST_REQUIRE(::read(set.native_handle(), taken.data(), taken.size()) == 16);
    fs::path const both[] = {others[1], new_file()};
    set.add(both[1], event_mask::attrib);
    for (int n = 0; n != 20; ++n) {
        fs::permissions(both[n % 2], fs::perms::owner_all);
    }
    BOOST_TEST(revalidate(set).count(test::watch_outcome::gone) == 1U);
    events = 0;
    context.restart();
    context.poll();
    reading.restart();
    reading.poll();
    BOOST_TEST(events != 0U);
    BOOST_TEST(test::drain(set).back() == "file2: 2 ignored");
}

BOOST_AUTO_TEST_CASE(paths_are_out_of_date)
{
    auto const renamed = dir.write("renamed");
    auto const replaced = dir.write("replaced");
    auto const linked = dir.write("linked");
    auto const stays = dir.write("stays");
    for (auto const& path : {renamed, replaced, linked, stays}) {
        set.add(path, event_mask::modify);
    }
    fs::rename(renamed, dir / "elsewhere");
    fs::rename(replaced, dir / "old");
    dir.write("replaced");
    fs::rename(linked, dir / "linked before");
    fs::create_hard_link(stays, linked);
    test::drain(set);
    auto const before = test::watch_lines(set.native_handle());
    auto const report = revalidate(set);
    BOOST_TEST(
        (findings(report) == lines{"1 moved renamed: No such file or directory",
                                   "2 moved replaced: path does not name the watched object",
                                   "3 moved linked: path does not name the watched object"}));
    BOOST_TEST(report.same == 1U);
    BOOST_TEST(report.compared == 4U);
    BOOST_TEST(test::watch_lines(set.native_handle()) == before, boost::test_tools::per_element());
    // The one that was made for a moment, to ask with, is nobody's.
    test::expect_events(test::drain(set), {});
    BOOST_TEST(set.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_directory_of_the_path_is_none_any_more)
{
    fs::create_directory(dir / "sub");
    set.add(dir.write("sub/file"), event_mask::modify);
    fs::rename(dir / "sub", dir / "elsewhere");
    dir.write("sub");
    BOOST_TEST(findings(revalidate(set)) == lines{"1 moved file: Not a directory"});
}

// As after a restore by CRIU.
BOOST_AUTO_TEST_CASE(the_kernel_gives_other_numbers_than_before)
{
    set.add(new_file(), event_mask::attrib);
    BOOST_TEST(revalidate(set).same == 1U);
    test::add_behind_the_back(set, 77, new_file());
    BOOST_TEST(revalidate(set).same == 1U);
    BOOST_TEST(set.add(new_file(), event_mask::attrib).value() == 2);
}

BOOST_AUTO_TEST_CASE(one_of_somebody_else_for_one_that_is_missing)
{
    set.add(new_file(), event_mask::attrib);
    set.add(new_file(), event_mask::attrib);
    BOOST_REQUIRE(::inotify_rm_watch(set.native_handle(), 1) == 0);
    test::add_behind_the_back(set, 77, new_file());
    auto const report = revalidate(set);
    BOOST_TEST(report.foreign == 1U);
    BOOST_TEST(report.same == 1U);
    BOOST_TEST(findings(report) == lines{"1 gone file1: no watch has this watch descriptor"});
}

BOOST_AUTO_TEST_CASE(watches_of_somebody_else)
{
    set.add(new_file(), event_mask::all);
    auto const external = new_file();
    test::add_behind_the_back(set, 77, external);
    BOOST_TEST(revalidate(set).foreign == 1U);
    // A path that names what is watched by somebody else.
    fs::rename(external, dir / "file1");
    test::drain(set);
    auto const before = test::watch_lines(set.native_handle());
    auto const report = revalidate(set);
    BOOST_TEST(report.foreign == 1U);
    BOOST_TEST(test::watch_lines(set.native_handle()).size() == before.size());
}

BOOST_AUTO_TEST_CASE(files_without_permission)
{
    test::run_in_child([&] {
        auto const secret = dir.write("secret");
        set.add(secret, event_mask::modify);
        fs::permissions(secret, fs::perms::none);
        fs::permissions(dir.path(), fs::perms::all);
        test::become_unprivileged();
        auto const report = revalidate(set);
        BOOST_TEST(findings(report) == lines{"1 failed secret: Permission denied"});
        BOOST_TEST(report.compared == 0U);
        BOOST_TEST(set.size() == 1U);
    });
}

BOOST_AUTO_TEST_SUITE_END()
