//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/path_below.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(path_below)

struct paths
{
    std::string_view path;
    std::string_view ancestor;
    // "none" if the path is not below.
    std::string_view rest;
};

constexpr paths cases[] = {
    {"/a/b", "/a", "b"},  {"/a/b/c", "/a", "b/c"}, {"/a", "/a", ""},      {"/", "/", ""},
    {"/a", "/", "a"},     {"/a/b", "/", "a/b"},    {"/ab", "/a", "none"}, {"/a", "/a/b", "none"},
    {"/a", "/b", "none"}, {"/", "/a", "none"},     {"a/b", "a", "b"},     {"a", "/a", "none"},
    {"/a/b", "/a/", "b"}, {"/a//b", "/a", "/b"},   {"", "/a", "none"},    {"/a/b", "/a/c", "none"},
};

BOOST_AUTO_TEST_CASE(the_rest_of_a_path_below_an_ancestor)
{
    for (auto const& each : cases) {
        BOOST_TEST_CONTEXT(each.path << " below " << each.ancestor)
        {
            auto const rest = asio_inotify::detail::path_below(each.path, each.ancestor);
            BOOST_TEST(rest.value_or("none") == each.rest);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
