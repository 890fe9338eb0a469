//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Memory runs out while a set is saved, restored, checked or given away. Where operator new is a
// sanitizer's, nothing fails, and each call is made once.

#include <asio_inotify/watch_set_saving.hpp>

#include "support/asio/archetypes.hpp"
#include "support/process/failing_call.hpp"
#include "support/set/connected_sets.hpp"
#include "support/set/saved_set.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

using test::add_options;
using test::error_code;
using test::event_mask;
using test::fail_each_allocation;
using test::failing_call;
using test::findings;
using test::open_set;
using test::snapshot;
using test::wd;
using lines = std::vector<std::string>;

// Some watches with gaps between their numbers.
void add_watches(open_set& s, int count)
{
    for (int n = 1; n <= count; ++n) {
        s.set.add_at(wd(3 * n), s.new_file(), event_mask::attrib);
    }
}

void expect_usable(open_set& s, asio_inotify::watch_set& set)
{
    auto const file = s.new_file();
    auto const name = file.filename().string();
    auto const number = set.add(file, event_mask::attrib).value();
    fs::permissions(file, fs::perms::owner_all);
    test::expect_events(test::drain(set), {name + ": " + std::to_string(number) + " attrib"});
}

} // namespace

BOOST_AUTO_TEST_SUITE(set_saving_without_memory)

BOOST_AUTO_TEST_CASE(save)
{
    fail_each_allocation([](failing_call& call) {
        open_set s;
        add_watches(s, 5);
        auto const expected = asio_inotify::save(s.set);
        auto const before = s.account();
        snapshot saved;
        if (call.threw([&] { saved = asio_inotify::save(s.set); })) {
            saved = asio_inotify::save(s.set);
        }
        BOOST_TEST((saved == expected));
        BOOST_TEST(s.account() == before);
        expect_usable(s, s.set);
    });
}

BOOST_AUTO_TEST_CASE(text)
{
    fail_each_allocation([](failing_call& call) {
        open_set s;
        add_watches(s, 3);
        auto const saved = asio_inotify::save(s.set);
        snapshot again;
        auto const through_text = [&] { again = snapshot::from_text(saved.to_text()); };
        if (call.threw(through_text)) {
            BOOST_TEST((again == snapshot()));
            through_text();
        }
        BOOST_TEST((again == saved));
    });
}

// One watch goes to its path, one is found elsewhere, one is gone, and one has to wait until the
// watch that is on its object by now has gone elsewhere.
BOOST_AUTO_TEST_CASE(restore)
{
    bool const can_find = test::can_open_by_handle();
    fail_each_allocation([&](failing_call& call) {
        open_set s;
        for (auto const* const name : {"a", "b", "c", "moves", "goes"}) {
            s.set.add(s.dir.write(name), event_mask::attrib);
        }
        auto const saved = asio_inotify::save(s.set);
        s.set.close();
        fs::rename(s.dir / "moves", s.dir / "moved");
        fs::remove(s.dir / "goes");
        // The path of the first names what the second was on.
        fs::remove(s.dir / "a");
        fs::create_hard_link(s.dir / "b", s.dir / "a");
        auto const descriptors = test::open_descriptors();
        test::watch_report report;
        auto const do_it = [&] { report = asio_inotify::restore(s.set, saved, {false, true}); };
        if (call.threw(do_it)) {
            BOOST_TEST(!s.set.is_open());
            BOOST_TEST(s.set.empty());
            BOOST_TEST(test::open_descriptors() == descriptors);
            do_it();
        }
        BOOST_TEST(report.same == 2U);
        BOOST_TEST(findings(report) == (lines{"1 failed a: File exists",
                                              can_find ? "4 moved moved"
                                                       : "4 gone moves: No such file or directory",
                                              "5 gone goes: No such file or directory"}),
                   boost::test_tools::per_element());
        BOOST_TEST(test::watch_lines(s.set.native_handle()).size() == s.set.size());
        BOOST_TEST(s.set.available() == 0U);
        expect_usable(s, s.set);
    });
}

BOOST_AUTO_TEST_CASE(restore_all_or_nothing)
{
    fail_each_allocation([](failing_call& call) {
        open_set s;
        add_watches(s, 4);
        auto const expected = test::watch_lines(s.set.native_handle());
        auto const saved = asio_inotify::save(s.set);
        s.set.close();
        auto const descriptors = test::open_descriptors();
        if (call.threw([&] { asio_inotify::restore(s.set, saved); })) {
            BOOST_TEST(!s.set.is_open());
            BOOST_TEST(test::open_descriptors() == descriptors);
            asio_inotify::restore(s.set, saved);
        }
        BOOST_TEST(test::watch_lines(s.set.native_handle()) == expected,
                   boost::test_tools::per_element());
        expect_usable(s, s.set);
    });
}

