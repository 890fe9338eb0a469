//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/set/open_set.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace fs = std::filesystem;

// Changing the mask of a watch of a set, which the kernel does by path only.
BOOST_FIXTURE_TEST_SUITE(set_masks, test::open_set)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(a_mask_is_changed)
{
    auto const file = new_file();
    set.add(file, event_mask::open, add_options::exclude_unlinked | add_options::one_shot);
    set.set_mask(wd(1), event_mask::modify);
    BOOST_TEST((set.find(wd(1)).mask() == event_mask::modify));
    BOOST_TEST(
        (set.find(wd(1)).options() == (add_options::exclude_unlinked | add_options::one_shot)));
    // Flags and mask as the kernel has them (kernel note 6.3).
    BOOST_TEST(account().find("mask:84000002 ") != std::string::npos);
    test::expect_events(test::drain(set), {});
    dir.write(file.filename().native(), "more");
    test::expect_events(test::drain(set), {"file1: 1 modify", "file1: 1 ignored"});
    // The next number is the next one.
    BOOST_TEST(set.add(dir.path(), event_mask::all).value() == 2);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_itself)
{
    auto const file = new_file();
    fs::create_symlink(file, dir / "link");
    set.add(dir / "link", event_mask::attrib, add_options::dont_follow);
    set.add(file, event_mask::open);
    set.set_mask(wd(1), event_mask::delete_self);
    fs::remove(dir / "link");
    test::expect_events(test::drain(set), {"link: 1 delete_self", "link: 1 ignored"});
    BOOST_TEST((set.find(wd(2)).mask() == event_mask::open));
}

BOOST_AUTO_TEST_CASE(the_path_names_something_else)
{
    auto const watches = [this] {
        auto const text = account();
        return text.substr(text.find("inotify "));
    };
    auto const file = new_file();
    auto const other = new_file();
    set.add(file, event_mask::open);
    set.add(other, event_mask::modify);
    auto const before = watches();
    auto const unchanged = [&](std::string const& how) {
        BOOST_TEST_CONTEXT(how)
        {
            error_code ec;
            set.set_mask(wd(1), event_mask::all, ec);
            BOOST_TEST(ec == error::watch_moved);
            BOOST_TEST(watches() == before);
            BOOST_TEST((set.find(wd(1)).mask() == event_mask::open));
            test::expect_events(test::drain(set), {});
        }
    };
    fs::rename(file, dir / "moved");
    unchanged("nothing");
    dir.write(file.filename().native());
    unchanged("an object that is not watched");
    fs::remove(file);
    fs::create_hard_link(other, file);
    test::drain(set);
    unchanged("an object with a watch of its own");
    fs::remove(file);
    fs::create_hard_link(dir / "moved", file);
    set.set_mask(wd(1), event_mask::attrib);
    BOOST_TEST((set.find(wd(1)).mask() == event_mask::attrib));
    BOOST_TEST((set.find(wd(2)).mask() == event_mask::modify));
    // The number that the look needed for a moment was used.
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 4);
}

// Nobody else may add to the instance. If somebody does, the set leaves it alone.
void leave_external_watch_alone(test::open_set& s, int number)
{
    auto const file = s.new_file();
    auto const other = s.new_file();
    s.set.add(file, event_mask::open);
    test::add_behind_the_back(s.set, number, other);
    fs::create_hard_link(file, s.dir / "kept");
    fs::rename(other, file);
    test::drain(s.set);
    auto const before = s.account();
    error_code ec;
    s.set.set_mask(wd(1), event_mask::modify, ec);
    BOOST_TEST(ec == error::watch_moved);
    BOOST_TEST(s.account() == before);
    BOOST_TEST(test::live(s.set.native_handle()) == (std::vector{1, number}),
               boost::test_tools::per_element());
    BOOST_TEST(!s.set.find(wd(number)));
}

BOOST_AUTO_TEST_CASE(a_path_that_leads_to_the_inode_of_an_external_watch)
{
    leave_external_watch_alone(*this, 50);
}

BOOST_AUTO_TEST_CASE(an_external_watch_has_the_next_number)
{
    leave_external_watch_alone(*this, 2);
}

BOOST_AUTO_TEST_CASE(a_watch_that_ended)
{
    auto const file = new_file();
    set.add(file, event_mask::open, add_options::one_shot);
    std::ifstream{file};
    // It has fired, and the set has not heard of it.
    error_code ec;
    set.set_mask(wd(1), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_moved);
    BOOST_TEST(test::live(set.native_handle()).empty());
    test::expect_events(test::drain(set), {"file1: 1 open", "file1: 1 ignored"});
    set.set_mask(wd(1), event_mask::all, ec);
    BOOST_TEST(ec == error::no_such_watch);
}

BOOST_AUTO_TEST_CASE(bad_arguments)
{
    set.add(new_file(), event_mask::open);
    auto const before = account();
    error_code ec;
    set.set_mask(wd(2), event_mask::open, ec);
    BOOST_TEST(ec == error::no_such_watch);
    set.set_mask(wd(1), event_mask::none, ec);
    BOOST_TEST(ec == error::invalid_event_mask);
    BOOST_TEST(account() == before);
    BOOST_CHECK_THROW(set.set_mask(wd(1), event_mask::none), boost::system::system_error);
}

BOOST_AUTO_TEST_SUITE_END()
