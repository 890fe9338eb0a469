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
#include <ctime>
#include <limits>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(link_tracker)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::link_id;
using std::chrono::milliseconds;
using std::chrono::seconds;
using lines = std::vector<std::string>;
using time_point = asio_inotify::detail::link_tracker::time_point;

namespace {

/// "/r", where links are followed, and "/out" outside of it.
struct fixture : test::engine_parts
{
    explicit fixture(asio_inotify::tree_options given = {})
        : engine_parts(following(std::move(given)))
    {
        tree.port.put_directory("/out", 900);
        tree.port.put_directory("/other", 901);
    }

    static asio_inotify::tree_options following(asio_inotify::tree_options given)
    {
        given.follow_symlinks = true;
        return given;
    }

    /// There is such a link on disk, and an event or a listing has named it.
    link_id add(dir_id parent, std::string const& path, std::string const& target)
    {
        tree.port.put_link(path, target);
        auto const name = path.substr(path.rfind('/') + 1);
        links.check_later(parent, name);
        check();
        return tree.model.links.find(parent, name);
    }

    void check()
    {
        while (links.has_work()) {
            links.check_next();
        }
    }

    void check_urgent() { BOOST_TEST(!links.check_urgent(time_point::max(), std::nullopt)); }

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    /// The directory to which a link leads is watched.
    dir_id be_followed(std::string const& path, int wd)
    {
        auto const id = tree.find_directory(path);
        auto& d = tree.model.directory(id);
        d.inode = tree.port.names.at(tree.port.targets.at(path)).inode;
        be_on(id, test::named_port::disk);
        tree.model.assign_watch(id, wd);
        forget_work();
        return id;
    }
};

std::string message(int number)
{
    return boost::system::error_code(number, boost::system::system_category()).message();
}

boost::system::error_code failure(int number)
{
    return {number, boost::system::system_category()};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_link_to_a_directory_is_that_directory)
{
    fixture f;
    auto const l = f.add(f.root, "/r/l", "/out");
    f.expect({"created dir l"});
    BOOST_TEST_REQUIRE(l != 0U);
    BOOST_TEST(f.tree.port.guarded_links.at(l) == "/r/l");
    BOOST_TEST(f.tree.model.links.get(l)->canonical_target == "/out");
    BOOST_TEST(f.tree.model.links.get(l)->is_certain);
    BOOST_TEST(f.work_of(f.tree.find_directory("/r/l")) == "*verify list ");
    // It leads to the same one.
    f.be_followed("/r/l", 9);
    f.links.check_later(f.root, "l");
    f.check();
    f.expect({});
}

BOOST_AUTO_TEST_CASE(links_are_not_followed_without_the_option)
{
    test::engine_parts f;
    f.tree.port.put_link("/r/l", "/r");
    f.links.check_later(f.root, "l");
    f.links.note_moved(f.root, "l", f.root, "m");
    f.links.note_exchanged(f.root, "l", f.root, "m");
    BOOST_TEST(!f.links.has_work());
    BOOST_TEST(f.tree.model.links.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_link_is_forgotten)
{
    fixture f;
    f.tree.port.put_file("/r/file");
    f.links.check_later(f.root, "file");
    f.links.check_later(f.root, "gone");
    f.check();
    f.expect({"created file file"});
    BOOST_TEST(f.tree.model.links.empty());
    BOOST_TEST(f.tree.port.guarded_links.empty());
}

BOOST_AUTO_TEST_CASE(a_directory_in_the_place_of_a_link_is_left_to_its_listing)
{
    fixture f;
    f.add(f.root, "/r/l", "/out");
    auto const d = f.be_followed("/r/l", 9);
    static_cast<void>(f.changes());
    f.tree.port.put_directory("/r/l", 77);
    f.links.check_later(f.root, "l");
    f.check();
    f.expect({});
    BOOST_TEST(f.work_of(d) == "*verify ");
    BOOST_TEST(f.tree.model.links.empty());
    // One that is not known.
    f.forget_work();
    f.tree.port.put_directory("/r/new", 78);
    f.links.check_later(f.root, "new");
    f.check();
    f.expect({});
    BOOST_TEST(f.work_of(f.root) == "*list ");
}

BOOST_AUTO_TEST_CASE(a_link_that_leads_nowhere_is_a_file)
{
    fixture f;
    auto const l = f.add(f.root, "/r/l", "/late");
    f.expect({"created file l"});
    BOOST_TEST(f.tree.port.guarded_links.contains(l));
    for (auto const error : {ENOENT, ENOTDIR, ELOOP, EACCES, ENAMETOOLONG}) {
        f.tree.port.put_directory("/late", 902);
        f.tree.model.links.note_suspect(l);
        f.check_urgent();
        f.expect({"removed file l", "created dir l"});
        f.tree.port.names.erase("/late");
        f.tree.model.links.note_suspect(l);
        f.check_urgent();
        f.expect({"removed dir l", "created file l"});
        BOOST_TEST(f.tree.model.links.get(l)->canonical_target == "", error);
    }
}

BOOST_AUTO_TEST_CASE(a_target_that_is_replaced_by_a_different_directory)
{
    fixture f;
    auto const l = f.add(f.root, "/r/l", "/out");
    f.be_followed("/r/l", 9);
    static_cast<void>(f.changes());
    f.tree.port.targets["/r/l"] = "/other";
    f.tree.port.suspect_links = {l};
    BOOST_TEST(f.links.take_suspects());
    BOOST_TEST(f.links.has_urgent());
    f.check_urgent();
    f.expect({"removed dir l", "created dir l"});
    BOOST_TEST(f.tree.model.links.get(l)->canonical_target == "/other");
    BOOST_TEST(!f.links.take_suspects());
    // Already checked.
    f.check();
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_suspect_that_is_a_different_link_waits_for_its_event)
{
    fixture f;
    auto const l = f.add(f.root, "/r/l", "/out");
    f.be_followed("/r/l", 9);
    static_cast<void>(f.changes());
    f.tree.port.put_link("/r/l", "/other", 3);
    f.tree.model.links.note_suspect(l);
    f.check_urgent();
    // Events about what is in "/out" come before it.
    f.expect({});
    f.check();
    f.expect({"removed dir l", "created dir l"});
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_guarded_is_reported_once_and_when_it_can)
{
    fixture f;
    f.tree.port.link_failure = failure(EACCES);
    auto const l = f.add(f.root, "/r/l", "/out");
    // The link is looked up after it is guarded.
    f.expect({"path_unguarded file l: " + message(EACCES), "created dir l"});
    f.tree.model.links.note_suspect(l);
    f.check_urgent();
    f.expect({});
    f.tree.port.link_failure = failure(ENOSPC);
    f.tree.model.links.note_suspect(l);
    f.check_urgent();
    f.expect({"path_unguarded dir l: " + message(ENOSPC)});
    f.tree.port.link_failure = {};
    f.tree.model.links.note_suspect(l);
    f.check_urgent();
    f.expect({"path_guarded dir l"});
}

BOOST_AUTO_TEST_CASE(a_link_that_cannot_be_looked_at_is_checked_again)
{
    fixture f;
    f.tree.port.look_failures["/r/l"] = failure(EIO);
    f.add(f.root, "/r/l", "/out");
    f.expect({});
    BOOST_TEST(!f.links.retry());
    BOOST_TEST((f.links.deadline() == f.tree.port.time + seconds(1)));
    f.tree.port.look_failures.clear();
    f.tree.port.time += seconds(1);
    BOOST_TEST(f.links.retry());
    BOOST_TEST(!f.links.deadline());
    f.check();
    f.expect({"created dir l"});
    BOOST_TEST(!f.links.deadline());
}

BOOST_AUTO_TEST_CASE(a_target_that_cannot_be_opened_is_opened_again)
{
    fixture f;
    f.tree.port.open_failures["/r/l"] = failure(EMFILE);
    auto const l = f.add(f.root, "/r/l", "/out");
    f.expect({"created dir l"});
    BOOST_TEST(f.tree.model.links.get(l)->canonical_target == "");
    BOOST_TEST((f.links.deadline() == f.tree.port.time + seconds(1)));
    f.tree.port.open_failures.clear();
    f.tree.port.time += seconds(1);
    BOOST_TEST(f.links.retry());
    f.check();
    BOOST_TEST(f.tree.model.links.get(l)->canonical_target == "/out");
    BOOST_TEST(!f.links.deadline());
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_opened_is_scanned)
{
    fixture f;
    auto const d = f.add_directory("/r", "d", 2);
    f.add(d, "/r/d/l", "/out");
    static_cast<void>(f.changes());
    f.forget_work();
    auto const node = f.tree.port.names.extract("/r/d");
    f.access.close_all();
    f.links.check_later(d, "l");
    f.check();
    // An event may say where it is.
    BOOST_TEST(f.work_of(d) == "");
    BOOST_TEST((f.links.deadline() == f.tree.port.time + f.tree.options.grace_time));
    f.tree.port.time += f.tree.options.grace_time;
    BOOST_TEST(f.links.retry());
    f.check();
    BOOST_TEST(f.work_of(d) == "*verify list ");
    // Its listing finds the link again.
    BOOST_TEST(!f.links.deadline());
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_link_in_a_directory_without_a_watch_waits_for_its_listing)
{
    fixture f;
    auto const d = f.add_directory("/r", "d", 0);
    f.add(d, "/r/d/l", "/out");
    f.expect({});
    BOOST_TEST(!f.links.deadline());
    BOOST_TEST(f.tree.model.is_link(d, "l"));
    f.be_watched(d, "/r/d", 2);
    f.links.check_all_later(d);
    f.check();
    f.expect({"created dir d/l"});
}

BOOST_AUTO_TEST_CASE(a_link_that_is_excluded_is_not_guarded)
{
    asio_inotify::tree_options options;
    options.prune = [](std::string_view path, asio_inotify::tree_entry_type type) {
        bool const is_directory = type == asio_inotify::tree_entry_type::directory;
        return path == "/r/both" || path == (is_directory ? "/r/directory" : "/r/file");
    };
    fixture f(options);
    f.add(f.root, "/r/both", "/out");
    f.expect({});
    BOOST_TEST(f.tree.model.links.empty());
    // One that is excluded as one of both may be the other later.
    auto const one = f.add(f.root, "/r/directory", "/out");
    f.expect({});
    BOOST_TEST(f.tree.port.guarded_links.contains(one));
    auto const other = f.add(f.root, "/r/file", "/late");
    f.expect({});
    BOOST_TEST(f.tree.port.guarded_links.contains(other));
    f.tree.port.put_directory("/late", 902);
    f.tree.port.targets["/r/directory"] = "/nowhere";
    f.tree.model.links.note_suspect(one);
    f.check_urgent();
    f.tree.model.links.note_suspect(other);
    f.check_urgent();
    f.expect({"created file directory", "created dir file"});
}

BOOST_AUTO_TEST_CASE(a_link_that_moves_is_checked_before_the_next_event)
{
    fixture f;
    auto const d = f.add_directory("/r", "d", 2);
    f.add(f.root, "/r/l", "/out");
    f.be_followed("/r/l", 9);
    static_cast<void>(f.changes());
    f.move_on_disk("/r/l", "/r/d/m");
    f.tree.port.targets["/r/d/m"] = "/other";
    f.links.note_moved(f.root, "l", d, "m");
    f.tree.model.rename(f.tree.find("/r/l"), d, "m", false);
    f.expect({"renamed dir l -> d/m"});
    BOOST_TEST(f.links.has_urgent());
    f.check_urgent();
    f.expect({"removed dir d/m", "created dir d/m"});
    f.check();
    BOOST_TEST(f.tree.model.links.size() == 1U);
    BOOST_TEST(f.tree.port.guarded_links.size() == 1U);
    BOOST_TEST(f.tree.port.guarded_links.begin()->second == "/r/d/m");
}

BOOST_AUTO_TEST_CASE(nothing_is_left_below_a_moved_link_that_cannot_be_looked_at)
{
    fixture f;
    auto const d = f.add_directory("/r", "d", 2);
    f.add(f.root, "/r/l", "/out");
    f.be_followed("/r/l", 9);
    f.tree.port.names.erase("/r/l");
    f.links.note_moved(f.root, "l", d, "m");
    f.tree.model.rename(f.tree.find("/r/l"), d, "m", false);
    static_cast<void>(f.changes());
    f.check_urgent();
    f.expect({"removed dir d/m"});
    f.check();
    f.expect({});
    BOOST_TEST(f.tree.model.links.empty());
}

BOOST_AUTO_TEST_CASE(two_links_exchange_their_places)
{
    fixture f;
    f.add(f.root, "/r/a", "/out");
    f.add(f.root, "/r/b", "/other");
    f.be_followed("/r/a", 8);
    f.be_followed("/r/b", 9);
    std::swap(f.tree.port.names["/r/a"], f.tree.port.names["/r/b"]);
    std::swap(f.tree.port.targets["/r/a"], f.tree.port.targets["/r/b"]);
    f.links.note_exchanged(f.root, "a", f.root, "b");
    f.tree.model.exchange(f.tree.find("/r/a"), f.tree.find("/r/b"), false);
    static_cast<void>(f.changes());
    f.check_urgent();
    f.check();
    f.expect({});
    BOOST_TEST(f.tree.port.guarded_links.size() == 2U);
}

BOOST_AUTO_TEST_CASE(links_below_a_moved_directory_are_guarded_by_their_new_path)
{
    fixture f;
    auto const d = f.add_directory("/r", "d", 2);
    auto const l = f.add(d, "/r/d/l", "/out");
    auto const other = f.add(f.root, "/r/other", "/out");
    f.be_followed("/r/d/l", 9);
    f.tree.model.rename(f.tree.find("/r/d"), f.root, "e", false);
    f.move_on_disk("/r/d/l", "/r/e/l");
    f.move_on_disk("/r/d", "/r/e");
    f.tree.port.targets["/r/e/l"] = "/out";
    f.access.close_all();
    static_cast<void>(f.changes());
    f.check_urgent();
    f.expect({});
    BOOST_TEST(f.tree.port.guarded_links.at(l) == "/r/e/l");
    BOOST_TEST(f.tree.port.guarded_links.at(other) == "/r/other");
}

BOOST_AUTO_TEST_CASE(urgent_checks_end_with_the_slice_and_with_the_batch)
{
    fixture f;
    std::vector<link_id> all;
    for (int n = 0; n != 100; ++n) {
        all.push_back(f.add(f.root, "/r/" + std::to_string(n), "/out"));
    }
    static_cast<void>(f.changes());
    for (auto const id : all) {
        f.tree.port.targets["/r/" + f.tree.model.links.get(id)->name] = "/nowhere";
        f.tree.model.links.note_suspect(id);
    }
    BOOST_TEST(f.links.check_urgent(time_point::max(), 10));
    BOOST_TEST(f.changes().size() == 10U);
    BOOST_TEST(f.links.check_urgent(time_point::min(), 1000));
    BOOST_TEST(f.changes().size() < 40U);
    f.check_urgent();
    BOOST_TEST(f.changes().size() > 100U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_moves_below_the_target_of_a_link_in_it_begins_a_circle)
{
    fixture f;
    auto const x = f.add_directory("/r", "x", 2);
    auto const y = f.add_directory("/r", "y", 3);
    f.add(y, "/r/y/up", "/r/x");
    auto const up = f.tree.find_directory("/r/y/up");
    f.tree.model.assign_watch(up, 2);
    f.tree.create("/r/y/up", "below", false);
    f.tree.model.rename(f.tree.find("/r/y"), x, "y", false);
    static_cast<void>(f.changes());
    f.forget_work();
    f.check_urgent();
    BOOST_TEST(f.changes() == lines{"removed file x/y/up/below"}, boost::test_tools::per_element());
    BOOST_TEST(f.tree.model.directory(up).wd == 0);
    BOOST_TEST(f.work_of(up) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(a_circle_that_may_have_ended_is_tried_again)
{
    fixture f;
    auto const x = f.add_directory("/r", "x", 2);
    f.add(x, "/r/x/up", "/r/x");
    auto const up = f.tree.find_directory("/r/x/up");
    f.coverage.uncover(up, make_error_code(asio_inotify::error::directory_in_itself));
    auto const d = f.add_directory("/r", "d", 4);
    f.forget_work();
    f.tree.model.rename(f.tree.entry_of(d), f.root, "e", false);
    f.check_urgent();
    f.retry_requested();
    BOOST_TEST(f.work_of(up) == "*verify list ");
}

// To compare each place with each other one would take ten seconds.
BOOST_AUTO_TEST_CASE(a_directory_that_moves_at_many_places)
{
    constexpr int places = 20'000;
    fixture f;
    for (int n = 0; n != places; ++n) {
        auto const path = "/r/" + std::to_string(n);
        f.add(f.root, path, "/out");
        f.tree.model.assign_watch(f.tree.find_directory(path), 9);
        auto const below = f.tree.create(path, "below", true);
        f.tree.model.assign_watch(f.tree.model.index.entry(below).directory(), 10);
    }
    for (auto id = f.tree.model.find_watch(10); id != 0; id = f.tree.model.directory(id).alias) {
        f.tree.model.rename(f.tree.entry_of(id), f.tree.model.index.parent(id), "moved", false);
    }
    auto const start = std::clock();
    f.check_urgent();
    BOOST_TEST(std::clock() - start < 3 * CLOCKS_PER_SEC);
    BOOST_TEST(f.tree.model.watch_count() == 3U);
}

BOOST_AUTO_TEST_CASE(links_of_a_removed_directory_are_removed_with_it_in_parts)
{
    fixture f;
    auto const d = f.add_directory("/r", "d", 2);
    for (int n = 0; n != 1000; ++n) {
        f.add(d, "/r/d/" + std::to_string(n), "/nowhere");
    }
    f.tree.model.remove(f.tree.find("/r/d"), false);
    BOOST_TEST(f.tree.port.guarded_links.size() == 1000U);
    f.tree.model.free_removed(1100);
    BOOST_TEST(f.tree.port.guarded_links.size() == 900U);
    f.tree.model.free_removed(10000);
    BOOST_TEST(f.tree.port.guarded_links.empty());
    BOOST_TEST(f.tree.model.links.empty());
    BOOST_TEST(!f.tree.model.has_removed());
}

BOOST_AUTO_TEST_SUITE_END()
