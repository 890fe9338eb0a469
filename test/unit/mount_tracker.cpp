//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include "tree/engine/mount_tracker.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(mount_tracker)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using std::chrono::milliseconds;
using lib_tracker = asio_inotify::detail::mount_tracker;
using lines = std::vector<std::string>;

/// "/r" with the directories m and m/x.
struct fixture : test::engine_parts
{
    fixture()
    {
        tree.port.mounted = {{1, "/"}};
        mounts.learn();
    }

    /// The list of mounts is different now.
    void mount(asio_inotify::detail::tree_port::mount added)
    {
        tree.port.mounted.push_back(std::move(added));
        tree.port.has_new_mounts = true;
        mounts.check();
    }

    void unmount(std::uint64_t number)
    {
        std::erase_if(tree.port.mounted, [&](auto const& each) { return each.id == number; });
        tree.port.has_new_mounts = true;
        mounts.check();
    }

    void apply_changes() { mounts.apply_changes((lib_tracker::time_point::max)()); }

    void be_of_another_filesystem()
    {
        for (auto const id : {m, x}) {
            be_on(id, 0x32);
        }
    }

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    lib_tracker mounts{tree.port, tree.options, tree.model, agenda};
    dir_id m = add_directory("/r", "m", 2);
    dir_id x = add_directory("/r/m", "x", 3);
};

BOOST_AUTO_TEST_CASE(nothing_is_compared_before_the_list_has_changed)
{
    fixture f;
    f.tree.port.mounted.push_back({2, "/r/m"});
    f.mounts.check();
    BOOST_TEST(!f.mounts.has_changes());
    BOOST_TEST(f.mounts.is_idle());
}

// A list that cannot be read is no empty one.
BOOST_AUTO_TEST_CASE(nothing_is_unmounted_because_the_list_cannot_be_read)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.apply_changes();
    f.forget_work();
    f.tree.port.mounts_failure = ENOMEM;
    f.mount({3, "/r/m/x"});
    BOOST_TEST(!f.mounts.has_changes());
    BOOST_TEST(!f.mounts.is_idle());
    f.expect({});
    // It is read again after a second, although no change is reported any more.
    BOOST_TEST_REQUIRE(f.mounts.deadline().has_value());
    BOOST_TEST((*f.mounts.deadline() == f.tree.port.time + std::chrono::seconds(1)));
    f.tree.port.mounts_failure = 0;
    f.mounts.check();
    BOOST_TEST(!f.mounts.has_changes());
    f.tree.port.time += std::chrono::seconds(1);
    f.mounts.check();
    BOOST_TEST(f.mounts.has_changes());
    f.apply_changes();
    BOOST_TEST(f.work_of(f.x) == "*verify ");
    BOOST_TEST(f.work_of(f.m) == "");
    BOOST_TEST(f.mounts.is_idle());
    BOOST_TEST(!f.mounts.deadline());
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_mount_while_the_first_list_could_not_be_read)
{
    fixture f;
    lib_tracker mounts{f.tree.port, f.tree.options, f.tree.model, f.agenda};
    f.tree.port.mounts_failure = ENOMEM;
    mounts.learn();
    BOOST_TEST(!mounts.is_idle());
    f.tree.port.mounted.push_back({2, "/r/m"});
    f.tree.port.mounts_failure = 0;
    f.tree.port.time += std::chrono::seconds(1);
    mounts.check();
    mounts.apply_changes((lib_tracker::time_point::max)());
    BOOST_TEST(f.work_of(f.m) == "*verify ");
    BOOST_TEST(mounts.is_idle());
    f.expect({});
}

BOOST_AUTO_TEST_CASE(the_list_is_read_again_although_a_mount_is_looked_up_later)
{
    fixture f;
    f.mount({2, "/r/y"});
    f.apply_changes();
    BOOST_TEST_REQUIRE(f.mounts.deadline().has_value());
    BOOST_TEST((*f.mounts.deadline() == f.tree.port.time + f.tree.options.grace_time));
    f.tree.port.mounts_failure = EIO;
    f.unmount(2);
    BOOST_TEST((*f.mounts.deadline() == f.tree.port.time + f.tree.options.grace_time));
    f.tree.port.time += std::chrono::milliseconds(1500);
    f.mounts.check();
    BOOST_TEST((*f.mounts.deadline() == f.tree.port.time + std::chrono::seconds(1)));
    f.tree.port.mounts_failure = 0;
    f.apply_changes();
    f.apply_changes();
    f.expect({});
    BOOST_TEST(f.mounts.is_idle());
}

