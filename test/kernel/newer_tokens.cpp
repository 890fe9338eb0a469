//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The completion tokens that Boost 1.81 does not have, on each operation of each object.

#include <asio_inotify/watch_set_saving.hpp>

#include "support/asio/async_operation.hpp"
#include "support/file/file_operation.hpp"
#include "support/set/connected_sets.hpp"
#include "support/set/set_operation.hpp"
#include "support/skipping.hpp"
#include "support/tree/tree_operation.hpp"

#include <boost/version.hpp>

#if BOOST_VERSION >= 108200
#include <boost/asio/any_completion_handler.hpp>
#endif
#if BOOST_VERSION >= 108600
#include <boost/asio/cancel_after.hpp>
#endif
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace asio = boost::asio;
using test::error_code;

// What the cases need besides what the fixtures have: signature; handler(); waits, if the operation
// completes only when something happens; repeats, if it can then be cancelled and started again.
namespace test::newer_tokens {

template <class Operation>
struct leaf : test::operation_fixture<Operation>
{
    using signature = typename Operation::signature;
    static constexpr bool waits = true;
    static constexpr bool repeats = true;

    auto handler() { return test::into(this->result); }
};

template <class Operation, class Value>
struct of_set : test::set_fixture<Operation>
{
    using signature = void(error_code, Value);
    static constexpr bool waits = Operation::reads;
    static constexpr bool repeats = true;

    auto handler() { return this->into(); }
};

using set_read = of_set<test::set_read_operation, asio_inotify::watch_event_batch>;
using set_recycle = of_set<test::set_recycle_operation, std::size_t>;

struct set_restore : test::open_set
{
    using signature = void(error_code, asio_inotify::watch_report);
    static constexpr bool waits = false;
    static constexpr bool repeats = false;

    set_restore()
    {
        set.add(new_file(), test::event_mask::attrib);
        saved = save(set);
        set.close();
    }

    template <class... Token>
    auto start(Token&&... token)
    {
        return async_restore(set, saved, std::forward<Token>(token)...);
    }

    auto handler()
    {
        return [this](error_code ec, asio_inotify::watch_report const& report) {
            result(ec);
            compared = report.compared;
        };
    }

    void finish()
    {
        test::run(context);
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(!result.ec, result.ec.message());
        BOOST_TEST(compared == 1U);
    }

    asio_inotify::snapshot saved;
    test::outcome result;
    std::size_t compared = 0;
};

struct hand_over : test::connected_sets
{
    using signature = void(error_code);
    static constexpr bool waits = true;
    // The peer could have taken half of it.
    static constexpr bool repeats = false;

    template <class... Token>
    auto start(Token&&... token)
    {
        return asio_inotify::async_hand_over(here, set, {}, std::forward<Token>(token)...);
    }

    auto handler() { return test::into(result); }

    void finish()
    {
        asio_inotify::async_take_over(there, other, [](error_code ec) { BOOST_TEST(!ec); });
        test::run(context);
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(!result.ec, result.ec.message());
        BOOST_TEST(other.is_open());
    }

    test::outcome result;
};

struct take_over : test::connected_sets
{
    using signature = void(error_code);
    static constexpr bool waits = true;
    static constexpr bool repeats = false;

    template <class... Token>
    auto start(Token&&... token)
    {
        return asio_inotify::async_take_over(there, other, std::forward<Token>(token)...);
    }

    auto handler() { return test::into(result); }

    void finish()
    {
        asio_inotify::async_hand_over(here, set, {}, [](error_code ec) { BOOST_TEST(!ec); });
        test::run(context);
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(!result.ec, result.ec.message());
        BOOST_TEST(other.is_open());
    }

    test::outcome result;
};

template <class Value>
struct signature_with
{
    using type = void(error_code, Value);
};

template <>
struct signature_with<void>
{
    using type = void(error_code);
};

template <class Fixture>
struct of_watcher : Fixture
{
    using signature = typename signature_with<typename Fixture::value_type>::type;
    static constexpr bool repeats = true;

    auto handler() { return this->into(); }
};

using operations =
    std::tuple<leaf<test::read_operation>, leaf<test::wait_operation>, set_read, set_recycle,
               set_restore, hand_over, take_over, of_watcher<test::file_receive_fixture<>>,
               of_watcher<test::file_wait_fixture<>>, of_watcher<test::receive_fixture<>>,
               of_watcher<test::add_root_fixture<>>, of_watcher<test::restore_fixture<>>>;

} // namespace test::newer_tokens

BOOST_AUTO_TEST_SUITE(newer_tokens)

using test::newer_tokens::operations;

// With any Boost, so that the fixtures themselves are tested.
BOOST_AUTO_TEST_CASE_TEMPLATE(callback, Fixture, operations)
{
    Fixture f;
    f.start(f.handler());
    f.finish();
}

#if BOOST_VERSION >= 108200

BOOST_AUTO_TEST_CASE_TEMPLATE(any_completion_handler, Fixture, operations)
{
    Fixture f;
    f.start(asio::any_completion_handler<typename Fixture::signature>(f.handler()));
    f.finish();
}

#else

BOOST_AUTO_TEST_CASE(any_completion_handler)
{
    test::print_skipped("any_completion_handler is there from Boost 1.82 on");
}

#endif

#if BOOST_VERSION >= 108600

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_after_without_a_need, Fixture, operations)
{
    Fixture f;
    f.start(asio::cancel_after(test::deadline, f.handler()));
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_after_of_deferred, Fixture, operations)
{
    Fixture f;
    f.start(asio::cancel_after(test::deadline))(f.handler());
    f.finish();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_after, Fixture, operations)
{
    if constexpr (Fixture::waits) {
        Fixture f;
        f.start(asio::cancel_after(std::chrono::milliseconds(1), f.handler()));
        test::run(f.context);
        BOOST_TEST(f.result.calls == 1);
        BOOST_TEST(f.result.ec == asio::error::operation_aborted);
        if constexpr (Fixture::repeats) {
            // Nothing was taken.
            f.result = {};
            f.start(f.handler());
            f.finish();
        }
    }
}

#else

BOOST_AUTO_TEST_CASE(cancel_after)
{
    test::print_skipped("cancel_after is there from Boost 1.86 on");
}

#endif

BOOST_AUTO_TEST_SUITE_END()
