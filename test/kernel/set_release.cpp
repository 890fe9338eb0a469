//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/process/run_in_child.hpp"
#include "support/set/recycling_set.hpp"
#include "support/set/saved_set.hpp"
#include "support/skipping.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

namespace fs = std::filesystem;

// A set goes from one object to another with all that it knows.
BOOST_FIXTURE_TEST_SUITE(set_release, test::open_set)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;
using lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(everything_goes_along)
{
    auto const file = dir.write("file");
    auto const odd = dir.write("with\nnewline\xff");
    set.add(file, event_mask::attrib, add_options::one_shot);
    set.add_at(wd(0x34d71d6), odd, event_mask::all, add_options::dont_follow);
    set.remove(set.add(new_file(), event_mask::all));
    fs::permissions(odd, fs::perms::owner_all);
    auto const before = test::watch_lines(set.native_handle());
    int const fd = set.native_handle();

    auto released = release(set);
    BOOST_TEST(released.native_handle() == fd);
    BOOST_TEST(!set.is_open());
    BOOST_TEST(set.empty());

    asio_inotify::watch_set other(context);
    assign(other, std::move(released));
    BOOST_TEST(test::watch_lines(other.native_handle()) == before,
               boost::test_tools::per_element());
    BOOST_TEST((other.find(file.native()).wd() == wd(1)));
    BOOST_TEST((other.find(file.native()).options() == add_options::one_shot));
    BOOST_TEST((other.find(odd.native()).wd() == wd(0x34d71d6)));
    BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    test::expect_events(test::drain(other), {"with\nnewline\xff: 55407062 attrib"});
    // The end of the watch that was removed before.
    BOOST_TEST(other.counters().stale == 1U);
    // Its number is not given again, and the next one is.
    error_code ec;
    other.add_at(wd(2), new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 3);
}

