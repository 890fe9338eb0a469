//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/modelled_tree.hpp"

#include "tree/engine/agenda.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(agenda)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using lib_agenda = asio_inotify::detail::agenda;
using task = lib_agenda::task;

/// A root with three directories, and the agenda for them.
struct fixture
{
    dir_id make(std::string_view name)
    {
        return tree.model.index.entry(tree.create("/r", name, true)).directory();
    }

    tree_directory& directory(dir_id id) { return tree.model.directory(id); }

    /// The flags that the agenda writes, as text.
    std::string flags(dir_id id)
    {
        auto const& d = directory(id);
        std::string text;
        text += d.is(tree_directory::verify) ? "verify " : "";
        text += d.is(tree_directory::list) ? "list " : "";
        text += d.is(tree_directory::deep) ? "deep " : "";
        text += d.is(tree_directory::queued) ? "queued " : "";
        return text;
    }

    /// Take everything: "b verify, a list".
    std::string take_all()
    {
        std::string text;
        while (agenda.has_work()) {
            auto const [id, what] = agenda.take();
            text += text.empty() ? "" : ", ";
            if (what == task::none) {
                text += "none";
                continue;
            }
            text +=
                std::string(tree.model.name_of(id)) + (what == task::verify ? " verify" : " list");
        }
        return text;
    }

    test::modelled_tree tree;
    dir_id root = tree.add_root("/r");
    dir_id a = make("a");
    dir_id b = make("b");
    dir_id c = make("c");
    lib_agenda agenda{tree.model};
};

struct transition
{
    std::string_view name;
    std::function<void(lib_agenda&, dir_id)> call;
    // Of a directory without flags; of one that has all but `queued`; of one that has all.
    std::string_view from_none;
    std::string_view from_all;
    std::string_view from_queued;
};

std::vector<transition> const transitions{
    {"verify", &lib_agenda::verify, "verify queued ", "verify list deep queued ",
     "verify list deep queued "},
    {"list", &lib_agenda::list, "list queued ", "verify list deep queued ",
     "verify list deep queued "},
    {"scan", &lib_agenda::scan, "verify list queued ", "verify list deep queued ",
     "verify list deep queued "},
    {"scan_subtree", &lib_agenda::scan_subtree, "verify list deep queued ",
     "verify list deep queued ", "verify list deep queued "},
    {"postpone", &lib_agenda::postpone, "verify ", "verify list deep ", "verify list deep queued "},
    {"postpone_scan", &lib_agenda::postpone_scan, "verify list ", "verify list deep ",
     "verify list deep queued "},
    {"resume", &lib_agenda::resume, "", "verify list deep queued ", "verify list deep queued "},
    {"list_when_opened", &lib_agenda::list_when_opened, "list ", "verify list deep ",
     "verify list deep queued "},
    {"begin_listing", &lib_agenda::begin_listing, "", "verify ", "verify queued "},
    {"skip_listing", &lib_agenda::skip_listing, "", "verify ", "verify queued "},
};

