//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/file_world.hpp"
#include "support/printing.hpp"

#include <asio_inotify/error.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

// The engine of the file watcher on simulated files: races and failures that real files do not
// reproduce.
namespace {

using asio_inotify::file_watch_options;
using asio_inotify::file_writes;
using asio_inotify::detail::file_engine;
using asio_inotify::detail::step_result;
using boost::system::error_code;
using namespace std::chrono_literals;
using world = test::file_world;

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_engine, world)

BOOST_AUTO_TEST_CASE(written_replaced_removed)
{
    add("/d/f");
    BOOST_TEST(files.watches() == 3U); // and / and /d
    expect({});
    files.write("/d/f", false);
    expect({});
    files.write("/d/f");
    expect({"changed /d/f"});
    files.create("/d/new");
    files.rename("/d/new", "/d/f");
    expect({"changed /d/f"});
    expect_current("/d/f");
    files.unlink("/d/f");
    expect({"disappeared /d/f"});
    files.create("/d/f");
    expect({"appeared /d/f"});
    expect_current("/d/f");
}

BOOST_AUTO_TEST_CASE(closed_without_a_write)
{
    add("/d/f");
    files.write("/d/f");
    expect({"changed /d/f"});
    // The stamp is not recent: it proves that nothing was written.
    engine.start_over();
    expect({});
    files.wall_offset = 0;
    files.write("/d/f");
    expect({"changed /d/f"});
}

// As when a file is replaced twice within the resolution of its stamp, and its inode number is
// reused.
BOOST_AUTO_TEST_CASE(replaced_by_a_file_with_the_same_status)
{
    files.wall_offset = 0;
    add("/d/f");
    files.put_likeness("/d/f");
    expect({"changed /d/f"});
    files.wall_offset = 10'000'000'000;
    files.write("/d/f");
    expect({"changed /d/f"});
    // With an old stamp that is impossible.
    files.put_likeness("/d/f");
    expect({});
    files.rename("/d/f", "/d/x");
    files.rename("/d/x", "/d/f");
    expect({});
    files.write("/d/f");
    expect({"changed /d/f"});
}

BOOST_AUTO_TEST_CASE(replaced_by_a_link_with_the_same_status)
{
    files.symlink("1", "/d/l");
    add("/d/l", {.follow_symlinks = false});
    files.put_likeness("/d/l");
    expect({});
    files.put_likeness("/d/l", "2");
    expect({"changed /d/l"});
}

// No race: the directory was watched before the lookup, so a later change is an event.
BOOST_AUTO_TEST_CASE(changed_during_its_lookup)
{
    for (int n = 1; n != 12; ++n) {
        world w;
        w.files.mkdir("/e");
        w.files.create("/e/f");
        auto const swap = [&w] {
            w.files.rename("/d", "/x");
            w.files.rename("/e", "/d");
        };
        w.files.before_lookup(swap, n);
        w.add("/d/f");
        w.files.before_lookup([] {}, 1);
        static_cast<void>(w.reports());
        w.expect({});
        w.expect_current("/d/f");
        w.files.write("/d/f");
        w.expect({"changed /d/f"});
    }
}

BOOST_AUTO_TEST_CASE(replaced_between_the_watch_and_the_status)
{
    for (int n = 1; n != 12; ++n) {
        world w;
        w.files.create("/d/new");
        w.files.before_lookup([&w] { w.files.rename("/d/new", "/d/f"); }, n);
        w.add("/d/f");
        static_cast<void>(w.reports());
        w.files.before_lookup([] {}, 1);
        static_cast<void>(w.reports());
        w.expect_current("/d/f");
        w.files.write("/d/f");
        BOOST_TEST_CONTEXT(n)
        {
            w.expect({"changed /d/f"});
        }
    }
}

BOOST_AUTO_TEST_CASE(replaced_again_during_the_lookup_of_a_replacement)
{
    for (int n = 1; n != 8; ++n) {
        world w;
        w.add("/d/f");
        w.files.create("/d/1");
        w.files.create("/d/2");
        w.files.rename("/d/1", "/d/f");
        w.files.before_lookup([&w] { w.files.rename("/d/2", "/d/f"); }, n);
        static_cast<void>(w.reports());
        w.files.before_lookup([] {}, 1);
        static_cast<void>(w.reports());
        w.files.write("/d/f");
        w.expect({"changed /d/f"});
        w.expect_current("/d/f");
    }
}

