//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/applied_rename.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(rename_applier)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::rename_verdict;
using kind = rename_verdict::kind;
using old_entry = rename_verdict::old_entry;
using swapped = rename_verdict::swapped;
using lines = std::vector<std::string>;
namespace lib = asio_inotify::detail;

using fixture = test::applied_rename;

BOOST_AUTO_TEST_CASE(an_entry_that_has_left_the_trees)
{
    fixture f;
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r/a");
    f.move_out("a");
    f.expect({"removed file a"});
    // A different one is there: the kernel reports an exchange as two renames.
    f.add_file("/r", "b");
    f.move_out("b");
    f.expect({"removed file b", "created file b"});
}

BOOST_AUTO_TEST_CASE(an_entry_that_was_renamed)
{
    fixture f;
    f.add_file("/r", "a");
    f.move("a", "b");
    f.expect({"renamed file a -> t/b"});
    f.move("unknown", "c");
    f.expect({"created file t/c"});
    auto const d = f.add_directory("/r", "d", 3);
    f.agenda.postpone(d);
    f.move("d", "e", true);
    f.expect({"renamed dir d -> t/e"});
    BOOST_TEST(f.directory("/r/t/e") == d);
    // It is known where it is: what was postponed is done.
    BOOST_TEST(f.work_of(d) == "*verify ");
    f.forget_work();
    f.move("gone", "e", true);
    f.expect({});
    BOOST_TEST(f.work_of(d) == "*verify ");
}

BOOST_AUTO_TEST_CASE(a_directory_that_came_to_the_old_name_later_stays)
{
    fixture f;
    auto const a = f.add_directory("/r", "a", 3);
    f.move("a", "b", true, old_entry::newer);
    f.expect({"created dir t/b"});
    BOOST_TEST(f.directory("/r/a") == a);
    BOOST_TEST(f.work_of(a) == "*verify ");
    BOOST_TEST(f.work_of(f.directory("/r/t/b")) == "*verify list ");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_at_neither_place_is_removed)
{
    fixture f;
    f.add_directory("/r", "a", 3);
    f.move("a", "b", true, old_entry::gone);
    f.expect({"removed dir a", "created dir t/b"});
}

