//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/path_index.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(path_index)

using lib_index = asio_inotify::detail::path_index;
using values = std::vector<std::uint32_t>;

namespace {

values at(lib_index const& index, std::string_view path)
{
    values found;
    index.for_each_at(path, [&](std::uint32_t what) { found.push_back(what); });
    return found;
}

values below(lib_index const& index, std::string_view path)
{
    values found;
    index.for_each_below(path, [&](std::uint32_t what) { found.push_back(what); });
    return found;
}

/// With the paths.
std::vector<std::string> above(lib_index const& index, std::string_view path)
{
    std::vector<std::string> found;
    index.for_each_above(path, [&](std::uint32_t what, std::string_view where) {
        found.push_back(std::to_string(what) + ' ' + std::string(where));
    });
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(at_above_and_below)
{
    lib_index index;
    std::uint32_t number = 0;
    for (auto const* const path : {"/", "/a", "/a/b", "/a/b", "/a/b/c", "/a/b!", "/a/bc", "/b"}) {
        index.add(path, number++);
    }
    BOOST_TEST((at(index, "/") == values{0}));
    BOOST_TEST((at(index, "/a/b") == values{2, 3}));
    BOOST_TEST((at(index, "/a/b/") == values{}));
    BOOST_TEST((at(index, "/c") == values{}));
    BOOST_TEST((below(index, "/a/b") == values{4}));
    BOOST_TEST((below(index, "/a") == values{2, 3, 5, 4, 6}));
    BOOST_TEST((below(index, "/") == values{1, 2, 3, 5, 4, 6, 7}));
    BOOST_TEST((below(index, "/b") == values{}));
    using lines = std::vector<std::string>;
    BOOST_TEST((above(index, "/a/b/c") == lines{"2 /a/b", "3 /a/b", "1 /a", "0 /"}));
    BOOST_TEST((above(index, "/x") == lines{"0 /"}));
    BOOST_TEST((above(index, "/") == lines{}));
    // There is no directory above these that is known.
    BOOST_TEST((above(index, "a/b") == lines{}));
    BOOST_TEST((above(index, "") == lines{}));
}

BOOST_AUTO_TEST_CASE(paths_that_change)
{
    lib_index index;
    // Short ones are part of the string, and long ones are not.
    for (std::string const ending : {"", "/with/a/name/that/is/longer/than/a/string/has/room"}) {
        std::string first;
        std::string second;
        index.change(first, "/a" + ending, 1);
        index.change(second, "/a" + ending, 2);
        BOOST_TEST((at(index, "/a" + ending) == values{1, 2}));
        index.change(first, "/a" + ending, 1);
        index.change(first, "/b", 1);
        BOOST_TEST(first == "/b");
        BOOST_TEST((at(index, "/a" + ending) == values{2}));
        BOOST_TEST((at(index, "/b") == values{1}));
        index.change(first, "", 1);
        BOOST_TEST((below(index, "/") == values{2}));
        index.remove(first, 1);
        index.remove(second, 1);
        BOOST_TEST((below(index, "/") == values{2}));
        index.remove(second, 2);
        BOOST_TEST((below(index, "/") == values{}));
    }
}

BOOST_AUTO_TEST_SUITE_END()
