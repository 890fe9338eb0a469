//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/snapshot.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(snapshot)

using lib::add_options;
using lib::error;
using lib::event_mask;
using lib::inode_identity;
using lib::saved_watch;
using lib::watch_descriptor;
using watches = std::vector<saved_watch>;

saved_watch watch(int number, std::string path = {})
{
    return {watch_descriptor{number}, event_mask::create, add_options::none, std::move(path), {}};
}

watches numbered(std::initializer_list<int> numbers)
{
    watches result;
    for (int const number : numbers) {
        result.push_back(watch(number, "/" + std::to_string(number)));
    }
    return result;
}

// What the constructor throws is `code`, and its text begins with `beginning`.
void is_refused(watches const& bad, error code, std::string_view beginning)
{
    auto const as_expected = [&](boost::system::system_error const& e) {
        BOOST_TEST(e.code() == code);
        BOOST_TEST(e.code().has_location());
        BOOST_TEST(std::string_view(e.what()).starts_with(beginning), e.what());
        return true;
    };
    BOOST_CHECK_EXCEPTION(lib::snapshot{bad}, boost::system::system_error, as_expected);
}

void is_accepted(saved_watch const& good)
{
    lib::snapshot const s({good});
    BOOST_TEST_REQUIRE(s.watches().size() == 1U);
    BOOST_TEST((s.watches().front() == good));
}

BOOST_AUTO_TEST_CASE(empty)
{
    lib::snapshot const s;
    BOOST_TEST(s.watches().empty());
    BOOST_TEST(s.next() == watch_descriptor::lowest());
    BOOST_TEST(s.find(watch_descriptor{1}) == nullptr);
    BOOST_TEST((s == lib::snapshot(watches{})));
}

BOOST_AUTO_TEST_CASE(watches_come_out_in_ascending_order)
{
    lib::snapshot const s(numbered({7, INT_MAX, 1, 300, 2}), watch_descriptor{9});
    BOOST_TEST((s.watches() == numbered({1, 2, 7, 300, INT_MAX})));
    BOOST_TEST(s.next() == watch_descriptor{9});
}

