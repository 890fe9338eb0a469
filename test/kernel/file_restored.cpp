//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/file_time.hpp"
#include "support/file/watched_files.hpp"
#include "support/process/restored.hpp"
#include "support/process/run_in_child.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace {

// Constructed before the watcher is opened.
struct before_opening
{
    test::restoring restored;
};

struct restored_files : before_opening, test::watched_files
{
    void restore() const { restored.restore(watcher.native_handle()); }

    /// As CRIU does it at a restore: the watch of a path is on the file that is there by then.
    void put_watch(int wd, fs::path const& path) const
    {
        auto const instance = test::inotify_instances().front();
        ::inotify_rm_watch(instance, wd);
        test::set_kernel_cursor(instance, wd);
        BOOST_REQUIRE(::inotify_add_watch(instance, path.c_str(), IN_ALL_EVENTS) == wd);
        test::set_kernel_cursor(instance, 100);
    }

    [[nodiscard]] static int watch_of(fs::path const& path)
    {
        auto const instance = test::inotify_instances().front();
        auto const wd = ::inotify_add_watch(instance, path.c_str(), IN_ATTRIB | IN_MASK_ADD);
        BOOST_REQUIRE(wd > 0);
        return wd;
    }

    /// How many handlers run until nothing is left to do; many if there is no end.
    int steps()
    {
        int count = 0;
        pollfd ready{watcher.native_handle(), POLLIN, 0};
        do {
            context.restart();
            count += static_cast<int>(context.poll_one());
        } while (::poll(&ready, 1, 0) != 0 && count < 1000);
        return count;
    }
};

} // namespace

// The process was restored by CRIU, or somebody else has changed the instance: what was lost is
// found, and nothing is used while nothing happens.
BOOST_FIXTURE_TEST_SUITE(file_restored, restored_files)

BOOST_AUTO_TEST_CASE(a_timer_that_expires_too_early_does_not_spin)
{
    dir.write("f");
    add("f");
    expect({});
    restored.expire_timers();
    BOOST_TEST_REQUIRE(steps() < 10);
    expect({});
}

BOOST_AUTO_TEST_CASE(a_timer_that_expires_before_its_deadline_does_not_spin)
{
    dir.write("f");
    add("f", {.settle = std::chrono::hours(1)});
    expect({});
    test::append(dir / "f");
    BOOST_TEST_REQUIRE(steps() < 10);
    restored.expire_timers();
    BOOST_TEST_REQUIRE(steps() < 10);
    expect({});
}

BOOST_AUTO_TEST_CASE(a_rescan_wakes_the_outstanding_wait)
{
    for (auto const* const name : {"written", "replaced", "gone", "same"}) {
        dir.write(name, "1");
        add(name);
    }
    add("new");
    add("d/e");
    expect({});
    test::append(dir / "written");
    replace("replaced");
    fs::remove(dir / "gone");
    dir.write("new");
    fs::create_directory(dir / "d");
    restored.lose_events();
    BOOST_TEST(reports().empty());
    watcher.rescan();
    expect({"appeared new", "changed replaced", "changed written", "disappeared gone"});
    watcher.rescan();
    expect({});
    dir.write("d/e");
    expect({"appeared d/e"});
    BOOST_TEST(watcher.counters().overflows == 0U);
    BOOST_TEST(watcher.counters().restores == 0U);
}

BOOST_AUTO_TEST_CASE(a_rescan_of_a_closed_watcher)
{
    watcher.close();
    test::error_code ec;
    watcher.rescan(ec);
    BOOST_TEST((ec == test::asio::error::bad_descriptor));
    BOOST_CHECK_THROW(watcher.rescan(), boost::system::system_error);
    BOOST_TEST(!watcher.notices_restores());
}

BOOST_AUTO_TEST_CASE(a_restore_is_noticed_without_an_event)
{
    for (auto const* const name : {"written", "replaced", "same"}) {
        dir.write(name, "1");
        add(name);
    }
    fs::create_directory(dir / "one");
    fs::create_directory(dir / "two");
    dir.write("one/f", "1");
    dir.write("two/f", "2");
    point("link", "one");
    add("link/f");
    expect({});
    BOOST_TEST(watcher.notices_restores());
    test::append(dir / "written");
    replace("replaced");
    point("link", "two");
    restore();
    expect({"changed link/f", "changed replaced", "changed written"});
    BOOST_TEST(watcher.counters().restores == 1U);
    BOOST_TEST_REQUIRE(steps() < 10);
    restore();
    expect({});
    BOOST_TEST(watcher.counters().restores == 2U);
    test::append(dir / "two/f");
    expect({"changed link/f"});
}

// Its size and times can be those of the file before.
BOOST_AUTO_TEST_CASE(the_watch_of_a_file_is_on_a_different_one)
{
    for (bool const is_noticed : {false, true}) {
        auto const path = add("f");
        expect({});
        dir.write("f", "1");
        expect({"appeared f"});
        auto const wd = watch_of(path);
        auto const before = test::identity_of(path);
        replace("f", "2");
        put_watch(wd, path);
        BOOST_TEST((test::identity_of(path) != before));
        is_noticed ? restore() : (restored.lose_events(), watcher.rescan());
        expect({"changed f"});
        expect_current(path);
        test::append(path);
        expect({"changed f"});
        watcher.remove(path);
        fs::remove(path);
        expect({});
    }
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_to_notice_a_restore)
{
    test::run_in_child([&] {
        rlimit limit{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        auto const most = limit.rlim_cur;
        watcher.close();
        test::error_code ec = make_error_code(boost::system::errc::too_many_files_open);
        for (limit.rlim_cur = 3; ec; ++limit.rlim_cur) {
            BOOST_TEST_REQUIRE(limit.rlim_cur < most);
            BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
            watcher.open(ec);
        }
        BOOST_TEST(!watcher.notices_restores());
        limit.rlim_cur = most;
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        watcher.rescan();
        BOOST_TEST(watcher.notices_restores());
    });
}

BOOST_AUTO_TEST_SUITE_END()