BOOST_AUTO_TEST_CASE(revalidate)
{
    fail_each_allocation([](failing_call& call) {
        open_set s;
        auto const loses = s.new_file();
        s.set.add(loses, event_mask::attrib | event_mask::open, add_options::one_shot);
        auto const before = test::watch_lines(s.set.native_handle());
        BOOST_REQUIRE(::inotify_add_watch(s.set.native_handle(), loses.c_str(), IN_ATTRIB) == 1);
        s.set.add(s.new_file(), event_mask::attrib);
        // No watch is on what these paths name now, so that one is made for a moment.
        constexpr int last = 8;
        for (int n = 3; n <= last; ++n) {
            auto const moves = s.new_file();
            s.set.add(moves, event_mask::attrib);
            fs::rename(moves, moves.native() + ".moved");
            std::ofstream(moves).flush();
        }
        BOOST_REQUIRE(::inotify_rm_watch(s.set.native_handle(), 2) == 0);
        test::watch_report report;
        auto const do_it = [&] { report = asio_inotify::revalidate(s.set); };
        std::size_t others = 0;
        if (call.threw(do_it)) {
            // No number is free again by now: this one gets no event but its own.
            s.set.add(s.dir.write("extra"), event_mask::attrib);
            others = 1;
            do_it();
        }
        lines expected{"2 gone file2: no watch has this watch descriptor"};
        for (int n = 3; n <= last; ++n) {
            auto const number = std::to_string(n);
            expected.push_back(number + " moved file" + number +
                               ": path does not name the watched object");
        }
        BOOST_TEST(findings(report) == expected, boost::test_tools::per_element());
        BOOST_TEST(report.same == 1U + others);
        // Nor does the next one.
        auto const next = s.new_file();
        auto const number = s.set.add(next, event_mask::attrib).value();
        test::expect_events(test::drain(s.set), {"file2: 2 ignored"});
        BOOST_TEST(s.set.size() == 8U + others);
        for (int n = 3; n <= last; ++n) {
            s.set.remove(wd(n));
        }
        s.set.remove(wd(number));
        if (others != 0) {
            s.set.remove(s.set.find((s.dir / "extra").native()).wd());
        }
        BOOST_TEST(test::watch_lines(s.set.native_handle()) == before,
                   boost::test_tools::per_element());
        test::drain(s.set);
        expect_usable(s, s.set);
    });
}

BOOST_AUTO_TEST_CASE(adopt)
{
    fail_each_allocation([&](failing_call& call) {
        open_set s;
        s.set.close();
        int const fd = ::inotify_init1(IN_NONBLOCK);
        BOOST_REQUIRE(::inotify_add_watch(fd, s.dir.path().c_str(), IN_CREATE) == 1);
        auto const file = s.new_file();
        BOOST_REQUIRE(::inotify_add_watch(fd, file.c_str(), IN_ATTRIB) == 2);
        // One is of a watch that is gone.
        BOOST_REQUIRE(::inotify_add_watch(fd, s.new_file().c_str(), IN_ATTRIB) == 3);
        fs::permissions(s.dir / "file2", fs::perms::owner_all);
        BOOST_REQUIRE(::inotify_rm_watch(fd, 3) == 0);
        s.dir.write("other");
        int queued = 0;
        BOOST_REQUIRE(::ioctl(fd, FIONREAD, &queued) == 0);
        snapshot const known(
            {{wd(2), event_mask::attrib, add_options::none, file.native(), std::nullopt},
             {wd(9), event_mask::attrib, add_options::none, "/nowhere", std::nullopt}});
        auto const descriptors = test::open_descriptors();
        test::watch_report report;
        auto const do_it = [&] { report = asio_inotify::adopt(s.set, fd, known); };
        if (call.threw(do_it)) {
            BOOST_TEST(!s.set.is_open());
            BOOST_TEST(test::open_descriptors() == descriptors);
            int left = 0;
            BOOST_REQUIRE(::ioctl(fd, FIONREAD, &left) == 0);
            BOOST_TEST(left == queued);
            BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0);
            do_it();
        }
        BOOST_TEST(report.count(test::watch_outcome::gone) == 1U);
        BOOST_TEST(s.set.available() == static_cast<std::size_t>(queued));
        error_code ec;
        s.set.add_at(wd(3), s.new_file(), event_mask::attrib, ec);
        BOOST_TEST(ec == test::error::watch_descriptor_quarantined);
        auto const dir = s.dir.path().filename().string();
        test::expect_events(test::drain(s.set),
                            {dir + ": 1 create file1", dir + ": 1 create file2",
                             dir + ": 1 create other", dir + ": 1 create file3"});
        s.set.remove(wd(1));
        expect_usable(s, s.set);
    });
}

