//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include "tree/engine/directory_verifier.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(directory_verifier)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using lines = std::vector<std::string>;

struct fixture : test::engine_parts
{
    explicit fixture(asio_inotify::tree_options given = {})
        : engine_parts(std::move(given))
    {}

    /// As the engine does it for a directory on the agenda.
    void verify(dir_id id)
    {
        forget_work_of_others(id);
        verifier.verify(id);
    }

    void forget_work_of_others(dir_id id)
    {
        while (agenda.has_work()) {
            auto const item = agenda.take();
            BOOST_TEST(item.directory == id);
        }
    }

    void expect(lines const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    [[nodiscard]] bool has_misses(dir_id id)
    {
        return tree.model.directory(id).is(tree_directory::attempts);
    }

    asio_inotify::detail::directory_verifier verifier{tree.port, tree.options, tree.model, agenda,
                                                      recent,    filesystems,  access,     lister,
                                                      coverage,  rescan,       restoration};
};

BOOST_AUTO_TEST_CASE(a_new_directory_is_watched_and_then_listed)
{
    for (bool const is_plain : {false, true}) {
        fixture f;
        f.tree.port.filesystem.is_plain = is_plain;
        f.filesystems.refresh(1, 0);
        auto const a = f.add_directory("/r", "a", 0);
        static_cast<void>(f.agenda.count_miss(a));
        f.agenda.scan(a);
        // Its own inode is known by the listing of a plain filesystem.
        f.tree.port.list_next(".", true, 77);
        f.verify(a);
        BOOST_TEST(f.tree.model.directory(a).wd == 50);
        BOOST_TEST(f.tree.model.directory(a).inode == (is_plain ? 77U : 1000 + a));
        BOOST_TEST(f.recent.contains(a));
        BOOST_TEST(f.work_of(a) == "");
        BOOST_TEST(f.lister.open_directory() == a);
        while (f.lister.is_active()) {
            f.lister.resume();
        }
        BOOST_TEST(!f.has_misses(a));
    }
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_watched_while_another_is_listed_is_recent)
{
    fixture f;
    auto const other = f.add_directory("/r", "other", 2);
    auto const a = f.add_directory("/r", "a", 0);
    boost::system::error_code ec;
    f.lister.begin(other, f.tree.port.open_path("/r/other", true, ec), false);
    f.agenda.scan(a);
    f.verify(a);
    BOOST_TEST(f.recent.contains(a));
    BOOST_TEST(f.work_of(a) == "*list ");
}

BOOST_AUTO_TEST_CASE(a_watch_that_was_added_by_the_name_of_a_different_directory)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.tree.port.put_directory("/r/a", 999);
    f.tree.port.watches[999] = 2;
    f.agenda.verify(a);
    f.verify(a);
    f.expect({});
    BOOST_TEST(f.tree.model.directory(a).inode == 999U);
    BOOST_TEST(f.lister.open_directory() == a);
}

BOOST_AUTO_TEST_CASE(a_directory_whose_parent_is_not_where_it_was_is_postponed)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    auto const b = f.add_directory("/r/a", "b", 3);
    // A different directory has the name of the parent.
    f.tree.port.put_directory("/r/a", 999);
    f.agenda.verify(b);
    f.verify(b);
    BOOST_TEST(f.work_of(b) == "verify ");
    BOOST_TEST(f.work_of(a) == "*verify list ");
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_found_by_its_name_is_postponed)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 0);
    f.tree.port.names.erase("/r/a");
    for (int i = 1; i != 5; ++i) {
        f.agenda.verify(a);
        f.verify(a);
        if (i != 4) {
            BOOST_TEST(f.work_of(a) == "verify ");
            BOOST_TEST(f.work_of(f.root) == "*list ");
            f.expect({});
            f.forget_work();
        }
    }
    // It is listed again and again without being there.
    boost::system::error_code const gone{ENOENT, boost::system::system_category()};
    f.expect({"uncovered dir a: " + gone.message()});
    f.tree.port.put_directory("/r/a", 7);
    f.agenda.scan(a);
    f.verify(a);
    f.expect({"covered dir a"});
    BOOST_TEST(!f.has_misses(a));
}

BOOST_AUTO_TEST_CASE(a_leaf_is_not_listed_where_only_directories_are_wanted)
{
    asio_inotify::tree_options options;
    options.directories_only = true;
    fixture f(options);
    auto const fresh = f.add_directory("/r", "a", 0);
    f.agenda.scan(fresh);
    f.verify(fresh);
    BOOST_TEST(f.tree.model.directory(fresh).wd == 50);
    BOOST_TEST(f.recent.contains(fresh));
    BOOST_TEST(f.work_of(fresh) == "");
    BOOST_TEST(!f.lister.is_active());
    auto const known = f.add_directory("/r", "b", 3);
    f.agenda.scan(known);
    f.verify(known);
    BOOST_TEST(f.work_of(known) == "");
    BOOST_TEST(!f.lister.is_active());
}

