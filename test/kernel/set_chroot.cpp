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
#include "support/temp_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <sys/inotify.h>
#include <unistd.h>

namespace fs = std::filesystem;

// After a chroot(2) the list of mounts does not show the filesystem of the root directory, and file
// handles are opened anyway.
BOOST_FIXTURE_TEST_SUITE(set_chroot, test::open_set)

using test::event_mask;
using test::findings;
using test::wd;
using lines = std::vector<std::string>;

// A child, as it cannot leave the directory again.
template <class Body>
void run_in_chroot(fs::path const& root, Body body)
{
    test::run_in_child([&] {
        if (!test::can_open_by_handle()) {
            throw test::skipped("objects may not be opened by their handles");
        }
        test::enter_chroot(root);
        body();
    });
}

BOOST_AUTO_TEST_CASE(a_renamed_file_was_not_found)
{
    dir.write("old");
    fs::create_directory(dir / "below");
    run_in_chroot(dir.path(), [&] {
        set.add_at(wd(9), "/old", event_mask::attrib);
        set.add_at(wd(10), "/below", event_mask::create);
        auto const saved = save(set);
        set.close();
        fs::rename("/old", "/below/new");
        fs::rename("/below", "/moved");
        auto const report = restore(set, saved, {false, true});
        BOOST_TEST((findings(report) == lines{"9 moved new", "10 moved moved"}));
        BOOST_TEST(set.find(wd(9)).path() == "/moved/new");
        fs::permissions("/moved/new", fs::perms::owner_read);
        auto const seen = test::drain(set);
        BOOST_TEST_REQUIRE(seen.size() == 1U);
        BOOST_TEST(seen[0].ends_with(": 9 attrib"));
    });
}

BOOST_AUTO_TEST_CASE(a_deleted_file_is_gone_and_not_a_failure)
{
    dir.write("old");
    run_in_chroot(dir.path(), [&] {
        set.add_at(wd(9), "/old", event_mask::attrib);
        auto const saved = save(set);
        set.close();
        fs::remove("/old");
        BOOST_TEST((findings(restore(set, saved, {false, true})) ==
                    lines{"9 gone old: No such file or directory"}));
    });
}

BOOST_AUTO_TEST_CASE(the_paths_of_an_adopted_instance_were_not_found)
{
    dir.write("file");
    run_in_chroot(dir.path(), [&] {
        set.close();
        int const fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        BOOST_REQUIRE(::inotify_add_watch(fd, "/file", IN_MODIFY) == 1);
        auto const report = adopt(set, fd);
        BOOST_TEST(report.same == 1U);
        BOOST_TEST(findings(report) == lines{});
        BOOST_TEST(set.find(wd(1)).path() == "/file");
    });
}

// A path through /proc leads to mounts of another namespace, which no list here has.
BOOST_AUTO_TEST_CASE(a_file_on_another_filesystem_than_the_root)
{
    test::temp_directory const elsewhere(test::place_in_memory());
    auto const above = "/proc/" + std::to_string(::getpid()) + "/root" + elsewhere.path().native();
    elsewhere.write("old");
    run_in_chroot(dir.path(), [&] {
        set.add_at(wd(9), above + "/old", event_mask::attrib);
        auto const saved = save(set);
        set.close();
        fs::rename(above + "/old", above + "/new");
        auto const report = restore(set, saved, {false, true});
        BOOST_TEST_REQUIRE(report.findings.size() == 1U);
        BOOST_TEST((report.findings[0].outcome == test::watch_outcome::moved));
        fs::permissions(above + "/new", fs::perms::owner_read);
        BOOST_TEST(test::drain(set).size() == 1U);
    });
}

BOOST_AUTO_TEST_SUITE_END()