BOOST_AUTO_TEST_CASE(a_mount_covers_a_directory)
{
    fixture f;
    f.mount({2, "/r/m"});
    BOOST_TEST(f.mounts.has_changes());
    BOOST_TEST(!f.mounts.is_idle());
    BOOST_TEST(!f.agenda.has_work());
    f.apply_changes();
    BOOST_TEST(f.work_of(f.m) == "*verify ");
    BOOST_TEST(f.work_of(f.root) == "");
    f.expect({});
    BOOST_TEST(f.mounts.is_idle());
}

BOOST_AUTO_TEST_CASE(an_unmount_that_the_list_shows_first)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.apply_changes();
    f.forget_work();
    f.unmount(2);
    f.apply_changes();
    f.expect({"removed dir m/x", "unmounted dir m"});
    BOOST_TEST(f.work_of(f.m) == "*verify list ");
    BOOST_TEST(f.tree.model.directory(f.m).wd == 0);
    BOOST_TEST(f.tree.model.directory(f.m).inode == 0U);
}

// CRIU has restored the process: all mounts have other numbers.
BOOST_AUTO_TEST_CASE(mounts_with_other_numbers_are_the_same_ones)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.apply_changes();
    f.forget_work();
    f.tree.port.mounted = {{71, "/"}, {72, "/r/m"}};
    f.tree.port.has_new_mounts = true;
    f.mounts.restored();
    f.mounts.check();
    BOOST_TEST(f.mounts.is_idle());
    f.expect({});
    // One that is gone, or new.
    f.tree.port.mounted = {{81, "/"}, {82, "/r/m/x"}};
    f.mounts.restored();
    f.apply_changes();
    f.expect({"removed dir m/x", "unmounted dir m"});
    BOOST_TEST(f.work_of(f.m) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(an_unmount_that_an_event_reports_first)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.apply_changes();
    f.forget_work();
    f.be_of_another_filesystem();
    // The list is different already, and was not compared with the trees yet.
    f.unmount(2);
    f.mounts.filesystem_ended(f.x);
    f.expect({"removed dir m/x", "unmounted dir m"});
    BOOST_TEST(f.work_of(f.m) == "*verify list ");
    f.mounts.filesystem_ended(f.x);
    f.expect({});
    f.forget_work();
    f.apply_changes();
    f.expect({});
    BOOST_TEST(f.work_of(f.m) == "*verify ");
    // The report counts for one change of the list only.
    f.mount({3, "/r/m"});
    f.apply_changes();
    f.unmount(3);
    f.apply_changes();
    f.expect({"unmounted dir m"});
}

// Some changes of the list are applied in each slice, and events in between.
BOOST_AUTO_TEST_CASE(an_event_reports_an_unmount_before_the_next_slice)
{
    fixture f;
    f.mount({2, "/e"});
    f.mount({3, "/r/m"});
    f.apply_changes();
    f.forget_work();
    f.be_of_another_filesystem();
    f.unmount(2);
    f.unmount(3);
    f.mounts.apply_changes((lib_tracker::time_point::min)());
    BOOST_TEST(f.mounts.has_changes());
    BOOST_TEST(!f.mounts.is_idle());
    f.expect({});
    f.mounts.filesystem_ended(f.x);
    f.expect({"removed dir m/x", "unmounted dir m"});
    f.mounts.check();
    f.mounts.apply_changes((lib_tracker::time_point::min)());
    f.expect({});
    BOOST_TEST(!f.mounts.has_changes());
    BOOST_TEST(f.mounts.is_idle());
}

BOOST_AUTO_TEST_CASE(a_report_that_the_list_never_shows_is_forgotten)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.apply_changes();
    f.be_of_another_filesystem();
    f.mounts.filesystem_ended(f.m);
    f.expect({"removed dir m/x", "unmounted dir m"});
    f.mounts.check();
    f.unmount(2);
    f.apply_changes();
    f.expect({"unmounted dir m"});
}

