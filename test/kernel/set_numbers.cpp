//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/set/open_set.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <filesystem>
#include <string>
#include <vector>

namespace fs = std::filesystem;

// Which numbers the watches of a set get, and how they are found again.
BOOST_FIXTURE_TEST_SUITE(set_numbers, test::open_set)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(numbers_ascend_and_come_once)
{
    for (int n = 1; n <= 20; ++n) {
        BOOST_TEST(set.add(new_file(), event_mask::all).value() == n);
        if (n % 2 == 0) {
            set.remove(wd(n));
        }
    }
    BOOST_TEST(set.size() == 10U);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 21);
}

BOOST_AUTO_TEST_CASE(a_failure_takes_no_number)
{
    auto const first = new_file();
    set.add(first, event_mask::all);
    auto const before = account();
    error_code ec;
    BOOST_TEST(!set.add(dir / "nothing", event_mask::all, ec));
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(!set.add(first, event_mask::open, ec));
    BOOST_TEST(ec == boost::system::errc::file_exists);
    BOOST_TEST(!set.add(new_file(), event_mask::none, ec));
    BOOST_TEST(ec == error::invalid_event_mask);
    BOOST_TEST(!set.add(new_file(), event_mask::all, add_options::merge_mask, ec));
    BOOST_TEST(ec == error::invalid_add_options);
    BOOST_TEST(!set.add(std::string("a\0b", 3), event_mask::all, ec));
    BOOST_TEST(ec == error::path_contains_null);
    set.add_at(wd(0), new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_out_of_range);
    set.add_at(wd(50), dir / "nothing", event_mask::all, ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    set.add_at(wd(1), new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    BOOST_TEST(account() == before);
    BOOST_TEST(set.size() == 1U);
    // The path still finds its watch after it could not be added once more.
    BOOST_TEST((set.find(first.native()).wd() == wd(1)));
    BOOST_TEST(!set.find((dir / "nothing").native()));
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 2);
    set.add_at(wd(50), new_file(), event_mask::all);
    BOOST_CHECK_THROW(set.add(dir / "nothing", event_mask::all), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(chosen_numbers_do_not_move_the_cursor)
{
    set.add_at(wd(INT_MAX), new_file(), event_mask::all);
    set.add_at(wd(3), new_file(), event_mask::all);
    set.add_at(wd(0x34d71d6), new_file(), event_mask::all);
    std::vector<int> given;
    for (int n = 0; n != 4; ++n) {
        given.push_back(set.add(new_file(), event_mask::all).value());
    }
    BOOST_TEST(given == (std::vector{1, 2, 4, 5}), boost::test_tools::per_element());
    BOOST_TEST(test::live(set.native_handle()) == (std::vector{1, 2, 3, 4, 5, 0x34d71d6, INT_MAX}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_number_is_not_given_again)
{
    auto const file = new_file();
    auto const number = set.add(file, event_mask::all);
    set.remove(number);
    error_code ec;
    set.add_at(number, file, event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    // Neither after the event of its end.
    test::drain(set);
    set.add_at(number, file, event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    auto const second = set.add(file, event_mask::all);
    fs::remove(file);
    test::drain(set);
    BOOST_TEST(!set.find(second));
    set.add_at(second, new_file(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_quarantined);
    BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(one_call_for_a_watch)
{
    // Where the ioctl is not needed, it is not missed either.
    test::run_in_child([] {
        test::open_set s;
        for (int n = 1; n <= 5; ++n) {
            BOOST_TEST(s.set.add(s.new_file(), event_mask::all).value() == n);
        }
        test::forbid_set_next();
        for (int n = 6; n <= 10; ++n) {
            s.set.add_at(wd(n), s.new_file(), event_mask::all);
        }
        error_code ec;
        s.set.add_at(wd(50), s.new_file(), event_mask::all, ec);
        BOOST_TEST(ec == error::set_next_unsupported);
        BOOST_TEST(s.set.size() == 10U);
        BOOST_TEST(s.set.add(s.new_file(), event_mask::all).value() == 11);
    });
}

BOOST_AUTO_TEST_CASE(without_the_ioctl_the_kernel_chooses)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 2);
        test::open_set s;
        test::forbid_set_next();
        s.set.add(s.new_file(), event_mask::all);
        auto const file = s.new_file();
        s.set.add(file, event_mask::all);
        error_code ec;
        // Takes a number from the kernel's cursor.
        BOOST_TEST(!s.set.add(s.new_file(), event_mask::all, ec));
        BOOST_TEST(ec == asio_inotify::error::watch_limit_reached);
        s.set.remove(wd(1));
        auto const number = s.set.add(s.new_file(), event_mask::open);
        BOOST_TEST(number.value() > 2);
        BOOST_TEST(test::live(s.set.native_handle()) == (std::vector{2, number.value()}),
                   boost::test_tools::per_element());
        BOOST_TEST((s.set.find(number).mask() == event_mask::open));
    });
}

BOOST_AUTO_TEST_CASE(at_the_limit_of_watches)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 3);
        test::open_set s;
        for (int n = 1; n <= 3; ++n) {
            s.set.add(s.new_file(), event_mask::all);
        }
        auto const before = s.account();
        error_code const no_space = asio_inotify::error::watch_limit_reached;
        for (int n = 0; n != 3; ++n) {
            error_code ec;
            BOOST_TEST(!s.set.add(s.dir.path(), event_mask::all, ec));
            BOOST_TEST(ec == no_space);
            s.set.add_at(wd(9), s.dir.path(), event_mask::all, ec);
            BOOST_TEST(ec == no_space);
        }
        BOOST_TEST(s.account() == before);
        BOOST_TEST(s.set.size() == 3U);
        s.set.remove(wd(2));
        BOOST_TEST(s.set.add(s.dir.path(), event_mask::all).value() == 4);
    });
}

BOOST_AUTO_TEST_CASE(somebody_else_adds_to_the_instance)
{
    set.add(new_file(), event_mask::all);
    test::add_behind_the_back(set, 2, new_file());
    error_code ec;
    BOOST_TEST(!set.add(new_file(), event_mask::all, ec));
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    // What the kernel gave instead is taken away again, the other's watch is left.
    BOOST_TEST(test::live(set.native_handle()) == (std::vector{1, 2}),
               boost::test_tools::per_element());
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 4);
}

