//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/asio/async_operation.hpp"
#include "support/process/no_more_descriptors.hpp"
#include "support/set/saved_set.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <concepts>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// A set is restored in parts, between which everything else goes on.
namespace {

using asio_inotify::restore_options;
using asio_inotify::watch_outcome;
using asio_inotify::watch_report;
using asio_inotify::watch_set;
using test::error_code;

template <class Set>
using restore_result = decltype(async_restore(std::declval<Set&>(), asio_inotify::snapshot()));

using awaiting = asio::use_awaitable_t<>::as_default_on_t<watch_set>;
using awaiting_tuples = asio::as_tuple_t<asio::use_awaitable_t<>>::as_default_on_t<watch_set>;
static_assert(asio::is_deferred<restore_result<watch_set>>::value);
static_assert(std::same_as<restore_result<awaiting>, asio::awaitable<watch_report>>);
static_assert(std::same_as<restore_result<awaiting_tuples>,
                           asio::awaitable<std::tuple<error_code, watch_report>>>);

struct saved_files : test::open_set
{
    saved_files()
    {
        for (int n = 0; n != watches; ++n) {
            set.add(new_file(), test::event_mask::attrib);
        }
        saved = save(set);
        before = account();
        set.close();
    }

    [[nodiscard]] fs::path file(int number) const
    {
        return dir / ("file" + std::to_string(number));
    }

    auto into()
    {
        return [this](error_code failure, watch_report result) {
            ++calls;
            ec = failure;
            report = std::move(result);
        };
    }

