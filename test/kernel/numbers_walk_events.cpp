//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

// A walk reads the queue so that it does not overflow; what was in it is not lost.
namespace {

constexpr int far_away = 20000; // more steps than the usual queue has room for

struct walker : test::instance
{
    walker()
    {
        in.add(dir.path(), test::event_mask::create);
        in.walk_limit(100000);
    }

    void create(int count)
    {
        for (int i = 0; i != count; ++i) {
            auto const name = "n" + std::to_string(created++);
            dir.write(name);
            expected.push_back("1 create " + name);
        }
    }

    void walk()
    {
        test::error_code ec;
        in.add_at(test::wd(far_away), other.path(), test::event_mask::create, ec);
        BOOST_TEST(!ec);
    }

    // By asynchronous reads, until everything that is expected was seen or a read fails.
    std::vector<std::string> read_asynchronously(std::size_t size)
    {
        std::vector<std::string> seen;
        std::vector<std::byte> memory(size);
        while (seen.size() < expected.size()) {
            bool failed = false;
            in.async_read_events(boost::asio::buffer(memory), [&](auto ec, auto batch) {
                failed = ec.failed();
                for (auto const e : batch) {
                    seen.push_back(test::describe(e));
                }
            });
            context.restart();
            context.run_for(std::chrono::seconds(30));
            if (failed || !context.stopped()) {
                BOOST_ERROR("a read failed, or there was nothing to read");
                in.close();
                context.restart();
                context.run();
                break;
            }
        }
        return seen;
    }

    test::temp_directory other;
    int created = 0;
    std::vector<std::string> expected;
};

template <class Body>
void without_set_next(Body body)
{
    test::run_in_child([&] {
        test::forbid_set_next();
        walker w;
        body(w);
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(numbers_walk_events)

BOOST_AUTO_TEST_CASE(before_and_after_read_by_one_read)
{
    without_set_next([](walker& w) {
        w.create(100);
        w.walk();
        w.create(100);
        test::expect_events(test::drain(w.in), w.expected);
    });
}

BOOST_AUTO_TEST_CASE(read_with_the_smallest_buffer)
{
    without_set_next([](walker& w) {
        w.create(300);
        w.walk();
        w.create(300);
        test::expect_events(test::drain(w.in, asio_inotify::minimum_buffer_size), w.expected);
    });
}

BOOST_AUTO_TEST_CASE(read_asynchronously)
{
    for (std::size_t const size : {std::size_t{272}, std::size_t{4096}, std::size_t{65536}}) {
        without_set_next([size](walker& w) {
            w.create(200);
            w.walk();
            w.create(200);
            test::expect_events(w.read_asynchronously(size), w.expected);
            test::expect_events(test::drain(w.in), {});
        });
    }
}

BOOST_AUTO_TEST_CASE(held_events_count_as_available)
{
    without_set_next([](walker& w) {
        w.create(10);
        auto const before = w.in.available();
        w.walk();
        BOOST_TEST(w.in.available() == before);
        w.create(1);
        BOOST_TEST(w.in.available() == before + 32);
        test::error_code ec = test::error::no_such_watch;
        w.in.wait(w.in.wait_read, ec);
        BOOST_TEST(!ec);
        bool waited = false;
        w.in.async_wait(w.in.wait_read, [&](auto failure) { waited = !failure; });
        w.context.run_for(std::chrono::seconds(30));
        BOOST_TEST(waited);
        test::expect_events(test::drain(w.in), w.expected);
    });
}

BOOST_AUTO_TEST_CASE(two_walks)
{
    without_set_next([](walker& w) {
        w.create(50);
        w.walk();
        w.create(50);
        test::temp_directory const another;
        test::error_code ec;
        w.in.add_at(test::wd(far_away + 5000), another.path(), test::event_mask::all, ec);
        BOOST_TEST(!ec);
        w.create(50);
        test::expect_events(test::drain(w.in), w.expected);
    });
}

BOOST_AUTO_TEST_CASE(a_small_buffer_takes_nothing)
{
    without_set_next([](walker& w) {
        w.create(5);
        w.walk();
        std::vector<std::byte> memory(271);
        test::error_code ec;
        BOOST_TEST(w.in.read_events(boost::asio::buffer(memory), ec).empty());
        BOOST_TEST(ec == test::error::buffer_too_small);
        w.in.async_read_events(boost::asio::buffer(memory), [&](auto failure, auto batch) {
            BOOST_TEST(failure == test::error::buffer_too_small);
            BOOST_TEST(batch.empty());
        });
        w.context.run();
        test::expect_events(test::drain(w.in), w.expected);
    });
}

BOOST_AUTO_TEST_CASE(released_after_the_walk)
{
    without_set_next([](walker& w) {
        w.create(5);
        w.walk();
        int const fd = w.in.release();
        BOOST_TEST(fd >= 0);
        // What the walk took from the queue is still the object's.
        asio_inotify::event_buffer<> buffer;
        test::error_code ec;
        auto const batch = w.in.read_events(buffer, ec);
        BOOST_TEST(!ec);
        std::vector<std::string> seen;
        for (auto const e : batch) {
            seen.push_back(test::describe(e));
        }
        test::expect_events(seen, w.expected);
        BOOST_TEST(w.in.read_events(buffer, ec).empty());
        BOOST_TEST(ec == boost::asio::error::bad_descriptor);
        ::close(fd);
    });
}

BOOST_AUTO_TEST_CASE(released_and_read_asynchronously)
{
    without_set_next([](walker& w) {
        w.create(20);
        w.walk();
        ::close(w.in.release());
        test::expect_events(w.read_asynchronously(272), w.expected);
    });
}

BOOST_AUTO_TEST_CASE(closed_after_the_walk)
{
    without_set_next([](walker& w) {
        w.create(5);
        w.walk();
        w.in.close();
        w.in.open();
        test::expect_events(test::drain(w.in), {});
        BOOST_TEST(w.in.available() == 0U);
    });
}

BOOST_AUTO_TEST_CASE(events_in_the_middle)
{
    without_set_next([](walker& w) {
        // Another thread writes during the walk; the names show the order.
        std::atomic<bool> stop{false};
        std::atomic<int> count{0};
        std::thread writer([&] {
            // Bounded, so that the queue cannot overflow before the walk begins.
            while (!stop.load() && count.load() < 4000) {
                w.dir.write("t" + std::to_string(count.load()));
                ++count;
            }
        });
        w.walk();
        stop = true;
        writer.join();
        w.dir.write("last");
        std::vector<std::string> expected;
        for (int i = 0; i != count.load(); ++i) {
            expected.push_back("1 create t" + std::to_string(i));
        }
        expected.push_back("1 create last");
        test::expect_events(test::drain(w.in, 4096), expected);
    });
}

BOOST_AUTO_TEST_SUITE_END()