BOOST_AUTO_TEST_CASE(found_by_number_and_by_path)
{
    auto const file = new_file();
    set.add(file, event_mask::modify | event_mask::open,
            add_options::one_shot | add_options::exclude_unlinked | add_options::create_only);
    auto const found = set.find(wd(1));
    BOOST_TEST_REQUIRE(!!found);
    BOOST_TEST((found == set.find(file.native())));
    BOOST_TEST((found.wd() == wd(1)));
    BOOST_TEST(found.path() == file.native());
    BOOST_TEST(*(found.path().data() + found.path().size()) == '\0');
    BOOST_TEST((found.mask() == (event_mask::modify | event_mask::open)));
    BOOST_TEST((found.options() == (add_options::one_shot | add_options::exclude_unlinked)));
    BOOST_TEST(!set.find(wd(2)));
    BOOST_TEST(!set.find(wd(-1)));
    BOOST_TEST(!set.find(""));
    BOOST_TEST(asio_inotify::watch_view().path() == "");
    BOOST_TEST(!asio_inotify::watch_view().wd().is_valid());
}

BOOST_AUTO_TEST_CASE(a_path_finds_the_latest_watch_that_was_added_by_it)
{
    auto const file = new_file();
    set.add(file, event_mask::all);
    fs::rename(file, dir / "old");
    dir.write(file.filename().native());
    BOOST_TEST((set.find(file.native()).wd() == wd(1)));
    set.add(file, event_mask::all);
    BOOST_TEST((set.find(file.native()).wd() == wd(2)));
    BOOST_TEST(set.find(wd(1)).path() == file.native());
    set.remove(wd(1));
    BOOST_TEST((set.find(file.native()).wd() == wd(2)));
    set.remove(wd(2));
    BOOST_TEST(!set.find(file.native()));
}