BOOST_AUTO_TEST_CASE(each_call_sets_and_clears_what_the_table_says)
{
    for (auto const& each : transitions) {
        BOOST_TEST_CONTEXT(each.name)
        {
            fixture f;
            constexpr auto all =
                tree_directory::verify | tree_directory::list | tree_directory::deep;
            each.call(f.agenda, f.a);
            BOOST_TEST(f.flags(f.a) == each.from_none);
            f.directory(f.b).set(all);
            each.call(f.agenda, f.b);
            BOOST_TEST(f.flags(f.b) == each.from_all);
            f.agenda.scan_subtree(f.c);
            each.call(f.agenda, f.c);
            BOOST_TEST(f.flags(f.c) == each.from_queued);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_other_flags_of_a_directory_stay)
{
    constexpr auto others = tree_directory::mark | tree_directory::unsettled |
                            tree_directory::recent | tree_directory::one_attempt;
    for (auto const& each : transitions) {
        BOOST_TEST_CONTEXT(each.name)
        {
            fixture f;
            f.directory(f.a).set(others);
            each.call(f.agenda, f.a);
            BOOST_TEST((f.directory(f.a).flags & others) == others);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_directory_is_verified_first_and_then_listed_by_the_caller)
{
    fixture f;
    f.agenda.scan(f.a);
    BOOST_TEST(f.take_all() == "a verify");
    // The caller that verifies it lists it at once: it is open then.
    BOOST_TEST(f.flags(f.a) == "list ");
    f.agenda.list(f.a);
    BOOST_TEST(f.take_all() == "a list");
    BOOST_TEST(f.flags(f.a) == "list ");
    f.agenda.begin_listing(f.a);
    BOOST_TEST(f.flags(f.a) == "");
}

BOOST_AUTO_TEST_CASE(the_directory_that_was_added_last_comes_first)
{
    fixture f;
    BOOST_TEST(!f.agenda.has_work());
    f.agenda.verify(f.a);
    f.agenda.list(f.b);
    f.agenda.verify(f.c);
    BOOST_TEST(f.agenda.has_work());
    // A directory that is on the agenda keeps its place.
    f.agenda.verify(f.a);
    f.agenda.verify(f.b);
    BOOST_TEST(f.take_all() == "c verify, b verify, a verify");
    BOOST_TEST(!f.agenda.has_work());
    BOOST_TEST(f.take_all() == "");
}

BOOST_AUTO_TEST_CASE(a_postponed_directory_waits_until_it_is_resumed)
{
    fixture f;
    f.agenda.postpone(f.a);
    f.agenda.postpone_scan(f.b);
    f.agenda.list_when_opened(f.c);
    BOOST_TEST(!f.agenda.has_work());
    for (auto const id : {f.a, f.b, f.c, f.root}) {
        f.agenda.resume(id);
    }
    BOOST_TEST(f.take_all() == "b verify, a verify");
    BOOST_TEST(f.flags(f.b) == "list ");
}

BOOST_AUTO_TEST_CASE(an_uncovered_directory_is_verified_and_not_listed)
{
    fixture f;
    f.directory(f.a).set(tree_directory::uncovered);
    f.agenda.list(f.a);
    BOOST_TEST(f.take_all() == "none");
    f.agenda.scan(f.a);
    BOOST_TEST(f.take_all() == "a verify");
}

BOOST_AUTO_TEST_CASE(work_that_was_done_in_the_meantime_is_skipped)
{
    fixture f;
    f.agenda.list(f.a);
    f.agenda.begin_listing(f.a);
    BOOST_TEST(f.flags(f.a) == "queued ");
    BOOST_TEST(f.take_all() == "none");
    BOOST_TEST(f.flags(f.a) == "");
}

BOOST_AUTO_TEST_CASE(a_removed_directory_is_freed_after_it_was_taken)
{
    fixture f;
    auto& model = f.tree.model;
    auto const directories = model.index.directory_count();
    f.agenda.scan(f.a);
    model.remove(f.tree.find("/r/a"), false);
    // It is still linked by the agenda.
    model.free_removed(100);
    BOOST_TEST(model.index.directory_count() == directories);
    BOOST_TEST(!model.has_removed());
    // Nothing is added for it.
    f.agenda.verify(f.a);
    BOOST_TEST(f.take_all() == "none");
    BOOST_TEST(model.has_removed());
    model.free_removed(100);
    BOOST_TEST(model.index.directory_count() == directories - 1);
    f.agenda.scan(f.b);
    model.remove(f.tree.find("/r/b"), false);
    f.agenda.scan(f.c);
    BOOST_TEST(f.take_all() == "c verify, none");
}

BOOST_AUTO_TEST_CASE(nothing_is_added_for_a_removed_directory)
{
    fixture f;
    f.tree.model.remove(f.tree.find("/r/a"), false);
    f.agenda.scan(f.a);
    BOOST_TEST(!f.agenda.has_work());
    BOOST_TEST(f.flags(f.a) == "");
}

BOOST_AUTO_TEST_CASE(a_directory_below_a_removed_one_is_skipped)
{
    fixture f;
    auto const below = f.tree.model.index.entry(f.tree.create("/r/a", "x", true)).directory();
    f.agenda.scan(below);
    f.tree.model.remove(f.tree.find("/r/a"), false);
    BOOST_TEST(f.take_all() == "none");
    // It keeps the flags: only the agenda of its tree is left.
    BOOST_TEST(f.flags(below) == "verify list ");
}

BOOST_AUTO_TEST_CASE(the_fourth_miss_in_a_row_is_the_last)
{
    fixture f;
    for (int round = 0; round != 2; ++round) {
        BOOST_TEST(!f.agenda.count_miss(f.a));
        BOOST_TEST(!f.agenda.count_miss(f.a));
        BOOST_TEST(!f.agenda.count_miss(f.a));
        BOOST_TEST(!f.agenda.count_miss(f.b));
        f.agenda.forget_misses(f.b);
        if (round == 0) {
            f.agenda.forget_misses(f.a);
        }
    }
    BOOST_TEST(f.agenda.count_miss(f.a));
    BOOST_TEST(!f.agenda.count_miss(f.b));
    BOOST_TEST(f.flags(f.a) == "");
}

BOOST_AUTO_TEST_CASE(what_must_be_listed_is_handed_to_the_directory_in_its_place)
{
    fixture f;
    f.agenda.verify(f.a);
    BOOST_TEST(f.agenda.listing_of(f.a) == 0U);
    f.agenda.scan_subtree(f.a);
    f.agenda.set_listing(f.b, f.agenda.listing_of(f.a));
    BOOST_TEST(f.flags(f.b) == "list deep ");
    f.agenda.list(f.c);
    f.agenda.set_listing(f.root, f.agenda.listing_of(f.c));
    BOOST_TEST(f.flags(f.root) == "list ");
    // What it has already stays.
    f.agenda.set_listing(f.b, 0);
    BOOST_TEST(f.flags(f.b) == "list deep ");
}

BOOST_AUTO_TEST_CASE(sweeps_of_directories_that_are_still_unsettled)
{
    fixture f;
    auto const below = f.tree.model.index.entry(f.tree.create("/r/c", "x", true)).directory();
    BOOST_TEST(!f.agenda.has_sweeps());
    for (auto const id : {f.root, f.a, f.b, below}) {
        f.directory(id).set(tree_directory::unsettled);
        f.agenda.sweep_later(id);
    }
    BOOST_TEST(f.agenda.has_sweeps());
    BOOST_TEST(!f.agenda.has_work());
    // One was swept in the meantime, one is removed, and one is below a removed one.
    f.directory(f.b).clear(tree_directory::unsettled);
    f.tree.model.remove(f.tree.find("/r/a"), false);
    f.tree.model.remove(f.tree.find("/r/c"), false);
    BOOST_TEST(f.agenda.take_sweep().value_or(0) == f.root);
    BOOST_TEST(!f.agenda.has_sweeps());
    BOOST_TEST(!f.agenda.take_sweep());
    // Others are left when only some can be swept.
    f.agenda.sweep_later(f.b);
    BOOST_TEST(!f.agenda.take_sweep());
    f.directory(f.b).set(tree_directory::unsettled);
    f.agenda.sweep_later(f.b);
    BOOST_TEST(f.agenda.take_sweep().value_or(0) == f.b);
}

BOOST_AUTO_TEST_SUITE_END()
