//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_options.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

#include <fnmatch.h>

BOOST_AUTO_TEST_SUITE(exclude_patterns)

using asio_inotify::find_invalid_exclude;
using asio_inotify::tree_options;

bool is_valid(std::string pattern, std::string_view root = {})
{
    tree_options options;
    options.exclude = {"first", std::move(pattern)};
    auto const* const found = find_invalid_exclude(options, root);
    BOOST_TEST((found == nullptr || found == &options.exclude[1]));
    return found == nullptr;
}

BOOST_AUTO_TEST_CASE(patterns_that_can_match)
{
    for (auto const* const pattern :
         {"build",  ".git", "*.o",   "build/cache", "**/never",  "[a,b]", "[!a]b",   "a b",
          "...",    "..a",  ".*",    "{guid}",      "a{b",       "a,b}",  "\\{a,b}", "[{]a,b}",
          "\\!src", "a!",   "x\\\\", "[]{a,b]",     "[^]{a,b]}", "/top",  "/a/b",    "~",
          "a/*/b",  "[",    "[a",    "\xff\xfe",    "{a}{b}",    "a..b",  "}{a"}) {
        BOOST_TEST(is_valid(pattern), pattern);
    }
}

BOOST_AUTO_TEST_CASE(patterns_that_can_never_match)
{
    for (auto const* const pattern :
         {"",        "build/",  "a/b/",      "/",         "//",  "./build",   "a/./b", "../a",
          "a/..",    ".",       "..",        "a//b",      "//a", "!src",      "!",     "{a,b}",
          "*.{o,a}", "a{1..9}", "[{,]{a,b}", "\\\\{a,b}", "a\\", "a/b\\\\\\", "[{a,b}"}) {
        BOOST_TEST(!is_valid(pattern), pattern);
    }
    BOOST_TEST(!is_valid(std::string("a\0b", 3)));
}

// No name and no path of these has a match, whatever fnmatch(3) makes of the pattern.
BOOST_AUTO_TEST_CASE(what_fnmatch_says_of_them)
{
    for (auto const* const pattern : {"build/", "./build", "a/./b", "a//b", "a\\"}) {
        for (auto const* const path :
             {"build", "a", "a/b", "b", ".", "build/x", "x/build", "a\\", "a/b/build"}) {
            BOOST_TEST(::fnmatch(pattern, path, FNM_PATHNAME) == FNM_NOMATCH,
                       pattern << ' ' << path);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_path_from_the_root_directory)
{
    BOOST_TEST(is_valid("/proc", "/"));
    BOOST_TEST(is_valid("/sys/kernel", "/"));
    BOOST_TEST(!is_valid("/proc", "/srv"));
    BOOST_TEST(!is_valid("/srv/build", "/srv"));
    BOOST_TEST(is_valid("build", "/srv"));
    BOOST_TEST(is_valid("a/b", "/srv"));
}

BOOST_AUTO_TEST_CASE(no_patterns)
{
    BOOST_TEST((find_invalid_exclude({}) == nullptr));
    BOOST_TEST((find_invalid_exclude({}, "/srv") == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