    static constexpr int watches = 400;
    asio_inotify::snapshot saved;
    std::string before;
    int calls = 0;
    error_code ec;
    watch_report report;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_async_restore, saved_files)

BOOST_AUTO_TEST_CASE(other_handlers_run_in_between)
{
    async_restore(set, saved, into());
    int others = 0;
    while (calls == 0) {
        ++others;
        BOOST_TEST(!set.is_open());
        BOOST_TEST_REQUIRE(context.run_one() == 1U);
    }
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(others >= watches / 50);
    BOOST_TEST(report.same == std::size_t{watches});
    BOOST_TEST(report.compared == std::size_t{watches});
    BOOST_TEST(account() == before);
}

BOOST_AUTO_TEST_CASE(it_reports_what_restore_reports)
{
    fs::remove(file(7));
    fs::remove(file(8));
    dir.write("file8");
    async_restore(set, saved, restore_options{.all_or_nothing = false}, into());
    test::run(context);
    BOOST_TEST(!ec, ec.message());
    auto const seen = report;
    set.close();
    auto const expected = restore(set, saved, {.all_or_nothing = false});
    BOOST_TEST(seen.same == expected.same);
    BOOST_TEST_REQUIRE(seen.findings.size() == expected.findings.size());
    for (std::size_t n = 0; n != seen.findings.size(); ++n) {
        BOOST_TEST(seen.findings[n].wd.value() == expected.findings[n].wd.value());
        BOOST_TEST((seen.findings[n].outcome == expected.findings[n].outcome));
        BOOST_TEST(seen.findings[n].reason == expected.findings[n].reason);
    }
}

BOOST_AUTO_TEST_CASE(all_or_nothing)
{
    fs::remove(file(watches));
    auto const descriptors = test::open_descriptors();
    async_restore(set, saved, into());
    test::run(context);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(report.findings.size() == 1U);
    BOOST_TEST(!set.is_open());
    BOOST_TEST(test::open_descriptors() == descriptors);
}

// Watches whose inodes other ones have taken are added in a second pass.
BOOST_AUTO_TEST_CASE(in_two_passes)
{
    fs::remove(file(1));
    fs::create_hard_link(file(watches), file(1));
    async_restore(set, saved, restore_options{.all_or_nothing = false}, into());
    test::run(context);
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(report.same == std::size_t{watches} - 1);
    BOOST_TEST(report.findings.size() == 1U);
    BOOST_TEST(report.findings.front().wd.value() == 1);
}

BOOST_AUTO_TEST_CASE(cancelled_after_each_part)
{
    auto const descriptors = test::open_descriptors();
    int parts = 0;
    for (bool is_over = false; !is_over; ++parts) {
        calls = 0;
        asio::cancellation_signal signal;
        async_restore(set, saved, asio::bind_cancellation_slot(signal.slot(), into()));
        context.restart();
        for (int part = 0; part != parts; ++part) {
            context.poll_one();
        }
        is_over = calls != 0;
        signal.emit(asio::cancellation_type::total);
        test::run(context);
        BOOST_TEST(calls == 1);
        BOOST_TEST(ec == (is_over ? error_code() : error_code(asio::error::operation_aborted)));
        BOOST_TEST(set.is_open() == is_over);
        BOOST_TEST((is_over || test::open_descriptors() == descriptors));
    }
    BOOST_TEST(parts > watches / 50);
    BOOST_TEST(account() == before);
}

BOOST_AUTO_TEST_CASE(an_open_set)
{
    set.open();
    async_restore(set, saved, into());
    BOOST_TEST(calls == 0);
    test::run(context);
    BOOST_TEST(ec == asio::error::already_open);
    BOOST_TEST(set.is_open());
}

BOOST_AUTO_TEST_CASE(nothing_else_opens_the_set_in_the_meantime)
{
    async_restore(set, saved, into());
    context.poll_one();
    error_code refused;
    set.open(refused);
    BOOST_TEST(refused == test::error::operation_outstanding);
    restore(set, saved, refused);
    BOOST_TEST(refused == test::error::operation_outstanding);
    BOOST_TEST(!set.is_open());
    test::run(context);
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(set.size() == std::size_t{watches});
}

BOOST_AUTO_TEST_CASE(the_set_cancels_it)
{
    auto const descriptors = test::open_descriptors();
    async_restore(set, saved, into());
    context.poll_one();
    context.poll_one();
    set.cancel();
    test::run(context);
    BOOST_TEST(ec == asio::error::operation_aborted);
    BOOST_TEST(!set.is_open());
    BOOST_TEST(test::open_descriptors() <= descriptors);
    set.cancel(ec);
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    set.open();
}

BOOST_AUTO_TEST_CASE(the_set_is_closed_and_opened_again)
{
    async_restore(set, saved, into());
    context.poll_one();
    set.close();
    set.open();
    auto const wd = set.add(file(1), test::event_mask::attrib);
    test::run(context);
    BOOST_TEST(ec == asio::error::operation_aborted);
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(set.find(wd).path() == file(1));
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left)
{
    test::no_more_descriptors const limit;
    async_restore(set, saved, into());
    test::run(context);
    BOOST_TEST(ec == boost::system::errc::too_many_files_open);
    BOOST_TEST(!set.is_open());
}

BOOST_AUTO_TEST_CASE(tokens)
{
    auto future = async_restore(set, saved, asio::use_future);
    test::run(context);
    BOOST_TEST(future.get().same == std::size_t{watches});
    set.close();
    auto const restore = [&]() -> asio::awaitable<void> {
        report = co_await async_restore(set, saved, asio::use_awaitable);
        ++calls;
    };
    asio::co_spawn(context, restore, test::rethrow);
    test::run(context);
    BOOST_TEST(calls == 1);
    BOOST_TEST(report.same == std::size_t{watches});
    set.close();
    // More than once.
    auto const operation = async_restore(set, saved, asio::deferred);
    for (int round = 2; round != 4; ++round) {
        operation(into());
        test::run(context);
        BOOST_TEST(calls == round);
        BOOST_TEST(!ec, ec.message());
        set.close();
    }
}

BOOST_AUTO_TEST_CASE(neither_the_set_nor_the_context_waits_for_it)
{
    auto own = std::make_unique<asio::io_context>();
    auto other = std::make_unique<watch_set>(*own);
    auto const descriptors = test::open_descriptors();
    async_restore(*other, saved, into());
    own->poll_one();
    own->poll_one();
    other.reset();
    own.reset();
    BOOST_TEST(calls == 0);
    BOOST_TEST(test::open_descriptors() <= descriptors);
}

BOOST_AUTO_TEST_SUITE_END()
