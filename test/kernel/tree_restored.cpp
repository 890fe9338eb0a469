//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_watcher_saving.hpp>

#include "support/file/file_time.hpp"
#include "support/instance.hpp"
#include "support/process/restored.hpp"
#include "support/process/run_in_child.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include <sys/inotify.h>
#include <sys/resource.h>

namespace fs = std::filesystem;

namespace {

struct restored_tree : test::watched_tree
{
    // The order within a rescan is that of the directories.
    void expect_rescan(test::lines expected)
    {
        expected.insert(expected.begin(), "rescan_begin");
        expected.emplace_back("rescan_end");
        auto seen = take();
        BOOST_TEST_REQUIRE(seen.size() >= 2U);
        std::sort(seen.begin() + 1, seen.end() - 1);
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        if (seen != expected) {
            for (auto const& line : seen) {
                BOOST_TEST_MESSAGE("  reported: " << line);
            }
        }
    }

    /// Let the watcher read an empty queue after all files were written: then they are known.
    void be_complete()
    {
        test::next_tick();
        chmod(".", 0755);
        chmod(".", 0700);
        static_cast<void>(take());
    }

    void receive_on()
    {
        if (!is_receiving) {
            receive();
        }
    }

    void restore() const { restored.restore(watcher.native_handle()); }