BOOST_AUTO_TEST_CASE(replaced_while_its_stamp_is_read)
{
    add("/d/f");
    files.create("/d/new");
    expect({});
    files.write("/d/f");
    files.before_lookup([this] { files.rename("/d/new", "/d/f"); });
    expect({"changed /d/f"});
    expect_current("/d/f");
}

BOOST_AUTO_TEST_CASE(a_link_is_retargeted_during_its_lookup)
{
    for (int n = 1; n != 12; ++n) {
        world w;
        w.files.mkdir("/e");
        w.files.create("/e/f");
        w.files.symlink("d", "/l");
        w.files.symlink("e", "/new");
        w.files.before_lookup([&w] { w.files.rename("/new", "/l"); }, n);
        w.add("/l/f");
        w.files.before_lookup([] {}, 1);
        static_cast<void>(w.reports());
        w.expect_current("/l/f");
        if (w.files.inode("/l/f") == w.files.inode("/e/f")) {
            w.files.write("/d/f");
            w.expect({});
        }
        w.files.write(w.files.inode("/l/f") == w.files.inode("/e/f") ? "/e/f" : "/d/f");
        w.expect({"changed /l/f"});
    }
}

BOOST_AUTO_TEST_CASE(lost_events)
{
    files.create("/d/g");
    files.create("/d/h");
    add("/d/f");
    add("/d/g");
    add("/d/h");
    add("/d/i");
    files.write("/d/f");
    files.unlink("/d/g");
    files.create("/d/i");
    files.overflow();
    expect({"appeared /d/i", "changed /d/f", "disappeared /d/g"});
    BOOST_TEST(engine.counters().overflows == 1U);
    files.rename("/d/f", "/d/x");
    files.rename("/d/x", "/d/f");
    expect({});
    files.write("/d/i");
    files.write("/d/h");
    expect({"changed /d/h", "changed /d/i"});
    files.overflow();
    expect({});
    // The check has settled the lost events, and remembered the change that is not of the content.
    files.rename("/d/f", "/d/x");
    files.rename("/d/x", "/d/f");
    expect({});
    files.overflow();
    expect({});
}

BOOST_AUTO_TEST_CASE(events_of_watches_that_are_not_needed_any_more)
{
    add("/d/f");
    files.write("/d/f");
    error_code ec;
    engine.remove("/d/f", ec);
    BOOST_TEST(!ec);
    expect({});
    BOOST_TEST(files.watches() == 1U);
    BOOST_TEST(engine.counters().stale > 0U);
    engine.remove("/d/f", ec);
    BOOST_TEST(ec == asio_inotify::error::path_not_watched);
}

BOOST_AUTO_TEST_CASE(settle_time)
{
    add("/d/f", {.settle = 100ms});
    files.write("/d/f");
    expect({});
    BOOST_TEST((files.deadline() == files.now() + 100ms));
    files.advance(99ms);
    expect({});
    files.write("/d/f", false);
    expect({});
    files.advance(99ms);
    expect({});
    files.advance(1ms);
    expect({"changed /d/f"});
    BOOST_TEST((files.deadline() == (test::simulated_files::time_point::max)()));
    // No change is reported if the state is the same again at the end of the settle time.
    add("/d/g", {.settle = 100ms});
    files.create("/d/g");
    expect({});
    files.advance(50ms);
    files.unlink("/d/g");
    expect({});
    files.advance(200ms);
    expect({});
    files.unlink("/d/f");
    expect({});
    files.create("/d/f");
    expect({});
    files.advance(100ms);
    expect({"changed /d/f"});
}

