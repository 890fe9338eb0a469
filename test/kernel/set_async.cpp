//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/asio/after_hops.hpp"
#include "support/asio/archetypes.hpp"
#include "support/asio/tracker_executor.hpp"
#include "support/set/open_set.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/packaged_task.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// Asynchronous reads of a set.
namespace {

struct reading : test::open_set
{
    void run()
    {
        context.restart();
        context.run_for(std::chrono::seconds(60));
        BOOST_TEST_REQUIRE(context.stopped());
    }

    // Runs what is ready, and nothing that waits.
    void poll()
    {
        context.restart();
        context.poll();
    }

    auto keep()
    {
        return [this](test::error_code ec, asio_inotify::watch_event_batch batch) {
            result = ec;
            seen.clear();
            for (auto const e : batch) {
                seen.push_back(test::describe_joined(e));
            }
        };
    }

    asio_inotify::event_buffer<> buffer;
    std::optional<test::error_code> result;
    std::vector<std::string> seen;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_async, reading)

using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(completes_with_events)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    set.async_read_events(buffer, keep());
    BOOST_TEST(!result);
    poll();
    BOOST_TEST(!result);
    std::ifstream{file};
    run();
    BOOST_TEST((result == error_code()));
    test::expect_events(seen, {"file1: 1 open"});
}

BOOST_AUTO_TEST_CASE(waits_on_when_there_is_nothing_to_report)
{
    auto const file = new_file();
    auto const other = new_file();
    set.add(file, event_mask::open);
    set.add(other, event_mask::open);
    set.async_read_events(buffer, keep());
    poll();
    std::ifstream{file};
    set.remove(wd(1));
    poll();
    BOOST_TEST(!result);
    BOOST_TEST(set.counters().stale == 2U);
    std::ifstream{other};
    run();
    test::expect_events(seen, {"file2: 2 open"});
}

BOOST_AUTO_TEST_CASE(every_kind_of_token)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    int completions = 0;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            std::ifstream{file};
            auto batch = co_await set.async_read_events(buffer, asio::use_awaitable);
            completions += batch.front().watch().path() == file.native() ? 1 : 0;
            std::ifstream{file};
            batch = co_await set.async_read_events(buffer);
            completions += batch.front().watch().path() == file.native() ? 1 : 0;
            std::ifstream{file};
            auto const [ec, last] =
                co_await set.async_read_events(buffer, asio::as_tuple(asio::use_awaitable));
            completions += !ec && last.front().wd() == wd(1) ? 1 : 0;
        },
        [](std::exception_ptr failure) {
            if (failure) {
                std::rethrow_exception(failure);
            }
        });
    run();
    BOOST_TEST(completions == 3);
    std::ifstream{file};
    auto future = set.async_read_events(buffer, asio::use_future);
    run();
    BOOST_TEST(future.get().front().is(event_mask::open));
}

BOOST_AUTO_TEST_CASE(a_handler_that_can_only_be_moved)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    set.async_read_events(buffer,
                          [done = std::make_unique<int>(1), keep = keep()](auto ec, auto batch) {
                              BOOST_TEST(*done == 1);
                              keep(ec, batch);
                          });
    std::ifstream{file};
    run();
    test::expect_events(seen, {"file1: 1 open"});
}

