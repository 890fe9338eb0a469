//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/event_mask.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <utility>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(event_mask)

using mask = lib::event_mask;

static_assert((mask::close_write | mask::close_nowrite) == mask::close);
static_assert((mask::moved_from | mask::moved_to) == mask::move);
static_assert((mask::all & mask::close) == mask::close);
static_assert((mask::close ^ mask::close_write) == mask::close_nowrite);
static_assert(~mask::none == mask::all);
static_assert(~mask::all == mask::none);
static_assert(!any(mask::none));
static_assert(any(mask::open));

constexpr mask bits(unsigned value)
{
    return static_cast<mask>(value);
}

BOOST_AUTO_TEST_CASE(operators_are_those_of_the_bits)
{
    // Every set with a few others: each bit of an operation depends on the bits in its place only.
    for (unsigned a = 0; a != 0x1000; ++a) {
        for (unsigned const b : {0U, 0xfffU, 0x5a5U, 0xa5aU, 0x0f0U, 1U}) {
            if ((bits(a) | bits(b)) != bits(a | b) || (bits(a) & bits(b)) != bits(a & b) ||
                (bits(a) ^ bits(b)) != bits(a ^ b)) {
                BOOST_ERROR("wrong for " << a << " and " << b);
            }
        }
        if (~bits(a) != bits(0xfffU & ~a) || any(bits(a)) != (a != 0)) {
            BOOST_ERROR("wrong for " << a);
        }
    }
}

BOOST_AUTO_TEST_CASE(assigning_operators)
{
    auto m = mask::none;
    m |= mask::create;
    m |= mask::open;
    BOOST_TEST(m == (mask::create | mask::open));
    m &= mask::create | mask::access;
    BOOST_TEST(m == mask::create);
    m ^= mask::all;
    BOOST_TEST(m == ~mask::create);
    // They give the left operand, as those of numbers do.
    BOOST_TEST(&(m |= mask::open) == &m);
    BOOST_TEST(&(m &= mask::open) == &m);
    BOOST_TEST(&(m ^= mask::open) == &m);
}

BOOST_AUTO_TEST_CASE(every_set_survives_its_text)
{
    for (unsigned value = 0; value != 0x1000; ++value) {
        boost::system::error_code ec;
        auto const text = to_string(bits(value));
        if (lib::event_mask_from_string(text, ec) != bits(value) || ec) {
            BOOST_ERROR(text << " is not " << value);
        }
        std::string piped = text;
        for (char& c : piped) {
            c = c == ',' ? '|' : c;
        }
        if (lib::event_mask_from_string(piped) != bits(value)) {
            BOOST_ERROR(piped << " is not " << value);
        }
    }
}

BOOST_AUTO_TEST_CASE(texts)
{
    BOOST_TEST(to_string(mask::none) == "none");
    BOOST_TEST(to_string(mask::delete_) == "delete");
    BOOST_TEST(to_string(mask::close) == "close_write,close_nowrite");
    BOOST_TEST(to_string(mask::all) ==
               "access,modify,attrib,close_write,close_nowrite,open,moved_from,moved_to,create,"
               "delete,delete_self,move_self");
    // Bits that are no kind of event are left out.
    BOOST_TEST(to_string(bits(0xffff'f000U)) == "none");
    BOOST_TEST(to_string(bits(0x4000'0100U)) == "create");
}

// Those that a watch can be added for are a bit each, with the same name.
BOOST_AUTO_TEST_CASE(kinds)
{
    using kind = lib::event_kind;
    static_assert(to_mask(kind::access) == mask::access);
    static_assert(to_mask(kind::delete_) == mask::delete_);
    static_assert(to_mask(kind::overflow) == mask::none);
    static_assert(to_mask(kind(32)) == mask::none);
    static_assert(to_mask(kind(255)) == mask::none);
    std::string names;
    for (unsigned i = 0; i != 12; ++i) {
        std::ostringstream written;
        written << kind(i);
        BOOST_TEST(written.str() == to_string(to_mask(kind(i))));
        names.append(i == 0 ? "" : ",").append(to_string(kind(i)));
    }
    BOOST_TEST(names == to_string(mask::all));
    BOOST_TEST(to_string(kind::unmount) == "unmount");
    BOOST_TEST(to_string(kind::overflow) == "overflow");
    BOOST_TEST(to_string(kind::ignored) == "ignored");
    BOOST_TEST(to_string(kind(12)).empty());
    BOOST_TEST(to_string(kind(16)).empty());
}

BOOST_AUTO_TEST_CASE(names_of_sets_and_mixed_separators)
{
    for (auto const& [text, expected] : {
             std::pair{"all", mask::all},
             std::pair{"none", mask::none},
             std::pair{"close", mask::close},
             std::pair{"move", mask::move},
             std::pair{"none,open", mask::open},
             std::pair{"open,open", mask::open},
             std::pair{"close|move,create", mask::close | mask::move | mask::create},
             std::pair{"delete,delete_self|move_self",
                       mask::delete_ | mask::delete_self | mask::move_self},
         }) {
        boost::system::error_code ec = lib::error::no_such_watch;
        BOOST_TEST(lib::event_mask_from_string(text, ec) == expected, text);
        BOOST_TEST(!ec, text);
    }
}

BOOST_AUTO_TEST_CASE(bad_names)
{
    for (std::string const text :
         {"",      ",",    "|",       "open,", ",open",       "open,,close", "open||close",
          "Open",  "OPEN", " open",   "open ", "open, close", "delete_",     "delete-self",
          "opens", "ope",  "IN_OPEN", "1",     "all,what",    "what,all",    "open;close"}) {
        boost::system::error_code ec;
        BOOST_TEST(lib::event_mask_from_string(text, ec) == mask::none, text);
        BOOST_TEST(ec == lib::error::unknown_event_name, text);
        BOOST_TEST(ec.has_location(), text);
    }
    // A null byte is a byte like others, not the end.
    boost::system::error_code ec;
    BOOST_TEST(lib::event_mask_from_string(std::string("open\0", 5), ec) == mask::none);
    BOOST_TEST(ec == lib::error::unknown_event_name);
}

BOOST_AUTO_TEST_CASE(the_throwing_form_names_the_list)
{
    auto const names_it = [](boost::system::system_error const& e) {
        std::string const what = e.what();
        return e.code() == lib::error::unknown_event_name &&
               what.find("event_mask_from_string 'open,\\x07'") == 0;
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(lib::event_mask_from_string("open,\a")),
                          boost::system::system_error, names_it);
}

BOOST_AUTO_TEST_SUITE_END()
