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
    asio_inotify::detail::existing_walk walk{tree.port, tree.model, coverage};
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
    BOOST_TEST(f.changes() == lines{"root_lost dir lost"}, boost::test_tools::per_element());
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
    f.tree.port.guard_failures["/r"] = {EACCES, boost::system::system_category()};
    static_cast<void>(f.roots.take_suspects());
    f.tree.port.suspects = {"/r"};
    static_cast<void>(f.roots.take_suspects());
    BOOST_TEST(f.changes() == lines{"path_unguarded dir .: " + message(EACCES)},
               boost::test_tools::per_element());
    f.tree.port.suspects = {"/r"};
    f.tree.port.guard_failures.clear();
    static_cast<void>(f.roots.take_suspects());
    BOOST_TEST(f.changes() == lines{"path_guarded dir ."}, boost::test_tools::per_element());
}

namespace {

/// A new root "/" around "/r", which was scanned.
asio_inotify::detail::dir_id add_outer(fixture& f)
{
    auto const outer = f.tree.model.make_root("/", "/", "/").directory;
    auto const place = f.tree.model.index.entry(f.tree.model.create(outer, "r", true, true));
    f.tree.model.assign_watch(place.directory(), 1);
    return outer;
}

} // namespace

// What is different in the new one is found when the options are asked again.
BOOST_AUTO_TEST_CASE(the_tree_that_the_user_has_replaces_what_was_scanned_at_its_place)
{
    fixture f;
    auto const outer = add_outer(f);
    f.roots.report_new();
    BOOST_TEST(f.tree.model.roots().size() == 1U);
    BOOST_TEST(f.roots.contains("/r"));
    BOOST_TEST(f.tree.model.find_directory(outer, "r") == f.root);
    BOOST_TEST(f.tree.model.find_directory(outer, "r/a") == f.a);
    BOOST_TEST(f.work_of(f.root) == "");
    BOOST_TEST(f.changes().empty());
}

// A different directory had the path when the new root was scanned.
BOOST_AUTO_TEST_CASE(a_root_that_may_be_a_different_directory_is_verified)
{
    fixture f;
    auto const outer = add_outer(f);
    auto const place = f.tree.model.find_directory(outer, "r");
    f.tree.model.release_watch(place);
    f.tree.model.assign_watch(place, 7);
    f.roots.report_new();
    BOOST_TEST(f.tree.model.find_directory(outer, "r") == f.root);
    BOOST_TEST(f.work_of(f.root) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(a_new_root_in_one_that_is_reported_adds_nothing)
{
    fixture f;
    auto const inner = f.tree.model.make_root("/r/a", "/r/a", "/r/a").directory;
    f.tree.model.create(inner, "new", true, true);
    f.roots.report_new();
    BOOST_TEST(f.tree.model.roots().size() == 1U);
    BOOST_TEST(f.tree.find_directory("/r/a") == f.a);
    BOOST_TEST(f.tree.find("/r/a/new") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
