//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/make_records.hpp"
#include "support/seed.hpp"

#include "tree/engine/event_queue.hpp"

#include <asio_inotify/event_mask.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(event_queue)

using asio_inotify::event_mask;
using lib_queue = asio_inotify::detail::event_queue;
using std::chrono::seconds;
using time_point = lib_queue::time_point;

constexpr std::size_t mebibyte = 1024 * 1024;

constexpr std::uint32_t bits(event_mask mask)
{
    return static_cast<std::uint32_t>(mask);
}

constexpr auto from = bits(event_mask::moved_from);
constexpr auto to = bits(event_mask::moved_to);
constexpr auto create = bits(event_mask::create);
constexpr auto modify = bits(event_mask::modify);
constexpr auto move_self = bits(event_mask::move_self);
constexpr std::uint32_t overflow = 0x4000;

/// As if the records were read(2): false if there is no room for them.
bool read(lib_queue& queue, test::record_maker const& records, time_point when = {})
{
    auto const room = queue.room();
    if (room.size() < records.size()) {
        return false;
    }
    std::memcpy(room.data(), records.bytes().data(), records.size());
    queue.append(records.size(), when);
    return true;
}

std::string next(lib_queue& queue)
{
    auto const event = queue.front();
    auto text = std::to_string(event.wd) + ' ' + std::to_string(event.mask) + ' ' +
                std::to_string(event.cookie) + ' ' + std::string(event.name);
    queue.pop();
    return text;
}

BOOST_AUTO_TEST_CASE(gives_the_events_in_order)
{
    lib_queue queue(mebibyte);
    BOOST_TEST(queue.empty());
    test::record_maker records;
    records.add(1, create, 0, "one").add(2, 8).add(3, from, 7, std::string(255, 'x'));
    BOOST_TEST_REQUIRE(read(queue, records));
    BOOST_TEST(next(queue) == "1 256 0 one");
    // More comes while there are some.
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(4, 2, 0, "fifteen-letters")));
    BOOST_TEST(next(queue) == "2 8 0 ");
    BOOST_TEST(next(queue) == "3 64 7 " + std::string(255, 'x'));
    BOOST_TEST(!queue.empty());
    BOOST_TEST(next(queue) == "4 2 0 fifteen-letters");
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(names_of_all_sizes)
{
    lib_queue queue(mebibyte);
    for (std::size_t size = 1; size != 300; ++size) {
        std::string const name(size, 'n');
        BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(1, create, 0, name)));
        BOOST_TEST((queue.front().name == name));
        queue.pop();
    }
}

BOOST_AUTO_TEST_CASE(when_events_were_read)
{
    lib_queue queue(mebibyte);
    time_point const first{seconds(10)};
    time_point const second{seconds(20)};
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(1, 8).add(2, 8), first));
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(3, 8), second));
    BOOST_TEST((queue.front_time() == first));
    queue.pop();
    BOOST_TEST((queue.front_time() == first));
    queue.pop();
    BOOST_TEST((queue.front_time() == second));
    queue.pop();
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(4, 8), first));
    BOOST_TEST((queue.front_time() == first));
}

BOOST_AUTO_TEST_CASE(several_events_are_removed_at_once)
{
    lib_queue queue(mebibyte);
    std::vector<time_point> const times{time_point(seconds(10)), time_point(seconds(20)),
                                        time_point(seconds(30))};
    auto const put = [&] {
        for (auto const time : times) {
            BOOST_TEST_REQUIRE(
                read(queue, test::record_maker().add(1, 8, 0, "name").add(2, 8), time));
        }
    };
    constexpr std::size_t count = 6;
    for (std::size_t removed = 0; removed <= count; ++removed) {
        put();
        auto const records = queue.records();
        auto const* at = records.data();
        for (std::size_t i = 0; i != removed; ++i) {
            asio_inotify::detail::raw_event const event(at);
            BOOST_TEST(event.header.wd == (i % 2 == 0 ? 1 : 2));
            BOOST_TEST(event.name.view() == (i % 2 == 0 ? "name" : ""));
            at += event.size_bytes();
        }
        queue.pop_to(at);
        BOOST_TEST(queue.records().size() ==
                   records.size() - static_cast<std::size_t>(at - records.data()));
        for (std::size_t i = removed; i != count; ++i) {
            BOOST_TEST((queue.front_time() == times[i / 2]));
            BOOST_TEST(queue.front().wd == (i % 2 == 0 ? 1 : 2));
            queue.pop();
        }
        BOOST_TEST(queue.empty());
    }
}

