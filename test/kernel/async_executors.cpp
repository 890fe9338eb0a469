//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Every member, called with every kind of executor; and what must not compile.

#include "support/asio/archetypes.hpp"
#include "support/asio/async_operation.hpp"
#include "support/asio/tracker_executor.hpp"
#include "support/printing.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace asio = boost::asio;
using asio_inotify::add_options;
using asio_inotify::basic_inotify;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using asio_inotify::watch_descriptor;
using test::error_code;

namespace {

using io_executor = asio::io_context::executor_type;
using pool_executor = asio::thread_pool::executor_type;

using executors =
    std::tuple<asio::any_io_executor, io_executor, pool_executor, asio::strand<io_executor>,
               asio::strand<asio::any_io_executor>, test::tracker_executor,
               asio::use_awaitable_t<>::executor_with_default<io_executor>,
               asio::deferred_t::executor_with_default<asio::any_io_executor>>;

// The shape of an I/O object.
static_assert(std::same_as<inotify, basic_inotify<>>);
static_assert(std::same_as<inotify::executor_type, asio::any_io_executor>);
static_assert(std::same_as<inotify::native_handle_type, int>);
static_assert(
    std::same_as<inotify::rebind_executor<io_executor>::other, basic_inotify<io_executor>>);
static_assert(std::derived_from<inotify, asio::posix::descriptor_base>);
static_assert(std::is_nothrow_move_constructible_v<inotify>);
static_assert(std::is_nothrow_move_assignable_v<inotify>);
static_assert(!std::is_copy_constructible_v<inotify>);
static_assert(!std::is_copy_assignable_v<inotify>);
static_assert(!std::is_default_constructible_v<inotify>);

// Constructed from executors and contexts, nothing else, and never by accident.
static_assert(std::is_constructible_v<inotify, asio::io_context&>);
static_assert(std::is_constructible_v<inotify, asio::thread_pool&, int>);
static_assert(std::is_constructible_v<inotify, io_executor>);
static_assert(std::is_constructible_v<inotify, asio::strand<pool_executor>>);
static_assert(!std::is_convertible_v<asio::io_context&, inotify>);
static_assert(!std::is_convertible_v<asio::any_io_executor, inotify>);
static_assert(!std::is_constructible_v<inotify, asio::io_context>);
static_assert(!std::is_constructible_v<inotify, asio::io_context const&>);
static_assert(!std::is_constructible_v<inotify, int>);
static_assert(!std::is_constructible_v<inotify, int&>);
static_assert(!std::is_constructible_v<inotify, std::string&>);
static_assert(!std::is_constructible_v<inotify, std::string&, int>);
static_assert(!std::is_constructible_v<inotify, asio::io_context*>);
static_assert(!std::is_constructible_v<basic_inotify<io_executor>, asio::thread_pool&>);
static_assert(!std::is_constructible_v<basic_inotify<pool_executor>, asio::io_context&, int>);

// Moved to executors that can be made of the other one, implicitly.
static_assert(std::is_convertible_v<basic_inotify<io_executor>&&, inotify>);
static_assert(std::is_assignable_v<inotify&, basic_inotify<io_executor>&&>);
static_assert(!std::is_constructible_v<inotify, basic_inotify<io_executor>&>);
static_assert(!std::is_constructible_v<basic_inotify<io_executor>, inotify&&>);
static_assert(!std::is_assignable_v<basic_inotify<io_executor>&, inotify&&>);
static_assert(!std::is_constructible_v<basic_inotify<io_executor>, basic_inotify<pool_executor>&&>);

// What the asynchronous functions are called with.
template <class Inotify>
concept reads_with_anything = requires(Inotify& in, asio::mutable_buffer buffer)
{
    in.async_read_events(buffer, 1);
};
template <class Inotify>
concept reads_with_wrong_handler = requires(Inotify& in, asio::mutable_buffer buffer)
{
    in.async_read_events(buffer, [](error_code, std::size_t) {});
};
template <class Inotify>
concept waits_with_wrong_handler = requires(Inotify& in)
{
    in.async_wait(in.wait_read, [](error_code, event_batch) {});
};
static_assert(!reads_with_anything<inotify>);
static_assert(!reads_with_wrong_handler<inotify>);
static_assert(!waits_with_wrong_handler<inotify>);

// Compiled for each executor, never run. The same order as in the class.
template <class Executor, class Context>
void call_every_member(Context& context, Executor const& ex)
{
    using object = basic_inotify<Executor>;
    error_code ec;
    test::move_only_handler::track track;

    object from_executor(ex);
    object from_context(context);
    object from_executor_and_handle(ex, 3);
    object from_context_and_handle(context, 3);
    object moved(std::move(from_executor));
    moved = std::move(from_context);
    asio::any_io_executor const any = moved.get_executor();
    inotify converted(std::move(moved));
    converted = std::move(from_context_and_handle);

    object& in = from_executor_and_handle;
    object const& constant = in;
    static_assert(std::same_as<decltype(constant.get_executor()), Executor const&>);
    static_assert(noexcept(constant.get_executor()));
    static_assert(std::same_as<decltype(constant.is_open()), bool>);
    static_assert(noexcept(constant.is_open()));
    typename object::native_handle_type const native = in.native_handle();

    in.open();
    in.open(ec);
    in.assign(native);
    in.assign(native, ec);
    in.close();
    in.close(ec);
    static_assert(std::same_as<decltype(in.release()), int>);
    in.cancel();
    in.cancel(ec);
    static_assert(std::same_as<decltype(constant.non_blocking()), bool>);
    in.non_blocking(true);
    in.non_blocking(true, ec);
    static_assert(std::same_as<decltype(constant.available()), std::size_t>);
    static_assert(std::same_as<decltype(constant.available(ec)), std::size_t>);

    watch_descriptor wd = in.add("/", event_mask::create);
    wd = in.add(std::string("/"), event_mask::create, add_options::only_directory);
    wd = in.add(std::filesystem::path("/"), event_mask::create, ec);
    wd = in.add("/", event_mask::create, add_options::none, ec);
    in.add_at(wd, "/", event_mask::create);
    in.add_at(wd, "/", event_mask::create, add_options::none);
    in.add_at(wd, "/", event_mask::create, ec);
    in.add_at(wd, "/", event_mask::create, add_options::none, ec);
    in.remove(wd);
    in.remove(wd, ec);
    in.set_next_watch_descriptor(wd);
    in.set_next_watch_descriptor(wd, ec);
    static_assert(std::same_as<decltype(constant.supports_set_next()), bool>);
    static_assert(std::same_as<decltype(constant.supports_set_next(ec)), bool>);
    in.walk_limit(constant.walk_limit());

    event_buffer<> buffer;
    event_batch batch = in.read_events(buffer);
    batch = in.read_events(asio::buffer(buffer.data(), buffer.size()), ec);
    in.async_read_events(buffer, test::rvalue_handler(track));
    in.async_read_events(buffer, test::lazy_token())([](error_code, event_batch) {});
    in.wait(object::wait_read);
    in.wait(object::wait_read, ec);
    in.async_wait(object::wait_read, test::rvalue_handler(track));
    in.async_wait(object::wait_error, test::lazy_token())([](error_code) {});
}

template <class Executor>
Executor make_executor(asio::io_context& context)
{
    if constexpr (std::same_as<Executor, asio::strand<asio::any_io_executor>>) {
        return asio::make_strand(asio::any_io_executor(context.get_executor()));
    } else {
        return Executor(context.get_executor());
    }
}

template <>
test::tracker_executor make_executor<test::tracker_executor>(asio::io_context& context)
{
    return {1, context.get_executor()};
}

template <>
pool_executor make_executor<pool_executor>(asio::io_context&) = delete;

} // namespace

