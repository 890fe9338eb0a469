//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/long_run.hpp"
#include "support/seed.hpp"
#include "support/set/open_set.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

// One thread works on files as fast as it can, while watches of them come and go and their numbers
// are given to watches of files that nobody touches: no event is ever said to be of those.
namespace {

// Opens and closes files on a thread of its own, as long as it lives.
class hammer
{
public:
    explicit hammer(std::vector<std::string> files)
        : thread_([this, files = std::move(files)] {
            while (!stop_) {
                for (auto const& file : files) {
                    ::close(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
                }
            }
        })
    {}
    hammer(hammer const&) = delete;
    hammer& operator=(hammer const&) = delete;

    ~hammer()
    {
        stop_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_hammering, test::open_set)

using test::error_code;
using test::event_mask;

BOOST_AUTO_TEST_CASE(recycled_numbers_have_no_events_of_their_former_watches)
{
    constexpr int files_of_a_kind = 500;
    int const rounds = test::is_long_run() ? 1100 : 110;
    std::mt19937_64 random(test::seed());
    std::vector<std::string> busy;
    std::vector<std::string> quiet;
    for (int n = 0; n != files_of_a_kind; ++n) {
        busy.push_back(new_file());
        quiet.push_back(new_file());
    }
    hammer const at_work(busy);
    std::unordered_set<std::string_view> const untouched(quiet.begin(), quiet.end());
    asio_inotify::event_buffer<> buffer;
    std::size_t misattributed = 0;
    std::size_t attributed = 0;
    int highest = 0;
    int cycles = 0;
    set.non_blocking(true);
    auto const drain = [&](std::size_t least) {
        for (std::size_t bytes = 0; bytes < least;) {
            error_code ec;
            auto const before = set.available();
            auto const batch = set.read_events(buffer, ec);
            for (auto const e : batch) {
                (untouched.contains(e.watch().path()) ? misattributed : attributed) += 1;
            }
            if (ec || before == 0) {
                return;
            }
            bytes += before;
        }
    };
    auto const recycle = [&] {
        bool done = false;
        async_recycle(set, [&](error_code ec, std::size_t recycled) {
            BOOST_TEST(!ec);
            BOOST_TEST(recycled == static_cast<std::size_t>(files_of_a_kind));
            done = true;
        });
        context.restart();
        // Keeps reading in the meantime, as a server does.
        while (!done) {
            context.run_for(std::chrono::milliseconds(1));
            drain(1);
        }
        drain(set.available());
    };
    auto const come_and_go = [&](std::vector<std::string>& paths) {
        std::shuffle(paths.begin(), paths.end(), random);
        std::vector<asio_inotify::watch_descriptor> numbers;
        for (auto const& file : paths) {
            numbers.push_back(set.add(file, event_mask::open | event_mask::close_nowrite));
            highest = std::max(highest, numbers.back().value());
        }
        drain(1);
        for (auto const wd : numbers) {
            set.remove(wd);
            ++cycles;
        }
        recycle();
    };
    for (int round = 0; round != rounds; ++round) {
        come_and_go(busy);
        come_and_go(quiet);
    }
    BOOST_TEST(misattributed == 0U);
    BOOST_TEST(attributed > 0U);
    BOOST_TEST(set.counters().stale > 0U);
    BOOST_TEST(cycles >= 100000);
    // The same few numbers all the time.
    BOOST_TEST(highest <= 2 * files_of_a_kind);
    BOOST_TEST_MESSAGE(cycles << " cycles, " << attributed << " events, " << set.counters().stale
                              << " stale, " << set.counters().overflows << " overflows");
}

// The number goes to the other file as soon as it is free, while the first one's events are still
// on their way.
BOOST_AUTO_TEST_CASE(a_number_is_given_on_at_once)
{
    auto const busy = new_file().native();
    auto const quiet = new_file().native();
    hammer const at_work({busy});
    asio_inotify::event_buffer<> buffer;
    std::size_t misattributed = 0;
    set.non_blocking(true);
    auto const read = [&] {
        error_code ec;
        for (auto const e : set.read_events(buffer, ec)) {
            misattributed += e.watch().path() == quiet ? 1U : 0U;
        }
        return !ec;
    };
    constexpr asio_inotify::watch_descriptor number{1};
    constexpr auto kinds = event_mask::open | event_mask::close_nowrite;
    int const cycles = test::is_long_run() ? 5000 : 200;
    for (int cycle = 0; cycle != cycles; ++cycle) {
        set.add_at(number, busy, kinds);
        read();
        set.remove(number);
        async_recycle(set, [](error_code ec, std::size_t n) {
            BOOST_TEST(!ec);
            BOOST_TEST(n == 1U);
        });
        context.restart();
        context.run();
        error_code ec;
        set.add_at(number, quiet, kinds, ec);
        while (ec == asio_inotify::error::watch_descriptor_quarantined) {
            read();
            set.add_at(number, quiet, kinds, ec);
        }
        BOOST_TEST_REQUIRE(!ec);
        for (auto const end = std::chrono::steady_clock::now() + std::chrono::microseconds(300);
             std::chrono::steady_clock::now() < end;) {
            read();
        }
        set.remove(number);
        async_recycle(set, [](error_code, std::size_t) {});
        context.restart();
        context.run();
        while (read()) {
        }
    }
    BOOST_TEST(misattributed == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