BOOST_AUTO_TEST_CASE(events_that_do_not_restart_the_settle_time)
{
    add("/d/f", {.settle = 100ms});
    files.write("/d/f");
    expect({});
    for (int i = 0; i != 3; ++i) {
        files.advance(33ms);
        files.change_mounts();
        expect({});
    }
    files.overflow();
    expect({});
    files.advance(1ms);
    expect({"changed /d/f"});
    // But these are.
    files.create("/d/new");
    files.write("/d/f");
    expect({});
    files.advance(60ms);
    files.write("/d/f");
    expect({});
    files.advance(60ms);
    files.rename("/d/new", "/d/f");
    expect({});
    files.advance(60ms);
    files.unlink("/d/f");
    expect({});
    files.advance(60ms);
    files.create("/d/f");
    expect({});
    files.advance(99ms);
    expect({});
    files.advance(1ms);
    expect({"changed /d/f"});
}

BOOST_AUTO_TEST_CASE(several_entries_with_a_settle_time)
{
    for (int i = 0; i != 20; ++i) {
        auto const path = "/d/" + std::to_string(i);
        add(path, {.settle = std::chrono::milliseconds(100 + 10 * ((7 * i) % 20))});
        files.create(path);
    }
    expect({});
    for (int i = 0; i != 20; ++i) {
        files.advance(i == 0 ? 100ms : 10ms);
        BOOST_TEST(reports().size() == 1U);
    }
    error_code ec;
    for (int i = 0; i != 20; ++i) {
        files.write("/d/" + std::to_string(i));
    }
    expect({});
    for (int i = 0; i != 20; i += 2) {
        engine.remove("/d/" + std::to_string(i), ec);
    }
    files.advance(1s);
    BOOST_TEST(reports().size() == 10U);
}

BOOST_AUTO_TEST_CASE(no_watch_is_left)
{
    files.fail_watch(ENOSPC, 3);
    error_code ec;
    engine.add("/d/f", {}, ec);
    // The lookup of an unwatched file fails, the general one after it does not.
    BOOST_TEST(!ec, ec.message());
    files.fail_watch(ENOSPC, 2);
    files.mkdir("/e");
    engine.add("/e/f", {}, ec);
    BOOST_TEST(!ec, ec.message());
    for (int n = 1; n != 4; ++n) {
        world w;
        w.files.fail_watch(ENOSPC, n);
        w.engine.add("/d/f", {}, ec);
        BOOST_TEST((!ec || ec == boost::system::errc::no_space_on_device));
        BOOST_TEST(w.engine.size() == (ec ? 0U : 1U));
        w.expect({});
    }
}

BOOST_AUTO_TEST_CASE(no_watch_is_left_later)
{
    add("/d/e/f");
    files.mkdir("/d/e");
    files.create("/d/e/f");
    files.fail_watch(ENOSPC, 1);
    // It exists anyway, and is retried.
    BOOST_TEST(reports() == std::vector<std::string>{"appeared /d/e/f"});
    BOOST_TEST((files.deadline() == files.now() + 1s));
    // Other entries are not affected.
    add("/d/f");
    files.write("/d/e/f");
    static_cast<void>(reports());
    files.advance(1s);
    static_cast<void>(reports());
    BOOST_TEST((files.deadline() == (test::simulated_files::time_point::max)()));
    files.write("/d/e/f");
    expect({"changed /d/e/f"});
}

// The old file lives on under a different name, and is still watched when the new one cannot be.
BOOST_AUTO_TEST_CASE(no_watch_is_left_for_a_replacement)
{
    add("/d/f");
    files.rename("/d/f", "/d/x");
    files.create("/d/f");
    files.fail_watch(ENOSPC, 1);
    expect({"changed /d/f"});
    expect_current("/d/f");
    files.write("/d/x");
    expect({});
    files.advance(1s);
    expect({});
    files.write("/d/f");
    expect({"changed /d/f"});
}

BOOST_AUTO_TEST_CASE(no_retry_after_success)
{
    files.symlink("l", "/d/l");
    add("/d/l");
    expect({});
    BOOST_TEST((files.deadline() == files.now() + 1s));
    files.unlink("/d/l");
    expect({});
    BOOST_TEST((files.deadline() == (test::simulated_files::time_point::max)()));
    files.symlink("l", "/d/l");
    expect({});
    BOOST_TEST((files.deadline() == files.now() + 1s));
    error_code ec;
    engine.remove("/d/l", ec);
    files.advance(1s);
    expect({});
    BOOST_TEST((files.deadline() == (test::simulated_files::time_point::max)()));
}

