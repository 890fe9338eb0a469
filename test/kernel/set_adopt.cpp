//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/process/read_hook.hpp"
#include "support/process/restricted.hpp"
#include "support/process/run_in_child.hpp"
#include "support/set/saved_set.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace fs = std::filesystem;

// A set takes over an instance that was made elsewhere.
namespace {

struct inherited : test::open_set
{
    inherited()
        : fd(::inotify_init1(IN_NONBLOCK))
    {
        set.close();
    }

    // Becomes the set's when it is adopted.
    int watch(fs::path const& path, std::uint32_t mask)
    {
        int const number = ::inotify_add_watch(fd, path.c_str(), mask);
        BOOST_REQUIRE(number > 0);
        return number;
    }

    int fd;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_adopt, inherited)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::findings;
using test::snapshot;
using test::wd;
using lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(paths_by_handle)
{
    auto const file = dir.write("file");
    watch(file, IN_MODIFY | IN_ONESHOT);
    watch(dir.path(), IN_CREATE | IN_EXCL_UNLINK);
    auto const report = adopt(set, fd);
    BOOST_TEST((set.find(wd(1)).mask() == event_mask::modify));
    BOOST_TEST((set.find(wd(1)).options() == add_options::one_shot));
    BOOST_TEST((set.find(wd(2)).mask() == event_mask::create));
    BOOST_TEST((set.find(wd(2)).options() == add_options::exclude_unlinked));
    BOOST_TEST(set.native_handle() == fd);
    BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    if (!test::can_open_by_handle()) {
        BOOST_TEST(report.count(test::watch_outcome::path_unknown) == 2U);
        test::print_skipped("objects may not be opened by their handles");
        return;
    }
    BOOST_TEST(report.same == 2U);
    BOOST_TEST(report.findings.empty());
    BOOST_TEST(set.find(wd(1)).path() == file.native());
    BOOST_TEST(set.find(wd(2)).path() == dir.path().native());
    set.set_mask(wd(1), event_mask::attrib);
    BOOST_TEST(revalidate(set).same == 2U);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_by_handle)
{
    if (!test::can_open_by_handle()) {
        test::print_skipped("objects may not be opened by their handles");
        return;
    }
    fs::create_symlink(dir.write("target"), dir / "link");
    watch(dir / "link", IN_ATTRIB | IN_DONT_FOLLOW);
    BOOST_TEST(adopt(set, fd).same == 1U);
    BOOST_TEST(set.find(wd(1)).path() == (dir / "link").native());
    set.set_mask(wd(1), event_mask::all);
    BOOST_TEST(revalidate(set).same == 1U);
}

BOOST_AUTO_TEST_CASE(without_the_capability_paths_stay_unknown)
{
    test::run_in_child([&] {
        auto const file = dir.write("file");
        watch(file, IN_MODIFY);
        watch(dir.path(), IN_CREATE);
        fs::permissions(dir.path(), fs::perms::all);
        test::become_unprivileged();
        snapshot const known(
            {{wd(2), event_mask::create, add_options::none, dir.path().native(), std::nullopt}});
        auto const report = adopt(set, fd, known);
        BOOST_TEST(findings(report) ==
                   lines{"1 path_unknown : path does not name the watched object"});
        BOOST_TEST(report.same == 1U);
        BOOST_TEST(set.find(wd(1)).path().empty());
        BOOST_TEST(set.find(wd(2)).path() == dir.path().native());
        error_code ec;
        set.set_mask(wd(1), event_mask::all, ec);
        BOOST_TEST(ec == error::watch_moved);
        auto const again = revalidate(set);
        BOOST_TEST(findings(again) ==
                   lines{"1 path_unknown : path does not name the watched object"});
        // Such a set can be saved; who restores it knows no better.
        BOOST_TEST(save(set).watches()[0].path.empty());
        set.remove(wd(1));
        BOOST_TEST(set.size() == 1U);
    });
}

BOOST_AUTO_TEST_CASE(known_watches_are_compared)
{
    auto const a = dir.write("a");
    auto const b = dir.write("b");
    watch(a, IN_MODIFY);
    watch(b, IN_MODIFY);
    BOOST_TEST(adopt(set, ::dup(fd)).count(test::watch_outcome::gone) == 0U);
    auto saved = save(set).watches();
    set.close();
    BOOST_TEST_REQUIRE(saved.size() == 2U);
    // As if the numbers had been given to other objects since.
    saved[0].path = "/nowhere/a";
    saved[0].options = add_options::only_directory;
    std::swap(saved[1].identity, saved[0].identity);
    saved[1].path = "/nowhere/b";
    saved.push_back({wd(9), event_mask::all, add_options::none, "/nowhere/c", std::nullopt});
    auto const report = adopt(set, fd, snapshot(saved, wd(20)));
    BOOST_TEST(report.compared == 2U);
    BOOST_TEST(report.count(test::watch_outcome::gone) == 1U);
    BOOST_TEST(set.find(wd(1)).path() != "/nowhere/a");
    BOOST_TEST(set.find(wd(2)).path() != "/nowhere/b");
    BOOST_TEST((set.find(wd(1)).options() == add_options::none));
    BOOST_TEST(!set.find(wd(9)));
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 20);
}

