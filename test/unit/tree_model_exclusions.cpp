//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/tree/modelled_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <vector>

// What the model does for options that exclude entries.
BOOST_AUTO_TEST_SUITE(tree_model_exclusions)

using asio_inotify::tree_options;
using asio_inotify::detail::dir_id;
using modelled = test::modelled_tree;
using test::path_in;
using test::path_map;

BOOST_AUTO_TEST_CASE(what_is_excluded)
{
    tree_options options;
    options.exclude = {"*.tmp", "/top", "a/*", "**/never"};
    std::vector<std::string> asked;
    options.prune = [&](std::string_view path, asio_inotify::tree_entry_type type) {
        asked.push_back(std::string(to_string(type)) + ' ' + std::string(path));
        return path.ends_with("pruned");
    };
    for (std::string const root_path : {"/", ".", "r"}) {
        modelled m(options);
        auto const root = m.add_root(root_path);
        m.create(root_path, "a", true);
        auto const a = m.find_directory(path_in(root_path, "a"));
        auto const excluded = [&](dir_id parent, std::string_view name) {
            return m.model.excludes(parent, name, false);
        };
        BOOST_TEST(excluded(root, "x.tmp"));
        BOOST_TEST(excluded(a, "x.tmp"));
        BOOST_TEST(excluded(root, "top"));
        BOOST_TEST(excluded(a, "anything"));
        BOOST_TEST(asked.empty());
        BOOST_TEST(!excluded(root, "tmp"));
        BOOST_TEST(excluded(root, "pruned"));
        std::vector<std::string> const expected{"file " + path_in(root_path, "tmp"),
                                                "file " + path_in(root_path, "pruned")};
        BOOST_TEST(asked == expected, boost::test_tools::per_element());
        asked.clear();
        BOOST_TEST(!m.model.excludes(root, "a", true));
        BOOST_TEST(asked.back() == "dir " + path_in(root_path, "a"));
        asked.clear();
    }
}

BOOST_AUTO_TEST_CASE(directories_whose_path_changes_are_noted_if_exclusions_depend_on_paths)
{
    for (std::vector<std::string> const& globs :
         {std::vector<std::string>{}, {"name", "*.o"}, {"*.o", "a/b"}}) {
        tree_options options;
        options.exclude = globs;
        bool const depends = globs.size() == 2 && globs[1] == "a/b";
        modelled m(options);
        auto const root = m.add_root("r");
        for (auto const* const name : {"a", "b"}) {
            m.create("r", name, true);
        }
        m.create("r", "file", false);
        auto const a = m.find_directory("r/a");
        auto const b = m.find_directory("r/b");
        auto const taken = [&] {
            std::vector<dir_id> all;
            while (m.model.has_moved()) {
                all.push_back(m.model.take_moved());
            }
            std::sort(all.begin(), all.end());
            return all;
        };
        auto const expect = [&](std::vector<dir_id> const& moved) {
            BOOST_TEST(taken() == (depends ? moved : std::vector<dir_id>{}),
                       boost::test_tools::per_element());
        };
        expect({});
        m.model.rename(m.find("r/file"), root, "other", false);
        expect({});
        m.model.rename(m.find("r/a"), root, "c", false);
        expect({a});
        m.model.exchange(m.find("r/c"), m.find("r/b"));
        expect({a, b});
        m.model.exchange(m.find("r/c"), m.find("r/other"));
        expect({b});
        m.model.promote(a, "own", "/own", "/own");
        expect({a});
    }
}

BOOST_AUTO_TEST_CASE(a_directory_remembers_that_entries_are_excluded_by_their_path)
{
    tree_options options;
    options.exclude = {"*.o", "a/b"};
    options.prune = [](std::string_view path, asio_inotify::tree_entry_type) {
        return path == "r/pruned";
    };
    modelled m(options);
    auto const root = m.add_root("r");
    m.create("r", "a", true);
    auto const a = m.find_directory("r/a");
    BOOST_TEST(m.model.excludes(a, "b.o", false));
    BOOST_TEST(!m.model.excludes(a, "c", false));
    BOOST_TEST(!m.model.forget_omissions(a));
    BOOST_TEST(m.model.excludes(a, "b", true));
    BOOST_TEST(m.model.forget_omissions(a));
    BOOST_TEST(!m.model.forget_omissions(a));
    BOOST_TEST(m.model.excludes(root, "pruned", true));
    BOOST_TEST(m.model.forget_omissions(root));
}

BOOST_AUTO_TEST_CASE(a_root_replaces_a_directory_of_another_one)
{
    tree_options options;
    options.exclude = {"depends/on/paths"};
    modelled m(options);
    auto const inner = m.add_root("r/a");
    m.create("r/a", "b", true);
    m.create("r/a/b", "known", false);
    m.model.assign_watch(inner, 2);
    m.model.assign_watch(m.find_directory("r/a/b"), 3);
    m.replay();
    auto const outer = m.model.make_root("r", "/r", "/r").directory;
    m.model.assign_watch(outer, 1);
    auto const place = m.model.index.entry(m.model.create(outer, "a", true, true)).directory();
    m.model.create(place, "new", true, true);
    m.model.assign_watch(place, 2);
    auto const below = m.model.index.find(place, "new");
    m.model.assign_watch(m.model.index.entry(below).directory(), 4);
    if (test::counts_allocations) {
        test::allocation_failure const failure(0);
        BOOST_CHECK_THROW(m.model.move_root_over(*m.model.find_root(inner), place), std::bad_alloc);
    }
    BOOST_TEST(m.model.roots().size() == 2U);
    m.model.move_root_over(*m.model.find_root(inner), place);
    BOOST_TEST(m.model.changes().size() == 0U);
    BOOST_TEST(m.model.roots().size() == 1U);
    m.model.free_removed(1000);
    path_map const expected{{"r", true}, {"r/a", true}, {"r/a/b", true}, {"r/a/b/known", false}};
    BOOST_TEST((m.contents() == expected));
    BOOST_TEST(m.model.find_watch(2) == inner);
    BOOST_TEST(m.model.locate(inner).path == "r/a");
    BOOST_TEST(m.model.index.directory_count() == 3U);
    BOOST_TEST(m.model.index.entry_count() == 4U);
    BOOST_TEST(m.port.removed == std::vector<int>{4}, boost::test_tools::per_element());
    // Its paths are below another root.
    BOOST_TEST_REQUIRE(m.model.has_moved());
    BOOST_TEST(m.model.take_moved() == inner);
    m.model.rename(m.find("r/a"), outer, "c", false);
    BOOST_TEST(m.model.locate(inner).path == "r/c");
}

BOOST_AUTO_TEST_SUITE_END()