BOOST_AUTO_TEST_CASE(mounts)
{
    add("/d/f");
    expect({});
    auto const before = engine.counters().looks;
    files.change_mounts();
    expect({});
    BOOST_TEST(engine.counters().looks > before);
}

BOOST_AUTO_TEST_CASE(adding_wakes_if_others_have_changed)
{
    add("/d/f");
    expect({});
    BOOST_TEST(!files.is_woken());
    files.rename("/d", "/x");
    files.mkdir("/d");
    files.create("/d/f");
    files.create("/d/g");
    error_code ec;
    engine.add("/d/g", {}, ec);
    BOOST_TEST(!ec);
    expect({"changed /d/f"});
    files.write("/d/g");
    files.write("/d/f");
    expect({"changed /d/f", "changed /d/g"});
}

BOOST_AUTO_TEST_CASE(adding_wakes_if_there_is_something_to_compare)
{
    add("/d/f");
    files.unlink("/d/f");
    files.mkdir("/d/f");
    expect({"disappeared /d/f"});
    // It has not been looked up as a directory yet.
    add("/d/f/g");
    BOOST_TEST(files.is_woken());
    expect({});
    files.create("/d/f/g");
    expect({"appeared /d/f/g"});
}

BOOST_AUTO_TEST_CASE(adding_wakes_if_there_is_something_to_prune)
{
    files.symlink("l/x", "/d/l");
    add("/d/l");
    BOOST_TEST(files.is_woken());
    expect({});
}

BOOST_AUTO_TEST_CASE(work_in_slices)
{
    for (int i = 0; i != 500; ++i) {
        files.create("/d/" + std::to_string(i));
        add("/d/" + std::to_string(i));
    }
    expect({});
    files.mkdir("/e");
    files.rename("/d", "/x");
    files.rename("/e", "/d");
    // Each lookup takes time.
    std::function<void()> slow;
    slow = [&] {
        files.advance(1ms);
        files.before_lookup(slow, 50);
    };
    files.before_lookup(slow, 50);
    int again = 0;
    std::size_t gone = 0;
    for (;;) {
        error_code ec;
        auto const what = engine.step(ec);
        again += what == step_result::again ? 1 : 0;
        gone += what == step_result::deliver ? engine.take_batch().size() : 0;
        if (what == step_result::wait) {
            break;
        }
    }
    BOOST_TEST(gone == 500U);
    files.before_lookup([] {}, 1);
    files.rename("/d", "/e");
    files.rename("/x", "/d");
    files.before_lookup(slow, 50);
    std::size_t back = 0;
    for (;;) {
        error_code ec;
        auto const what = engine.step(ec);
        again += what == step_result::again ? 1 : 0;
        back += what == step_result::deliver ? engine.take_batch().size() : 0;
        if (what == step_result::wait) {
            break;
        }
    }
    BOOST_TEST(back == 500U);
    BOOST_TEST(again >= 8);
}

BOOST_AUTO_TEST_CASE(events_without_an_end_are_read_in_slices)
{
    add("/d/f", {.settle = 1min});
    int left = 100;
    // It is written again during the lookup.
    std::function<void()> on = [&] {
        files.advance(1ms);
        if (left-- != 0) {
            files.write("/d/f");
            files.before_lookup(on);
        }
    };
    files.write("/d/f");
    files.before_lookup(on);
    int again = 0;
    error_code ec;
    while (engine.step(ec) == step_result::again) {
        ++again;
    }
    BOOST_TEST(left == -1);
    BOOST_TEST(again >= 50);
}

BOOST_AUTO_TEST_CASE(a_settling_entry_stays_armed_when_other_changes_are_reported)
{
    files.create("/d/g");
    add("/d/f", {.settle = 100ms});
    add("/d/g");
    expect({});
    files.write("/d/f");
    files.write("/d/g");
    error_code ec;
    BOOST_TEST((engine.step(ec) == step_result::deliver));
    BOOST_TEST(engine.take_batch().size() == 1U);
    BOOST_TEST((files.deadline() == files.now() + 100ms));
}

BOOST_AUTO_TEST_CASE(relative_paths)
{
    files.mkdir("/wd");
    add("f");
    files.create("/wd/f");
    expect({"appeared f"});
}

BOOST_AUTO_TEST_SUITE_END()
