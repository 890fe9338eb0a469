//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/modelled_tree.hpp"

#include "tree/engine/recent_directories.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(recent_directories)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using lib_recent = asio_inotify::detail::recent_directories;

struct fixture
{
    dir_id make(char const* name)
    {
        return tree.model.index.entry(tree.create("/r", name, true)).directory();
    }

    test::modelled_tree tree;
    dir_id root = tree.add_root("/r");
    dir_id a = make("a");
    dir_id b = make("b");
    lib_recent recent{tree.model};
};

BOOST_AUTO_TEST_CASE(directories_are_recent_until_the_queue_was_empty)
{
    fixture f;
    BOOST_TEST(!f.recent.contains(f.a));
    f.recent.add(f.a);
    f.recent.add(f.a);
    BOOST_TEST(f.recent.contains(f.a));
    BOOST_TEST(!f.recent.contains(f.b));
    f.recent.add(f.b);
    f.recent.reset(0);
    BOOST_TEST(!f.recent.contains(f.a));
    BOOST_TEST(!f.recent.contains(f.b));
    f.recent.add(f.a);
    BOOST_TEST(f.recent.contains(f.a));
}

BOOST_AUTO_TEST_CASE(the_directory_that_is_being_listed_stays_recent)
{
    fixture f;
    f.recent.add(f.a);
    f.recent.add(f.b);
    f.recent.reset(f.a);
    BOOST_TEST(f.recent.contains(f.a));
    BOOST_TEST(!f.recent.contains(f.b));
    // It is still a member.
    f.recent.reset(0);
    BOOST_TEST(!f.recent.contains(f.a));
}

BOOST_AUTO_TEST_CASE(the_other_flags_of_a_directory_stay)
{
    fixture f;
    f.tree.model.directory(f.a).set(tree_directory::verify | tree_directory::mark);
    f.recent.add(f.a);
    f.recent.reset(0);
    BOOST_TEST(f.tree.model.directory(f.a).is(tree_directory::verify));
    BOOST_TEST(f.tree.model.directory(f.a).is(tree_directory::mark));
}

BOOST_AUTO_TEST_SUITE_END()