BOOST_AUTO_TEST_CASE(holds_up_to_its_limit)
{
    for (std::size_t const limit : {std::size_t{64} * 1024, 256 * std::size_t{1024}, mebibyte}) {
        lib_queue queue(limit);
        std::deque<int> held;
        std::size_t bytes = 0;
        test::record_maker records;
        for (int wd = 1; wd != 101; ++wd) {
            records.add(wd, create, 0, "sixteen letters!");
        }
        auto const fill = [&] {
            int reads = 0;
            while (read(queue, records)) {
                bytes += records.size();
                ++reads;
                for (int wd = 1; wd != 101; ++wd) {
                    held.push_back(wd);
                }
                BOOST_REQUIRE(bytes <= limit);
            }
            return reads;
        };
        // There is room for a read up to nearly the limit.
        BOOST_TEST(fill() > 0);
        BOOST_TEST(bytes + 16 * 1024 >= limit);
        // With room again, it goes on; what was held is still there.
        for (int round = 0; round != 20; ++round) {
            for (std::size_t i = held.size() * 3 / 4; i != 0; --i) {
                BOOST_REQUIRE_EQUAL(queue.front().wd, held.front());
                queue.pop();
                held.pop_front();
                bytes -= records.size() / 100;
            }
            BOOST_TEST(fill() > 0);
        }
        while (!held.empty()) {
            BOOST_REQUIRE_EQUAL(queue.front().wd, held.front());
            queue.pop();
            held.pop_front();
        }
        BOOST_TEST(queue.empty());
        BOOST_TEST(queue.room().size() == limit);
    }
}

BOOST_AUTO_TEST_CASE(any_limit_will_do)
{
    for (std::size_t const limit : {0U, 1U, 1000U, 16384U, 100000U, 1000000U}) {
        lib_queue queue(limit);
        BOOST_TEST(!queue.room().empty());
        test::record_maker records;
        records.add(1, create, 0, std::string(255, 'x'));
        std::size_t bytes = 0;
        while (read(queue, records)) {
            bytes += records.size();
            BOOST_TEST_REQUIRE(bytes <= 2 * mebibyte);
        }
        // Room for one read there has to be, whatever the limit.
        BOOST_TEST(bytes <= (std::max)(limit, std::size_t{64} * 1024));
    }
}

BOOST_AUTO_TEST_CASE(the_second_half_of_a_rename)
{
    lib_queue queue(mebibyte);
    test::record_maker records;
    records.add(1, from, 7, "a").add(2, to, 7, "b");
    records.add(1, from, 8, "c").add(1, create, 0, "x").add(3, to, 9, "y").add(2, to, 8, "d");
    records.add(1, from, 10, "e").add(1, create, 10, "z");
    BOOST_TEST_REQUIRE(read(queue, records));
    BOOST_TEST(queue.match_moved_to(7).value().name == "b");
    queue.pop();
    BOOST_TEST(queue.front().name == "b");
    queue.pop();
    auto const far = queue.match_moved_to(8).value();
    BOOST_TEST(far.name == "d");
    BOOST_TEST(far.wd == 2);
    BOOST_TEST(far.cookie == 8U);
    BOOST_TEST(queue.match_moved_to(9).value().name == "y");
    BOOST_TEST(!queue.match_moved_to(1));
    // Those that are behind are not found, nor what has the cookie and is of another kind.
    while (queue.front().name != "e") {
        queue.pop();
    }
    BOOST_TEST(!queue.match_moved_to(8));
    BOOST_TEST(!queue.match_moved_to(10));
}

BOOST_AUTO_TEST_CASE(a_rename_over_two_reads)
{
    lib_queue queue(mebibyte);
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(1, from, 7, "a")));
    BOOST_TEST(!queue.match_moved_to(7));
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(1, create, 0, "x")));
    BOOST_TEST(!queue.match_moved_to(7));
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(1, create, 0, "y").add(2, to, 7, "b")));
    BOOST_TEST(queue.match_moved_to(7).value().name == "b");
    // Also after the events have got another place in memory.
    test::record_maker many;
    for (int i = 0; i != 1000; ++i) {
        many.add(3, create, 0, "some name");
    }
    while (read(queue, many)) {
    }
    auto const found = queue.match_moved_to(7).value();
    BOOST_TEST(found.name == "b");
    queue.consume(found);
    BOOST_TEST(!queue.match_moved_to(7));
}

