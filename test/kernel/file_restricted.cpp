//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"
#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

// What cannot be tried without changing the process: each in one of its own.
BOOST_AUTO_TEST_SUITE(file_restricted)

namespace fs = std::filesystem;
using test::append;

BOOST_AUTO_TEST_CASE(files_without_permission)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_files f;
        fs::create_directories(f / "a/b");
        f.dir.write("a/b/f");
        auto const path = f.add("a/b/f");
        auto const mode = [&](std::string_view name, mode_t bits) {
            BOOST_TEST(::chmod((f / name).c_str(), bits) == 0);
        };
        // A directory that cannot be searched.
        mode("a", 0000);
        f.expect({"disappeared a/b/f"});
        BOOST_TEST((f.last == boost::system::errc::permission_denied));
        mode("a", 0700);
        f.expect({"appeared a/b/f"});
        // A directory that can be searched but not read has no watch, but the ones below it have.
        mode("a/b", 0100);
        BOOST_TEST(f.reports().empty());
        append(path);
        BOOST_TEST(f.reports() == std::vector<std::string>{"changed a/b/f"});
        mode("a/b", 0700);
        f.expect({});
        mode("a/b/f", 0000);
        f.expect({"disappeared a/b/f"});
        mode("a/b/f", 0600);
        f.expect({"appeared a/b/f"});
        append(path);
        f.expect({"changed a/b/f"});
        // Through another name of the file, in a directory that nobody watches.
        fs::create_directory(f / "other");
        fs::create_hard_link(path, f / "other/f");
        f.expect({});
        mode("other/f", 0000);
        f.expect({"disappeared a/b/f"});
        mode("other/f", 0600);
        f.run_until_reported();
        f.expect({"appeared a/b/f"});
        // From the beginning.
        fs::create_directory(f / "c");
        f.dir.write("c/f");
        mode("c", 0000);
        f.add("c/f");
        BOOST_TEST(!f.watcher.identity(f / "c/f"));
        f.expect({});
        mode("c", 0700);
        f.expect({"appeared c/f"});
    });
}

BOOST_AUTO_TEST_CASE(below_a_directory_that_cannot_be_watched)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::watched_files f;
        fs::create_directory(f / "a");
        BOOST_TEST(::chmod((f / "a").c_str(), 0300) == 0);
        f.add("a/f");
        f.expect({});
        // Checked from time to time.
        f.dir.write("a/f");
        f.run_until_reported();
        BOOST_TEST(f.seen.front() == "appeared a/f");
        f.seen.clear();
        append(f / "a/f");
        f.run_until_reported();
        f.seen.clear();
        f.replace("a/f");
        f.run_until_reported();
        f.expect_current(f / "a/f");
        f.seen.clear();
        // The directories below report for themselves.
        fs::create_directory(f / "a/b");
        f.dir.write("a/b/f");
        f.add("a/b/f");
        BOOST_TEST(f.reports().empty());
        fs::rename(f / "a/b", f / "a/c");
        BOOST_TEST(f.reports() == std::vector<std::string>{"disappeared a/b/f"},
                   boost::test_tools::per_element());
        BOOST_TEST(::chmod((f / "a").c_str(), 0700) == 0);
    });
}

BOOST_AUTO_TEST_CASE(unmounted)
{
    test::run_in_child([] {
        test::enter_mount_namespace();
        test::watched_files f;
        fs::create_directory(f / "m");
        auto const mount = [&] {
            if (::mount("none", (f / "m").c_str(), "tmpfs", 0, nullptr) != 0) {
                throw test::skipped("no tmpfs: " + test::message_of(errno));
            }
        };
        mount();
        f.dir.write("m/f");
        f.add("m/f");
        append(f / "m/f");
        f.expect({"changed m/f"});
        BOOST_TEST(::umount((f / "m").c_str()) == 0);
        f.expect({"disappeared m/f"});
        f.dir.write("m/f");
        f.expect({"appeared m/f"});
        // What is mounted later hides it, and is seen by no watch.
        mount();
        f.expect({"disappeared m/f"});
        f.dir.write("m/f");
        f.expect({"appeared m/f"});
        append(f / "m/f");
        f.expect({"changed m/f"});
        BOOST_TEST(::umount2((f / "m").c_str(), MNT_DETACH) == 0);
        f.expect({"changed m/f"});
        f.expect_current(f / "m/f");
        f.dir.write("other");
        BOOST_TEST(::mount((f / "other").c_str(), (f / "m/f").c_str(), nullptr, MS_BIND, nullptr) ==
                   0);
        f.expect({"changed m/f"});
        append(f / "other");
        f.expect({"changed m/f"});
    });
}

