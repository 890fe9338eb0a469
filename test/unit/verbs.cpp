//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

// The four objects have the same verbs, with the same shapes.
namespace {

namespace asio = boost::asio;
namespace lib = asio_inotify;
using boost::system::error_code;

template <class T>
using awaited = asio::awaitable<T>;

template <class Object>
concept object = requires(Object o, Object const& c, error_code& ec)
{
    requires std::constructible_from<Object, asio::io_context&>;
    requires std::constructible_from<Object, typename Object::executor_type const&>;
    typename Object::template rebind_executor<asio::io_context::executor_type>::other;
    {
        c.get_executor()
        } -> std::same_as<typename Object::executor_type const&>;
    {
        c.is_open()
        } -> std::same_as<bool>;
    {
        c.native_handle()
        } -> std::same_as<int>;
    o.open();
    o.open(ec);
    o.close();
    o.close(ec);
    o.cancel();
    o.cancel(ec);
};

// Its events go into the caller's buffer.
template <class Object, class Batch>
concept reads = object<Object> && requires(Object o, error_code& ec, asio::mutable_buffer buffer,
                                           lib::path_ref path, lib::watch_descriptor wd)
{
    {
        o.read_events(buffer)
        } -> std::same_as<Batch>;
    {
        o.read_events(buffer, ec)
        } -> std::same_as<Batch>;
    {
        o.async_read_events(buffer, asio::use_awaitable)
        } -> std::same_as<awaited<Batch>>;
    {
        o.add(path, lib::event_mask::all)
        } -> std::same_as<lib::watch_descriptor>;
    {
        o.add(path, lib::event_mask::all, ec)
        } -> std::same_as<lib::watch_descriptor>;
    o.add_at(wd, path, lib::event_mask::all);
    o.add_at(wd, path, lib::event_mask::all, ec);
    o.remove(wd);
    o.remove(wd, ec);
};

template <class Object>
concept waits_for_reads = requires(Object o, error_code& ec)
{
    o.wait(Object::wait_read);
    o.wait(Object::wait_read, ec);
    {
        o.async_wait(Object::wait_read, asio::use_awaitable)
        } -> std::same_as<awaited<void>>;
};

// It gives a batch of its own.
template <class Object, class Batch>
concept receives = object<Object> &&
    requires(Object o, Object const& c, error_code& ec, lib::path_ref path)
{
    {
        o.receive()
        } -> std::same_as<Batch>;
    {
        o.receive(ec)
        } -> std::same_as<Batch>;
    {
        o.try_receive()
        } -> std::same_as<Batch>;
    {
        o.try_receive(ec)
        } -> std::same_as<Batch>;
    {
        o.async_receive(asio::use_awaitable)
        } -> std::same_as<awaited<Batch>>;
    o.add(path);
    o.add(path, ec);
    o.remove(path);
    o.remove(path, ec);
    o.rescan();
    o.rescan(ec);
};

// It knows what was added to it.
template <class Object>
concept holds = requires(Object o, Object const& c, error_code& ec, lib::path_ref path)
{
    o.wait();
    o.wait(ec);
    {
        o.async_wait(asio::use_awaitable)
        } -> std::same_as<awaited<void>>;
    {
        c.contains(path)
        } -> std::same_as<bool>;
    {
        c.size()
        } -> std::same_as<std::size_t>;
    {
        c.empty()
        } -> std::same_as<bool>;
    {
        c.notices_restores()
        } -> std::same_as<bool>;
    c.counters();
};

// It can be saved and restored, by functions in a header of their own.
template <class Object, class Saved>
concept saves = requires(Object o, Saved saved, error_code& ec)
{
    {
        save(o)
        } -> std::same_as<Saved>;
    {
        save(o, ec)
        } -> std::same_as<Saved>;
    restore(o, saved);
    restore(o, saved, ec);
    async_restore(o, saved, asio::use_awaitable);
};

// What a batch of changes consists of.
template <class Change, class Kind>
concept change = std::copyable<Change> && requires(Change const& c)
{
    {
        c.kind()
        } -> std::same_as<Kind>;
    {
        c.path()
        } -> std::same_as<std::string_view>;
    {
        c.error()
        } -> std::convertible_to<error_code>;
    {
        to_string(c.kind())
        } -> std::same_as<std::string_view>;
};

static_assert(reads<lib::inotify, lib::event_batch>);
static_assert(waits_for_reads<lib::inotify>);
static_assert(reads<lib::watch_set, lib::watch_event_batch>);
static_assert(holds<lib::watch_set>);
static_assert(holds<lib::file_watcher>);
static_assert(holds<lib::tree_watcher>);
static_assert(saves<lib::watch_set, lib::snapshot>);
static_assert(saves<lib::tree_watcher, lib::tree_snapshot>);
static_assert(receives<lib::file_watcher, lib::file_change_batch>);
static_assert(receives<lib::tree_watcher, lib::tree_change_batch>);
static_assert(change<lib::file_change, lib::file_change_kind>);
static_assert(change<lib::tree_change, lib::tree_change_kind>);

} // namespace

BOOST_AUTO_TEST_SUITE(verbs)

// An exhaustive switch has no default: with -Wswitch, a kind that is missing here does not compile.
BOOST_AUTO_TEST_CASE(kinds_in_a_switch)
{
    auto const is_content = [](lib::event_kind kind) {
        switch (kind) {
        case lib::event_kind::modify:
        case lib::event_kind::close_write:
            return true;
        case lib::event_kind::access:
        case lib::event_kind::attrib:
        case lib::event_kind::close_nowrite:
        case lib::event_kind::open:
        case lib::event_kind::moved_from:
        case lib::event_kind::moved_to:
        case lib::event_kind::create:
        case lib::event_kind::delete_:
        case lib::event_kind::delete_self:
        case lib::event_kind::move_self:
        case lib::event_kind::unmount:
        case lib::event_kind::overflow:
        case lib::event_kind::ignored:
            return false;
        }
        return false;
    };
    BOOST_TEST(is_content(lib::event_kind::modify));
    BOOST_TEST(!is_content(lib::event_kind::ignored));
}

BOOST_AUTO_TEST_SUITE_END()
