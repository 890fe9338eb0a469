//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/run_in_child.hpp"
#include "support/set/open_set.hpp"
#include "support/skipping.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace fs = std::filesystem;

// The kernel's queue overflows, and the set learns of what was lost in it.
namespace {

struct overflowing : test::open_set
{
    // Makes so many events that more cannot be queued. Distinct, so that none is merged.
    bool fill()
    {
        int limit = 0;
        std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
        if (limit > 200000) {
            test::print_skipped("max_queued_events is " + std::to_string(limit));
            return false;
        }
        fs::create_directories(dir / "fill");
        if (!set.find((dir / "fill").native())) {
            set.add(dir / "fill", test::event_mask::create | test::event_mask::delete_);
        }
        for (int n = 0; n <= limit / 2; ++n) {
            auto const name = (dir / "fill" / std::to_string(n)).native();
            ::close(::open(name.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
            ::unlink(name.c_str());
        }
        return true;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_overflow, overflowing)

using test::add_options;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(lost_ends_are_reported)
{
    auto const stays = new_file();
    auto const goes = new_file();
    auto const fires = new_file();
    set.add(stays, event_mask::modify);
    set.add(goes, event_mask::modify);
    set.add(fires, event_mask::open, add_options::one_shot);
    if (!fill()) {
        return;
    }
    fs::remove(goes);
    std::ifstream{fires};
    auto const seen = test::drain(set);
    auto const overflow = std::find(seen.begin(), seen.end(), "none: -1 overflow");
    BOOST_TEST_REQUIRE((overflow != seen.end()));
    std::vector<std::string> behind(overflow + 1, seen.end());
    std::sort(behind.begin(), behind.end());
    test::expect_events(behind, {"file2: 2 ignored", "file3: 3 ignored"});
    BOOST_TEST(set.size() == 2U);
    BOOST_TEST((set.find(wd(1)).path() == stays.native()));
    BOOST_TEST(!set.find(wd(2)));
    BOOST_TEST(set.counters().overflows == 1U);
    BOOST_TEST(set.counters().reconciled == 2U);
    // And once.
    dir.write(stays.filename().native(), "changed");
    test::expect_events(test::drain(set), {"file1: 1 modify"});
}

BOOST_AUTO_TEST_CASE(an_end_that_was_not_lost_is_not_reported_twice)
{
    auto const goes = new_file();
    set.add(goes, event_mask::delete_self);
    if (!fill()) {
        return;
    }
    // Room behind the overflow: what happens now is queued again.
    asio_inotify::event_buffer<4096> buffer;
    auto read = std::ranges::distance(set.read_events(buffer));
    BOOST_TEST_REQUIRE(read > 10);
    fs::remove(goes);
    auto const seen = test::drain(set);
    auto const overflow = std::find(seen.begin(), seen.end(), "none: -1 overflow");
    BOOST_TEST_REQUIRE((overflow != seen.end()));
    test::expect_events({overflow + 1, seen.end()}, {"file1: 1 delete_self", "file1: 1 ignored"});
    BOOST_TEST(set.counters().reconciled == 0U);
}

BOOST_AUTO_TEST_CASE(a_watch_made_after_the_overflow)
{
    if (!fill()) {
        return;
    }
    auto const late = new_file();
    set.add(late, event_mask::all);
    auto const seen = test::drain(set);
    BOOST_TEST(seen.back() == "none: -1 overflow");
    BOOST_TEST(set.size() == 2U);
    BOOST_TEST(set.counters().reconciled == 0U);
}

BOOST_AUTO_TEST_CASE(two_overflows)
{
    auto const first = new_file();
    auto const second = new_file();
    set.add(first, event_mask::modify);
    set.add(second, event_mask::modify);
    if (!fill()) {
        return;
    }
    fs::remove(first);
    set.remove(set.find((dir / "fill").native()).wd());
    auto seen = test::drain(set);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "file1: 1 ignored") == 1);
    BOOST_REQUIRE(fill());
    fs::remove(second);
    seen = test::drain(set);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "file2: 2 ignored") == 1);
    BOOST_TEST(set.counters().overflows == 2U);
    BOOST_TEST(set.counters().reconciled == 2U);
    BOOST_TEST(set.size() == 1U);
}

// The descriptors of the process are used up when the set has to read fdinfo.
void fail_to_compare(bool async)
{
    overflowing o;
    auto const stays = o.new_file();
    o.set.add(stays, event_mask::modify);
    o.set.add(o.new_file(), event_mask::modify);
    if (!o.fill()) {
        throw test::skipped("max_queued_events is too large for an overflow");
    }
    fs::remove(o.dir / "file2");
    asio_inotify::event_buffer<> buffer;
    while (o.set.counters().overflows == 0) {
        BOOST_TEST(!o.set.read_events(buffer).empty());
    }
    auto const counters = o.set.counters();
    o.dir.write("file1", "changed");
    auto const available = o.set.available();
    BOOST_TEST(available != 0U);
    error_code ec;
    std::vector<std::string> seen;
    auto const keep = [&](error_code failure, asio_inotify::watch_event_batch batch) {
        ec = failure;
        seen.clear();
        for (auto const e : batch) {
            seen.push_back(test::describe_joined(e));
        }
    };
    auto const read = [&] {
        if (async) {
            o.set.async_read_events(buffer, keep);
            o.context.restart();
            o.context.run_for(std::chrono::seconds(60));
            BOOST_TEST_REQUIRE(o.context.stopped());
        } else {
            error_code failure;
            auto const batch = o.set.read_events(buffer, failure);
            keep(failure, batch);
        }
    };
    rlimit before{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    read();
    auto const failure = ec;
    auto const left = o.set.available();
    bool const nothing = seen.empty() && o.set.counters() == counters;
    // Once: what can be read is read although there is still no descriptor.
    read();
    auto const second = ec;
    auto const second_seen = seen;
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    BOOST_TEST(failure == error_code(EMFILE, boost::system::system_category()));
    BOOST_TEST(left == available);
    BOOST_TEST(nothing);
    BOOST_TEST(!second, second.message());
    test::expect_events(second_seen, {"file1: 1 modify"});
    BOOST_TEST(o.set.counters().reconciled == 0U);
    // As soon as there is one, what was lost is found.
    test::expect_events(test::drain(o.set), {"file2: 2 ignored"});
    BOOST_TEST(o.set.counters().reconciled == 1U);
}

BOOST_AUTO_TEST_CASE(a_comparison_that_fails_is_reported_once)
{
    for (bool const async : {false, true}) {
        BOOST_TEST_CONTEXT((async ? "async_read" : "read"))
        {
            test::run_in_child([async] { fail_to_compare(async); });
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
