//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/tree/saved_tree.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

namespace asio = boost::asio;

// A tree is restored in slices of time, between which everything else goes on.
namespace {

/// A saved tree that takes many slices.
struct large_tree : test::saved_tree
{
    large_tree()
    {
        options.slice_time = std::chrono::microseconds(0);
        for (int n = 0; n != directories; ++n) {
            auto const name = std::to_string(n);
            make(name);
            write(name + "/file");
        }
        begin(options);
        save();
        // Before the other one is removed, whose inode it could get.
        write("new");
        remove("0");
    }

    template <class Condition>
    void run_without_receive(Condition condition)
    {
        context.restart();
        while (!condition()) {
            BOOST_TEST_REQUIRE(context.run_one_for(test::deadline) == 1U);
        }
    }

    static constexpr int directories = 300;
    static constexpr std::size_t entries = 2 * directories + 1;
    test::tree_options options = test::at_once();
    test::outcome restored;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_async_restore, large_tree)

using asio_inotify::error;
using test::error_code;

BOOST_AUTO_TEST_CASE(other_handlers_run_in_between)
{
    open(options);
    asio_inotify::async_restore(watcher, saved, test::into(restored));
    context.restart();
    int others = 0;
    while (restored.calls == 0) {
        ++others;
        BOOST_TEST_REQUIRE(context.run_one() == 1U);
    }
    BOOST_TEST(!restored.ec, restored.ec.message());
    BOOST_TEST(others >= 5);
    BOOST_TEST(watcher.counters().entries == entries);
    expect_rescan({"removed dir 0", "created file new"});
}

// It waits until the trees are made, and does not spend time.
BOOST_AUTO_TEST_CASE(a_receive_is_outstanding)
{
    open(options);
    receive();
    asio_inotify::async_restore(watcher, saved, test::into(restored));
    run_without_receive([&] { return restored.calls != 0; });
    expect_rescan({"removed dir 0", "created file new"});
}

BOOST_AUTO_TEST_CASE(trees_that_are_incomplete_are_not_changed_or_saved)
{
    open(options);
    asio_inotify::async_restore(watcher, saved, test::into(restored));
    context.poll_one();
    error_code ec;
    watcher.add(out, ec);
    BOOST_TEST(ec == error::operation_outstanding);
    watcher.remove(in, ec);
    BOOST_TEST(ec == error::operation_outstanding);
    static_cast<void>(asio_inotify::save(watcher, ec));
    BOOST_TEST(ec == error::operation_outstanding);
    BOOST_TEST(watcher.try_receive(ec).empty());
    BOOST_TEST(ec == error::operation_outstanding);
    BOOST_TEST(watcher.receive(ec).empty());
    BOOST_TEST(ec == error::operation_outstanding);
    watcher.wait(ec);
    BOOST_TEST(ec == error::operation_outstanding);
    asio_inotify::restore(watcher, saved, ec);
    BOOST_TEST(ec == error::operation_outstanding);
    test::outcome second;
    asio_inotify::async_restore(watcher, saved, test::into(second));
    run_without_receive([&] { return second.calls != 0; });
    BOOST_TEST(second.ec == error::operation_outstanding);
    // The end of the second one has not ended the first one.
    run_without_receive([&] { return restored.calls != 0; });
    BOOST_TEST(!restored.ec, restored.ec.message());
    asio_inotify::restore(watcher, saved, ec);
    BOOST_TEST(ec == error::not_empty);
    expect_rescan({"removed dir 0", "created file new"});
}

BOOST_AUTO_TEST_CASE(cancelled_after_each_part)
{
    int parts = 0;
    for (bool is_over = false; !is_over; ++parts) {
        open(options);
        restored = {};
        asio::cancellation_signal signal;
        asio_inotify::async_restore(
            watcher, saved, asio::bind_cancellation_slot(signal.slot(), test::into(restored)));
        context.restart();
        for (int part = 0; part != parts; ++part) {
            context.poll_one();
        }
        is_over = restored.calls != 0;
        signal.emit(asio::cancellation_type::total);
        run_without_receive([&] { return restored.calls != 0; });
        BOOST_TEST(restored.ec ==
                   (is_over ? error_code() : error_code(asio::error::operation_aborted)));
        if (!is_over) {
            // Nothing is left, and another one can follow.
            BOOST_TEST(watcher.counters().entries == 0U);
            BOOST_TEST(watches().empty());
            watcher.close();
        }
    }
    BOOST_TEST(parts >= 5);
    expect_rescan({"removed dir 0", "created file new"});
}

BOOST_AUTO_TEST_CASE(again_after_a_cancelled_one)
{
    open(options);
    {
        asio::cancellation_signal signal;
        asio_inotify::async_restore(
            watcher, saved, asio::bind_cancellation_slot(signal.slot(), test::into(restored)));
        context.poll_one();
        context.poll_one();
        signal.emit(asio::cancellation_type::total);
        run_without_receive([&] { return restored.calls != 0; });
    }
    BOOST_TEST(restored.ec == asio::error::operation_aborted);
    asio_inotify::restore(watcher, saved);
    expect_rescan({"removed dir 0", "created file new"});
}

// The operation of before is none of the watcher that was opened again.
BOOST_AUTO_TEST_CASE(closed_and_opened_again)
{
    open(options);
    asio_inotify::async_restore(watcher, saved, test::into(restored));
    context.poll_one();
    context.poll_one();
    watcher.close();
    open(options);
    test::outcome second;
    asio_inotify::async_restore(watcher, saved, test::into(second));
    run_without_receive([&] { return restored.calls != 0 && second.calls != 0; });
    BOOST_TEST(restored.ec == asio::error::operation_aborted);
    BOOST_TEST(!second.ec, second.ec.message());
    expect_rescan({"removed dir 0", "created file new"});
}

BOOST_AUTO_TEST_CASE(moved_to_another_type_of_executor)
{
    asio_inotify::basic_tree_watcher<asio::io_context::executor_type> narrow(context);
    narrow.open(options);
    async_restore(narrow, saved, test::into(restored));
    context.restart();
    context.poll_one();
    context.poll_one();
    watcher = asio_inotify::tree_watcher(std::move(narrow));
    run_without_receive([&] { return restored.calls != 0; });
    BOOST_TEST(restored.ec == asio::error::operation_aborted);
    asio_inotify::restore(watcher, saved);
    expect_rescan({"removed dir 0", "created file new"});
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_cannot_be_restored)
{
    options.exclude = {"/elsewhere/*"};
    open(options);
    asio_inotify::async_restore(watcher, saved, test::into(restored));
    run_without_receive([&] { return restored.calls != 0; });
    BOOST_TEST(restored.ec == error::invalid_exclude_pattern);
    BOOST_TEST(watcher.counters().entries == 0U);
}

BOOST_AUTO_TEST_CASE(neither_the_watcher_nor_the_context_waits_for_it)
{
    auto own = std::make_unique<asio::io_context>();
    auto other = std::make_unique<asio_inotify::tree_watcher>(*own);
    other->open(options);
    async_restore(*other, saved, test::into(restored));
    own->poll_one();
    own->poll_one();
    other.reset();
    own.reset();
    BOOST_TEST(restored.calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()
