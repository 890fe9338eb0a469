//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "inotify/records.hpp"

#include "support/make_records.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(records)

using lib::detail::event_header;
using lib::detail::load;
using lib::detail::record_size;
using lib::detail::remove_records;

BOOST_AUTO_TEST_CASE(sizes)
{
    for (std::size_t length = 0; length != 256; ++length) {
        auto const record = test::record_maker().add(1, 2, 3, std::string(length, 'n'));
        BOOST_TEST(record_size(record.bytes().data()) == record.size());
    }
}

BOOST_AUTO_TEST_CASE(headers_are_read_from_any_address)
{
    auto const record = test::record_maker().add(-7, 0x40000100, 0xfffffffe, "name").bytes();
    for (std::size_t shift = 0; shift != 16; ++shift) {
        std::vector<std::byte> bytes(shift);
        bytes.insert(bytes.end(), record.begin(), record.end());
        auto const header = load<event_header>(bytes.data() + shift);
        BOOST_TEST(header.wd == -7);
        BOOST_TEST(header.mask == 0x40000100U);
        BOOST_TEST(header.cookie == 0xfffffffeU);
        BOOST_TEST(header.length == 16U);
    }
}

// Five records of different sizes, of which every choice is taken out in turn.
BOOST_AUTO_TEST_CASE(removing_every_choice_of_records)
{
    std::vector<std::string> const names{"a", "", std::string(16, 'b'), std::string(255, 'c'), "d"};
    for (unsigned choice = 0; choice != 1U << names.size(); ++choice) {
        test::record_maker all;
        test::record_maker expected;
        for (std::size_t i = 0; i != names.size(); ++i) {
            auto const wd = static_cast<int>(i);
            all.add(wd, 0x100, 5, names[i]);
            if ((choice >> i & 1U) == 0) {
                expected.add(wd, 0x100, 5, names[i]);
            }
        }
        auto bytes = all.bytes();
        std::vector<int> seen;
        auto const left = remove_records(bytes.data(), bytes.size(), [&](std::byte const* record) {
            auto const wd = load<event_header>(record).wd;
            seen.push_back(wd);
            return (choice >> static_cast<unsigned>(wd) & 1U) != 0;
        });
        bytes.resize(left);
        BOOST_TEST((bytes == expected.bytes()), "choice " << choice);
        // Each was asked once, in order.
        BOOST_TEST(seen == (std::vector{0, 1, 2, 3, 4}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(removing_from_nothing)
{
    BOOST_TEST(remove_records(nullptr, 0, [](auto const*) { return true; }) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
