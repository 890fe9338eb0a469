//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/lifetime_cases.hpp"
#include "support/tree/tree_operation.hpp"

#include <asio_inotify/error.hpp>

#include <chrono>
#include <filesystem>

namespace asio = boost::asio;
using fixtures = test::tree_fixtures;

BOOST_AUTO_TEST_SUITE(tree_async_lifetime)

namespace cases = test::lifetime_cases;

BOOST_AUTO_TEST_CASE_TEMPLATE(cancelled_by_its_slot, Fixture, fixtures)
{
    cases::cancelled_by_its_slot<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancelled_when_it_is_ready, Fixture, fixtures)
{
    cases::cancelled_when_it_is_ready<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_after_the_object_has_gone, Fixture, fixtures)
{
    cases::a_signal_after_the_object_has_gone<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(closed, Fixture, fixtures)
{
    cases::closed<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(closed_and_opened_at_once, Fixture, fixtures)
{
    cases::closed_and_opened_at_once<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(destroyed, Fixture, fixtures)
{
    cases::destroyed<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(moved, Fixture, fixtures)
{
    cases::moved<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(moved_over, Fixture, fixtures)
{
    cases::moved_over<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(moved_to_another_executor, Fixture, fixtures)
{
    cases::moved_to_another_executor<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_handler_ends_the_object, Fixture, fixtures)
{
    cases::the_handler_ends_the_object<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_context_ends, Fixture, fixtures)
{
    cases::the_context_ends<Fixture>();
}

BOOST_AUTO_TEST_CASE(cancelled_by_the_watcher)
{
    test::receive_fixture<> f;
    test::error_code ec;
    f.start(f.into());
    cases::poll(f.context);
    f.object.cancel();
    test::run(f.context);
    f.expect_error(asio::error::operation_aborted);
    f.object.cancel(); // nothing there
    f.result = {};
    f.start(f.into());
    f.finish();
    f.object.close();
    f.object.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

using new_roots = std::tuple<test::add_root_fixture<>, test::restore_fixture<>>;

// After any number of its handlers.
BOOST_AUTO_TEST_CASE_TEMPLATE(new_roots_are_removed_by_cancel, Fixture, new_roots)
{
    bool is_over = false;
    for (int handlers = 0; !is_over; ++handlers) {
        BOOST_TEST_REQUIRE(handlers < 100);
        BOOST_TEST_CONTEXT("after " << handlers << " handlers")
        {
            Fixture f;
            f.start(f.into());
            for (int i = 0; i != handlers; ++i) {
                f.context.poll_one();
            }
            is_over = f.result.calls != 0;
            BOOST_TEST((handlers != 0 || !is_over));
            f.object.cancel();
            test::run(f.context);
            if (is_over) {
                f.expect_success();
                break;
            }
            f.expect_error(asio::error::operation_aborted);
            BOOST_TEST(f.object.empty());
            BOOST_TEST(f.object.counters().watches == 0U);
            // It does not concern the next one.
            f.result = {};
            f.start(f.into());
            f.finish();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_cancelled_root_is_removed)
{
    test::add_root_fixture<> f;
    asio::cancellation_signal signal;
    f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
    signal.emit(asio::cancellation_type::total);
    test::run(f.context);
    f.expect_error(asio::error::operation_aborted);
    BOOST_TEST(f.object.size() == 0U);
    BOOST_TEST(f.object.counters().watches == 0U);
}

// Whatever its operation has done by then.
BOOST_AUTO_TEST_CASE(a_root_is_removed_by_a_move_to_another_executor_type)
{
    bool is_added = false;
    for (int handlers = 0; !is_added; ++handlers) {
        BOOST_TEST_REQUIRE(handlers < 100);
        BOOST_TEST_CONTEXT("after " << handlers << " handlers")
        {
            test::temp_directory const dir;
            auto const kept = dir / "kept";
            auto const added = dir / "added";
            std::filesystem::create_directories(kept);
            std::filesystem::create_directories(added / "a/b/c");
            asio::io_context context;
            asio_inotify::basic_tree_watcher<asio::io_context::executor_type> watcher(context);
            asio_inotify::tree_options options;
            options.slice_time = std::chrono::milliseconds(0);
            watcher.open(options);
            watcher.add(kept);
            test::outcome result;
            watcher.async_add(added, test::into(result));
            for (int i = 0; i != handlers; ++i) {
                context.poll_one();
            }
            is_added = result.calls != 0;
            asio_inotify::tree_watcher other(std::move(watcher));
            test::run(context);
            BOOST_TEST(result.calls == 1);
            test::error_code ec;
            other.remove(added, ec);
            if (is_added) {
                BOOST_TEST(!result.ec);
                BOOST_TEST(!ec, ec.message());
            } else {
                BOOST_TEST((result.ec == asio::error::operation_aborted));
                BOOST_TEST((ec == asio_inotify::error::path_not_watched));
            }
            test::outcome again;
            other.async_add(added, test::into(again));
            test::run(context);
            BOOST_TEST(again.calls == 1);
            BOOST_TEST(!again.ec, again.ec.message());
            BOOST_TEST(other.counters().watches == 5U);
            other.remove(kept);
        }
    }
}

// The operation ends without a root that is not its own.
BOOST_AUTO_TEST_CASE(a_root_that_was_removed_and_added_again_stays)
{
    for (bool const moves : {false, true}) {
        test::add_root_fixture<asio::io_context::executor_type> f;
        asio::cancellation_signal signal;
        f.start(asio::bind_cancellation_slot(signal.slot(), f.into()));
        f.object.remove(f.dir.path());
        f.object.add(f.dir.path());
        if (moves) {
            asio_inotify::tree_watcher other(std::move(f.object));
            test::run(f.context);
            other.remove(f.dir.path());
        } else {
            signal.emit(asio::cancellation_type::total);
            test::run(f.context);
            f.object.remove(f.dir.path());
        }
        f.expect_error(asio::error::operation_aborted);
    }
}

// A receive and an addition scan directories in turns, and both complete.
BOOST_AUTO_TEST_CASE(a_receive_beside_an_addition)
{
    test::add_root_fixture<> f;
    test::tree_outcome changes;
    f.object.async_receive([&](test::error_code ec, auto const& batch) { changes(ec, batch); });
    f.start([&](test::error_code ec) {
        f.result(ec);
        std::filesystem::create_directory(f.dir / "new");
    });
    test::run(f.context);
    f.expect_success();
    BOOST_TEST(changes.calls == 1);
    BOOST_TEST(changes.seen == test::name_list{"new"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
