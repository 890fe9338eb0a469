//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include <asio_inotify/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(coverage)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using std::chrono::seconds;
using lines = std::vector<std::string>;

boost::system::error_code failure(int number)
{
    return {number, boost::system::system_category()};
}

std::string message(int number)
{
    return failure(number).message();
}

struct fixture : test::engine_parts
{
    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    /// The directories that cannot be watched, and whether list() has the cause.
    lines uncovered()
    {
        lines all;
        for (auto const& [path, ec] : coverage.list()) {
            all.push_back(path + ": " + ec.message());
        }
        return all;
    }

    dir_id a = add_directory("/r", "a", 2);
    dir_id b = add_directory("/r", "b", 3);
};

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_watched_is_reported_once)
{
    fixture f;
    f.add_file("/r/a", "x");
    BOOST_TEST(f.coverage.is_complete());
    f.coverage.uncover(f.a, failure(ENOSPC));
    f.expect({"removed file a/x", "uncovered dir a: " + message(ENOSPC)});
    BOOST_TEST(f.tree.model.directory(f.a).is(tree_directory::uncovered));
    BOOST_TEST(f.tree.model.directory(f.a).wd == 0);
    BOOST_TEST(!f.coverage.is_complete());
    BOOST_TEST(f.uncovered() == lines{"/r/a: " + message(ENOSPC)},
               boost::test_tools::per_element());
    f.coverage.uncover(f.a, failure(ENOSPC));
    f.expect({});
    f.coverage.uncover(f.a, failure(EACCES));
    f.expect({"uncovered dir a: " + message(EACCES)});
    BOOST_TEST(f.uncovered() == lines{"/r/a: " + message(EACCES)},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_is_left_to_do_for_a_directory_that_cannot_be_watched)
{
    fixture f;
    f.agenda.postpone_scan(f.a);
    static_cast<void>(f.agenda.count_miss(f.a));
    f.coverage.uncover(f.a, failure(ENOSPC));
    BOOST_TEST(f.work_of(f.a) == "verify ");
    BOOST_TEST((f.tree.model.directory(f.a).flags & tree_directory::attempts) == 0);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_watched_again_is_reported)
{
    fixture f;
    f.coverage.cover(f.a);
    f.expect({});
    f.coverage.uncover(f.a, failure(ENOSPC));
    f.expect({"uncovered dir a: " + message(ENOSPC)});
    f.coverage.cover(f.a);
    f.expect({"covered dir a"});
    BOOST_TEST(!f.tree.model.directory(f.a).is(tree_directory::uncovered));
    BOOST_TEST(f.coverage.is_complete());
    f.coverage.cover(f.a);
    f.expect({});
    f.coverage.uncover(f.a, failure(ENOSPC));
    f.expect({"uncovered dir a: " + message(ENOSPC)});
}

BOOST_AUTO_TEST_CASE(the_directory_of_a_lost_root_is_forgotten_without_a_report)
{
    fixture f;
    f.coverage.uncover(f.root, failure(EACCES));
    static_cast<void>(f.changes());
    f.coverage.forget(f.root);
    f.expect({});
    BOOST_TEST(f.coverage.is_complete());
    BOOST_TEST(!f.tree.model.directory(f.root).is(tree_directory::uncovered));
}

BOOST_AUTO_TEST_CASE(what_can_pass_is_retried)
{
    fixture f;
    f.coverage.uncover(f.a, failure(ENOSPC));
    f.coverage.uncover(f.b, failure(EACCES));
    BOOST_TEST(!f.coverage.retry());
    BOOST_TEST((f.coverage.next_retry() == f.tree.port.time + seconds(1)));
    f.tree.port.time += seconds(1);
    BOOST_TEST(f.coverage.retry());
    BOOST_TEST(f.work_of(f.a) == "*verify list ");
    BOOST_TEST(f.work_of(f.b) == "");
    // It fails again.
    f.forget_work();
    f.coverage.uncover(f.a, failure(ENOSPC));
    BOOST_TEST(!f.coverage.retry());
    BOOST_TEST((f.coverage.next_retry() == f.tree.port.time + seconds(1)));
    f.coverage.cover(f.a);
    f.coverage.cover(f.b);
    BOOST_TEST(!f.coverage.retry());
    BOOST_TEST(!f.coverage.next_retry());
}

// One that always fails does not keep the others from being tried.
BOOST_AUTO_TEST_CASE(each_is_retried_in_its_turn)
{
    fixture f;
    for (auto const id : {f.a, f.b}) {
        f.coverage.uncover(id, failure(EIO));
    }
    static_cast<void>(f.coverage.retry());
    std::vector<dir_id> tried;
    for (int i = 0; i != 4; ++i) {
        f.tree.port.time += seconds(32);
        BOOST_TEST_REQUIRE(f.coverage.retry());
        for (auto const id : {f.a, f.b}) {
            if (!f.work_of(id).empty()) {
                tried.push_back(id);
                f.coverage.uncover(id, failure(EIO));
            }
        }
        f.forget_work();
        static_cast<void>(f.coverage.retry());
    }
    BOOST_TEST(tried == (std::vector{f.a, f.b, f.a, f.b}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_at_too_many_places_is_retried_when_there_is_room)
{
    constexpr int wd = 50;
    fixture f;
    auto const limit = static_cast<int>(asio_inotify::detail::tree_model::most_places);
    std::vector<dir_id> places;
    for (int i = 0; i != limit; ++i) {
        places.push_back(f.add_directory("/r", "p" + std::to_string(i), 0));
        f.tree.model.assign_watch(places.back(), wd);
    }
    BOOST_TEST(f.tree.model.count_places(wd) == static_cast<std::size_t>(limit));
    for (auto const id : {f.a, f.b}) {
        f.coverage.uncover_crowded(id, wd);
    }
    auto const cause = make_error_code(asio_inotify::error::too_many_places).message();
    f.expect({"uncovered dir a: " + cause, "uncovered dir b: " + cause});
    static_cast<void>(f.coverage.retry());
    f.tree.port.time += seconds(100);
    BOOST_TEST(!f.coverage.retry());
    // One place for one of them.
    f.tree.model.release_watch(places[7]);
    BOOST_TEST(f.coverage.retry());
    BOOST_TEST(f.work_of(f.a) == "*verify list ");
    BOOST_TEST(f.work_of(f.b) == "");
    f.forget_work();
    f.tree.model.assign_watch(f.a, wd);
    f.coverage.cover(f.a);
    BOOST_TEST(!f.coverage.retry());
    // It is not there any more when there is room.
    f.tree.model.remove(f.tree.find("/r/b"), false);
    f.tree.model.release_watch(places[8]);
    BOOST_TEST(!f.coverage.retry());
    BOOST_TEST(!f.agenda.has_work());
}

BOOST_AUTO_TEST_CASE(a_removed_directory_is_not_retried)
{
    fixture f;
    f.coverage.uncover(f.a, failure(ENOSPC));
    f.tree.model.remove(f.tree.find("/r/a"), false);
    BOOST_TEST(f.uncovered().empty());
    BOOST_TEST(!f.coverage.retry());
    f.tree.port.time += seconds(1);
    BOOST_TEST(!f.coverage.retry());
    BOOST_TEST(!f.agenda.has_work());
    BOOST_TEST(f.coverage.is_complete());
}

BOOST_AUTO_TEST_CASE(changed_attributes_can_allow_to_open_a_directory_or_its_entries)
{
    fixture f;
    auto const inner = f.add_directory("/r/a", "x", 4);
    auto const deep = f.add_directory("/r/a/x", "y", 5);
    for (auto const id : {inner, deep}) {
        f.tree.model.directory(id).set(tree_directory::uncovered);
    }
    f.coverage.uncover(deep, failure(EACCES));
    f.coverage.retry_below(f.a);
    BOOST_TEST(!f.coverage.has_requested());
    BOOST_TEST(!f.agenda.has_work());
    f.coverage.retry_below(inner);
    BOOST_TEST_REQUIRE(f.coverage.has_requested());
    f.retry_requested();
    BOOST_TEST(f.work_of(deep) == "*verify list ");
    f.forget_work();
    f.coverage.retry_below(deep);
    BOOST_TEST(f.work_of(deep) == "*verify list ");
    f.forget_work();
    // Other causes have nothing to do with attributes.
    f.coverage.uncover(deep, failure(ENOSPC));
    f.coverage.retry_below(deep);
    BOOST_TEST(!f.agenda.has_work());
    // The attributes of a root.
    f.coverage.uncover(f.root, failure(EACCES));
    f.coverage.retry_below(f.root);
    BOOST_TEST(f.work_of(f.root) == "*verify list ");
}

// A user with write permission can make many, and change their attributes all the time.
BOOST_AUTO_TEST_CASE(many_unreadable_directories_are_retried_in_parts)
{
    constexpr int count = 1000;
    fixture f;
    for (int i = 0; i != count; ++i) {
        f.coverage.uncover(f.add_directory("/r/a", "d" + std::to_string(i), 10 + i),
                           failure(EACCES));
    }
    f.coverage.retry_below(f.a);
    BOOST_TEST(!f.agenda.has_work());
    int tried = 0;
    int parts = 0;
    while (f.coverage.has_requested()) {
        f.coverage.retry_requested();
        int now = 0;
        while (f.agenda.has_work()) {
            static_cast<void>(f.agenda.take());
            ++now;
        }
        // Asked for again in the middle: all of them once more.
        if (++parts == 3) {
            f.coverage.retry_below(f.a);
        }
        BOOST_TEST(now <= 64);
        tried += now;
    }
    BOOST_TEST(tried == 2 * count);
}

BOOST_AUTO_TEST_CASE(those_that_were_removed_are_forgotten_in_parts)
{
    fixture f;
    for (int i = 0; i != 200; ++i) {
        f.coverage.uncover(f.add_directory("/r/a", "d" + std::to_string(i), 10 + i),
                           failure(EACCES));
    }
    f.tree.model.remove(f.tree.find("/r/a"), false);
    BOOST_TEST(!f.coverage.retry());
    BOOST_TEST(!f.coverage.is_complete());
    for (int i = 0; i != 4; ++i) {
        static_cast<void>(f.coverage.retry());
    }
    BOOST_TEST(f.coverage.is_complete());
}

BOOST_AUTO_TEST_CASE(a_remote_filesystem_is_reported_where_it_begins)
{
    fixture f;
    auto const remote = make_error_code(asio_inotify::error::remote_filesystem).message();
    f.tree.port.filesystem.unreported = asio_inotify::detail::blind_spot::remote;
    // The same filesystem as that of its parent.
    f.coverage.check_filesystem(f.a, 0);
    f.expect({});
    f.be_on(f.a, 0x32);
    f.coverage.check_filesystem(f.a, 0);
    f.expect({"uncovered dir a: " + remote});
    BOOST_TEST(f.coverage.is_blind(f.a));
    BOOST_TEST(!f.coverage.is_blind(f.b));
    // It is watched, so that it is not among those that cannot be.
    BOOST_TEST(f.coverage.is_complete());
    f.coverage.check_filesystem(f.root, 0);
    f.expect({"uncovered dir .: " + remote});
}

BOOST_AUTO_TEST_CASE(what_was_found_below_a_new_root_is_reported_with_it)
{
    fixture f;
    auto const remote = make_error_code(asio_inotify::error::remote_filesystem).message();
    auto& fresh = f.tree.model.make_root("/n", "/n", "/n");
    auto const root = fresh.directory;
    f.be_watched(root, "/n", 10);
    auto const inner = f.add_directory("/n", "x", 11);
    f.tree.port.filesystem.unreported = asio_inotify::detail::blind_spot::remote;
    f.be_on(inner, 0x32);
    f.coverage.check_filesystem(inner, 0);
    f.coverage.check_filesystem(inner, 0);
    auto const other = f.add_directory("/n", "y", 12);
    f.coverage.uncover(other, failure(ENOSPC));
    f.coverage.uncover(f.b, failure(ENOSPC));
    f.expect({"uncovered dir b: " + message(ENOSPC)});
    f.tree.model.start_reporting(*f.tree.model.find_root(root));
    auto const report_below = [&] {
        f.coverage.begin_reports({root});
        BOOST_TEST(f.coverage.has_reports());
        auto const end = (test::named_port::clock::time_point::max)();
        BOOST_TEST(!f.coverage.resume_reports(end, std::nullopt));
        BOOST_TEST(!f.coverage.has_reports());
    };
    report_below();
    f.expect({"uncovered dir /n/y: " + message(ENOSPC), "uncovered dir /n/x: " + remote});
    report_below();
    f.expect({"uncovered dir /n/y: " + message(ENOSPC)});
    // No more than a batch has room for.
    f.coverage.begin_reports({root});
    BOOST_TEST(f.coverage.resume_reports({}, 0));
    BOOST_TEST(f.coverage.has_reports());
}

BOOST_AUTO_TEST_SUITE_END()
