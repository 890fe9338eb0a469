//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/name_bytes.hpp"
#include "tree/tree_index.hpp"

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

BOOST_AUTO_TEST_CASE(names_of_each_size_are_copied)
{
    for (std::size_t size = 0; size <= longest; ++size) {
        auto const name = make_name(size);
        std::string to(size + 2, '\0');
        copy_name(to.data() + 1, name.data(), size);
        BOOST_TEST(to == '\0' + name + '\0');
    }
}

BOOST_AUTO_TEST_CASE(an_entry_is_found_beside_another)
{
    tree_index index;
    auto const make = [&](dir_id parent, std::string const& name, bool is_directory) {
        index.reserve();
        auto const id = index.make(name, is_directory);
        index.link(id, parent);
        return id;
    };
    auto const root = index.entry(index.make("root", true)).directory();
    auto const other = index.entry(make(root, "other", true)).directory();
    entry_id made[10];
    for (std::size_t i = 0; i != 10; ++i) {
        made[i] = make(root, std::to_string(i), false);
        make(other, std::to_string(i), false);
    }
    for (std::size_t last = 0; last != 10; ++last) {
        for (std::size_t i = 0; i != 10; ++i) {
            auto const name = std::to_string(i);
            auto const found =
                index.find_beside({made[last], &index.entry(made[last])}, root, name);
            BOOST_TEST(found.id == made[i]);
            BOOST_TEST(found.entry == &index.entry(made[i]));
            BOOST_TEST(index.find_beside({}, root, name).id == made[i]);
        }
        BOOST_TEST(index.find_beside({made[last], &index.entry(made[last])}, root, "none").id ==
                   0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