BOOST_AUTO_TEST_CASE(a_directory_that_has_moved_here_is_found_by_its_watch)
{
    fixture f;
    auto const t = f.add_directory("/r", "t", 2);
    auto const a = f.add_directory("/r", "a", 3);
    auto const b = f.add_directory("/r/t", "b", 0);
    f.move_on_disk("/r/a", "/r/t/b");
    f.agenda.scan(b);
    f.verify(b);
    f.expect({"renamed dir a -> t/b replaced"});
    BOOST_TEST(f.tree.find_directory("/r/t/b") == a);
    BOOST_TEST(f.recent.contains(f.root));
    BOOST_TEST(f.recent.contains(t));
    // Something else can be at its old name.
    BOOST_TEST(f.work_of(f.root) == "*list ");
    // The entries of what is here were in doubt.
    BOOST_TEST(f.lister.open_directory() == a);
}

BOOST_AUTO_TEST_CASE(a_different_directory_without_an_event)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.tree.port.put_directory("/r/a", 999);
    f.agenda.scan_subtree(a);
    f.verify(a);
    f.expect({"removed dir a", "created dir a"});
    // What is below it was in doubt, too.
    f.tree.port.list_next("x", true);
    f.lister.resume();
    BOOST_TEST(f.work_of(f.tree.find_directory("/r/a/x")) == "*verify list deep ");
}

// Somebody else, such as CRIU, has put the watch there.
BOOST_AUTO_TEST_CASE(a_different_directory_under_the_same_watch)
{
    using asio_inotify::detail::rescan_cause;
    for (auto const cause : {rescan_cause::request, rescan_cause::restored}) {
        fixture f;
        auto const a = f.add_directory("/r", "a", 2);
        f.tree.port.put_directory("/r/a", 999);
        f.tree.port.watches[999] = 2;
        f.rescan.start(cause);
        static_cast<void>(f.changes());
        f.forget_work();
        f.agenda.scan_subtree(a);
        f.verify(a);
        f.expect({"removed dir a", "created dir a"});
        BOOST_TEST(f.tree.model.directory(f.tree.find_directory("/r/a")).inode == 999U);
        // The watch of the one before has ended, and there is one again.
        BOOST_TEST(f.tree.port.removed == std::vector{2});
        BOOST_TEST(f.tree.model.directory(f.tree.find_directory("/r/a")).wd != 0);
    }
}

BOOST_AUTO_TEST_CASE(a_directory_with_another_device_number_after_a_restore)
{
    using asio_inotify::detail::rescan_cause;
    fixture f;
    auto const a = f.add_directory("/r", "a", 2);
    f.rescan.start(rescan_cause::restored);
    static_cast<void>(f.changes());
    f.forget_work();
    f.tree.port.names["/r/a"].device = 0x77;
    f.agenda.scan_subtree(a);
    f.verify(a);
    f.expect({});
    BOOST_TEST(f.tree.find_directory("/r/a") == a);
    BOOST_TEST(f.filesystems.device(f.tree.model.directory(a).device) == 0x77U);
}

BOOST_AUTO_TEST_CASE(all_directories_with_other_inodes_after_a_restore)
{
    using asio_inotify::detail::rescan_cause;
    for (auto const cause : {rescan_cause::restored, rescan_cause::request}) {
        fixture f;
        auto const a = f.add_directory("/r", "a", 2);
        f.rescan.start(cause);
        static_cast<void>(f.changes());
        f.forget_work();
        f.tree.port.put_directory("/r", 700);
        f.tree.port.watches[700] = 1;
        f.tree.port.put_directory("/r/a", 701);
        f.tree.port.watches[701] = 2;
        f.agenda.scan_subtree(f.root);
        f.verify(f.root);
        if (cause == rescan_cause::request) {
            f.expect({"removed dir a", "root_lost dir .", "root_found dir ."});
            continue;
        }
        f.expect({});
        f.forget_work();
        f.agenda.scan_subtree(a);
        f.verify(a);
        f.expect({});
        BOOST_TEST(f.tree.model.directory(a).inode == 701U);
        BOOST_TEST(f.tree.model.directory(a).wd == 2);
    }
}

BOOST_AUTO_TEST_CASE(a_root_that_has_moved_into_another_one)
{
    fixture f;
    auto const s = f.tree.add_root("/s");
    f.be_watched(s, "/s", 9);
    auto const a = f.add_directory("/r", "a", 0);
    f.move_on_disk("/s", "/r/a");
    f.agenda.scan(a);
    f.verify(a);
    BOOST_TEST(f.work_of(s) == "*verify ");
    BOOST_TEST(f.tree.model.directory(s).wd == 0);
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_root_is_lost_and_found)
{
    fixture f;
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r");
    f.agenda.verify(f.root);
    f.verify(f.root);
    f.expect({"removed file a", "root_lost dir ."});
    f.tree.port.put_directory("/r", 999);
    f.agenda.verify(f.root);
    f.verify(f.root);
    f.expect({"root_found dir ."});
    BOOST_TEST(f.lister.open_directory() == f.root);
}

BOOST_AUTO_TEST_SUITE_END()