BOOST_AUTO_TEST_CASE(numbers_resume_behind_the_largest)
{
    // Of the kernel's watches, wherever its own cursor is.
    int const second = ::dup(fd);
    test::set_kernel_cursor(fd, 500);
    adopt(set, second);
    BOOST_TEST(set.add(new_file(), event_mask::attrib).value() == 1);
    set.close();
    test::set_kernel_cursor(fd, 50);
    watch(new_file(), IN_ATTRIB);
    int const third = ::dup(fd);
    adopt(set, third);
    BOOST_TEST(set.add(new_file(), event_mask::attrib).value() == 51);
    set.close();
    // Of what is known.
    adopt(set, fd, snapshot({{wd(70), event_mask::attrib, add_options::none, "/nowhere", {}}}));
    BOOST_TEST(set.add(new_file(), event_mask::attrib).value() == 71);
}

BOOST_AUTO_TEST_CASE(options_that_the_kernel_does_not_show)
{
    watch(dir.path(), IN_CREATE | IN_EXCL_UNLINK);
    adopt(set, fd,
          snapshot({{wd(1), event_mask::create, add_options::only_directory, dir.path().native(),
                     std::nullopt}}));
    BOOST_TEST((set.find(wd(1)).options() ==
                (add_options::only_directory | add_options::exclude_unlinked)));
}