BOOST_AUTO_TEST_CASE(events_that_were_read_and_not_delivered)
{
    auto const file = dir.write("file");
    auto const gone = dir.write("gone");
    auto const removed = dir.write("removed");
    set.add(dir.path(), event_mask::create | event_mask::delete_);
    set.add(file, event_mask::attrib);
    set.add(gone, event_mask::delete_self);
    set.add(removed, event_mask::attrib);
    dir.write("new with a name that is longer than sixteen bytes");
    fs::permissions(removed, fs::perms::owner_all);
    fs::permissions(file, fs::perms::owner_all);
    fs::remove(gone);
    std::vector<std::byte> memory(65536);
    auto const batch = set.read_events(boost::asio::buffer(memory));
    BOOST_TEST((*batch.begin()).name() == "new with a name that is longer than sixteen bytes");
    set.remove(wd(4));
    // Queued, not read.
    fs::permissions(file, fs::perms::owner_read);
    auto released = release(set, batch.from(batch.begin()));

    asio_inotify::watch_set other(context);
    assign(other, std::move(released));
    test::expect_events(test::drain(other),
                        {fs::path(dir.path()).filename().string() +
                             ": 1 create new with a name that is longer than sixteen bytes",
                         "file: 2 attrib", "gone: 3 delete_self", "gone: 3 ignored",
                         fs::path(dir.path()).filename().string() + ": 1 delete gone",
                         "file: 2 attrib"});
    BOOST_TEST(other.size() == 2U);
    error_code ec;
    other.add_at(wd(3), new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
}

BOOST_AUTO_TEST_CASE(a_part_of_a_batch)
{
    auto const file = dir.write("file");
    set.add(file, event_mask::attrib | event_mask::open | event_mask::close_nowrite);
    ::close(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    fs::permissions(file, fs::perms::owner_all);
    std::vector<std::byte> memory(65536);
    auto const batch = set.read_events(boost::asio::buffer(memory));
    auto const second = std::next(batch.begin());
    auto released = release(set, batch.from(second));
    asio_inotify::watch_set other(context);
    assign(other, std::move(released));
    test::expect_events(test::drain(other), {"file: 1 close_nowrite", "file: 1 attrib"});
}

BOOST_AUTO_TEST_CASE(held_events_go_along_again)
{
    auto const file = dir.write("file");
    set.add(file, event_mask::attrib);
    fs::permissions(file, fs::perms::owner_all);
    std::vector<std::byte> memory(65536);
    auto const batch = set.read_events(boost::asio::buffer(memory));
    auto released = release(set, batch);
    for (int n = 0; n != 3; ++n) {
        asio_inotify::watch_set other(context);
        assign(other, std::move(released));
        released = release(other);
    }
    assign(set, std::move(released));
    test::expect_events(test::drain(set), {"file: 1 attrib"});
}

BOOST_AUTO_TEST_CASE(not_while_a_read_is_outstanding)
{
    set.add(new_file(), event_mask::all);
    std::vector<std::byte> memory(65536);
    set.async_read_events(boost::asio::buffer(memory), boost::asio::detached);
    error_code ec;
    auto released = release(set, {}, ec);
    BOOST_TEST(ec == error::operation_outstanding);
    BOOST_TEST(released.native_handle() == -1);
    BOOST_TEST(set.is_open());
    set.cancel();
    context.run();
    auto const fd = release(set).native_handle();
    // Nobody has taken it.
    BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
}

BOOST_AUTO_TEST_CASE(closed_and_malformed)
{
    error_code ec;
    auto good = release(set);
    static_cast<void>(release(set, {}, ec));
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    BOOST_CHECK_THROW(static_cast<void>(release(set)), boost::system::system_error);

    std::vector<std::string> const bad{
        "",
        "x",
        good.state() + "x",
        good.state().substr(0, good.state().size() - 1),
        "asio-inotify set 0\n",
        "asio-inotify set 1\n",
    };
    for (auto const& state : bad) {
        asio_inotify::released_set damaged(::dup(good.native_handle()), state);
        assign(set, std::move(damaged), ec);
        BOOST_TEST(ec == error::malformed_set_state);
        BOOST_TEST(::fcntl(damaged.native_handle(), F_GETFD) >= 0);
        BOOST_TEST(!set.is_open());
    }
    assign(set, {::dup(good.native_handle()), "asio-inotify set 2\nwhatever"}, ec);
    BOOST_TEST(ec == error::unsupported_snapshot_version);
    assign(set, {-1, good.state()}, ec);
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    auto const fd = good.native_handle();
    assign(set, std::move(good));
    BOOST_TEST(set.native_handle() == fd);
    assign(set, {}, ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
}

BOOST_AUTO_TEST_CASE(a_recycled_number_is_given_there)
{
    test::recycling_set s;
    s.set.add(s.new_file(), event_mask::attrib);
    s.set.add(s.new_file(), event_mask::attrib);
    s.set.remove(wd(1));
    BOOST_TEST(s.recycle() == 1U);
    test::drain(s.set);
    assign(s.set, release(s.set));
    BOOST_TEST(s.set.add(s.new_file(), event_mask::attrib).value() == 1);
}

// The next reader checks for what an overflow may have dropped.
BOOST_AUTO_TEST_CASE(after_an_overflow)
{
    auto const a = new_file();
    auto const b = new_file();
    set.add(a, event_mask::attrib);
    set.add(b, event_mask::attrib);
    std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
    std::size_t most = 0;
    if (!(limit >> most) || most > 100000) {
        test::print_skipped("the queue is too long");
        return;
    }
    for (std::size_t n = 0; n <= most; ++n) {
        fs::permissions(n % 2 == 0 ? a : b, fs::perms::owner_all);
    }
    BOOST_REQUIRE(::inotify_rm_watch(set.native_handle(), 1) == 0);
    std::vector<std::byte> memory(64 * (most + 1));
    bool overflowed = false;
    for (auto const e : set.read_events(boost::asio::buffer(memory))) {
        overflowed = e.is_overflow();
    }
    BOOST_TEST(overflowed);
    assign(set, release(set));
    test::expect_events(test::drain(set), {"file1: 1 ignored"});
}

// Such a state comes from another process, and is not to keep this one busy for long.
BOOST_AUTO_TEST_CASE(every_number_has_ended)
{
    test::run_in_child([] {
        test::recycling_set s;
        auto released = release(s.set);
        auto state = released.state();
        auto const at = state.find("closing");
        BOOST_REQUIRE(at != std::string::npos);
        state.insert(at + 7, " 1-2147483647");
        assign(s.set, {released.release_handle(), std::move(state)});
        rlimit const seconds{20, 20};
        BOOST_REQUIRE(::setrlimit(RLIMIT_CPU, &seconds) == 0);
        error_code ec;
        s.set.add(s.dir.path(), event_mask::create, ec);
        BOOST_TEST(ec == error::watch_descriptors_exhausted);
        // The others' turn is later.
        BOOST_TEST(s.recycle() == 65536U);
        BOOST_TEST(s.recycle() == 65536U);
        test::drain(s.set);
        BOOST_TEST(s.set.add(s.dir.path(), event_mask::create).value() == 1);
        s.set.add_at(wd(131072), s.new_file(), event_mask::attrib);
        s.set.add_at(wd(131073), s.new_file(), event_mask::attrib, ec);
        BOOST_TEST(ec == error::watch_descriptor_quarantined);
    });
}

BOOST_AUTO_TEST_SUITE_END()
