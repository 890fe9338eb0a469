//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/seed.hpp"
#include "support/tree/modelled_tree.hpp"

#include <asio_inotify/tree_change_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(tree_model)

using asio_inotify::tree_change_batch;
using asio_inotify::tree_options;
using asio_inotify::detail::dir_id;
using asio_inotify::detail::entry_id;
using asio_inotify::detail::tree_root;
using kind = asio_inotify::tree_change_mask;
using modelled = test::modelled_tree;
using test::path_in;
using test::path_map;

BOOST_AUTO_TEST_CASE(places)
{
    for (std::string const root_path : {"/", ".", "dir", "/a/b", "//two", "../up"}) {
        BOOST_TEST_CONTEXT(root_path)
        {
            modelled m;
            auto const root = m.add_root(root_path);
            auto const inner = m.model.index.entry(m.create(root_path, "x", true)).directory();
            auto const path = path_in(root_path, "x");
            auto const deep = m.model.index.entry(m.create(path, "y", true)).directory();
            BOOST_TEST(m.model.locate(root).path == root_path);
            BOOST_TEST(m.model.locate(inner).path == path);
            BOOST_TEST(m.model.locate(deep).path == path + "/y");
            BOOST_TEST(m.model.locate(deep).root == m.model.find_root(root));
            BOOST_TEST(m.model.locate(deep).is_reported);
            BOOST_TEST(m.model.path_to_open(root) == m.absolute(root_path));
            BOOST_TEST(m.model.path_to_open(inner) == path_in(m.absolute(root_path), "x"));
            BOOST_TEST(m.model.path_to_open(deep) == path_in(m.absolute(root_path), "x/y"));
            BOOST_TEST(m.model.is_within(deep, root));
            BOOST_TEST(m.model.is_within(deep, deep));
            BOOST_TEST(!m.model.is_within(root, deep));
            BOOST_TEST(m.model.find_root(root_path) == m.model.find_root(root));
            BOOST_TEST(m.model.find_root("none") == nullptr);
            BOOST_TEST(m.model.find_root(deep) == nullptr);
            m.replay();
            BOOST_TEST((m.contents() == m.replayed));
            // A renamed directory is somewhere else, with everything below.
            m.model.rename(m.entry_of(inner), root, "z", false);
            BOOST_TEST(m.model.locate(deep).path == path_in(root_path, "z/y"));
            m.model.remove(m.entry_of(inner), false);
            BOOST_TEST(m.model.locate(deep).root == nullptr);
            BOOST_TEST(m.model.path_to_open(deep).empty());
            BOOST_TEST(!m.model.is_attached(deep));
            BOOST_TEST(!m.model.is_within(deep, root));
            m.replay();
            BOOST_TEST((m.contents() == m.replayed));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_root_of_a_place_is_found_again_when_another_root_was_dropped)
{
    modelled m;
    m.add_root("first");
    m.add_root("second");
    auto const third = m.add_root("third");
    BOOST_TEST(m.model.locate(third).root == m.model.find_root(third));
    // The one behind it moves in the list.
    m.model.drop_root(*m.model.find_root("second"));
    BOOST_TEST(m.model.locate(third).root == m.model.find_root(third));
    BOOST_TEST(m.model.locate(third).root->path == "third");
}

BOOST_AUTO_TEST_CASE(nothing_is_told_of_a_root_before_it_is_announced)
{
    modelled m;
    auto& root = m.model.make_root("r", "/r", "/r");
    auto const id = root.directory;
    auto const file = m.model.create(id, "a", false, true);
    m.model.rename(file, id, "b", false);
    m.model.report(kind::attributes, id);
    BOOST_TEST(m.model.changes().size() == 0U);
    BOOST_TEST(!m.model.locate(id).is_reported);
    m.model.start_reporting(root);
    BOOST_TEST(m.model.locate(id).is_reported);
    m.replayed = m.contents();
    m.model.remove(m.find("r/b"), false);
    BOOST_TEST(m.replay() == 1U);
    BOOST_TEST((m.contents() == m.replayed));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_used_again_is_another_directory)
{
    // Without creations, nobody asks where a new directory is before its first event.
    tree_options options;
    options.report = kind::modified;
    modelled m(options);
    m.add_root("r");
    m.create("r", "a", true);
    m.create("r/a", "b", true);
    auto const below = m.find_directory("r/a/b");
    m.model.remove(m.find("r/a"), false);
    // An event of what was removed with its parent.
    BOOST_TEST(m.model.locate(below).root == nullptr);
    m.model.free_removed(1000);
    BOOST_TEST(!m.model.has_removed());
    std::vector<dir_id> made;
    for (int i = 0; i != 2; ++i) {
        made.push_back(m.model.index.entry(m.create("r", std::to_string(i), true)).directory());
    }
    BOOST_TEST_REQUIRE((std::find(made.begin(), made.end(), below) != made.end()));
    BOOST_TEST(m.model.locate(below).root != nullptr);
    m.model.report(kind::modified, below, "file", false, false);
    BOOST_TEST(m.model.changes().size() == 1U);
}

BOOST_AUTO_TEST_CASE(where_creations_are_not_told_a_file_that_was_found_is_modified)
{
    tree_options options;
    options.report = kind::modified;
    modelled m(options);
    auto const root = m.add_root("r");
    m.model.create(root, "reported", false, false);
    m.model.create(root, "dir", true, true);
    BOOST_TEST(m.model.changes().size() == 0U);
    m.model.create(root, "found", false, true);
    BOOST_TEST_REQUIRE(m.model.changes().size() == 1U);
    auto const batch = m.model.changes().take();
    BOOST_TEST(batch.front().path() == "r/found");
    BOOST_TEST(batch.front().synthetic());
}

BOOST_AUTO_TEST_CASE(watches_of_one_and_of_several_directories)
{
    modelled m;
    auto const root = m.add_root("r");
    std::vector<dir_id> ids;
    for (int i = 0; i != 4; ++i) {
        ids.push_back(m.model.index.entry(m.create("r", std::to_string(i), true)).directory());
    }
    m.model.assign_watch(root, 1);
    m.model.assign_watch(ids[0], 2);
    // The same directory at several places.
    m.model.assign_watch(ids[1], 3);
    m.model.assign_watch(ids[2], 3);
    m.model.assign_watch(ids[3], 3);
    BOOST_TEST(m.model.watch_count() == 3U);
    BOOST_TEST(m.model.find_watch(2) == ids[0]);
    auto const with_watch = [&](int wd) {
        std::vector<dir_id> found;
        for (auto id = m.model.find_watch(wd); id != 0; id = m.model.directory(id).alias) {
            BOOST_TEST(m.model.directory(id).wd == wd);
            found.push_back(id);
        }
        std::sort(found.begin(), found.end());
        return found;
    };
    BOOST_TEST((with_watch(3) == std::vector{ids[1], ids[2], ids[3]}));
    // It ends with the last one, whichever that is.
    m.model.release_watch(ids[2]);
    BOOST_TEST((with_watch(3) == std::vector{ids[1], ids[3]}));
    m.model.release_watch(m.model.find_watch(3));
    BOOST_TEST(with_watch(3).size() == 1U);
    BOOST_TEST(m.port.removed.empty());
    BOOST_TEST(m.model.ended_watches() == 0U);
    m.model.release_watch(m.model.find_watch(3));
    BOOST_TEST(m.port.removed == std::vector<int>{3}, boost::test_tools::per_element());
    BOOST_TEST(m.model.ended_watches() == 1U);
    m.model.release_watch(ids[1]); // has none
    // One that the kernel has ended is not ended again.
    m.model.assign_watch(ids[1], 2);
    m.model.drop_watch(2);
    BOOST_TEST(m.model.directory(ids[0]).wd == 0);
    BOOST_TEST(m.model.directory(ids[1]).wd == 0);
    BOOST_TEST(m.model.find_watch(2) == 0U);
    BOOST_TEST(m.port.removed.size() == 1U);
    BOOST_TEST(m.model.watch_count() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_removed_gives_its_watches_back)
{
    modelled m;
    auto const root = m.add_root("r");
    m.model.assign_watch(root, 1);
    std::string path = "r";
    std::vector<int> expected;
    for (int i = 2; i != 102; ++i) {
        m.model.assign_watch(m.model.index.entry(m.create(path, "d", true)).directory(), i);
        m.create(path, "file", false);
        path += "/d";
        expected.push_back(i);
    }
    m.model.remove(m.find("r/d"), false);
    // The one at the top at once, the others by and by.
    BOOST_TEST(m.port.removed == std::vector<int>{2}, boost::test_tools::per_element());
    int steps = 0;
    for (; m.model.has_removed(); ++steps) {
        auto const before = m.model.index.entry_count();
        m.model.free_removed(10);
        BOOST_TEST(before - m.model.index.entry_count() <= 10U);
        BOOST_TEST_REQUIRE(steps < 100);
    }
    BOOST_TEST(steps > 10);
    std::sort(m.port.removed.begin(), m.port.removed.end());
    BOOST_TEST(m.port.removed == expected, boost::test_tools::per_element());
    BOOST_TEST(m.model.watch_count() == 1U);
    BOOST_TEST(m.model.index.entry_count() == 2U); // and the file beside it
    BOOST_TEST(m.model.index.directory_count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_directory_becomes_a_root_and_stays_without_the_other_one)
{
    modelled m;
    auto const outer = m.add_root("r");
    m.model.assign_watch(outer, 1);
    m.create("r", "a", true);
    m.create("r/a", "b", true);
    m.create("r/a/b", "file", false);
    m.model.assign_watch(m.find_directory("r/a"), 2);
    m.model.assign_watch(m.find_directory("r/a/b"), 3);
    auto const inner = m.find_directory("r/a/b");
    m.replay();
    BOOST_TEST(m.model.locate(inner).root->path == "r");
    auto& root = m.model.promote(inner, "other/b", "/some/other/b", "/some/other/b");
    BOOST_TEST(root.directory == inner);
    BOOST_TEST(root.is_reported);
    BOOST_TEST(m.model.locate(inner).root == &root);
    BOOST_TEST(m.model.locate(inner).path == "other/b");
    BOOST_TEST(m.model.path_to_open(inner) == "/some/other/b");
    BOOST_TEST(m.find("r/a/b") == 0U);
    BOOST_TEST(m.find("other/b/file") != 0U);
    BOOST_TEST(!m.model.is_within(inner, outer));
    m.model.drop_root(*m.model.find_root(outer));
    BOOST_TEST(m.model.roots().size() == 1U);
    BOOST_TEST(m.model.changes().size() == 0U); // without a word
    m.model.free_removed(1000);
    std::sort(m.port.removed.begin(), m.port.removed.end());
    BOOST_TEST(m.port.removed == (std::vector<int>{1, 2}), boost::test_tools::per_element());
    BOOST_TEST((m.contents() == path_map{{"other/b", true}, {"other/b/file", false}}));
    BOOST_TEST(m.model.locate(inner).path == "other/b");
    BOOST_TEST(m.model.index.directory_count() == 1U);
    BOOST_TEST(m.model.index.entry_count() == 2U);
    m.replayed = m.contents();
    m.model.remove(m.find("other/b/file"), false);
    m.replay();
    BOOST_TEST((m.contents() == m.replayed));
}

BOOST_AUTO_TEST_CASE(the_cursor_moves_on)
{
    modelled m;
    auto const root = m.add_root("r");
    for (int i = 0; i != 10; ++i) {
        m.create("r", std::to_string(i), i % 2 == 0);
    }
    auto& cursor = m.model.cursor;
    cursor = m.model.directory(root).first_child;
    auto const next = m.model.index.entry(cursor).next;
    m.model.remove(cursor, true);
    BOOST_TEST(cursor == next);
    auto const after = m.model.index.entry(next).next;
    m.model.rename(cursor, root, "renamed", false);
    BOOST_TEST(cursor == after);
    BOOST_TEST(m.model.empty(root));
    BOOST_TEST(cursor == 0U);
    m.replay();
    BOOST_TEST((m.replayed == path_map{{"r", true}}));
    BOOST_TEST((m.contents() == m.replayed));
}

BOOST_AUTO_TEST_CASE(many_entries_are_removed_in_parts)
{
    constexpr int count = 1000;
    modelled m;
    auto const root = m.add_root("r");
    m.model.assign_watch(root, 1);
    for (int i = 0; i != count; ++i) {
        m.create("r", std::to_string(i), i % 2 == 0);
    }
    m.replay();
    BOOST_TEST(!m.model.empty(root));
    BOOST_TEST(m.model.directory(root).wd == 0);
    BOOST_TEST(m.model.changes().size() == 256U);
    int parts = 0;
    while (m.model.is_emptying()) {
        m.replay();
        m.model.resume_emptying(10);
        BOOST_TEST(m.model.changes().size() <= 10U);
        ++parts;
    }
    BOOST_TEST(parts > (count - 256) / 10);
    BOOST_TEST(m.model.empty(root));
    m.replay();
    BOOST_TEST((m.contents() == m.replayed));
}

// A tree of a user that is removed meanwhile.
BOOST_AUTO_TEST_CASE(a_root_is_removed_while_it_is_emptied)
{
    modelled m;
    auto const root = m.add_root("r");
    for (int i = 0; i != 300; ++i) {
        m.create("r", std::to_string(i), false);
    }
    BOOST_TEST(!m.model.empty(root));
    m.model.drop_root(*m.model.find_root(root));
    while (m.model.is_emptying()) {
        m.model.resume_emptying(1000);
    }
    while (m.model.has_removed()) {
        m.model.free_removed(100);
    }
    BOOST_TEST(m.model.index.entry_count() == 0U);
}

BOOST_AUTO_TEST_CASE(long_paths_fill_a_batch)
{
    modelled m;
    m.add_root("r");
    std::string path = "r";
    for (int i = 0; i != 600; ++i) {
        std::string const name(200, 'n');
        m.create(path, name, true);
        path += '/' + name;
    }
    m.replay();
    auto& changes = m.model.changes();
    auto const before = m.model.effort();
    for (int i = 0; i != 8; ++i) {
        BOOST_TEST(!changes.is_full(1000));
        m.create(path, "f" + std::to_string(i), false);
    }
    BOOST_TEST(!changes.is_full(1000));
    BOOST_TEST(m.model.effort() - before > 900U);
    m.create(path, "last", false);
    BOOST_TEST(changes.is_full(1000));
    m.replay();
    BOOST_TEST(!changes.is_full(1000));
}

/// Does the same at random to the model and to a map.
struct random_world : modelled
{
    explicit random_world(std::uint64_t seed)
        : random(seed)
    {
        // Noting what ends is not to fail.
        port.removed.reserve(100'000);
        for (auto const& root : roots) {
            add_root(root);
            paths.emplace(root, true);
        }
    }

    std::uint64_t some(std::uint64_t limit) { return random() % limit; }

    std::string const& some_path()
    {
        return std::next(paths.begin(), static_cast<std::ptrdiff_t>(some(paths.size())))->first;
    }

    std::string some_directory()
    {
        for (;;) {
            if (auto const& path = some_path(); paths[path]) {
                return path;
            }
        }
    }

    [[nodiscard]] static bool is_root(std::string const& path)
    {
        return std::find(roots.begin(), roots.end(), path) != roots.end();
    }

    /// One operation; with `fails`, as often as it takes to get past every failing allocation.
    void step()
    {
        auto const path = some_path();
        auto const target = path_in(some_directory(), std::to_string(some(6)));
        switch (some(10)) {
        case 0:
            if (!is_root(path)) {
                call([&] { model.remove(find(path), some(2) == 0); });
                test::take_subtree(paths, path);
            }
            break;
        case 1:
        case 2:
        case 3:
            if (!is_root(path) && !test::is_path_within(target, path) &&
                !test::is_path_within(path, target)) {
                auto const parent = find_directory(target.substr(0, parent_size(target)));
                auto const name = target.substr(target.rfind('/') + 1);
                call([&] { model.rename(find(path), parent, name, some(2) == 0); });
                auto const moved = test::take_subtree(paths, path);
                test::take_subtree(paths, target);
                test::put_subtree(paths, target, moved);
            }
            break;
        case 4:
            if (!is_root(path) && paths.contains(target) && !test::is_path_within(target, path) &&
                !test::is_path_within(path, target)) {
                call([&] { model.exchange(find(path), find(target)); });
                auto const one = test::take_subtree(paths, path);
                test::put_subtree(paths, path, test::take_subtree(paths, target));
                test::put_subtree(paths, target, one);
            }
            break;
        case 5:
            model.free_removed(some(20));
            break;
        default:
            if (!paths.contains(target) && paths.size() < 100) {
                auto const parent = find_directory(target.substr(0, parent_size(target)));
                bool const is_directory = some(2) == 0;
                auto const name = target.substr(target.rfind('/') + 1);
                call([&] { model.create(parent, name, is_directory, some(2) == 0); });
                paths.emplace(target, is_directory);
                if (is_directory && some(2) == 0) {
                    model.assign_watch(find_directory(target), ++watches);
                }
            }
            break;
        }
    }

    static std::size_t parent_size(std::string const& path)
    {
        auto const at = path.rfind('/');
        return at == 0 ? 1 : at;
    }

    template <class Function>
    void call(Function function)
    {
        if (!fails) {
            function();
            return;
        }
        for (std::size_t n = 0;; ++n) {
            BOOST_TEST_REQUIRE(n < 20U);
            auto const changes = model.changes().size();
            try {
                test::allocation_failure const failure(n);
                function();
                return;
            } catch (std::bad_alloc const&) {
                ++failures;
                BOOST_REQUIRE_EQUAL(model.changes().size(), changes);
                BOOST_REQUIRE((contents() == paths));
            }
        }
    }

    void check()
    {
        auto const now = contents();
        BOOST_REQUIRE((now == paths));
        replay();
        BOOST_REQUIRE((now == replayed));
        for (auto const& [path, is_directory] : now) {
            if (is_directory) {
                auto const id = find_directory(path);
                BOOST_REQUIRE_EQUAL(model.locate(id).path, path);
                auto const& root = *model.locate(id).root;
                auto const rest = path.substr(root.path.size());
                BOOST_REQUIRE_EQUAL(model.path_to_open(id), root.absolute + rest);
            }
        }
        auto const one = some_directory();
        auto const other = some_directory();
        BOOST_REQUIRE_EQUAL(model.is_within(find_directory(one), find_directory(other)),
                            test::is_path_within(one, other));
    }

    /// Every watch is one of a directory that there is, or was given back.
    void check_watches()
    {
        model.free_removed(1'000'000);
        std::size_t live = 0;
        for (auto const& [path, is_directory] : paths) {
            live += is_directory && model.directory(find_directory(path)).wd != 0 ? 1U : 0U;
        }
        BOOST_TEST(model.watch_count() == live);
        BOOST_TEST(port.removed.size() + live == static_cast<std::size_t>(watches));
        BOOST_TEST(model.index.entry_count() == paths.size());
    }

    static inline std::vector<std::string> const roots{"/", ".", "some/root"};
    std::mt19937_64 random;
    path_map paths;
    bool fails = false;
    std::size_t failures = 0;
    int watches = 0;
};

BOOST_AUTO_TEST_CASE(as_a_map_of_paths)
{
    auto const seed = test::seed();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        random_world world(seed);
        for (int step = 0; step != 30'000; ++step) {
            world.step();
            if (step % 10 == 0) {
                world.check();
            }
        }
        world.check();
        world.check_watches();
    }
}

BOOST_AUTO_TEST_CASE(failures_change_nothing)
{
    auto const seed = test::seed();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        random_world world(seed);
        world.fails = true;
        for (int step = 0; step != 3'000; ++step) {
            world.step();
            if (step % 100 == 0) {
                world.check();
            }
        }
        world.check();
        world.check_watches();
        BOOST_TEST((world.failures > 0U || !test::counts_allocations));
    }
}

BOOST_AUTO_TEST_CASE(failures_with_roots)
{
    tree_options options;
    options.exclude = {"depends/on/paths"};
    bool failed = true;
    for (std::size_t n = 0; failed; ++n) {
        BOOST_TEST_REQUIRE(n < 50U);
        modelled m(options);
        m.add_root("r");
        m.create("r", "a", true);
        m.create("r/a", "file", false);
        m.replay();
        auto const entries = m.model.index.entry_count();
        try {
            std::string const path("a long path that needs memory of its own");
            test::allocation_failure const failure(n);
            m.model.promote(m.find_directory("r/a"), path, path, path);
            failed = false;
        } catch (std::bad_alloc const&) {
            BOOST_TEST(m.model.roots().size() == 1U);
            BOOST_TEST(m.model.index.entry_count() == entries);
            BOOST_TEST(m.model.index.directory_count() == 2U);
            BOOST_TEST((m.contents() == m.replayed));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
