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
#include "support/skipping.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Restoring without memory, permission or descriptors.
BOOST_FIXTURE_TEST_SUITE(set_restore_limits, test::open_set)

using test::error;
using test::error_code;
using test::event_mask;
using test::findings;
using test::wd;
using lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(files_without_permission)
{
    test::run_in_child([&] {
        auto const renamed = dir.write("renamed");
        set.add(new_file(), event_mask::attrib);
        set.add(renamed, event_mask::attrib);
        fs::permissions(dir.path(), fs::perms::all);
        test::become_unprivileged();
        auto const saved = save(set);
        set.close();
        fs::rename(renamed, dir / "elsewhere");
        auto const report = restore(set, saved, {false, true});
        // Without the capability nothing is looked up.
        lines expected{"2 gone renamed: No such file or directory"};
        BOOST_TEST(findings(report) == expected, boost::test_tools::per_element());
    });
    test::run_in_child([&] {
        auto const secret = dir.write("secret");
        // The instance of the parent is every child's.
        set.close();
        set.open();
        set.add(secret, event_mask::attrib);
        auto const saved = save(set);
        set.close();
        fs::permissions(secret, fs::perms::none);
        fs::permissions(dir.path(), fs::perms::all);
        test::become_unprivileged();
        auto const report = restore(set, saved, {false, true});
        BOOST_TEST(findings(report) == lines{"1 failed secret: Permission denied"});
    });
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_looked_up)
{
    auto const file = new_file();
    set.add(file, event_mask::attrib);
    auto const saved = save(set);
    set.close();
    fs::rename(file, dir / "elsewhere");
    struct attempt
    {
        int error;
        std::string expected;
    };
    attempt const attempts[] = {
        {ESTALE, "1 gone file1: No such file or directory"},
        {EPERM, "1 gone file1: No such file or directory"},
        {EOPNOTSUPP, "1 gone file1: No such file or directory"},
        {ENOMEM, "1 failed file1: Cannot allocate memory"},
        {EMFILE, "1 failed file1: Too many open files"},
        {EIO, "1 failed file1: Input/output error"},
    };
    for (auto const& [error, expected] : attempts) {
        test::run_in_child([&, error = error, expected = expected] {
            test::fail_system_call(SYS_open_by_handle_at, error);
            BOOST_TEST(findings(restore(set, saved, {false, true})) == lines{expected});
        });
    }
}

BOOST_AUTO_TEST_CASE(at_the_limit_of_watches)
{
    test::run_in_child([&] {
        for (int n = 0; n != 5; ++n) {
            set.add(new_file(), event_mask::attrib);
        }
        auto const saved = save(set);
        set.close();
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 3);
        error_code ec;
        auto const report = restore(set, saved, {}, ec);
        BOOST_TEST(ec == boost::system::errc::no_space_on_device);
        auto const limit = make_error_code(error::watch_limit_reached).message();
        BOOST_TEST(
            (findings(report) == lines{"4 failed file4: " + limit, "5 failed file5: " + limit}));
        BOOST_TEST(!set.is_open());
        BOOST_TEST(restore(set, saved, {false, true}).same == 3U);
        BOOST_TEST(set.size() == 3U);
        // Nothing was left behind by the first try, or it would have counted.
        test::limit("max_inotify_watches", 100);
        BOOST_TEST(set.add(new_file(), event_mask::all).value() == 6);
        set.add_at(wd(4), new_file(), event_mask::all);
    });
}

BOOST_AUTO_TEST_CASE(a_kernel_that_does_not_let_numbers_be_chosen)
{
    test::run_in_child([&] {
        for (int n = 0; n != 3; ++n) {
            set.add(new_file(), event_mask::attrib);
        }
        auto const in_a_row = save(set);
        set.add_at(wd(7), new_file(), event_mask::attrib);
        auto const with_a_gap = save(set);
        set.close();
        test::forbid_set_next();
        // The kernel gives 1, 2, 3 by itself.
        BOOST_TEST(restore(set, in_a_row).same == 3U);
        set.close();
        error_code ec;
        restore(set, with_a_gap, {}, ec);
        BOOST_TEST(ec == error::set_next_unsupported);
        BOOST_TEST(!set.is_open());
        auto const report = restore(set, with_a_gap, {false, true});
        BOOST_TEST(report.same == 3U);
        BOOST_TEST(report.count(test::watch_outcome::failed) == 1U);
    });
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left)
{
    test::run_in_child([&] {
        set.add(new_file(), event_mask::attrib);
        auto const saved = save(set);
        set.close();
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 0);
        error_code ec;
        restore(set, saved, {}, ec);
        BOOST_TEST(ec == boost::system::errc::too_many_files_open);
        BOOST_TEST(!set.is_open());
    });
}

// A file that was renamed is never gone: it is found, or the search has failed.
BOOST_AUTO_TEST_CASE(a_search_without_descriptors_finds_that_the_file_is_gone)
{
    if (!test::can_open_by_handle()) {
        test::print_skipped("no permission to open files by their handles");
        return;
    }
    auto const file = new_file();
    set.add(file, event_mask::attrib);
    auto const saved = save(set);
    set.close();
    fs::rename(file, dir / "elsewhere");
    // The instance, a list in /proc, the directory and the file.
    constexpr int enough = 6;
    for (int left = 0; left <= enough; ++left) {
        test::run_in_child([&] {
            int const lowest = ::dup(0);
            ::close(lowest);
            rlimit limit{};
            BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
            limit.rlim_cur = static_cast<rlim_t>(lowest + left);
            BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
            error_code ec;
            auto const found = findings(restore(set, saved, {false, true}, ec));
            if (ec) {
                BOOST_TEST(left != enough);
                BOOST_TEST(ec == boost::system::errc::too_many_files_open);
            } else if (left == enough || found != lines{"1 failed file1: Too many open files"}) {
                BOOST_TEST(found == lines{"1 moved elsewhere"});
            }
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()
