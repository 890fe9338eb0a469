//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a handler may be like, where it is called, and that it is never called too early.

#include "support/asio/archetypes.hpp"
#include "support/asio/async_operation.hpp"
#include "support/asio/tracker_executor.hpp"
#include "support/printing.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/version.hpp>

#if BOOST_VERSION >= 108200
#include <boost/asio/bind_immediate_executor.hpp>
#include <boost/asio/system_executor.hpp>
#endif

#include <array>
#include <functional>
#include <memory>
#include <utility>

namespace asio = boost::asio;
using asio_inotify::error;
using asio_inotify::event_buffer;
using asio_inotify::minimum_buffer_size;
using test::operation_fixture;
using test::operations;

BOOST_AUTO_TEST_SUITE(async_handlers)

using handlers = std::tuple<std::pair<test::read_operation, test::move_only_handler>,
                            std::pair<test::wait_operation, test::move_only_handler>,
                            std::pair<test::read_operation, test::rvalue_handler>,
                            std::pair<test::wait_operation, test::rvalue_handler>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(moved_not_copied_and_called_as_an_rvalue, Each, handlers)
{
    operation_fixture<typename Each::first_type> f;
    test::move_only_handler::track track;
    f.start(typename Each::second_type(track));
    BOOST_TEST(track.moves > 0);
    BOOST_TEST(track.alive == 1);
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(track.alive == 0);
    expect_events(f.operation, track.result, f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unstarted_or_unfinished_handler_is_destroyed, Operation,
                              operations)
{
    test::move_only_handler::track track;
    {
        operation_fixture<Operation> f;
        f.start(test::move_only_handler(track));
        BOOST_TEST(track.alive == 1);
    }
    BOOST_TEST(track.alive == 0);
    BOOST_TEST(track.result.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lazy_token, Operation, operations)
{
    operation_fixture<Operation> f;
    auto launch = f.start(test::lazy_token());
    f.files.dir.write("early");
    test::run(f.context);
    BOOST_TEST(f.files.drain() == test::name_list{"early"});
    test::move_only_handler::track track;
    launch(test::move_only_handler(track));
    f.files.dir.write("a");
    test::run(f.context);
    expect_events(f.operation, track.result, f.files, {"a"});
}

// Every way in which an operation can end without having to wait.
struct early_end
{
    char const* name;
    std::function<void(test::watched<>&)> prepare;
};

std::array<early_end, 5> const early_ends{{
    {"closed", [](test::watched<>& files) { files.in.close(); }},
    {"never opened",
     [](test::watched<>& files) { files.in = asio_inotify::inotify(files.in.get_executor()); }},
    {"moved from",
     [](test::watched<>& files) { asio_inotify::inotify const taken = std::move(files.in); }},
    {"released",
     [](test::watched<>& files) {
         asio_inotify::inotify const owner(files.in.get_executor(), files.in.release());
     }},
    {"ready", [](test::watched<>& files) { files.dir.write("a"); }},
}};

BOOST_AUTO_TEST_CASE_TEMPLATE(never_called_inside_the_initiating_function, Operation, operations)
{
    for (auto const& end : early_ends) {
        BOOST_TEST_CONTEXT(end.name)
        {
            operation_fixture<Operation> f;
            end.prepare(f.files);
            bool initiating = false;
            // From inside of the context, where it would be possible to call it.
            asio::post(f.context, [&] {
                initiating = true;
                f.start([&](test::error_code ec, auto...) {
                    BOOST_TEST(!initiating);
                    f.result(ec);
                });
                initiating = false;
            });
            test::run(f.context);
            BOOST_TEST(f.result.calls == 1);
            bool const open = f.files.in.is_open();
            BOOST_TEST((f.result.ec == asio::error::bad_descriptor) == !open,
                       f.result.ec.message());
            BOOST_TEST(!f.result.ec == open);
        }
    }
}

BOOST_AUTO_TEST_CASE(never_called_inside_with_a_small_buffer)
{
    asio::io_context context;
    test::watched<> files{context};
    for (int round = 0; round != 2; ++round) { // the second one on a closed object
        for (std::size_t const size : {std::size_t{0}, std::size_t{1}, minimum_buffer_size - 1}) {
            test::outcome result;
            event_buffer<> buffer;
            bool initiating = false;
            asio::post(context, [&] {
                initiating = true;
                files.in.async_read_events(asio::buffer(buffer.data(), size),
                                           [&](test::error_code ec, test::event_batch batch) {
                                               BOOST_TEST(!initiating);
                                               result(ec, batch);
                                           });
                initiating = false;
            });
            test::run(context);
            BOOST_TEST(result.calls == 1);
            BOOST_TEST(result.ec == error::buffer_too_small);
        }
        files.in.close();
    }
}

#if BOOST_VERSION >= 108200

BOOST_AUTO_TEST_CASE_TEMPLATE(called_inside_through_an_immediate_executor, Operation, operations)
{
    operation_fixture<Operation> f;
    f.files.in.close();
    f.start(asio::bind_immediate_executor(asio::system_executor(), test::into(f.result)));
    BOOST_TEST(f.result.calls == 1);
    BOOST_TEST(f.result.ec == asio::error::bad_descriptor);
    test::run(f.context);
    BOOST_TEST(f.result.calls == 1);
}

#endif

BOOST_AUTO_TEST_CASE_TEMPLATE(called_on_the_associated_executor_only, Operation, operations)
{
    for (auto const& end : early_ends) {
        BOOST_TEST_CONTEXT(end.name)
        {
            operation_fixture<Operation> f;
            end.prepare(f.files);
            f.start(asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                        [&](test::error_code ec, auto...) {
                                            BOOST_TEST(test::tracker_executor::stack() ==
                                                           (std::vector<int>{7}),
                                                       boost::test_tools::per_element());
                                            f.result(ec);
                                        }));
            test::run(f.context);
            BOOST_TEST(f.result.calls == 1);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(called_on_the_objects_executor_without_one_of_its_own, Operation,
                              operations)
{
    operation_fixture<Operation> f;
    test::tracker_executor const tracker(3, f.context.get_executor());
    asio_inotify::basic_inotify<test::tracker_executor> in(tracker);
    in.open();
    in.add(f.files.dir.path(), asio_inotify::event_mask::create);
    f.operation(in, [&](test::error_code ec, auto...) {
        BOOST_TEST(test::tracker_executor::stack() == (std::vector<int>{3}),
                   boost::test_tools::per_element());
        f.result(ec);
    });
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(f.result.calls == 1);
    BOOST_TEST(!f.result.ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(called_on_a_bound_strand, Operation, operations)
{
    operation_fixture<Operation> f;
    auto const strand = asio::make_strand(f.context);
    f.start(asio::bind_executor(strand, [&](test::error_code ec, auto... batch) {
        BOOST_TEST(strand.running_in_this_thread());
        f.result(ec, batch...);
    }));
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(outstanding_operations_are_work, Operation, operations)
{
    operation_fixture<Operation> f;
    asio::io_context other;
    f.start(asio::bind_executor(other, test::into(f.result)));
    f.context.poll();
    BOOST_TEST(!f.context.stopped());
    // Nothing else keeps the context of the handler's executor.
    other.poll();
    BOOST_TEST(!other.stopped());
    f.files.dir.write("a");
    test::run(f.context);
    BOOST_TEST(f.result.calls == 0);
    test::run(other);
    expect_events(f.operation, f.result, f.files, {"a"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(initiations_have_an_executor, Operation, operations)
{
    operation_fixture<Operation, asio::io_context::executor_type> f;
    BOOST_TEST((f.start(test::executor_of_initiation()) == f.context.get_executor()));
}

BOOST_AUTO_TEST_SUITE_END()