BOOST_AUTO_TEST_SUITE(async_executors)

BOOST_AUTO_TEST_CASE(every_member_compiles)
{
    [[maybe_unused]] auto const calls =
        std::tuple(&call_every_member<asio::any_io_executor, asio::io_context>,
                   &call_every_member<asio::any_io_executor, asio::thread_pool>,
                   &call_every_member<io_executor, asio::io_context>,
                   &call_every_member<pool_executor, asio::thread_pool>,
                   &call_every_member<asio::strand<io_executor>, asio::io_context>,
                   &call_every_member<asio::strand<asio::any_io_executor>, asio::thread_pool>,
                   &call_every_member<asio::use_awaitable_t<>::executor_with_default<io_executor>,
                                      asio::io_context>);
    BOOST_TEST(std::tuple_size_v<decltype(calls)> == 7U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_executor_reads_and_waits, Executor, executors)
{
    test::temp_directory dir;
    event_buffer<> buffer;
    test::outcome waited;
    test::outcome read;
    auto const use = [&](auto in) {
        in.open();
        in.add(dir.path(), event_mask::create);
        dir.write("a");
        in.async_wait(in.wait_read, test::into(waited));
        return in;
    };
    if constexpr (std::same_as<Executor, pool_executor>) {
        asio::thread_pool pool(1);
        auto in = use(basic_inotify<Executor>(pool));
        BOOST_TEST((in.get_executor() == pool.get_executor()));
        asio::post(pool, [&] { in.async_read_events(buffer, test::into(read)); });
        pool.join();
    } else {
        asio::io_context context;
        auto const ex = make_executor<Executor>(context);
        auto in = use(basic_inotify<Executor>(ex));
        BOOST_TEST((in.get_executor() == ex));
        test::run(context);
        in.async_read_events(buffer, test::into(read));
        test::run(context);
    }
    BOOST_TEST(waited.calls == 1);
    BOOST_TEST(!waited.ec);
    BOOST_TEST(read.calls == 1);
    BOOST_TEST(read.seen == test::name_list{"a"});
}

BOOST_AUTO_TEST_CASE(the_executor_is_the_one_that_was_given)
{
    asio::io_context context;
    asio::io_context other;
    inotify in(context);
    BOOST_TEST((in.get_executor() == asio::any_io_executor(context.get_executor())));
    inotify const elsewhere(other.get_executor());
    BOOST_TEST((in.get_executor() != elsewhere.get_executor()));
    // A move takes the executor along, in both its forms.
    in = inotify(other);
    BOOST_TEST((in.get_executor() == elsewhere.get_executor()));
    inotify const moved(std::move(in));
    BOOST_TEST((moved.get_executor() == elsewhere.get_executor()));
    inotify const converted(basic_inotify<io_executor>{context});
    BOOST_TEST((converted.get_executor() == asio::any_io_executor(context.get_executor())));
}

BOOST_AUTO_TEST_SUITE_END()