BOOST_AUTO_TEST_CASE(going_through_the_watches)
{
    BOOST_TEST(std::ranges::distance(set.watches()) == 0);
    for (int n = 1; n <= 10; ++n) {
        set.add(new_file(), event_mask::all);
    }
    std::vector<int> seen;
    for (auto const w : set.watches()) {
        seen.push_back(w.wd().value());
        if (w.wd().value() % 2 == 1) {
            set.remove(w.wd());
        }
    }
    std::sort(seen.begin(), seen.end());
    BOOST_TEST(seen == (std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
               boost::test_tools::per_element());
    BOOST_TEST(std::ranges::distance(set.watches()) == 5);
    BOOST_TEST(std::ranges::all_of(set.watches(), [](auto w) { return w.wd().value() % 2 == 0; }));
}

BOOST_AUTO_TEST_CASE(a_missing_watch_cannot_be_removed)
{
    error_code ec;
    set.remove(wd(1), ec);
    BOOST_TEST(ec == error::no_such_watch);
    set.add(new_file(), event_mask::all);
    set.remove(wd(1));
    set.remove(wd(1), ec);
    BOOST_TEST(ec == error::no_such_watch);
    test::add_behind_the_back(set, 7, new_file());
    set.remove(wd(7), ec);
    BOOST_TEST(ec == error::no_such_watch);
    BOOST_TEST(test::live(set.native_handle()) == std::vector{7}, boost::test_tools::per_element());
    // A watch that the kernel has removed, of which the set has not heard yet.
    auto const file = new_file();
    set.add_at(wd(9), file, event_mask::all);
    fs::remove(file);
    set.remove(wd(9));
    BOOST_TEST(!set.find(wd(9)));
    test::expect_events(test::drain(set), {});
}

BOOST_AUTO_TEST_CASE(a_closed_set)
{
    asio_inotify::watch_set closed(context);
    error_code ec;
    closed.add(dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    closed.add_at(wd(7), dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    closed.remove(wd(7), ec);
    BOOST_TEST(ec == error::no_such_watch);
    static_cast<void>(closed.available(ec));
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    BOOST_TEST(closed.empty());
    BOOST_TEST(!closed.is_open());
    BOOST_TEST(closed.native_handle() == -1);
    closed.close();
    closed.open();
    BOOST_TEST(closed.add(dir.path(), event_mask::all).value() == 1);
    closed.open(ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
    BOOST_TEST(closed.size() == 1U);
    closed.close();
    BOOST_TEST(closed.empty());
    closed.open();
    BOOST_TEST(closed.add(dir.path(), event_mask::all).value() == 1);
}

BOOST_AUTO_TEST_CASE(moved)
{
    auto const file = new_file();
    set.add(file, event_mask::modify);
    auto const view = set.find(wd(1));
    asio_inotify::watch_set other(std::move(set));
    BOOST_TEST(!set.is_open());
    BOOST_TEST(set.empty());
    BOOST_TEST((other.find(file.native()) == view));
    set.open();
    BOOST_TEST(set.add(file, event_mask::all).value() == 1);
    asio_inotify::basic_watch_set<test::asio::io_context::executor_type> narrow(context);
    narrow.open();
    auto const directory = narrow.add(dir.path(), event_mask::create);
    set = std::move(narrow);
    BOOST_TEST((set.find(directory).path() == dir.path().native()));
    test::open_set::new_file();
    test::expect_events(test::drain(set), {dir.path().filename().native() + ": 1 create file2"});
    other = std::move(set);
    BOOST_TEST(other.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
