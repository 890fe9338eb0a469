//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_state.hpp"

#include "support/make_records.hpp"
#include "support/printing.hpp"

#include <asio_inotify/error.hpp>

#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstddef>
#include <string>

namespace lib = asio_inotify;

// What a released set consists of, as bytes.
BOOST_AUTO_TEST_SUITE(set_state)

using lib::detail::set_state_from_bytes;
using lib::detail::to_bytes;
using state = lib::detail::set_state;

lib::snapshot two_watches()
{
    return lib::snapshot(
        {{lib::watch_descriptor{3},
          lib::event_mask::modify,
          lib::add_options::one_shot,
          "/etc/hosts\n",
          {}},
         {lib::watch_descriptor{9}, lib::event_mask::all, lib::add_options::none, "", {}}},
        lib::watch_descriptor{12});
}

state sample()
{
    state s;
    s.watches = two_watches();
    s.closing.insert(1, 2);
    s.quarantined.insert(4, 6);
    s.quarantined.insert(8);
    s.recycled.insert(7);
    s.recycled.insert(100, INT_MAX);
    s.reconcile = true;
    auto const records = test::record_maker().add(3, 2).add(9, 0x100, 0, "name").bytes();
    s.events.assign(reinterpret_cast<char const*>(records.data()), records.size());
    return s;
}

bool is_refused(std::string const& bytes)
{
    boost::system::error_code ec;
    auto const s = set_state_from_bytes(bytes, ec);
    BOOST_TEST((!ec || s.watches.watches().empty()));
    return ec == lib::error::malformed_set_state;
}

BOOST_AUTO_TEST_CASE(nothing)
{
    auto const bytes = to_bytes({});
    boost::system::error_code ec;
    auto const s = set_state_from_bytes(bytes, ec);
    BOOST_TEST(!ec);
    BOOST_TEST((s.watches == lib::snapshot()));
    BOOST_TEST(s.closing.empty());
    BOOST_TEST(s.quarantined.empty());
    BOOST_TEST(s.recycled.empty());
    BOOST_TEST(!s.reconcile);
    BOOST_TEST(s.events.empty());
}

BOOST_AUTO_TEST_CASE(there_and_back)
{
    auto const before = sample();
    auto const bytes = to_bytes(before);
    BOOST_TEST(bytes.starts_with("asio-inotify set 1\n"
                                 "closing 1-2\n"
                                 "quarantined 4-6 8-8\n"
                                 "recycled 7-7 100-2147483647\n"
                                 "reconcile 1\n"
                                 "snapshot "));
    boost::system::error_code ec;
    auto const after = set_state_from_bytes(bytes, ec);
    BOOST_TEST(!ec);
    BOOST_TEST((after.watches == before.watches));
    BOOST_TEST((after.closing.ranges() == before.closing.ranges()));
    BOOST_TEST((after.quarantined.ranges() == before.quarantined.ranges()));
    BOOST_TEST((after.recycled.ranges() == before.recycled.ranges()));
    BOOST_TEST(after.reconcile);
    BOOST_TEST(after.events == before.events);
}

BOOST_AUTO_TEST_CASE(every_beginning_is_refused)
{
    auto const bytes = to_bytes(sample());
    for (std::size_t size = 0; size != bytes.size(); ++size) {
        BOOST_TEST(is_refused(bytes.substr(0, size)));
    }
    BOOST_TEST(is_refused(bytes + '\0'));
}

// What is read is what was written, whatever the bytes: none is ignored.
BOOST_AUTO_TEST_CASE(every_byte_counts)
{
    auto const bytes = to_bytes(sample());
    for (std::size_t at = 0; at != bytes.size(); ++at) {
        for (int const change : {1, 0x20, 0x80}) {
            auto other = bytes;
            other[at] = static_cast<char>(other[at] ^ change);
            boost::system::error_code ec;
            auto const s = set_state_from_bytes(other, ec);
            BOOST_TEST((ec || to_bytes(s) == other));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_later_version)
{
    boost::system::error_code ec;
    for (std::string const text : {"asio-inotify set 2\n", "asio-inotify set 10\nsomething else"}) {
        static_cast<void>(set_state_from_bytes(text, ec));
        BOOST_TEST(ec == lib::error::unsupported_snapshot_version);
    }
    BOOST_TEST(is_refused("asio-inotify set 0\n"));
    BOOST_TEST(is_refused("asio-inotify set 2"));
    BOOST_TEST(is_refused("asio-inotify set -2\n"));
    BOOST_TEST(is_refused("asio-inotify set 99999999999\n"));
}

BOOST_AUTO_TEST_CASE(a_number_in_two_places)
{
    auto const refused = [](auto change) {
        auto s = sample();
        change(s);
        return is_refused(to_bytes(s));
    };
    BOOST_TEST(!refused([](state&) {}));
    BOOST_TEST(refused([](state& s) { s.closing.insert(3); }));
    BOOST_TEST(refused([](state& s) { s.quarantined.insert(9); }));
    BOOST_TEST(refused([](state& s) { s.recycled.insert(1); }));
    BOOST_TEST(refused([](state& s) { s.recycled.insert(5, 6); }));
    BOOST_TEST(refused([](state& s) { s.quarantined.insert(INT_MAX); }));
}

BOOST_AUTO_TEST_CASE(ranges_that_no_set_writes)
{
    auto const bytes = to_bytes(sample());
    auto const with = [&](std::string const& closing) {
        auto text = bytes;
        text.replace(text.find("closing 1-2\n"), 12, "closing" + closing + '\n');
        return text;
    };
    BOOST_TEST(!is_refused(with(" 1-2")));
    BOOST_TEST(!is_refused(with("")));
    for (std::string const closing :
         {" 0-2", " 2-1", " 1-1 2-2", " 1-2 1-2", " 2-2 1-1", " 01-2", " 1-2 ", "  1-2", " 1",
          " 1-", " -1-2", " 1-2147483648", " 1-2x"}) {
        BOOST_TEST_CONTEXT("closing:" << closing)
        {
            BOOST_TEST(is_refused(with(closing)));
        }
    }
}

BOOST_AUTO_TEST_CASE(events_that_no_kernel_writes)
{
    auto s = sample();
    s.events.pop_back();
    BOOST_TEST(is_refused(to_bytes(s)));
    s = sample();
    s.events.back() = 'x';
    BOOST_TEST(is_refused(to_bytes(s)));
}

BOOST_AUTO_TEST_SUITE_END()