BOOST_AUTO_TEST_CASE(release_and_assign)
{
    // Which of the two it is that fails.
    for (bool const releasing : {true, false}) {
        fail_each_allocation([&](failing_call& call) {
            open_set s;
            add_watches(s, 3);
            s.set.remove(s.set.add(s.new_file(), event_mask::attrib));
            auto const ends = s.new_file();
            s.set.add(ends, event_mask::delete_self);
            fs::remove(ends);
            fs::permissions(s.dir / "file1", fs::perms::owner_all);
            std::vector<std::byte> memory(65536);
            auto const unread = s.set.read_events(boost::asio::buffer(memory));
            fs::permissions(s.dir / "file2", fs::perms::owner_all);
            auto const before = s.account();
            asio_inotify::released_set released;
            auto const do_release = [&] { released = asio_inotify::release(s.set, unread); };
            if (!releasing) {
                do_release();
            } else if (call.threw(do_release)) {
                BOOST_TEST(s.set.is_open());
                BOOST_TEST(s.account() == before);
                do_release();
            }
            asio_inotify::watch_set other(s.context);
            auto const do_assign = [&] { asio_inotify::assign(other, std::move(released)); };
            if (releasing) {
                do_assign();
            } else if (call.threw(do_assign)) {
                BOOST_TEST(!other.is_open());
                BOOST_TEST(::fcntl(released.native_handle(), F_GETFD) >= 0);
                do_assign();
            }
            test::expect_events(test::drain(other), {"file5: 2 delete_self", "file5: 2 ignored",
                                                     "file1: 3 attrib", "file2: 6 attrib"});
            error_code ec;
            for (int const number : {1, 2}) {
                other.add_at(wd(number), s.dir.path(), event_mask::create, ec);
                BOOST_TEST(ec == test::error::watch_descriptor_quarantined);
            }
            expect_usable(s, other);
        });
    }
}

// Whatever fails on whichever side: one of the two has the set, with every event.
BOOST_AUTO_TEST_CASE(hand_over)
{
    fail_each_allocation([&](failing_call& call) {
        test::connected_sets s;
        add_watches(s, 3);
        fs::permissions(s.dir / "file1", fs::perms::owner_all);
        auto const before = test::watch_lines(s.set.native_handle());
        auto const descriptors = test::open_descriptors();
        std::optional<error_code> sent;
        std::optional<error_code> taken;
        // Their own allocator, as Asio's would often have some memory left.
        test::memory_track memory;
        auto const handler = [&](std::optional<error_code>& result,
                                 std::shared_ptr<int> const& there) {
            return boost::asio::bind_allocator(test::counting_allocator<>(memory),
                                               [&result, there](error_code ec) { result = ec; });
        };
        auto sender = std::make_shared<int>();
        auto receiver = std::make_shared<int>();
        std::weak_ptr<int> const receiver_is_there = receiver;
        bool have_begun = false;
        bool const threw = call.threw([&] {
            asio_inotify::async_hand_over(s.here, s.set, {}, handler(sent, sender));
            asio_inotify::async_take_over(s.there, s.other, handler(taken, receiver));
            have_begun = true;
            s.context.run_for(std::chrono::seconds(60));
        });
        receiver.reset();
        s.context.restart();
        s.context.poll();
        if (threw) {
            if (have_begun && !taken && receiver_is_there.expired()) {
                // The sender has the error.
                BOOST_TEST(sent.has_value());
            }
            s.here.close();
            s.there.close();
        }
        s.context.restart();
        s.context.run();
        BOOST_TEST(s.set.is_open() != s.other.is_open());
        BOOST_TEST((threw || s.other.is_open() || taken == boost::system::errc::not_enough_memory));
        BOOST_TEST((threw || s.other.is_open() || sent == test::error::hand_over_refused));
        if (!threw) {
            test::connected_sets::expect_descriptors(descriptors);
        }
        auto& owner = s.set.is_open() ? s.set : s.other;
        BOOST_TEST(test::watch_lines(owner.native_handle()) == before,
                   boost::test_tools::per_element());
        test::expect_events(test::drain(owner), {"file1: 3 attrib"});
        expect_usable(s, owner);
    });
}

BOOST_AUTO_TEST_SUITE_END()
