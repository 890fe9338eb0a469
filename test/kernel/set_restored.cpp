//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/process/restored.hpp"
#include "support/process/run_in_child.hpp"
#include "support/set/saved_set.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

// Constructed before the set is opened.
struct before_opening
{
    test::restoring restored;
};

struct restored_set : before_opening, test::open_set
{
    /// As CRIU does it at a restore: the watch is on what is at the path by then, without options.
    void put_watch(int wd, fs::path const& path, std::uint32_t mask)
    {
        ::inotify_rm_watch(set.native_handle(), wd);
        test::set_kernel_cursor(set.native_handle(), wd);
        BOOST_REQUIRE(::inotify_add_watch(set.native_handle(), path.c_str(), mask) == wd);
    }

    /// A different file takes the place of one, at once.
    void replace(fs::path const& path) { fs::rename(dir.write("other"), path); }

    void read()
    {
        set.async_read_events(boost::asio::buffer(memory),
                              [this](test::error_code ec, asio_inotify::watch_event_batch batch) {
                                  failure = ec;
                                  for (auto const e : batch) {
                                      seen.push_back(test::describe_joined(e));
                                  }
                                  ++completions;
                              });
    }

    void poll()
    {
        context.restart();
        context.poll();
    }

    std::array<std::byte, 65536> memory;
    std::vector<std::string> seen;
    test::error_code failure;
    int completions = 0;
};

} // namespace

// The process was restored by CRIU: the set notices it, repairs its watches, and says so.
BOOST_FIXTURE_TEST_SUITE(set_restored, restored_set)

using test::add_options;
using test::error_code;
using test::event_mask;
using test::findings;
using test::wd;
using lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(an_overflow_comes_before_the_first_event)
{
    auto const one = new_file();
    auto const other = new_file();
    set.add(one, event_mask::attrib, add_options::one_shot);
    set.add(other, event_mask::attrib | event_mask::open, add_options::exclude_unlinked);
    auto const before = test::watch_lines(set.native_handle());
    BOOST_TEST(set.notices_restores());
    BOOST_TEST(!set.take_restore_report());
    read();
    poll();
    BOOST_TEST(completions == 0);
    BOOST_REQUIRE(::inotify_add_watch(set.native_handle(), one.c_str(), IN_ATTRIB) == 1);
    BOOST_REQUIRE(::inotify_add_watch(set.native_handle(), other.c_str(), IN_ATTRIB) == 2);
    restored.restore();
    fs::permissions(other, fs::perms::owner_all);
    poll();
    BOOST_TEST(completions == 1);
    test::expect_events(seen, {"none: -1 overflow", "file2: 2 attrib"});
    BOOST_TEST(test::watch_lines(set.native_handle()) == before, boost::test_tools::per_element());
    auto const report = set.take_restore_report();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->same == 2U);
    BOOST_TEST(report->repaired == 2U);
    BOOST_TEST(!set.take_restore_report());
    BOOST_TEST(set.counters().restores == 1U);
    BOOST_TEST(set.counters().overflows == 1U);
    // Once.
    seen.clear();
    fs::permissions(one, fs::perms::owner_all);
    test::expect_events(test::drain(set), {"file1: 1 attrib", "file1: 1 ignored"});
    BOOST_TEST(!set.take_restore_report());
}

BOOST_AUTO_TEST_CASE(a_read_that_finds_nothing_notices_it)
{
    set.add(new_file(), event_mask::attrib);
    test::drain(set);
    restored.restore();
    test::expect_events(test::drain(set), {"none: -1 overflow"});
    BOOST_TEST(set.take_restore_report().has_value());
    test::expect_events(test::drain(set), {});
}

// The watch is on the file that its path names: only what the set remembers says that it is not the
// one of before.
BOOST_AUTO_TEST_CASE(a_watch_is_on_a_different_file)
{
    auto const file = new_file();
    auto const stays = new_file();
    fs::create_symlink(new_file(), dir / "link");
    set.add(file, event_mask::attrib);
    set.add_at(wd(50), dir / "link", event_mask::attrib, add_options::dont_follow);
    set.add_at(wd(60), stays, event_mask::attrib);
    replace(file);
    put_watch(1, file, IN_ATTRIB);
    // The old link exists until then: a filesystem may give its inode number to the next object,
    // and the times of two creations within a tick of the kernel's clock are the same.
    fs::create_symlink("elsewhere", dir / "other link");
    fs::rename(dir / "other link", dir / "link");
    put_watch(50, dir / "link", IN_ATTRIB | IN_DONT_FOLLOW);
    restored.restore();
    test::expect_events(test::drain(set), {"none: -1 overflow"});
    auto const report = set.take_restore_report();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(
        (findings(*report) == lines{"1 replaced file1: path does not name the watched object",
                                    "50 replaced link: path does not name the watched object"}));
    BOOST_TEST(report->same == 1U);
    // From now on these are the objects.
    BOOST_TEST(revalidate(set).same == 3U);
}

