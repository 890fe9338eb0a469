//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include "tree/engine/exclusion_check.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(exclusion_check)

using asio_inotify::detail::dir_id;
using lib_check = asio_inotify::detail::exclusion_check;
using lines = std::vector<std::string>;
using time_point = lib_check::time_point;

namespace {

constexpr std::nullopt_t no_limit = std::nullopt;

/// "/r", where "build/cache" is excluded.
struct fixture : test::engine_parts
{
    explicit fixture(std::vector<std::string> globs = {"build/cache"})
        : engine_parts(with(std::move(globs)))
    {}

    static asio_inotify::tree_options with(std::vector<std::string> globs)
    {
        asio_inotify::tree_options options;
        options.exclude = std::move(globs);
        return options;
    }

    void rename(std::string const& from, std::string const& to)
    {
        tree.model.rename(tree.find("/r/" + from), root, to, false);
    }

    /// What is reported of the entries below; the rename itself is not.
    lines check()
    {
        static_cast<void>(tree.take_changes());
        BOOST_TEST(!checks.resume(time_point::max(), no_limit));
        return changes();
    }

    lib_check checks{tree.port, tree.model, agenda};
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_excluded_at_the_new_path_is_removed)
{
    fixture f;
    f.add_directory("/r", "x", 2);
    f.add_directory("/r/x", "cache", 3);
    f.add_file("/r/x/cache", "file");
    f.add_file("/r/x", "other");
    f.rename("x", "build");
    BOOST_TEST(f.checks.has_work());
    BOOST_TEST(f.check() == lines{"removed dir build/cache"}, boost::test_tools::per_element());
    BOOST_TEST(!f.checks.has_work());
    BOOST_TEST(f.tree.find("/r/build/other") != 0U);
    BOOST_TEST(f.tree.model.find_watch(3) == 0U);
}

BOOST_AUTO_TEST_CASE(directories_from_which_entries_were_left_out_are_listed)
{
    fixture f;
    auto const build = f.add_directory("/r", "build", 2);
    auto const below = f.add_directory("/r/build", "below", 3);
    BOOST_TEST(f.tree.model.excludes(build, "cache", true));
    f.rename("build", "x");
    BOOST_TEST(f.check().empty());
    BOOST_TEST(f.work_of(build) == "*list ");
    BOOST_TEST(f.work_of(below) == "");
    // Not once more, as nothing is left out there.
    f.forget_work();
    f.rename("x", "y");
    BOOST_TEST(f.check().empty());
    BOOST_TEST(f.work_of(build) == "");
    // What is removed is left out, too.
    f.add_directory("/r/y", "cache", 4);
    f.rename("y", "build");
    BOOST_TEST(f.check().size() == 1U);
    f.forget_work();
    f.rename("build", "z");
    BOOST_TEST(f.check().empty());
    BOOST_TEST(f.work_of(build) == "*list ");
}

BOOST_AUTO_TEST_CASE(a_name_that_is_excluded_everywhere_needs_no_listing)
{
    fixture f({"build/cache", "*.o"});
    auto const build = f.add_directory("/r", "build", 2);
    BOOST_TEST(f.tree.model.excludes(build, "file.o", false));
    f.rename("build", "x");
    BOOST_TEST(f.check().empty());
    BOOST_TEST(f.work_of(build) == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_checked_if_no_exclusion_depends_on_paths)
{
    for (auto const& globs : {lines{}, lines{"*.o", "cache"}}) {
        fixture f(globs);
        f.add_directory("/r", "build", 2);
        f.rename("build", "x");
        BOOST_TEST(!f.checks.has_work());
    }
}

BOOST_AUTO_TEST_CASE(the_moved_directory_itself_is_removed_if_it_is_excluded)
{
    fixture f({"a/b"});
    f.add_directory("/r", "a", 2);
    f.add_directory("/r", "x", 3);
    f.tree.model.rename(f.tree.find("/r/x"), f.tree.find_directory("/r/a"), "b", false);
    BOOST_TEST(f.check() == lines{"removed dir a/b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_that_was_removed_after_its_move)
{
    fixture f;
    f.add_directory("/r", "x", 2);
    f.add_directory("/r/x", "cache", 3);
    f.rename("x", "build");
    f.tree.model.remove(f.tree.find("/r/build"), false);
    f.tree.model.free_removed(100);
    BOOST_TEST(f.check().empty());
    BOOST_TEST(!f.checks.has_work());
}

BOOST_AUTO_TEST_CASE(slices_end_at_the_time_and_at_the_limit_of_changes)
{
    fixture f({"build/*"});
    f.add_directory("/r", "x", 2);
    for (int n = 0; n != 500; ++n) {
        f.add_file("/r/x", std::to_string(n));
    }
    f.rename("x", "build");
    static_cast<void>(f.tree.take_changes());
    BOOST_TEST(f.checks.resume(time_point::max(), 10));
    BOOST_TEST(f.changes().size() == 10U);
    std::size_t removed = 10;
    bool goes_on = true;
    for (int slices = 0; goes_on; ++slices) {
        BOOST_TEST_REQUIRE(slices < 50);
        goes_on = f.checks.resume(time_point::min(), no_limit);
        auto const now = f.changes().size();
        BOOST_TEST(now <= 64U);
        removed += now;
    }
    BOOST_TEST(removed == 500U);
}

BOOST_AUTO_TEST_CASE(the_tree_changes_between_two_slices)
{
    for (bool const is_root_removed : {true, false}) {
        fixture f({"build/*"});
        f.add_directory("/r", "x", 2);
        for (int n = 0; n != 5; ++n) {
            f.add_file("/r/x", std::to_string(n));
        }
        f.rename("x", "build");
        static_cast<void>(f.tree.take_changes());
        BOOST_TEST(f.checks.resume(time_point::max(), 2));
        static_cast<void>(f.tree.take_changes());
        if (is_root_removed) {
            f.tree.model.drop_root(*f.tree.model.find_root(f.root));
            BOOST_TEST(f.check().empty());
            f.tree.model.free_removed(100);
            BOOST_TEST(f.tree.model.index.entry_count() == 0U);
        } else {
            f.tree.model.remove(f.tree.model.check_cursor, false);
            BOOST_TEST(f.check().size() == 2U);
        }
        BOOST_TEST(!f.checks.has_work());
        BOOST_TEST(f.tree.model.check_cursor == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
