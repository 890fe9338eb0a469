//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/name_bytes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

using namespace asio_inotify::detail;

BOOST_AUTO_TEST_SUITE(name_bytes)

namespace {

constexpr std::size_t longest = 70;

std::string make_name(std::size_t size)
{
    std::string name;
    for (std::size_t i = 0; i != size; ++i) {
        name += static_cast<char>('!' + i);
    }
    return name;
}

} // namespace

BOOST_AUTO_TEST_CASE(names_of_each_size_are_compared)
{
    for (std::size_t size = 0; size <= longest; ++size) {
        auto const name = make_name(size);
        auto const same = name;
        BOOST_TEST(equal_names(name.data(), same.data(), size));
        for (std::size_t at = 0; at != size; ++at) {
            auto other = name;
            other[at] = '\0';
            BOOST_TEST(!equal_names(name.data(), other.data(), size), size << ' ' << at);
        }
    }
}

BOOST_AUTO_TEST_CASE(names_in_records_are_compared)
{
    auto const pad = [](std::string name, std::size_t multiple) {
        name.resize((name.size() / multiple + 1) * multiple);
        return name;
    };
    for (std::size_t size = 1; size <= longest; ++size) {
        auto const name = make_name(size);
        auto const record = pad(name, 16);
        padded_name const padded(record.data(), record.size());
        BOOST_TEST(!padded.empty());
        BOOST_TEST(padded.view() == name);
        for (std::size_t other = 1; other <= longest; ++other) {
            BOOST_TEST(padded.equals(pad(make_name(other), 8).data(), other) == (other == size),
                       size << ' ' << other);
        }
        for (std::size_t at = 0; at != size; ++at) {
            auto other = pad(name, 8);
            other[at] = '~';
            BOOST_TEST(!padded.equals(other.data(), size), size << ' ' << at);
        }
    }
    BOOST_TEST(padded_name(nullptr, 0).empty());
    BOOST_TEST(padded_name(nullptr, 0).view() == "");
}

BOOST_AUTO_TEST_CASE(names_of_each_size_are_copied)
{
    for (std::size_t size = 0; size <= longest; ++size) {
        auto const name = make_name(size);
        std::string to(size + 2, '\0');
        copy_name(to.data() + 1, name.data(), size);
        BOOST_TEST(to == '\0' + name + '\0');
    }
}

BOOST_AUTO_TEST_SUITE_END()
