//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "paths/set_by_key.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <string>
#include <string_view>

// Objects that are found by the key in themselves.
BOOST_AUTO_TEST_SUITE(set_by_key)

using asio_inotify::detail::find_in;

struct named
{
    std::string name;
};

struct name_of
{
    [[nodiscard]] std::string_view operator()(std::string_view name) const noexcept { return name; }
    [[nodiscard]] std::string_view operator()(named const* object) const noexcept
    {
        return object->name;
    }
};

BOOST_AUTO_TEST_CASE(objects_are_found_by_key_until_they_are_erased)
{
    constexpr int count = 1000;
    std::deque<named> objects;
    asio_inotify::detail::set_by_key<named, name_of> set;
    BOOST_TEST(find_in(set, std::string_view("0")) == nullptr);
    for (int i = 0; i != count; ++i) {
        set.insert(&objects.emplace_back(named{std::to_string(i)}));
    }
    for (auto& object : objects) {
        BOOST_REQUIRE(find_in(set, std::string_view(object.name)) == &object);
    }
    BOOST_TEST(find_in(set, std::string_view("x")) == nullptr);
    for (int i = 0; i < count; i += 2) {
        set.erase(&objects[static_cast<std::size_t>(i)]);
    }
    BOOST_TEST(set.size() == count / 2U);
    for (std::size_t i = 0; i != objects.size(); ++i) {
        BOOST_REQUIRE(find_in(set, std::string_view(objects[i].name)) ==
                      (i % 2 == 0 ? nullptr : &objects[i]));
    }
}

BOOST_AUTO_TEST_SUITE_END()