BOOST_AUTO_TEST_CASE(consumed_events)
{
    lib_queue queue(mebibyte);
    test::record_maker records;
    // One cookie twice: the kernel counts them, and begins again some day.
    records.add(1, from, 7, "a").add(2, to, 7, "b").add(1, from, 7, "c").add(2, to, 7, "d");
    BOOST_TEST_REQUIRE(read(queue, records));
    auto const first = queue.match_moved_to(7).value();
    BOOST_TEST(first.name == "b");
    queue.consume(first);
    BOOST_TEST(queue.match_moved_to(7).value().name == "d");
    queue.pop();
    // It comes anyway, with nothing to apply.
    BOOST_TEST(queue.front().mask == 0U);
    BOOST_TEST(queue.front().wd == 2);
    queue.pop();
    BOOST_TEST(queue.front().name == "c");
    BOOST_TEST(queue.match_moved_to(7).value().name == "d");
}

BOOST_AUTO_TEST_CASE(near_events)
{
    lib_queue queue(mebibyte);
    test::record_maker records;
    records.add(1, from, 7, "a").add(2, to, 7, "b").add(2, from, 8, "b").add(1, to, 8, "a");
    BOOST_TEST_REQUIRE(read(queue, records));
    auto const second = queue.match_moved_to(7).value();
    auto const third = queue.find_near(second.at, 2, from, "b").value();
    BOOST_TEST(third.cookie == 8U);
    BOOST_TEST(queue.find_near(third.at, 1, to, "a").value().cookie == 8U);
    BOOST_TEST(!queue.find_near(second.at, 2, to, "b")); // behind it, not itself
    BOOST_TEST(!queue.find_near(second.at, 3, from, "b"));
    BOOST_TEST(!queue.find_near(second.at, 2, from, "c"));
    BOOST_TEST(queue.find_near(queue.front().at, 2, to | create, "b").value().cookie == 7U);
    // Not far away.
    test::record_maker many;
    for (int i = 0; i != 100; ++i) {
        many.add(3, create, 0, "x");
    }
    many.add(4, create, 0, "far");
    BOOST_TEST_REQUIRE(read(queue, many));
    BOOST_TEST(!queue.find_near(third.at, 4, create, "far"));
}

BOOST_AUTO_TEST_CASE(the_next_entry_of_two_directories)
{
    lib_queue queue(mebibyte);
    test::record_maker records;
    records.add(1, from, 7, "a").add(2, to, 7, "b");
    records.add(3, create, 0, "elsewhere").add(1, modify, 0, "a").add(2, move_self);
    records.add(2, from, 8, "b").add(1, to, 8, "a");
    BOOST_TEST_REQUIRE(read(queue, records));
    auto const second = queue.match_moved_to(7).value();
    auto const back = queue.find_next_entry(second.at, 1, 2).value();
    BOOST_TEST(back.name == "b");
    BOOST_TEST(back.cookie == 8U);
    auto const end = queue.find_next_entry(back.at, 1, 2).value();
    BOOST_TEST(end.name == "a");
    BOOST_TEST(!queue.find_next_entry(end.at, 1, 2));
    BOOST_TEST(queue.find_next_entry(second.at, 3, 3).value().name == "elsewhere");
    BOOST_TEST(!queue.find_next_entry(back.at, 3, 3));
}

