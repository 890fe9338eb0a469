//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/set/open_set.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <ranges>

namespace fs = std::filesystem;

// Events of a set, joined with their watches.
BOOST_FIXTURE_TEST_SUITE(set_read, test::open_set)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

static_assert(std::ranges::forward_range<asio_inotify::watch_event_batch>);
static_assert(std::ranges::view<asio_inotify::watch_event_batch>);
static_assert(std::ranges::borrowed_range<asio_inotify::watch_event_batch>);
static_assert(std::ranges::forward_range<asio_inotify::watch_range>);
static_assert(std::ranges::view<asio_inotify::watch_range>);

BOOST_AUTO_TEST_CASE(events_come_with_their_watch)
{
    fs::create_directory(dir / "a");
    fs::create_directory(dir / "b");
    set.add(dir / "a", event_mask::create | event_mask::moved_from);
    set.add_at(wd(70), dir / "b", event_mask::moved_to);
    dir.write("a/x");
    fs::rename(dir / "a/x", dir / "b/y");
    test::expect_events(test::drain(set),
                        {"a: 1 create x", "a: 1 moved_from x", "b: 70 moved_to y"});
    BOOST_TEST(set.counters().events == 3U);
    BOOST_TEST(set.counters().stale == 0U);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_watch_comes_with_it)
{
    auto const file = new_file();
    set.add(file, event_mask::delete_self);
    fs::remove(file);
    BOOST_TEST(set.size() == 1U);
    asio_inotify::event_buffer<> buffer;
    auto const batch = set.read_events(buffer);
    // It is not in the set any more, but is valid until the next read.
    BOOST_TEST(set.empty());
    BOOST_TEST(!set.find(wd(1)));
    BOOST_TEST(!set.find(file.native()));
    auto at = batch.begin();
    BOOST_TEST(at->watch().path() == file.native());
    BOOST_TEST((*at).mask() == event_mask::delete_self);
    ++at;
    BOOST_TEST(at->is_ignored());
    BOOST_TEST(at->watch().path() == file.native());
    // A watch that is added in the meantime does not get in its way.
    set.add(dir.path(), event_mask::create);
    BOOST_TEST(at->watch().path() == file.native());
    ++at;
    BOOST_TEST((at == batch.end()));
}

BOOST_AUTO_TEST_CASE(removed_watches_are_silent)
{
    auto const a = new_file();
    auto const b = new_file();
    set.add(a, event_mask::open);
    set.add(b, event_mask::open);
    std::ifstream{a};
    std::ifstream{b};
    std::ifstream{a};
    set.remove(wd(1));
    test::expect_events(test::drain(set), {"file2: 2 open"});
    // Two that were queued, and the end.
    BOOST_TEST(set.counters().stale == 3U);
    BOOST_TEST(set.counters().events == 1U);
}

BOOST_AUTO_TEST_CASE(removed_while_its_events_are_read)
{
    auto const a = new_file();
    auto const b = new_file();
    set.add(a, event_mask::open | event_mask::close_nowrite);
    set.add(b, event_mask::open | event_mask::close_nowrite);
    std::ifstream{a};
    std::ifstream{b};
    std::ifstream{a};
    asio_inotify::event_buffer<> buffer;
    std::vector<std::string> seen;
    for (auto const e : set.read_events(buffer)) {
        seen.push_back(test::describe_joined(e));
        if (e.wd() == wd(1)) {
            set.remove(wd(1));
            BOOST_TEST(e.watch().path() == a.native());
        }
    }
    test::expect_events(seen, {"file1: 1 open", "file2: 2 open", "file2: 2 close_nowrite"});
    test::expect_events(test::drain(set), {});
}

BOOST_AUTO_TEST_CASE(a_buffer_of_the_smallest_size)
{
    set.add(dir.path(), event_mask::create);
    auto const longest = std::string(255, 'n');
    dir.write(longest);
    dir.write("m");
    auto const name = dir.path().filename().native();
    test::expect_events(test::drain(set, asio_inotify::minimum_watch_buffer_size),
                        {name + ": 1 create " + longest, name + ": 1 create m"});
    // Records of 16 bytes, as many as fit.
    set.add(dir / "m", event_mask::open | event_mask::close_nowrite);
    for (int n = 0; n != 100; ++n) {
        std::ifstream(dir / "m");
    }
    BOOST_TEST(test::drain(set, asio_inotify::minimum_watch_buffer_size).size() == 200U);
    std::vector<std::byte> small(asio_inotify::minimum_watch_buffer_size - 1);
    error_code ec;
    BOOST_TEST(set.read_events(boost::asio::buffer(small), ec).empty());
    BOOST_TEST(ec == error::buffer_too_small);
}

BOOST_AUTO_TEST_CASE(one_shot)
{
    auto const file = new_file();
    set.add(file, event_mask::open, add_options::one_shot);
    std::ifstream{file};
    test::expect_events(test::drain(set), {"file1: 1 open", "file1: 1 ignored"});
    BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_SUITE_END()