BOOST_AUTO_TEST_CASE(the_filesystem_of_a_root_has_ended)
{
    fixture f;
    f.mounts.filesystem_ended(f.x);
    f.expect({"removed dir m", "unmounted dir ."});
    BOOST_TEST(f.work_of(f.root) == "*verify list ");
    // What was removed by that is in no tree any more.
    f.mounts.filesystem_ended(f.m);
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_mount_that_is_moved_is_not_gone)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.apply_changes();
    f.forget_work();
    f.tree.port.mounted.back().path = "/r/m/x";
    f.tree.port.has_new_mounts = true;
    f.mounts.check();
    f.apply_changes();
    f.expect({});
    BOOST_TEST(f.work_of(f.m) == "*verify ");
    BOOST_TEST(f.work_of(f.x) == "*verify ");
}

BOOST_AUTO_TEST_CASE(the_root_that_a_mount_covers_is_verified_before_the_next_event)
{
    fixture f;
    f.tree.port.mounted.push_back({2, "/"});
    f.tree.port.has_new_mounts = true;
    f.mounts.check();
    BOOST_TEST((f.agenda.take_suspect() == f.root));
    BOOST_TEST(!f.agenda.has_suspects());
    // An unmount shows what was there before: nothing happens there under the path of the root.
    f.apply_changes();
    f.tree.port.mounted.pop_back();
    f.tree.port.has_new_mounts = true;
    f.mounts.check();
    BOOST_TEST(!f.agenda.has_suspects());
}

BOOST_AUTO_TEST_CASE(a_mount_above_a_root)
{
    fixture f;
    f.mount({2, "/"});
    f.apply_changes();
    BOOST_TEST(f.work_of(f.root) == "*verify ");
    f.forget_work();
    f.mount({3, "/elsewhere"});
    f.apply_changes();
    BOOST_TEST(!f.agenda.has_work());
    BOOST_TEST(f.mounts.is_idle());
}

BOOST_AUTO_TEST_CASE(a_mount_without_a_known_directory_is_looked_up_once_more)
{
    fixture f;
    f.mount({2, "/r/new"});
    f.apply_changes();
    BOOST_TEST(!f.mounts.has_changes());
    BOOST_TEST(!f.mounts.is_idle());
    auto const when = f.tree.port.time + f.tree.options.grace_time;
    BOOST_TEST((f.mounts.deadline() == when));
    f.tree.port.time = when - milliseconds(1);
    f.mounts.check();
    BOOST_TEST(!f.mounts.has_changes());
    // A rename has been reported in the meantime.
    auto const found = f.add_directory("/r", "new", 5);
    f.tree.port.time = when;
    f.mounts.check();
    BOOST_TEST(f.mounts.has_changes());
    BOOST_TEST(!f.mounts.deadline());
    f.apply_changes();
    BOOST_TEST(f.work_of(found) == "*verify ");
    BOOST_TEST(f.mounts.is_idle());
}

BOOST_AUTO_TEST_CASE(a_mount_that_was_looked_up_in_vain_twice_is_forgotten)
{
    fixture f;
    f.mount({2, "/r/new"});
    f.apply_changes();
    f.tree.port.time += f.tree.options.grace_time;
    f.mounts.check();
    f.apply_changes();
    BOOST_TEST(f.mounts.is_idle());
    BOOST_TEST(!f.mounts.deadline());
    // An unmount there is of no interest.
    f.unmount(2);
    f.apply_changes();
    BOOST_TEST(f.mounts.is_idle());
}

BOOST_AUTO_TEST_CASE(mounts_that_change_while_they_are_applied)
{
    fixture f;
    f.mount({2, "/r/m"});
    f.tree.port.mounted.push_back({3, "/r/m/x"});
    f.apply_changes();
    BOOST_TEST(f.mounts.has_changes());
    f.apply_changes();
    BOOST_TEST(f.work_of(f.x) == "*verify ");
}

BOOST_AUTO_TEST_SUITE_END()