BOOST_AUTO_TEST_CASE(too_few_watches)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 12);
        test::watched_files f;
        auto const before = f.watcher.watches();
        int added = 0;
        test::error_code ec;
        for (; !ec; ++added) {
            f.dir.write(std::to_string(added));
            f.watcher.add(f / std::to_string(added), ec);
        }
        BOOST_TEST(ec == asio_inotify::error::watch_limit_reached);
        BOOST_TEST((ec == boost::system::errc::no_space_on_device), ec.message());
        BOOST_TEST(f.watcher.watches() == 12U);
        BOOST_TEST(f.watcher.size() == static_cast<std::size_t>(added) - 1);
        f.expect({});
        // Nor does a way that leads through more directories leave anything behind.
        f.watcher.remove(f / "0");
        fs::create_directories(f / "a/b/c");
        f.dir.write("a/b/c/f");
        f.watcher.add(f / "a/b/c/f", ec);
        BOOST_TEST((ec == boost::system::errc::no_space_on_device), ec.message());
        f.expect({});
        BOOST_TEST(f.watcher.watches() == 11U);
        // A directory that cannot be watched any more is checked from time to time.
        f.watcher.add(f / "x/y/f");
        BOOST_TEST(f.watcher.watches() == 11U);
        fs::create_directories(f / "x/y");
        f.dir.write("x/y/f");
        f.run_until_reported();
        BOOST_TEST(f.seen.front() == "appeared x/y/f");
        f.seen.clear();
        append(f / "x/y/f");
        f.run_until_reported();
        BOOST_TEST(f.seen.front() == "changed x/y/f");
        f.watcher.remove(f / "x/y/f");
        static_cast<void>(f.reports());
        for (int i = 1; i != added - 1; ++i) {
            f.watcher.remove(f / std::to_string(i));
        }
        BOOST_TEST(before == 0U);
        f.expect_consistent();
    });
}

BOOST_AUTO_TEST_CASE(too_few_instances_and_descriptors)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 1);
        boost::asio::io_context context;
        asio_inotify::file_watcher first(context);
        first.open();
        asio_inotify::file_watcher second(context);
        auto const open = test::open_descriptors();
        test::error_code ec;
        second.open(ec);
        BOOST_TEST(ec == asio_inotify::error::instance_limit_reached);
        BOOST_TEST((ec == boost::system::errc::too_many_files_open), ec.message());
        BOOST_TEST(!second.is_open());
        BOOST_TEST(test::open_descriptors() == open);
        first.close();
        // With each number of descriptors that is too few.
        rlimit limit{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        int const next = ::dup(0);
        ::close(next);
        for (int few = 0; ec || few == 0; ++few) {
            BOOST_TEST_REQUIRE(few < 20);
            limit.rlim_cur = static_cast<rlim_t>(next + few);
            BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
            second.open(ec);
            BOOST_TEST((!ec || ec == boost::system::errc::too_many_files_open), ec.message());
        }
    });
}

BOOST_AUTO_TEST_CASE(no_proc)
{
    test::temp_directory const dir;
    test::run_in_child([&] {
        test::enter_mount_namespace();
        boost::asio::io_context context;
        asio_inotify::file_watcher watcher(context);
        if (::chroot(dir.path().c_str()) != 0) {
            throw test::skipped("no chroot: " + test::message_of(errno));
        }
        test::error_code ec;
        watcher.open(ec);
        BOOST_TEST(ec == asio_inotify::error::proc_not_mounted);
        BOOST_TEST((ec == boost::system::errc::no_such_file_or_directory), ec.message());
        BOOST_TEST(!watcher.is_open());
        asio_inotify::tree_watcher trees(context);
        trees.open(ec);
        BOOST_TEST(ec == asio_inotify::error::proc_not_mounted);
        // What the watchers add by descriptor.
        asio_inotify::inotify in(context);
        in.open();
        in.add("/proc/self/fd/0", asio_inotify::event_mask::modify, ec);
        BOOST_TEST(ec == asio_inotify::error::proc_not_mounted);
        in.add("/missing", asio_inotify::event_mask::modify, ec);
        BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
        BOOST_TEST(ec != asio_inotify::error::proc_not_mounted);
    });
}

BOOST_AUTO_TEST_SUITE_END()
