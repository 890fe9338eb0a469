//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/make_records.hpp"
#include "support/printing.hpp"

#include <asio_inotify/event.hpp>
#include <asio_inotify/event_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(event)

static_assert(std::is_nothrow_move_constructible_v<lib::event>);
static_assert(std::is_nothrow_default_constructible_v<lib::event>);
// Copying the name must be asked for.
static_assert(!std::is_convertible_v<lib::event_view, lib::event>);

lib::event make(std::int32_t wd, std::uint32_t mask, std::uint32_t cookie, std::string_view name)
{
    auto const bytes = test::record_maker().add(wd, mask, cookie, name).bytes();
    return lib::event(lib::event_batch(bytes.data(), bytes.size()).front());
}

BOOST_AUTO_TEST_CASE(a_default_constructed_one_says_nothing)
{
    lib::event const e;
    BOOST_TEST(e.wd() == lib::watch_descriptor{});
    BOOST_TEST(e.mask() == lib::event_mask::none);
    BOOST_TEST(e.native_mask() == 0U);
    BOOST_TEST(e.cookie() == 0U);
    BOOST_TEST(e.name().empty());
    BOOST_TEST(!e.is_ignored());
    BOOST_TEST(!e.is_overflow());
    BOOST_TEST(!e.is_unmount());
    BOOST_TEST(!e.is_directory());
}

BOOST_AUTO_TEST_CASE(outlives_the_buffer)
{
    std::string const name(255, 'n');
    auto const e = make(5, 0x40000080, 99, name);
    BOOST_TEST(e.wd().value() == 5);
    BOOST_TEST(e.mask() == lib::event_mask::moved_to);
    BOOST_TEST(e.is(lib::event_mask::move));
    BOOST_TEST(e.is_directory());
    BOOST_TEST(e.cookie() == 99U);
    BOOST_TEST(e.name() == name);
}

BOOST_AUTO_TEST_CASE(the_name_can_be_moved_out)
{
    auto e = make(5, 0x100, 0, "a name that is longer than sixteen bytes");
    static_assert(std::is_same_v<decltype(e.name()), std::string const&>);
    static_assert(std::is_same_v<decltype(std::move(e).name()), std::string>);
    auto const* const where = e.name().data();
    std::string const name = std::move(e).name();
    BOOST_TEST(name == "a name that is longer than sixteen bytes");
    BOOST_TEST(static_cast<void const*>(name.data()) == where);
}

BOOST_AUTO_TEST_CASE(equal_if_everything_is)
{
    auto const e = make(5, 0x100, 1, "n");
    BOOST_TEST((e == make(5, 0x100, 1, "n")));
    BOOST_TEST((e != make(6, 0x100, 1, "n")));
    BOOST_TEST((e != make(5, 0x40000100, 1, "n")));
    BOOST_TEST((e != make(5, 0x100, 2, "n")));
    BOOST_TEST((e != make(5, 0x100, 1, "m")));
    BOOST_TEST((e != lib::event()));
    lib::event copy;
    copy = e;
    BOOST_TEST((copy == e));
}

BOOST_AUTO_TEST_SUITE_END()
