//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/handler_cases.hpp"
#include "support/printing.hpp"
#include "support/tree/tree_operation.hpp"

#include <asio_inotify/error.hpp>

#include <cerrno>
#include <string>

namespace asio = boost::asio;
using fixtures = test::tree_fixtures;

BOOST_AUTO_TEST_SUITE(tree_async_handlers)

namespace cases = test::handler_cases;

BOOST_AUTO_TEST_CASE_TEMPLATE(moved_not_copied_and_called_as_an_rvalue, Fixture, fixtures)
{
    cases::moved_not_copied_and_called_as_an_rvalue<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unfinished_handler_is_destroyed_and_not_called, Fixture, fixtures)
{
    cases::an_unfinished_handler_is_destroyed_and_not_called<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(called_later_and_on_the_associated_executor_only, Fixture, fixtures)
{
    cases::called_later_and_on_the_associated_executor_only<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(called_on_the_objects_executor_without_one_of_its_own, Fixture,
                              fixtures)
{
    cases::called_on_the_objects_executor_without_one_of_its_own<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_outstanding_operation_is_work, Fixture, fixtures)
{
    cases::an_outstanding_operation_is_work<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_handlers_allocator_is_used_and_free_before_the_call, Fixture,
                              fixtures)
{
    cases::the_handlers_allocator_is_used_and_free_before_the_call<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(its_memory_is_freed_when_the_operation_never_completes, Fixture,
                              fixtures)
{
    cases::its_memory_is_freed_when_the_operation_never_completes<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(exceptions_of_a_handler, Fixture, fixtures)
{
    cases::exceptions_of_a_handler<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_objects_on_one_context, Fixture, fixtures)
{
    cases::two_objects_on_one_context<Fixture>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_throwing_allocator, Fixture, fixtures)
{
    cases::a_throwing_allocator<Fixture>();
}

BOOST_AUTO_TEST_CASE(a_second_receive_is_refused)
{
    test::receive_fixture<> f;
    f.start(f.into());
    for (int i = 0; i != 2; ++i) {
        test::tree_outcome refused;
        asio::post(f.context, [&] {
            f.start(asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                        [&](test::error_code ec, auto const& batch) {
                                            cases::expect_tracker(7);
                                            refused(ec, batch);
                                        }));
            BOOST_TEST(refused.calls == 0);
        });
        f.context.restart();
        f.context.poll();
        BOOST_TEST(refused.calls == 1);
        BOOST_TEST(refused.ec == asio_inotify::error::operation_outstanding);
    }
    BOOST_TEST(f.result.calls == 0);
    f.finish();
    // The handler of one may start the next one.
    f.once_more();
    f.start([&](test::error_code, auto const&) {
        f.once_more();
        f.start(f.into());
    });
    test::run(f.context);
    f.expect_success();
}

test::error_code system_error_of(int number)
{
    return {number, boost::system::system_category()};
}

BOOST_AUTO_TEST_CASE(roots_that_cannot_be_added)
{
    test::add_root_fixture<> f;
    f.object.add(f.dir.path());
    std::string longest = f.dir.path().string();
    while (longest.size() <= 0xffff) {
        longest += "/.";
    }
    std::string const with_null(f.dir.path().string() + '\0' + 'x');
    auto const expect = [&](std::string const& path, test::error_code const& expected) {
        f.result = {};
        bool initiating = false;
        asio::post(f.context, [&] {
            initiating = true;
            f.object.async_add(
                path, asio::bind_executor(test::tracker_executor(7, f.context.get_executor()),
                                          [&](test::error_code ec) {
                                              BOOST_TEST(!initiating);
                                              cases::expect_tracker(7);
                                              f.result(ec);
                                          }));
            initiating = false;
        });
        test::run(f.context);
        f.expect_error(expected);
        test::error_code ec;
        f.object.add(path, ec);
        BOOST_TEST(ec == expected);
    };
    expect(f.dir.path(), system_error_of(EEXIST));
    expect(f.dir / "none", system_error_of(ENOENT));
    expect(f.dir / "a/b/file", system_error_of(ENOTDIR));
    expect("", asio_inotify::error::empty_path);
    expect(longest, system_error_of(ENAMETOOLONG));
    expect(longest + longest + longest + longest + longest, system_error_of(ENAMETOOLONG));
    expect(with_null, asio_inotify::error::path_contains_null);
    // Nothing was changed by these.
    f.object.remove(f.dir.path());
    BOOST_TEST(f.object.size() == 0U);
    f.result = {};
    f.start(f.into());
    f.finish();
}

BOOST_AUTO_TEST_SUITE_END()
