//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include "tree/engine/root_list.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(root_list)

/// The root "/r" with the directory "/r/a".
struct fixture : test::engine_parts
{
    asio_inotify::detail::directory_verifier verifier{tree.port, tree.options, tree.model, agenda,
                                                      recent,    filesystems,  access,     lister,
                                                      coverage,  rescan,       restoration};
    asio_inotify::detail::mount_tracker mounts{tree.port, tree.options, tree.model, agenda};
    asio_inotify::detail::existing_walk walk{tree.port, tree.options, tree.model, coverage};
    asio_inotify::detail::root_list roots{tree.port, tree.options, tree.model, agenda,
                                          verifier,  coverage,     mounts,     walk};
    dir_id a = add_directory("/r", "a", 2);
};

BOOST_AUTO_TEST_CASE(parts_become_roots_when_the_outer_one_is_removed)
{
    fixture f;
    f.roots.parts() = {{"/r/a", "/r/a", "/r/a"}, {"/r/lost", "/r/lost", "/r/lost"}};
    BOOST_TEST(f.roots.contains("/r/a"));
    boost::system::error_code ec;
    f.roots.remove("/r", ec);
    BOOST_TEST(!ec);
    BOOST_TEST(f.roots.parts().empty());
    auto const* const own = f.tree.model.find_root("/r/a");
    BOOST_TEST_REQUIRE(own != nullptr);
    BOOST_TEST(own->directory == f.a);
    BOOST_TEST(f.work_of(f.a) == "");
    // One that is not there is verified, so that it is found when it comes.
    auto const* const lost = f.tree.model.find_root("/r/lost");
    BOOST_TEST_REQUIRE(lost != nullptr);
    BOOST_TEST(!lost->present);
    BOOST_TEST(f.work_of(lost->directory) == "*verify ");
}

BOOST_AUTO_TEST_CASE(a_root_whose_path_may_lead_elsewhere_is_verified)
{
    fixture f;
    auto const s = f.tree.add_root("/s");
    f.tree.port.suspects = {"/r", "/elsewhere"};
    f.roots.check_suspects();
    BOOST_TEST(f.work_of(f.root) == "*verify ");
    BOOST_TEST(f.work_of(s) == "");
}

BOOST_AUTO_TEST_SUITE_END()
