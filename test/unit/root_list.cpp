//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include "tree/engine/root_list.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(root_list)

using lines = std::vector<std::string>;

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

std::string message(int failure)
{
    return boost::system::error_code(failure, boost::system::system_category()).message();
}

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

BOOST_AUTO_TEST_CASE(a_root_whose_path_may_lead_elsewhere_is_a_suspect)
{
    fixture f;
    static_cast<void>(f.tree.add_root("/s"));
    f.tree.port.suspects = {"/r", "/elsewhere"};
    BOOST_TEST((f.roots.take_suspects() == std::vector{f.root}));
    BOOST_TEST(f.roots.take_suspects().empty());
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_watched_is_reported_until_it_can)
{
    fixture f;
    f.tree.port.suspects = {"/r"};
    f.tree.port.guard_failures["/r"] = EACCES;
    static_cast<void>(f.roots.take_suspects());
    f.tree.port.suspects = {"/r"};
    static_cast<void>(f.roots.take_suspects());
    BOOST_TEST(f.changes() == lines{"root_unguarded dir .: " + message(EACCES)},
               boost::test_tools::per_element());
    f.tree.port.suspects = {"/r"};
    f.tree.port.guard_failures.clear();
    static_cast<void>(f.roots.take_suspects());
    BOOST_TEST(f.changes() == lines{"root_guarded dir ."}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