BOOST_AUTO_TEST_CASE(which_directory_has_moved)
{
    lib_queue queue(mebibyte);
    test::record_maker records;
    records.add(1, from, 7, "a").add(2, to, 7, "b").add(9, move_self).add(3, create, 0, "x");
    records.add(11, move_self).add(2, from, 8, "b").add(1, to, 8, "a");
    BOOST_TEST_REQUIRE(read(queue, records));
    auto const first = queue.front();
    auto const second = queue.match_moved_to(7).value();
    BOOST_TEST(queue.find_mover(first, second, 10, 11).wd.value() == 11);
    BOOST_TEST(queue.find_mover(first, second, 11, 10).wd.value() == 11);
    // What comes after the next entry in one of the two is of something else.
    auto const none = queue.find_mover(first, second, 12, 12);
    BOOST_TEST(!none.wd);
    BOOST_TEST(none.is_certain);

    // It can still be on its way.
    auto const back = queue.find_next_entry(second.at, 1, 2).value();
    auto const end = queue.find_next_entry(back.at, 1, 2).value();
    BOOST_TEST(!queue.find_mover(back, end, 12, 12).is_certain);
    test::record_maker more;
    more.add(12, move_self);
    BOOST_TEST_REQUIRE(read(queue, more));
    BOOST_TEST(queue.find_mover(back, end, 12, 12).wd.value() == 12);
    BOOST_TEST(queue.find_mover(back, end, 12, 12).is_certain);
}

BOOST_AUTO_TEST_CASE(a_watch_that_ends_soon)
{
    constexpr std::uint32_t ignored = 0x8000;
    lib_queue queue(mebibyte);
    test::record_maker records;
    records.add(1, from, 7, "a").add(2, to, 7, "b").add(8, ignored).add(9, move_self);
    BOOST_TEST_REQUIRE(read(queue, records));
    auto const second = queue.match_moved_to(7).value();
    BOOST_TEST(queue.has_end(second.at, 8));
    BOOST_TEST(!queue.has_end(second.at, 9));
}

BOOST_AUTO_TEST_CASE(overflows)
{
    lib_queue queue(mebibyte);
    BOOST_TEST(!queue.has_overflow());
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(1, create, 0, "a")));
    BOOST_TEST(!queue.has_overflow());
    BOOST_TEST_REQUIRE(read(queue, test::record_maker().add(-1, overflow).add(1, 8)));
    BOOST_TEST(queue.has_overflow());
    queue.pop();
    BOOST_TEST(queue.has_overflow());
    queue.pop();
    BOOST_TEST(!queue.has_overflow());
}

struct modelled
{
    int wd;
    std::uint32_t mask;
    std::uint32_t cookie;
    std::string name;
};

BOOST_AUTO_TEST_CASE(as_a_deque)
{
    auto const seed = test::seed();
    std::mt19937_64 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        lib_queue queue(128 * std::size_t{1024});
        std::deque<modelled> model;
        std::uint32_t cookies = 0;
        for (int step = 0; step != 20000; ++step) {
            // Mostly more at first, then mostly less.
            if (random() % 100 < (step % 4000 < 2000 ? 70U : 20U)) {
                test::record_maker records;
                std::vector<modelled> made;
                for (auto n = random() % 40; n != 0; --n) {
                    std::string const name(random() % 60, 'n');
                    auto const kind = random() % 3;
                    auto const mask = kind == 0 ? create : kind == 1 ? from : to;
                    auto const cookie = kind == 0 ? 0 : ++cookies / 2 + random() % 4;
                    made.push_back({static_cast<int>(random() % 50), mask,
                                    static_cast<std::uint32_t>(cookie), name});
                    auto const& m = made.back();
                    records.add(m.wd, m.mask, m.cookie, m.name);
                }
                if (records.size() != 0 && read(queue, records)) {
                    model.insert(model.end(), made.begin(), made.end());
                }
            }
            for (auto n = random() % 40; n != 0 && !model.empty(); --n) {
                auto const front = queue.front();
                auto const& expected = model.front();
                if (front.mask != expected.mask || front.wd != expected.wd ||
                    front.cookie != expected.cookie || front.name != expected.name) {
                    BOOST_FAIL("step " << step);
                }
                if (front.mask == from) {
                    auto const found = queue.match_moved_to(front.cookie);
                    auto at = model.begin() + 1;
                    while (at != model.end() && (at->mask != to || at->cookie != front.cookie)) {
                        ++at;
                    }
                    if ((at == model.end()) != !found) {
                        BOOST_FAIL("step " << step);
                    }
                    if (at != model.end()) {
                        BOOST_REQUIRE_EQUAL(found->name, at->name);
                        BOOST_REQUIRE_EQUAL(found->wd, at->wd);
                        queue.consume(*found);
                        at->mask = 0;
                    }
                }
                queue.pop();
                model.pop_front();
            }
            BOOST_REQUIRE_EQUAL(queue.empty(), model.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