BOOST_AUTO_TEST_CASE(find)
{
    lib::snapshot const s(numbered({20, 10, INT_MAX}));
    for (int const number : {10, 20, INT_MAX}) {
        auto const* const found = s.find(watch_descriptor{number});
        BOOST_TEST_REQUIRE(found != nullptr);
        BOOST_TEST(found->path == "/" + std::to_string(number));
        BOOST_TEST(found >= s.watches().data());
    }
    for (int const number : {INT_MIN, -1, 0, 1, 9, 11, 19, 21, INT_MAX - 1}) {
        BOOST_TEST(s.find(watch_descriptor{number}) == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(equality)
{
    auto const with = [](auto change) {
        auto w = watch(3, "/p");
        w.identity = inode_identity{1, 2, 3, "h"};
        change(w);
        return lib::snapshot({w}, watch_descriptor{4});
    };
    auto const same = with([](saved_watch&) {});
    BOOST_TEST((same == with([](saved_watch&) {})));
    BOOST_TEST((same != lib::snapshot()));
    BOOST_TEST((same != lib::snapshot(same.watches(), watch_descriptor{5})));
    BOOST_TEST((same != with([](saved_watch& w) { w.wd = watch_descriptor{2}; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.mask = event_mask::none; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.options = add_options::one_shot; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.path = "/q"; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.identity.reset(); })));
    BOOST_TEST((same != with([](saved_watch& w) { w.identity->device = 0; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.identity->inode = 0; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.identity->handle_type = 0; })));
    BOOST_TEST((same != with([](saved_watch& w) { w.identity->handle = "i"; })));
}

BOOST_AUTO_TEST_CASE(the_order_that_was_given_does_not_matter)
{
    auto const s = lib::snapshot(numbered({1, 2, 3}));
    BOOST_TEST((s == lib::snapshot(numbered({3, 1, 2}))));
    BOOST_TEST(s.to_text() == lib::snapshot(numbered({2, 3, 1})).to_text());
}

BOOST_AUTO_TEST_CASE(every_next_number_that_is_none_is_the_same)
{
    lib::snapshot const none({}, watch_descriptor{});
    for (int const number : {0, -1, -7, INT_MIN}) {
        lib::snapshot const s({}, watch_descriptor{number});
        BOOST_TEST(!s.next().is_valid());
        BOOST_TEST((s == none));
    }
    BOOST_TEST((none != lib::snapshot()));
    BOOST_TEST(lib::snapshot({}, watch_descriptor{INT_MAX}).next() == watch_descriptor::highest());
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range)
{
    for (int const number : {0, -1, INT_MIN}) {
        is_refused({watch(5), watch(number, "/a\nb")}, error::watch_descriptor_out_of_range,
                   "snapshot: watch " + std::to_string(number) + " '/a\\x0ab': ");
    }
    is_accepted(watch(1));
    is_accepted(watch(INT_MAX));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_there_twice)
{
    is_refused(numbered({4, 9, 4}), error::watch_descriptor_in_use, "snapshot: watch 4 '/4': ");
    is_refused({watch(8), watch(8)}, error::watch_descriptor_in_use, "snapshot: watch 8: ");
}

BOOST_AUTO_TEST_CASE(masks)
{
    for (unsigned bit = 0x1000; bit != 0; bit <<= 1U) {
        auto bad = watch(2);
        bad.mask = static_cast<event_mask>(bit | 1U);
        is_refused({watch(1), bad}, error::invalid_event_mask, "snapshot: watch 2: ");
    }
    for (unsigned bits = 0; bits != 0x1000; ++bits) {
        auto good = watch(2);
        good.mask = static_cast<event_mask>(bits);
        is_accepted(good);
    }
}

BOOST_AUTO_TEST_CASE(options)
{
    constexpr auto lasting = add_options::only_directory | add_options::dont_follow |
                             add_options::exclude_unlinked | add_options::one_shot;
    for (unsigned bit = 1; bit != 0; bit <<= 1U) {
        auto w = watch(2);
        w.options = static_cast<add_options>(bit);
        if (any(w.options & lasting)) {
            is_accepted(w);
        } else {
            is_refused({w}, error::invalid_add_options, "snapshot: watch 2: ");
            w.options |= lasting;
            is_refused({w}, error::invalid_add_options, "snapshot: watch 2: ");
        }
    }
    auto good = watch(2);
    good.options = lasting;
    is_accepted(good);
}

BOOST_AUTO_TEST_CASE(paths)
{
    for (auto const& path : {std::string("a\0b", 3), std::string(1, '\0')}) {
        is_refused({watch(3, path)}, error::path_contains_null, "snapshot: watch 3 '");
    }
    for (auto const* const path : {"", "a", "a b\n\\", "\xff"}) {
        is_accepted(watch(3, path));
    }
}

BOOST_AUTO_TEST_CASE(identities)
{
    auto const with = [](inode_identity identity) {
        auto w = watch(6, "/p");
        w.identity = std::move(identity);
        return w;
    };
    constexpr std::string_view named = "snapshot: watch 6 '/p': ";
    is_refused({with({1, 2, 1, std::string(129, 'x')})}, error::malformed_snapshot, named);
    is_refused({with({1, 2, -1, "x"})}, error::malformed_snapshot, named);
    is_refused({with({1, 2, INT_MIN, ""})}, error::malformed_snapshot, named);
    is_refused({with({1, 2, 1, ""})}, error::malformed_snapshot, named);
    is_accepted(with({}));
    is_accepted(with({UINT32_MAX, UINT64_MAX, INT_MAX, std::string(128, '\xff')}));
    is_accepted(with({1, 2, 0, std::string(1, '\0')}));
}

BOOST_AUTO_TEST_CASE(the_first_bad_watch_is_named)
{
    // In the order that was given, and before numbers are compared.
    auto bad = watch(9);
    bad.mask = static_cast<event_mask>(0x1000);
    is_refused({watch(5), watch(5), bad, watch(0)}, error::invalid_event_mask,
               "snapshot: watch 9: ");
}

BOOST_AUTO_TEST_SUITE_END()