    // Number and mask of each watch of the trees.
    [[nodiscard]] test::lines masks() const
    {
        test::lines found;
        auto const account = test::kernel_account(instance);
        for (std::size_t at = 0; (at = account.find("inotify wd:", at)) != std::string::npos;
             ++at) {
            auto const line = account.substr(at, account.find('\n', at) - at);
            found.push_back(line.substr(0, line.find(' ', 8)) +
                            line.substr(line.find(" mask:"), 14));
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    /// How many steps are taken until nothing is left to do; many if there is no end.
    [[nodiscard]] int steps()
    {
        int count = 0;
        if (!is_receiving) {
            receive();
        }
        do {
            context.restart();
            count += static_cast<int>(context.poll_one());
        } while (is_busy() && count < 1000);
        return count;
    }

    void close()
    {
        watcher.close();
        context.restart();
        context.poll();
        failure = {};
        is_receiving = false;
        replay = {};
    }

    void write_both(std::string const& one, std::string const& other) const
    {
        for (auto const& name : {one, other}) {
            make(name.substr(0, name.find('/')));
            write(name);
        }
    }

    [[nodiscard]] int watch_of(fs::path const& directory) const
    {
        // The mask is changed to what it was: nothing else tells the number.
        auto const wd = ::inotify_add_watch(instance, directory.c_str(), IN_CREATE | IN_MASK_ADD);
        BOOST_REQUIRE(wd > 0);
        return wd;
    }

    /// As CRIU does it at a restore: the watch descriptor is on what is at a path by then.
    void put_watch(int wd, fs::path const& directory) const
    {
        constexpr auto mask =
            IN_CREATE | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_ATTRIB | IN_MODIFY | IN_CLOSE_WRITE;
        ::inotify_rm_watch(instance, wd);
        test::set_kernel_cursor(instance, wd);
        BOOST_REQUIRE(::inotify_add_watch(instance, directory.c_str(), mask) == wd);
        // It goes on behind the largest one.
        test::set_kernel_cursor(instance, 100);
    }

    test::restoring restored;
};

} // namespace

// The process was restored by CRIU, or somebody else has changed the instance: what was lost is
// found, and nothing is used while nothing happens.
BOOST_FIXTURE_TEST_SUITE(tree_restored, restored_tree)

BOOST_AUTO_TEST_CASE(a_timer_that_expires_too_early_does_not_spin)
{
    start();
    restored.expire_timers();
    BOOST_TEST(is_busy());
    BOOST_TEST_REQUIRE(steps() < 10);
    expect({});
}

BOOST_AUTO_TEST_CASE(a_timer_that_expires_before_its_deadline_does_not_spin)
{
    write("a");
    auto options = test::at_once();
    options.grace_time = std::chrono::hours(1);
    start(options);
    // Held back, until its second half comes or the time is over.
    move("a", "../out/a");
    BOOST_TEST_REQUIRE(steps() < 10);
    restored.expire_timers();
    BOOST_TEST(is_busy());
    BOOST_TEST_REQUIRE(steps() < 10);
    BOOST_TEST(!is_busy());
    BOOST_TEST(reported.empty());
}

BOOST_AUTO_TEST_CASE(a_rescan_wakes_the_outstanding_receive)
{
    make("d");
    write("d/written");
    write("gone");
    test::next_tick();
    start();
    write("d/written");
    remove("gone");
    make("new/deep");
    write("new/deep/file");
    restored.lose_events();
    receive_on();
    watcher.rescan();
    expect_rescan({"created dir new", "created dir new/deep", "created file new/deep/file",
                   "modified file d/written", "removed file gone"});
    BOOST_TEST(watcher.counters().overflows == 0U);
    BOOST_TEST(watcher.counters().restores == 0U);
    be_complete();
    watcher.rescan();
    watcher.rescan();
    expect_rescan({});
    write("d/written");
    expect({"modified file d/written", "closed_write file d/written"});
}

BOOST_AUTO_TEST_CASE(events_that_were_read_before_come_before_the_rescan)
{
    write("a");
    start();
    move("a", "b");
    watcher.rescan();
    auto const seen = take();
    BOOST_TEST_REQUIRE(!seen.empty());
    BOOST_TEST(std::count(seen.begin(), seen.end(), "renamed file a -> b") <= 1);
    BOOST_TEST(seen.back() == "rescan_end");
}

BOOST_AUTO_TEST_CASE(a_rescan_of_a_closed_watcher)
{
    test::error_code ec;
    watcher.rescan(ec);
    BOOST_TEST((ec == test::asio::error::bad_descriptor));
    BOOST_CHECK_THROW(watcher.rescan(), boost::system::system_error);
    BOOST_TEST(!watcher.notices_restores());
}

BOOST_AUTO_TEST_CASE(a_rescan_before_and_during_the_initial_scan)
{
    make("a/b");
    open();
    watcher.rescan();
    add_root();
    watcher.rescan();
    auto const seen = take();
    BOOST_TEST(std::count(seen.begin(), seen.end(), "existing dir a/b") == 1);
    BOOST_TEST(replay.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_restore_is_noticed_without_an_event)
{
    make("d");
    write("d/written");
    write("replaced");
    test::next_tick();
    start();
    BOOST_TEST(watcher.notices_restores());
    expect({});
    write("d/written");
    write("other");
    move("other", "replaced");
    make("new");
    restore();
    expect_rescan({"created dir new", "modified file d/written", "modified file replaced"});
    BOOST_TEST(watcher.counters().restores == 1U);
    BOOST_TEST_REQUIRE(steps() < 10);
    be_complete();
    restore();
    expect_rescan({});
    BOOST_TEST(watcher.counters().restores == 2U);
    write("new/file");
    expect({"created file new/file", "modified file new/file", "closed_write file new/file"});
}

// Saving counts as a wake-up: it must not take the moment of now for that of completeness.
BOOST_AUTO_TEST_CASE(trees_are_saved_after_a_restore)
{
    write("written");
    test::next_tick();
    start();
    expect({});
    write("written");
    restore();
    test::next_tick();
    auto const saved = asio_inotify::save(watcher);
    watcher.close();
    context.restart();
    context.poll();
    failure = {};
    is_receiving = false;
    open();
    asio_inotify::restore(watcher, saved);
    expect_rescan({"modified file written"});
}

BOOST_AUTO_TEST_CASE(lost_options_of_watches_are_added_again)
{
    make("a/b");
    start();
    auto const before = masks();
    for (auto const* const name : {".", "a", "a/b"}) {
        // As CRIU does, which knows no options.
        BOOST_REQUIRE(::inotify_add_watch(instance, path(name).c_str(), IN_ALL_EVENTS) > 0);
        BOOST_REQUIRE(::inotify_add_watch(instance, path(name).c_str(), IN_CREATE) > 0);
    }
    BOOST_TEST(masks() != before);
    watcher.rescan();
    expect_rescan({});
    BOOST_TEST(masks() == before);
}

BOOST_AUTO_TEST_CASE(the_watch_of_a_directory_is_on_a_different_one)
{
    for (bool const is_noticed : {false, true}) {
        make("d/below");
        write("d/old");
        start();
        auto const wd = watch_of(path("d"));
        move("d", "../out/d");
        make("d");
        write("d/new");
        put_watch(wd, path("d"));
        is_noticed ? restore() : (restored.lose_events(), watcher.rescan());
        // What is in it is not what was in it.
        expect_rescan({"created dir d", "created file d/new", "removed dir d"});
        write("d/more");
        expect({"created file d/more", "modified file d/more", "closed_write file d/more"});
        close();
        fs::remove_all(in);
        fs::remove_all(out);
        fs::create_directory(in);
        fs::create_directory(out);
    }
}

BOOST_AUTO_TEST_CASE(two_watches_have_changed_their_places)
{
    write_both("a/file", "b/file");
    test::next_tick();
    start();
    be_complete();
    auto const first = watch_of(path("a"));
    auto const second = watch_of(path("b"));
    BOOST_REQUIRE(::inotify_rm_watch(instance, first) == 0);
    put_watch(second, path("a"));
    put_watch(first, path("b"));
    restored.lose_events();
    watcher.rescan();
    expect_rescan({});
    write("a/new");
    expect({"created file a/new", "modified file a/new", "closed_write file a/new"});
    write("b/new");
    expect({"created file b/new", "modified file b/new", "closed_write file b/new"});
}

// As on another machine.
BOOST_AUTO_TEST_CASE(all_inodes_are_different_after_a_restore)
{
    make("d/e");
    write("d/e/old");
    start();
    auto const root = watch_of(in);
    auto const d = watch_of(path("d"));
    auto const e = watch_of(path("d/e"));
    auto const copy_all = [&] {
        fs::rename(in, dir / "before");
        fs::copy(dir / "before", in, fs::copy_options::recursive);
        write("d/new");
        for (auto const& [wd, name] : {std::pair(root, "."), {d, "d"}, {e, "d/e"}}) {
            put_watch(wd, path(name));
        }
    };
    copy_all();
    restore();
    expect_rescan({"created file d/new", "modified file d/e/old"});
    BOOST_TEST(watcher.counters().watches == 3U);
    write("d/e/more");
    expect({"created file d/e/more", "modified file d/e/more", "closed_write file d/e/more"});
    // For a rescan by request the root was replaced.
    fs::remove_all(dir / "before");
    copy_all();
    restored.lose_events();
    watcher.rescan();
    auto const seen = take();
    BOOST_TEST(std::count(seen.begin(), seen.end(), "root_lost dir .") == 1);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "root_found dir .") == 1);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_to_notice_a_restore)
{
    test::run_in_child([&] {
        rlimit limit{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        auto const most = limit.rlim_cur;
        // The context makes descriptors of its own.
        open();
        watcher.close();
        test::error_code ec = make_error_code(boost::system::errc::too_many_files_open);
        for (limit.rlim_cur = 3; ec; ++limit.rlim_cur) {
            BOOST_TEST_REQUIRE(limit.rlim_cur < most);
            BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
            watcher.open(test::at_once(), ec);
        }
        BOOST_TEST(!watcher.notices_restores());
        limit.rlim_cur = most;
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        watcher.rescan();
        BOOST_TEST(watcher.notices_restores());
    });
}

BOOST_AUTO_TEST_SUITE_END()
