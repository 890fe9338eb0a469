//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The object goes, or becomes another, while operations are outstanding.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"
#include "support/skipping.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <sys/inotify.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::basic_inotify;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using asio_inotify::watch_descriptor;
using test::operation_fixture;
using test::operations;

BOOST_AUTO_TEST_SUITE(async_lifetime)

struct ending
{
    char const* name;
    void (*end)(std::optional<inotify>&);
};

// All that takes the instance away from an operation.
constexpr std::array<ending, 4> endings{{
    {"destroy", [](std::optional<inotify>& in) { in.reset(); }},
    {"close", [](std::optional<inotify>& in) { in->close(); }},
    {"release", [](std::optional<inotify>& in) { ::close(in->release()); }},
    {"move-assign", [](std::optional<inotify>& in) { *in = inotify(in->get_executor()); }},
}};

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pending_operation_is_aborted, Operation, operations)
{
    for (auto const& how : endings) {
        for (bool const waits_in_the_kernel : {false, true}) {
            BOOST_TEST_CONTEXT(how.name << ", " << waits_in_the_kernel)
            {
                asio::io_context context;
                test::watched<> files{context};
                std::optional<inotify> in(std::move(files.in));
                Operation start;
                test::outcome result;
                start(*in, test::into(result));
                if (waits_in_the_kernel) {
                    context.poll();
                }
                how.end(in);
                BOOST_TEST(result.calls == 0);
                test::run(context);
                BOOST_TEST(result.calls == 1);
                BOOST_TEST(result.ec == asio::error::operation_aborted);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(events_that_were_taken_are_delivered)
{
    for (auto const& how : endings) {
        BOOST_TEST_CONTEXT(how.name)
        {
            asio::io_context context;
            asio::io_context other;
            test::watched<> files{context};
            std::optional<inotify> in(std::move(files.in));
            event_buffer<> buffer;
            test::outcome result;
            in->async_read_events(buffer, asio::bind_executor(other, test::into(result)));
            files.dir.write("a");
            test::run(context); // completed; the handler waits for its own context
            how.end(in);
            test::run(context);
            test::run(other);
            BOOST_TEST(result.calls == 1);
            BOOST_TEST(!result.ec, result.ec.message());
            BOOST_TEST(result.seen == test::name_list{"a"});
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pending_operation_moves_along, Operation, operations)
{
    operation_fixture<Operation> f;
    f.start(test::into(f.result));
    f.context.poll();
    inotify constructed(std::move(f.files.in));
    BOOST_TEST(!f.files.in.is_open());
    inotify assigned(f.context);
    assigned.open();
    assigned = std::move(constructed);
    // Where it was can be used again at once.
    f.files.in.open();
    f.files.in.close();
    std::swap(f.files.in, assigned);
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pending_operation_completes_on_the_old_executor, Operation,
                              operations)
{
    asio::io_context context;
    test::watched<asio::strand<asio::io_context::executor_type>> files{context};
    auto const strand = files.in.get_executor();
    Operation start;
    test::outcome result;
    start(files.in, [&](test::error_code ec, auto... batch) {
        BOOST_TEST(strand.running_in_this_thread());
        result(ec, batch...);
    });
    context.poll();
    test::watched<> target{context};
    target.in = std::move(files.in);
    BOOST_TEST(!files.in.is_open());
    BOOST_TEST((target.in.get_executor() == asio::any_io_executor(strand)));
    files.dir.write("a");
    test::run(context);
    expect_events(start, result, target, {"a"});
    // The source is as good as new.
    files.in.open();
    files.watch();
    result = {};
    start(files.in, test::into(result));
    files.dir.write("b");
    test::run(context);
    expect_events(start, result, files, {"b"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_moved_from_object_opens_again, Operation, operations)
{
    operation_fixture<Operation> f;
    inotify const taken(std::move(f.files.in));
    BOOST_TEST(!f.files.in.is_open());
    BOOST_TEST(f.files.in.native_handle() == -1);
    f.files.in.open();
    f.files.watch();
    f.start(test::into(f.result));
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(move_assignment_to_itself_changes_nothing, Operation, operations)
{
    operation_fixture<Operation> f;
    f.start(test::into(f.result));
    auto& same = f.files.in;
    f.files.in = std::move(same);
    f.finish();
}

BOOST_AUTO_TEST_CASE(a_batch_outlives_the_object)
{
    event_buffer<> buffer;
    event_batch kept;
    {
        asio::io_context context;
        test::watched<> files{context};
        files.in.async_read_events(buffer,
                                   [&](test::error_code, event_batch batch) { kept = batch; });
        files.dir.write("first-name");
        files.dir.write("second");
        test::run(context);
    }
    BOOST_TEST(test::names(kept) == (test::name_list{"first-name", "second"}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_handler_destroys_the_object, Operation, operations)
{
    asio::io_context context;
    auto files = std::make_unique<test::watched<>>(context);
    Operation start;
    int calls = 0;
    start(files->in, [&](test::error_code ec, auto...) {
        BOOST_TEST(!ec);
        files.reset();
        ++calls;
    });
    files->dir.write("a");
    test::run(context);
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_handler_owns_the_object, Operation, operations)
{
    asio::io_context context;
    struct session
    {
        explicit session(asio::io_context& c)
            : files(c)
        {}
        test::watched<> files;
        Operation start;
    };
    auto owner = std::make_shared<session>(context);
    std::weak_ptr<session> const observer = owner;
    owner->start(owner->files.in, [owner](test::error_code, auto...) {});
    owner->files.dir.write("a");
    owner.reset();
    BOOST_TEST(!observer.expired());
    test::run(context);
    BOOST_TEST(observer.expired());
}

// The handler has left the object's context for its own: the former may go before it is called.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_objects_context_goes_before_the_handler_is_called, Operation,
                              operations)
{
    asio::io_context other;
    test::outcome result;
    Operation start;
    {
        asio::io_context context;
        test::watched<> files{context};
        start(files.in, asio::bind_executor(other, test::into(result)));
        files.dir.write("a");
        test::run(context);
    }
    test::run(other);
    BOOST_TEST(result.calls == 1);
    BOOST_TEST(!result.ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_exception_leaves_run_and_nothing_else, Operation, operations)
{
    operation_fixture<Operation> f;
    f.start([](test::error_code, auto...) { throw std::runtime_error("from the handler"); });
    f.files.dir.write("first");
    f.context.restart();
    BOOST_CHECK_THROW(f.context.run(), std::runtime_error);
    BOOST_TEST(f.files.drain() ==
               (Operation::reads ? test::name_list{} : test::name_list{"first"}));
    f.start(test::into(f.result));
    f.finish();
}

// An add_at that came too late leaves traces in the queue that are nobody's events.
BOOST_AUTO_TEST_CASE(traces_of_a_failed_claim_do_not_survive_a_converting_move)
{
    asio::io_context context;
    test::watched<asio::io_context::executor_type> files{context};
    if (!files.in.supports_set_next()) {
        test::print_skipped("no INOTIFY_IOC_SETNEXTWD");
        return;
    }
    event_buffer<> buffer;
    test::outcome result;
    files.in.async_read_events(buffer, test::into(result));
    // Somebody else has taken the number.
    BOOST_REQUIRE(::inotify_add_watch(files.in.native_handle(), "/", IN_DELETE_SELF) == 2);
    test::temp_directory const other;
    test::error_code ec;
    files.in.add_at(watch_descriptor{2}, other.path(), event_mask::create, ec);
    BOOST_TEST(ec == asio_inotify::error::watch_descriptor_in_use);
    inotify const converted(std::move(files.in));
    files.dir.write("a");
    test::run(context);
    // The number of the trace was never the user's.
    BOOST_TEST(!result.ec);
    BOOST_TEST(result.seen == test::name_list{"a"});
}

BOOST_AUTO_TEST_SUITE_END()