BOOST_AUTO_TEST_CASE(the_handlers_executor)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    auto const strand = asio::make_strand(context);
    bool inside = false;
    set.async_read_events(buffer, asio::bind_executor(strand, [&](auto, auto) {
                              inside = strand.running_in_this_thread();
                          }));
    std::ifstream{file};
    run();
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE(cancellation)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    for (auto const type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal}) {
        asio::cancellation_signal signal;
        result.reset();
        set.async_read_events(buffer, asio::bind_cancellation_slot(signal.slot(), keep()));
        poll();
        signal.emit(type);
        run();
        BOOST_TEST((result == asio::error::operation_aborted));
        // Nothing is lost, and what came before the cancellation is delivered.
        result.reset();
        std::ifstream{file};
        set.async_read_events(buffer, asio::bind_cancellation_slot(signal.slot(), keep()));
        signal.emit(type);
        run();
        if (result == error_code()) {
            test::expect_events(seen, {"file1: 1 open"});
        } else {
            // Asio's other reactors read later than epoll's, and then not at all.
            BOOST_TEST((result == asio::error::operation_aborted));
            test::expect_events(test::drain(set), {"file1: 1 open"});
        }
        signal.emit(type);
    }
    result.reset();
    set.async_read_events(buffer, keep());
    set.cancel();
    run();
    BOOST_TEST((result == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(cancelled_after_there_was_nothing_to_report)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    std::ifstream{file};
    set.remove(wd(1));
    asio::cancellation_signal signal;
    set.async_read_events(buffer, asio::bind_cancellation_slot(signal.slot(), keep()));
    signal.emit(asio::cancellation_type::total);
    run();
    BOOST_TEST((result == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(closed_destroyed_and_moved)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    set.async_read_events(buffer, keep());
    poll();
    asio_inotify::watch_set moved(std::move(set));
    std::ifstream{file};
    run();
    test::expect_events(seen, {"file1: 1 open"});

    result.reset();
    moved.async_read_events(buffer, keep());
    poll();
    moved.close();
    BOOST_TEST(!result);
    run();
    BOOST_TEST((result == asio::error::operation_aborted));

    result.reset();
    auto temporary = std::make_unique<asio_inotify::watch_set>(context);
    temporary->open();
    temporary->add(file, event_mask::open);
    temporary->async_read_events(buffer, keep());
    poll();
    temporary.reset();
    run();
    BOOST_TEST((result == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_handler_that_is_kept)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    std::function<void(error_code, asio_inotify::watch_event_batch)> kept = keep();
    for (int n = 0; n != 2; ++n) {
        std::ifstream{file};
        set.async_read_events(buffer, kept);
        BOOST_TEST_REQUIRE(static_cast<bool>(kept));
        run();
        test::expect_events(seen, {"file1: 1 open"});
    }
    // One whose type is a completion token, too.
    std::packaged_task<void(error_code, asio_inotify::watch_event_batch)> task(kept);
    std::ifstream{file};
    auto done = set.async_read_events(buffer, std::move(task));
    run();
    done.get();
    test::expect_events(seen, {"file1: 1 open"});
}

// The watches that the events refer to end with the set.
BOOST_AUTO_TEST_CASE(closed_after_the_events_were_read)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    std::ifstream{file};
    asio::io_context other;
    set.async_read_events(buffer, asio::bind_executor(other, keep()));
    poll(); // read; what is left waits for the handler's own context
    set.close();
    other.run();
    BOOST_TEST((result == asio::error::operation_aborted));
}

// Once it was cancelled, an operation takes nothing, however far it was.
BOOST_AUTO_TEST_CASE(cancelled_after_the_events_were_read)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    for (int by_signal = 0; by_signal != 2; ++by_signal) {
        for (int hops = 0; hops != 6; ++hops) {
            std::ifstream{file};
            asio::cancellation_signal signal;
            result.reset();
            bool is_cancelled = false;
            test::after_hops(context, hops, [&] {
                is_cancelled = !result;
                by_signal != 0 ? signal.emit(asio::cancellation_type::total) : set.cancel();
            });
            set.async_read_events(buffer, asio::bind_cancellation_slot(signal.slot(), keep()));
            run();
            BOOST_TEST_REQUIRE(result.has_value());
            BOOST_TEST((result == asio::error::operation_aborted) == is_cancelled);
            if (is_cancelled) {
                test::expect_events(test::drain(set), {"file1: 1 open"});
            }
        }
    }
}

// The next read is started before the handler of the cancelled one was called.
BOOST_AUTO_TEST_CASE(read_again_after_a_cancellation)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    std::ifstream{file};
    asio::io_context other;
    asio_inotify::event_buffer<> unused;
    std::optional<error_code> first;
    set.async_read_events(
        unused, asio::bind_executor(other, [&](error_code ec, auto const&) { first = ec; }));
    poll();
    set.cancel();
    set.async_read_events(buffer, keep());
    other.run();
    BOOST_TEST((first == asio::error::operation_aborted));
    run();
    test::expect_events(seen, {"file1: 1 open"});
}

BOOST_AUTO_TEST_CASE(moved_to_another_executor_while_it_reads)
{
    auto const file = new_file();
    asio_inotify::basic_watch_set<asio::io_context::executor_type> typed(context);
    typed.open();
    typed.add(file, event_mask::open);
    typed.async_read_events(buffer, keep());
    poll();
    std::ifstream{file};
    asio_inotify::watch_set moved(std::move(typed));
    run();
    // Either one has the event.
    auto all = seen;
    for (auto const& line : test::drain(moved)) {
        all.push_back(line);
    }
    test::expect_events(all, {"file1: 1 open"});
    moved.remove(wd(1));
}

// It would read again, and wait.
BOOST_AUTO_TEST_CASE(cancelled_after_only_events_of_no_watch_were_read)
{
    auto const file = new_file();
    for (int hops = 0; hops != 6; ++hops) {
        auto const number = set.add(file, event_mask::open);
        std::ifstream{file};
        set.remove(number);
        result.reset();
        test::after_hops(context, hops, [&] { set.cancel(); });
        set.async_read_events(buffer, keep());
        run();
        BOOST_TEST((result == asio::error::operation_aborted));
    }
}

// A packaged operation finds the set as it is when it is initiated, as often as it is.
BOOST_AUTO_TEST_CASE(packaged_before_the_set_was_opened)
{
    asio_inotify::watch_set late(context);
    auto const read = late.async_read_events(buffer, asio::deferred);
    auto const recycle = async_recycle(late, asio::deferred);
    late.open();
    auto const file = new_file();
    late.add(file, event_mask::open);
    for (int n = 0; n != 2; ++n) {
        std::ifstream{file};
        result.reset();
        read(keep());
        run();
        BOOST_TEST((result == error_code()));
        recycle([](error_code ec, std::size_t recycled) {
            BOOST_TEST(!ec);
            BOOST_TEST(recycled == 0U);
        });
        run();
    }
    late.close();
    late.open();
    result.reset();
    read(keep());
    poll();
    BOOST_TEST(!result);
    late.close();
    run();
    BOOST_TEST((result == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_set_opened_again_is_not_read_by_the_operation_before)
{
    auto const file = new_file();
    set.add(file, event_mask::open);
    std::ifstream{file};
    set.remove(wd(1));
    // It has taken events of no watch any more, and would read on.
    set.async_read_events(buffer, keep());
    set.close();
    set.open();
    set.add(file, event_mask::open);
    std::ifstream{file};
    run();
    BOOST_TEST((result == asio::error::operation_aborted));
    test::expect_events(test::drain(set), {"file1: 1 open"});
}

BOOST_AUTO_TEST_CASE(failures_come_later)
{
    asio_inotify::watch_set closed(context);
    closed.async_read_events(buffer, keep());
    BOOST_TEST(!result);
    run();
    BOOST_TEST((result == boost::system::errc::bad_file_descriptor));
    result.reset();
    std::vector<std::byte> small(100);
    set.async_read_events(asio::buffer(small), keep());
    BOOST_TEST(!result);
    run();
    BOOST_TEST((result == error::buffer_too_small));
}

BOOST_AUTO_TEST_CASE(the_context_goes_first)
{
    auto other = std::make_unique<asio::io_context>();
    auto held = std::make_shared<asio_inotify::watch_set>(*other);
    held->open();
    held->add(dir.path(), event_mask::create);
    held->async_read_events(buffer, [held](auto, auto) {});
    std::weak_ptr<asio_inotify::watch_set> const left = held;
    held.reset();
    other->poll();
    other.reset();
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(the_handler_destroys_the_set)
{
    auto own = std::make_unique<asio_inotify::watch_set>(context);
    own->open();
    auto const file = new_file();
    own->add(file, event_mask::open);
    std::ifstream{file};
    own->async_read_events(buffer, [&](error_code ec, auto) {
        result = ec;
        own.reset();
    });
    run();
    BOOST_TEST((result == error_code()));
    BOOST_TEST(!own);
}

BOOST_AUTO_TEST_SUITE_END()