BOOST_AUTO_TEST_CASE(a_different_file_under_every_way_to_get_a_watch)
{
    auto const file = new_file();
    set.add(file, event_mask::attrib);
    auto const saved = save(set);
    auto const expect_replaced = [&](asio_inotify::watch_set& of) {
        replace(file);
        ::inotify_rm_watch(of.native_handle(), 1);
        test::set_kernel_cursor(of.native_handle(), 1);
        BOOST_REQUIRE(::inotify_add_watch(of.native_handle(), file.c_str(), IN_ATTRIB) == 1);
        restored.lose_events();
        BOOST_TEST(findings(revalidate(of)) ==
                   lines{"1 replaced file1: path does not name the watched object"});
    };
    expect_replaced(set);
    set.close();
    for (bool const check : {false, true}) {
        asio_inotify::watch_set again{context};
        static_cast<void>(
            restore(again, saved, {.all_or_nothing = false, .check_identity = check}));
        // What a restored, adopted or assigned set watches is looked up before its first read.
        static_cast<void>(test::drain(again));
        expect_replaced(again);
        static_cast<void>(test::drain(again));
        auto released = release(again);
        asio_inotify::watch_set assigned{context};
        assign(assigned, std::move(released));
        expect_replaced(assigned);
        static_cast<void>(test::drain(assigned));
        asio_inotify::watch_set adopted{context};
        static_cast<void>(adopt(adopted, release(assigned).release_handle(), saved));
        static_cast<void>(test::drain(adopted));
        if (!adopted.find(wd(1)).path().empty()) {
            expect_replaced(adopted);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_watch_that_is_gone_follows)
{
    set.add(new_file(), event_mask::attrib);
    auto const other = new_file();
    set.add(other, event_mask::attrib);
    read();
    poll();
    BOOST_REQUIRE(::inotify_rm_watch(set.native_handle(), 1) == 0);
    restored.restore();
    fs::permissions(other, fs::perms::owner_all);
    poll();
    test::expect_events(seen, {"none: -1 overflow", "file2: 2 attrib"});
    test::expect_events(test::drain(set), {"file1: 1 ignored"});
    BOOST_TEST(findings(set.take_restore_report().value()) ==
               lines{"1 gone file1: no watch has this watch descriptor"});
    BOOST_TEST(set.size() == 1U);
}

BOOST_AUTO_TEST_CASE(events_that_do_not_fit_keep_their_order)
{
    auto const watched = {new_file(), new_file(), new_file()};
    for (auto const& file : watched) {
        set.add(file, event_mask::attrib);
    }
    restored.restore();
    for (int round = 0; round != 20; ++round) {
        for (auto const& file : watched) {
            fs::permissions(file, round % 2 == 0 ? fs::perms::owner_all : fs::perms::owner_read);
        }
    }
    auto const all = test::drain(set, asio_inotify::minimum_watch_buffer_size);
    BOOST_TEST_REQUIRE(all.size() == 61U);
    BOOST_TEST(all.front() == "none: -1 overflow");
    for (std::size_t at = 1; at != all.size(); ++at) {
        auto const number = std::to_string((at - 1) % 3 + 1);
        BOOST_TEST(all[at] == "file" + number + ": " + number + " attrib");
    }
}

// Cancelled at any moment after the restore: nothing is lost.
BOOST_AUTO_TEST_CASE(a_read_that_is_cancelled)
{
    auto const file = new_file();
    set.add(file, event_mask::attrib);
    for (int handlers = 0; handlers != 4; ++handlers) {
        boost::asio::cancellation_signal signal;
        seen.clear();
        set.async_read_events(
            boost::asio::buffer(memory),
            boost::asio::bind_cancellation_slot(
                signal.slot(), [&](error_code ec, asio_inotify::watch_event_batch batch) {
                    failure = ec;
                    for (auto const e : batch) {
                        seen.push_back(test::describe_joined(e));
                    }
                }));
        poll();
        restored.restore();
        fs::permissions(file, handlers % 2 == 0 ? fs::perms::owner_all : fs::perms::owner_read);
        context.restart();
        for (int n = 0; n != handlers; ++n) {
            context.poll_one();
        }
        signal.emit(boost::asio::cancellation_type::total);
        poll();
        BOOST_TEST((!failure || failure == boost::asio::error::operation_aborted));
        for (auto const& line : test::drain(set)) {
            seen.push_back(line);
        }
        test::expect_events(seen, {"none: -1 overflow", "file1: 1 attrib"});
    }
}

// The set was asked, so it need not be woken by an event.
BOOST_AUTO_TEST_CASE(revalidating_completes_the_outstanding_read)
{
    set.add(new_file(), event_mask::attrib);
    set.add(new_file(), event_mask::attrib);
    read();
    poll();
    BOOST_REQUIRE(::inotify_rm_watch(set.native_handle(), 2) == 0);
    restored.lose_events();
    BOOST_TEST(findings(revalidate(set)) ==
               lines{"2 gone file2: no watch has this watch descriptor"});
    poll();
    BOOST_TEST(completions == 1);
    BOOST_TEST(!failure);
    test::expect_events(seen, {"file2: 2 ignored"});
    BOOST_TEST(set.size() == 1U);
    // Nothing is left behind, and nothing is missed that was not gone.
    read();
    BOOST_TEST(revalidate(set).same == 1U);
    poll();
    BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_to_notice_a_restore)
{
    test::run_in_child([&] {
        rlimit limit{};
        BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        auto const most = limit.rlim_cur;
        set.close();
        error_code ec = make_error_code(boost::system::errc::too_many_files_open);
        for (limit.rlim_cur = 3; ec; ++limit.rlim_cur) {
            BOOST_TEST_REQUIRE(limit.rlim_cur < most);
            BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
            set.open(ec);
        }
        BOOST_TEST(!set.notices_restores());
        limit.rlim_cur = most;
        BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        BOOST_TEST(revalidate(set).findings.empty());
        BOOST_TEST(set.notices_restores());
    });
}

BOOST_AUTO_TEST_SUITE_END()