BOOST_AUTO_TEST_CASE(queued_events_are_kept)
{
    auto const file = dir.write("file");
    auto const removed = dir.write("removed");
    watch(file, IN_ATTRIB);
    int const number = watch(removed, IN_ATTRIB);
    fs::permissions(file, fs::perms::owner_all);
    fs::permissions(removed, fs::perms::owner_all);
    BOOST_REQUIRE(::inotify_rm_watch(fd, number) == 0);
    fs::permissions(file, fs::perms::owner_read);
    adopt(set, fd, snapshot({{wd(1), event_mask::attrib, add_options::none, file.native(), {}}}));
    BOOST_TEST(set.available() == 64U);
    // Events of number 2 are in the queue: it is not given to another watch.
    BOOST_TEST(set.add(new_file(), event_mask::attrib).value() == 3);
    error_code ec;
    set.add_at(wd(2), new_file(), event_mask::attrib, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    fs::permissions(dir / "file1", fs::perms::owner_all);
    test::expect_events(test::drain(set), {"file: 1 attrib", "file: 1 attrib", "file1: 3 attrib"});
    BOOST_TEST(set.counters().stale == 2U);
}

// More than a buffer of the usual size takes.
BOOST_AUTO_TEST_CASE(events_are_not_lost_if_a_later_read_fails)
{
    constexpr std::size_t events = 10000;
    fs::path const two[] = {dir.write("a"), dir.write("b")};
    watch(two[0], IN_ATTRIB);
    watch(two[1], IN_ATTRIB);
    for (std::size_t n = 0; n != events; ++n) {
        fs::permissions(two[n % 2], fs::perms::owner_all);
    }
    // The last ones are of watches that are gone.
    for (int const number : {3, 5}) {
        BOOST_REQUIRE(watch(new_file(), IN_ATTRIB) == number);
        watch(new_file(), IN_ATTRIB);
        BOOST_REQUIRE(::inotify_rm_watch(fd, number) == 0);
    }
    test::set_kernel_cursor(fd, 90);
    BOOST_REQUIRE(watch(new_file(), IN_ATTRIB) == 90);
    BOOST_REQUIRE(::inotify_rm_watch(fd, 90) == 0);
    {
        int reads = 0;
        test::read_hook const second_fails([&](int from, void* buffer, std::size_t size) {
            if (from == fd && ++reads > 1) {
                errno = ENOMEM;
                return ssize_t{-1};
            }
            return test::real_read(from, buffer, size);
        });
        error_code ec;
        adopt(set, fd, snapshot(), ec);
        BOOST_TEST(reads > 0);
        if (ec) {
            // It can be tried again.
            BOOST_TEST(ec == boost::system::errc::not_enough_memory);
            reads = -1;
            adopt(set, fd);
        }
    }
    BOOST_TEST(set.available() == 16 * (events + 3));
    error_code ec;
    for (int const number : {3, 5, 90}) {
        set.add_at(wd(number), new_file(), event_mask::attrib, ec);
        BOOST_TEST(ec == error::watch_descriptor_quarantined);
    }
    // Numbers resume behind the last one that was seen.
    BOOST_TEST(set.add(new_file(), event_mask::attrib).value() == 91);
    BOOST_TEST(test::drain(set).size() == events);
}

BOOST_AUTO_TEST_CASE(events_that_keep_coming)
{
    auto const file = dir.write("file");
    auto const other = dir.write("other");
    watch(file, IN_ATTRIB);
    watch(other, IN_ATTRIB);
    fs::permissions(file, fs::perms::owner_all);
    constexpr int many = 100;
    int reads = 0;
    {
        // Whatever was read, there is more.
        test::read_hook const busy([&](int from, void* buffer, std::size_t size) {
            auto const got = test::real_read(from, buffer, size);
            if (from == fd && ++reads <= many) {
                fs::permissions(other, fs::perms::owner_all);
            }
            return got;
        });
        adopt(set, fd);
    }
    BOOST_TEST(reads > 0);
    BOOST_TEST(reads < many);
    // What came late is not lost either.
    auto const seen = test::drain(set);
    BOOST_TEST_REQUIRE(seen.size() == static_cast<std::size_t>(reads) + 1);
    BOOST_TEST(seen.front() == "file: 1 attrib");
    BOOST_TEST(seen.back() == "other: 2 attrib");
}

BOOST_AUTO_TEST_CASE(descriptors_that_are_no_instance)
{
    int pipe_ends[2];
    BOOST_REQUIRE(::pipe(pipe_ends) == 0);
    error_code ec;
    adopt(set, pipe_ends[0], snapshot(), ec);
    BOOST_TEST(ec == error::not_an_inotify_descriptor);
    BOOST_TEST(!set.is_open());
    BOOST_TEST(::close(pipe_ends[0]) == 0);
    BOOST_TEST(::close(pipe_ends[1]) == 0);
    adopt(set, -1, snapshot(), ec);
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    set.open();
    adopt(set, fd, snapshot(), ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
    BOOST_TEST(::close(fd) == 0);
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_the_instance_as_it_was)
{
    test::run_in_child([&] {
        auto const file = dir.write("file");
        watch(file, IN_ATTRIB);
        fs::permissions(file, fs::perms::owner_all);
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 0);
        error_code ec;
        adopt(set, fd, snapshot(), ec);
        BOOST_TEST(ec == boost::system::errc::too_many_files_open);
        BOOST_TEST(!set.is_open());
        char record[16];
        BOOST_TEST(::read(fd, record, sizeof record) == 16);
        BOOST_TEST(::close(fd) == 0);
    });
}

BOOST_AUTO_TEST_SUITE_END()