BOOST_AUTO_TEST_CASE(a_file_whose_rename_is_uncertain_is_reported_as_modified)
{
    for (bool const is_source : {true, false}) {
        fixture f;
        f.add_file("/r", "a");
        f.tree.port.names.erase("/r/a");
        f.recent.add(is_source ? f.root : f.target);
        f.move("a", "b");
        f.expect({"renamed file a -> t/b", "modified file t/b"});
        auto const d = f.add_directory("/r", "d", 3);
        f.tree.port.names.erase("/r/d");
        f.move("d", "e", true);
        f.expect({"renamed dir d -> t/e"});
        BOOST_TEST(f.work_of(d) == "*verify ");
    }
    fixture f;
    auto const d = f.add_directory("/r", "d", 3);
    f.move("d", "e", true);
    BOOST_TEST(f.work_of(d) == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_written_to_under_its_new_name)
{
    fixture f;
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r/a");
    f.history.note_write(f.target, 0, "b");
    f.move("a", "b");
    f.expect({"renamed file a -> t/b", "modified file t/b"});
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r/a");
    f.history.note_write(f.target, f.tree.find("/r/t/b"), {});
    f.move("a", "b");
    f.expect({"renamed file a -> t/b replaced", "modified file t/b"});
    // A late event can still use the old name.
    BOOST_TEST_REQUIRE(f.history.find_renamed(f.root, "a") != nullptr);
    BOOST_TEST(f.history.find_renamed(f.root, "a")->name == "b");
}

BOOST_AUTO_TEST_CASE(an_entry_at_a_name_that_was_replaced_can_be_a_different_one)
{
    fixture f;
    f.add_file("/r", "a");
    f.add_file("/r/t", "b");
    f.move("a", "b");
    f.expect({"renamed file a -> t/b replaced"});
    // A rename and one back can be an exchange of which two events were lost.
    f.move_back("b", "a");
    f.expect({"renamed file t/b -> a", "modified file a", "created file t/b"});
}

BOOST_AUTO_TEST_CASE(an_entry_at_a_name_that_was_replaced_leaves_for_another_place)
{
    fixture f;
    f.add_file("/r", "a");
    f.add_file("/r/t", "b");
    f.move("a", "b");
    f.tree.port.names.erase("/r/t/b");
    f.move_back("b", "c");
    f.expect({"renamed file a -> t/b replaced", "renamed file t/b -> c"});
    // Nothing was replaced: nothing is looked up.
    f.add_file("/r", "d");
    f.move("d", "e");
    f.tree.port.put_file("/r/t/e");
    f.move_back("e", "d");
    f.expect({"renamed file d -> t/e", "renamed file t/e -> d"});
}

BOOST_AUTO_TEST_CASE(what_is_recent_is_looked_up_at_its_old_name)
{
    fixture f;
    f.add_file("/r", "a");
    f.recent.add(f.root);
    f.move("a", "b");
    f.expect({"renamed file a -> t/b", "modified file t/b", "created file a"});
}

BOOST_AUTO_TEST_CASE(a_rename_of_an_entry_of_a_different_type)
{
    fixture f;
    f.add_directory("/r", "a", 3);
    f.move("a", "b");
    f.expect({"removed dir a", "created file t/b"});
    asio_inotify::tree_options options;
    options.follow_symlinks = true;
    fixture follows(options);
    follows.add_directory("/r", "a", 3);
    follows.tree.model.links.check_later(follows.root, "a");
    follows.move("a", "b");
    follows.expect({"renamed dir a -> t/b"});
}

BOOST_AUTO_TEST_CASE(a_name_that_the_user_does_not_want)
{
    asio_inotify::tree_options options;
    options.exclude = {"hidden"};
    fixture f(options);
    f.add_file("/r", "a");
    f.move("a", "hidden");
    f.expect({"removed file a"});
    f.move("hidden", "b");
    f.expect({"created file t/b"});
    f.move_out("hidden");
    f.expect({});
}

BOOST_AUTO_TEST_CASE(a_file_that_the_user_does_not_want_at_the_name_of_a_directory)
{
    asio_inotify::tree_options options;
    options.prune = [](std::string_view path, asio_inotify::tree_entry_type type) {
        return path.ends_with("/a") && type == asio_inotify::tree_entry_type::file;
    };
    fixture f(options);
    // The directory was listed after the file had left.
    auto const a = f.add_directory("/r", "a", 3);
    f.move_out("a");
    f.expect({});
    f.move("a", "b");
    f.expect({"created file t/b"});
    BOOST_TEST(f.directory("/r/a") == a);
}

BOOST_AUTO_TEST_CASE(a_device_is_left_at_the_old_name)
{
    fixture f;
    f.add_file("/r", "a");
    f.tree.port.names["/r/a"].is_whiteout = true;
    f.move("a", "b");
    f.expect({"renamed file a -> t/b", "created file a"});
    // A different file is reported by its own event.
    fixture other;
    other.add_file("/r", "c");
    other.move("c", "d");
    other.expect({"renamed file c -> t/d"});
    // The directory is not at its path any more: the listing finds it.
    fixture moved;
    moved.add_file("/r", "e");
    moved.tree.port.put_directory("/r", 99);
    moved.access.close_all();
    moved.move("e", "f");
    moved.expect({"renamed file e -> t/f"});
    BOOST_TEST(moved.work_of(moved.root) == "*list ");
}

BOOST_AUTO_TEST_CASE(a_rename_to_a_root_that_is_not_reported_yet)
{
    fixture f;
    auto const fresh = f.tree.model.make_root("/n", "/n", "/n").directory;
    f.be_watched(fresh, "/n", 5);
    f.add_file("/r", "a");
    rename_verdict verdict{kind::moved, f.root, fresh};
    verdict.to = f.event(5, lib::moved_to_bit, "b", false);
    f.applier.apply(f.event(1, lib::moved_from_bit, "a", false), verdict);
    f.expect({"removed file a"});
    BOOST_TEST(f.tree.find("/n/b") != 0U);
}

BOOST_AUTO_TEST_CASE(a_directory_is_not_moved_into_itself)
{
    fixture f;
    f.move("t", "x", true);
    f.expect({"rescan_begin"});
    BOOST_TEST(f.work_of(f.root) == "*verify list deep ");
    f.rescan.finish();
    static_cast<void>(f.changes());
    // Nor over one that it is in.
    auto const x = f.add_directory("/r/t", "x", 3);
    f.add_file("/r/t/x", "y");
    rename_verdict verdict{kind::moved, x, f.root};
    verdict.to = f.event(1, lib::moved_to_bit, "t", false);
    f.applier.apply(f.event(3, lib::moved_from_bit, "y", false), verdict);
    f.expect({"rescan_begin"});
}

BOOST_AUTO_TEST_CASE(a_rename_to_the_same_name)
{
    fixture f;
    f.add_file("/r", "a");
    rename_verdict verdict{kind::moved, f.root, f.root};
    verdict.to = f.event(1, lib::moved_to_bit, "a", false);
    f.tree.port.names.erase("/r/a");
    f.applier.apply(f.event(1, lib::moved_from_bit, "a", false), verdict);
    f.expect({});
    BOOST_TEST(f.tree.find("/r/a") != 0U);
}

BOOST_AUTO_TEST_CASE(parents_at_several_places)
{
    fixture f;
    auto const again = f.add_directory("/r", "again", 0);
    f.tree.model.assign_watch(again, 2);
    f.add_file("/r", "a");
    f.tree.port.names.erase("/r/a");
    f.move("a", "b");
    f.expect({"renamed file a -> t/b", "created file again/b"});
    f.add_directory("/r", "x", 4);
    f.add_directory("/r/x", "inner", 0);
    f.tree.model.assign_watch(f.directory("/r/x/inner"), 2);
    f.move("x", "y", true);
    f.expect({"renamed dir x -> t/y", "created dir t/y/inner/y", "created dir again/y"});
}

BOOST_AUTO_TEST_CASE(names_that_have_departed_while_their_directory_is_listed)
{
    struct departure
    {
        std::string_view name;
        dir_id fixture::*directory;
        void (*happen)(fixture&);
    };
    for (auto const& [name, directory, happen] : std::vector<departure>{
             {"a", &fixture::root, [](fixture& f) { f.move("a", "c"); }},
             {"a", &fixture::root, [](fixture& f) { f.exchange(swapped::both); }},
             {"b", &fixture::target, [](fixture& f) { f.exchange(swapped::both); }},
             {"a", &fixture::root, [](fixture& f) { f.move_out("a"); }},
         }) {
        fixture f;
        f.add_file("/r", "a");
        f.add_file("/r/t", "b");
        f.tree.port.names.erase("/r/a");
        f.tree.port.names.erase("/r/t/b");
        boost::system::error_code ec;
        auto const* const path = directory == &fixture::root ? "/r" : "/r/t";
        f.lister.begin(f.*directory, f.tree.port.open_path(path, true, ec), false);
        happen(f);
        if (auto const known = f.tree.find(std::string(path) + '/' + std::string(name))) {
            f.tree.model.remove(known, false);
        }
        static_cast<void>(f.changes());
        // The filesystem lists what was there at the beginning.
        f.tree.port.list_next(name, false);
        f.lister.resume();
        f.expect({});
    }
}

BOOST_AUTO_TEST_SUITE_END()
