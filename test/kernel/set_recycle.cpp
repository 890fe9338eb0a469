//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/set/recycling_set.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// Numbers of watches that are gone, given to new ones.
BOOST_FIXTURE_TEST_SUITE(set_recycle, test::recycling_set)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(there_may_be_nothing_to_do)
{
    BOOST_TEST(recycle() == 0U);
    set.add(new_file(), event_mask::all);
    BOOST_TEST(recycle() == 0U);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 2);
}

BOOST_AUTO_TEST_CASE(free_when_the_queued_events_are_read)
{
    auto const file = new_file();
    for (int n = 1; n <= 5; ++n) {
        set.add(new_file(), event_mask::all);
    }
    set.remove(wd(2));
    set.remove(wd(4));
    BOOST_TEST(recycle() == 2U);
    // Nothing was read: events of the old watches can be in the queue.
    error_code ec;
    set.add_at(wd(2), file, event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    test::expect_events(test::drain(set), {});
    BOOST_TEST(set.add(file, event_mask::open).value() == 2);
    std::ifstream{file};
    test::expect_events(test::drain(set), {"file1: 2 open"});
    set.add_at(wd(4), new_file(), event_mask::all);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 6);
    BOOST_TEST(recycle() == 0U);
}

// A read has taken events off the queue, and its handler did not run yet: what is queued at the end
// of the barrier is not all that comes before it.
BOOST_AUTO_TEST_CASE(a_read_is_on_its_way)
{
    asio::io_context reading;
    auto const old = new_file();
    fs::path const others[] = {new_file(), new_file()};
    set.add(old, event_mask::open);
    for (auto const& path : others) {
        set.add(path, event_mask::attrib);
    }
    // More than the read takes, and then the events of the watch that goes.
    for (int n = 0; n != 20; ++n) {
        fs::permissions(others[n % 2], fs::perms::owner_all);
    }
    std::ifstream{old};
    set.remove(wd(1));
    std::vector<std::byte> memory(asio_inotify::minimum_watch_buffer_size);
    bool read = false;
    set.async_read_events(asio::buffer(memory),
                          asio::bind_executor(reading, [&](error_code ec, auto batch) {
                              BOOST_TEST(!ec);
                              BOOST_TEST(!batch.empty());
                              read = true;
                          }));
    // The context has work as long as the read's handler did not run.
    std::optional<std::size_t> recycled;
    async_recycle(set, [&](error_code ec, std::size_t n) {
        BOOST_TEST(!ec);
        recycled = n;
    });
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!recycled && std::chrono::steady_clock::now() < deadline) {
        context.run_one_until(deadline);
    }
    BOOST_TEST_REQUIRE((recycled == 1U));
    BOOST_TEST(!read);
    reading.poll();
    BOOST_TEST(read);
    BOOST_TEST(set.available() != 0U);
    auto const file = new_file();
    BOOST_TEST(set.add(file, event_mask::open).value() == 4);
    test::drain(set);
    // Now it is free, even though that was not noticed while there was something to read.
    auto const last = new_file();
    BOOST_TEST(set.add(last, event_mask::open).value() == 1);
    std::ifstream{last};
    test::expect_events(test::drain(set), {"file5: 1 open"});
}

BOOST_AUTO_TEST_CASE(numbers_that_the_kernel_has_ended)
{
    auto const deleted = new_file();
    auto const fired = new_file();
    set.add(deleted, event_mask::all);
    set.add(fired, event_mask::open, add_options::one_shot);
    set.add(new_file(), event_mask::all);
    fs::remove(deleted);
    std::ifstream{fired};
    // Not before the set has heard of it.
    BOOST_TEST(recycle() == 0U);
    test::drain(set);
    BOOST_TEST(recycle() == 2U);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 1);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 2);
    BOOST_TEST(test::live(set.native_handle()) == (std::vector{1, 2, 3}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_kernel_ended_it_before_it_was_removed)
{
    auto const file = new_file();
    set.add(file, event_mask::all);
    fs::remove(file);
    set.remove(wd(1));
    BOOST_TEST(recycle() == 1U);
    test::drain(set);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 1);
}

BOOST_AUTO_TEST_CASE(two_at_once)
{
    for (int n = 1; n <= 4; ++n) {
        set.add(new_file(), event_mask::all);
    }
    std::size_t recycled = 0;
    auto const count = [&](error_code ec, std::size_t n) {
        BOOST_TEST(!ec);
        recycled += n;
    };
    set.remove(wd(1));
    async_recycle(set, count);
    set.remove(wd(2));
    async_recycle(set, count);
    set.remove(wd(3));
    context.run_for(std::chrono::seconds(60));
    BOOST_TEST(recycled == 2U);
    test::drain(set);
    error_code ec;
    set.add_at(wd(3), new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    set.add_at(wd(2), new_file(), event_mask::all);
    set.add_at(wd(1), new_file(), event_mask::all);
}

BOOST_AUTO_TEST_CASE(closed_moved_and_destroyed_while_recycling)
{
    std::optional<error_code> result;
    auto const keep = [&](error_code ec, std::size_t) { result = ec; };
    auto const removed = [&](asio_inotify::watch_set& of) {
        of.remove(of.add(dir.path(), event_mask::create));
    };
    auto const run = [&] {
        context.restart();
        context.run_for(std::chrono::seconds(60));
    };
    removed(set);
    async_recycle(set, keep);
    set.close();
    run();
    BOOST_TEST((result == asio::error::operation_aborted));

    set.open();
    removed(set);
    async_recycle(set, keep);
    asio_inotify::watch_set other(std::move(set));
    run();
    BOOST_TEST((result == error_code()));
    async_recycle(other, asio::use_future);

    auto gone = std::make_unique<asio_inotify::watch_set>(context);
    gone->open();
    removed(*gone);
    async_recycle(*gone, keep);
    gone.reset();
    run();
    BOOST_TEST((result == asio::error::operation_aborted));

    asio_inotify::watch_set closed(context);
    async_recycle(closed, keep);
    run();
    BOOST_TEST((result == boost::system::errc::bad_file_descriptor));
}

BOOST_AUTO_TEST_CASE(the_context_goes_while_the_kernel_is_waited_for)
{
    for (int n = 0; n != 20; ++n) {
        auto const kept = std::make_shared<int>();
        {
            asio::io_context own;
            asio_inotify::watch_set gone(own);
            gone.open();
            gone.remove(gone.add(dir.path(), event_mask::create));
            async_recycle(gone, [kept](error_code, std::size_t) {});
            async_recycle(gone, [kept](error_code, std::size_t) {});
        }
        BOOST_TEST(kept.use_count() == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
