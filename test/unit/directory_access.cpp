//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(directory_access)

using boost::system::error_code;
using split_paths = std::vector<std::pair<std::string, std::string>>;

namespace {

/// The root "/r" with the directory "/r/a/b".
struct fixture : test::engine_parts
{
    explicit fixture(asio_inotify::tree_options const& options = {})
        : engine_parts(options)
    {}

    dir_id a = add_directory("/r", "a", 2);
    dir_id b = add_directory("/r/a", "b", 3);
};

} // namespace

// So no link that others have put into a path leads out of the tree.
BOOST_AUTO_TEST_CASE(a_directory_is_opened_below_its_root)
{
    fixture f;
    error_code ec;
    BOOST_TEST(f.access.open(f.b, ec) >= 0);
    BOOST_TEST(f.access.is_in_place(f.a, f.tree.port.names.at("/r/a")));
    BOOST_TEST(f.access.open(f.root, ec) >= 0);
    BOOST_TEST((f.tree.port.opened_below == split_paths{{"/r", "a/b"}, {"/r", "a"}, {"/r", ""}}));
}

BOOST_AUTO_TEST_CASE(a_directory_behind_followed_links_is_opened_by_its_path)
{
    asio_inotify::tree_options options;
    options.follow_symlinks = true;
    fixture f(options);
    error_code ec;
    BOOST_TEST(f.access.open(f.b, ec) >= 0);
    BOOST_TEST(f.tree.port.opened_below.empty());
}

BOOST_AUTO_TEST_CASE(a_different_directory_at_the_place_is_not_used)
{
    fixture f;
    f.tree.port.put_directory("/r/a/b", 77);
    error_code ec;
    BOOST_TEST(f.access.open(f.b, ec) < 0);
    BOOST_TEST(!ec);
    BOOST_TEST(f.tree.port.closed.size() == 1U);
    f.tree.port.open_failures["/r/a/b"] = {EIO, boost::system::system_category()};
    BOOST_TEST(f.access.open(f.b, ec) < 0);
    BOOST_TEST(ec == f.tree.port.open_failures["/r/a/b"]);
}

BOOST_AUTO_TEST_CASE(a_directory_in_no_tree_has_no_place)
{
    fixture f;
    f.tree.model.remove(f.tree.model.directory(f.a).entry, false);
    error_code ec;
    BOOST_TEST(f.access.open(f.b, ec) < 0);
    BOOST_TEST(!ec);
    BOOST_TEST(f.tree.port.opened_below.empty());
}

BOOST_AUTO_TEST_SUITE_END()
