//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_change_mask.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <utility>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(tree_change_mask)

using mask = lib::tree_change_mask;

static_assert(~mask::none == mask::all);
static_assert(~mask::all == mask::none);
static_assert(!any(mask::none));
static_assert(any(mask::covered));
static_assert((mask::renamed & mask::all) == mask::renamed);

constexpr unsigned all_bits = 0x1ffff;

constexpr mask bits(unsigned value)
{
    return static_cast<mask>(value);
}

BOOST_AUTO_TEST_CASE(operators_are_those_of_the_bits)
{
    // Every set with a few others: each bit of an operation depends on the bits in its place only.
    for (unsigned a = 0; a <= all_bits; ++a) {
        for (unsigned const b : {0U, all_bits, 0x1'55a5U, 0x2a5aU, 0x00f0U, 1U}) {
            if ((bits(a) | bits(b)) != bits(a | b) || (bits(a) & bits(b)) != bits(a & b) ||
                (bits(a) ^ bits(b)) != bits(a ^ b)) {
                BOOST_ERROR("wrong for " << a << " and " << b);
            }
        }
        if (~bits(a) != bits(all_bits & ~a) || any(bits(a)) != (a != 0)) {
            BOOST_ERROR("wrong for " << a);
        }
    }
}

BOOST_AUTO_TEST_CASE(assigning_operators)
{
    auto m = mask::none;
    m |= mask::created;
    m |= mask::removed;
    BOOST_TEST((m == (mask::created | mask::removed)));
    m &= mask::created | mask::modified;
    BOOST_TEST((m == mask::created));
    m ^= mask::all;
    BOOST_TEST((m == ~mask::created));
    // They give the left operand, as those of numbers do.
    BOOST_TEST(&(m |= mask::renamed) == &m);
    BOOST_TEST(&(m &= mask::renamed) == &m);
    BOOST_TEST(&(m ^= mask::renamed) == &m);
}

BOOST_AUTO_TEST_CASE(every_set_survives_its_text)
{
    for (unsigned value = 0; value <= all_bits; ++value) {
        boost::system::error_code ec;
        auto const text = to_string(bits(value));
        if (lib::tree_change_mask_from_string(text, ec) != bits(value) || ec) {
            BOOST_ERROR(text << " is not " << value);
        }
        std::string piped = text;
        for (char& c : piped) {
            c = c == ',' ? '|' : c;
        }
        if (lib::tree_change_mask_from_string(piped) != bits(value)) {
            BOOST_ERROR(piped << " is not " << value);
        }
    }
}

BOOST_AUTO_TEST_CASE(texts)
{
    BOOST_TEST(to_string(mask::none) == "none");
    BOOST_TEST(to_string(mask::closed_write) == "closed_write");
    BOOST_TEST(to_string(mask::all) ==
               "existing,created,modified,closed_write,attributes,removed,renamed,exchanged,"
               "rescan_begin,rescan_end,unmounted,root_lost,root_found,uncovered,covered,"
               "path_unguarded,path_guarded");
    // Bits that are no kind of change are left out.
    BOOST_TEST(to_string(bits(0xfffe'0000U)) == "none");
    BOOST_TEST(to_string(bits(0x4000'0002U)) == "created");
}

// Each kind is a bit of its own, with the same name.
BOOST_AUTO_TEST_CASE(kinds)
{
    static_assert(to_mask(lib::tree_change_kind::existing) == mask::existing);
    static_assert(to_mask(lib::tree_change_kind::path_guarded) == mask::path_guarded);
    auto all = mask::none;
    std::string names;
    for (unsigned i = 0; i != 17; ++i) {
        auto const kind = lib::tree_change_kind(i);
        all ^= to_mask(kind);
        names.append(i == 0 ? "" : ",").append(to_string(kind));
        BOOST_TEST(to_string(to_mask(kind)) == to_string(kind));
        std::ostringstream written;
        written << kind << ' ' << to_mask(kind);
        BOOST_TEST(written.str() ==
                   names.substr(names.rfind(',') + 1) + ' ' + to_string(to_mask(kind)));
    }
    BOOST_TEST((all == mask::all));
    BOOST_TEST(names == to_string(mask::all));
    BOOST_TEST(to_string(lib::tree_change_kind(17)).empty());
}

BOOST_AUTO_TEST_CASE(names_of_sets_and_mixed_separators)
{
    for (auto const& [text, expected] : {
             std::pair{"all", mask::all},
             std::pair{"none", mask::none},
             std::pair{"none,renamed", mask::renamed},
             std::pair{"renamed,renamed", mask::renamed},
             std::pair{"root_lost|root_found,existing",
                       mask::root_lost | mask::root_found | mask::existing},
         }) {
        boost::system::error_code ec = lib::error::no_such_watch;
        BOOST_TEST((lib::tree_change_mask_from_string(text, ec) == expected), text);
        BOOST_TEST(!ec, text);
    }
}

BOOST_AUTO_TEST_CASE(bad_names)
{
    for (std::string const text :
         {"", ",", "|", "created,", ",created", "created,,removed", "created||removed", "Created",
          "CREATED", " created", "created ", "created, removed", "create", "createdd",
          "closed-write", "1", "all,what", "what,all", "created;removed"}) {
        boost::system::error_code ec;
        BOOST_TEST((lib::tree_change_mask_from_string(text, ec) == mask::none), text);
        BOOST_TEST(ec == lib::error::unknown_event_name, text);
        BOOST_TEST(ec.has_location(), text);
    }
    // A null byte is a byte like others, not the end.
    boost::system::error_code ec;
    BOOST_TEST((lib::tree_change_mask_from_string(std::string("created\0", 8), ec) == mask::none));
    BOOST_TEST(ec == lib::error::unknown_event_name);
}

BOOST_AUTO_TEST_CASE(the_throwing_form_names_the_list)
{
    auto const names_it = [](boost::system::system_error const& e) {
        std::string const what = e.what();
        return e.code() == lib::error::unknown_event_name &&
               what.find("tree_change_mask_from_string 'created,\\x07'") == 0;
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(lib::tree_change_mask_from_string("created,\a")),
                          boost::system::system_error, names_it);
}

BOOST_AUTO_TEST_SUITE_END()
