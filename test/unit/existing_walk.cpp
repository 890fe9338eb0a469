//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/engine_parts.hpp"

#include "tree/engine/existing_walk.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(existing_walk)

using asio_inotify::detail::dir_id;
using std::chrono::seconds;
using lib_walk = asio_inotify::detail::existing_walk;
using lines = std::vector<std::string>;
using time_point = lib_walk::time_point;

/// A clock that moves on with each look at it.
class running_port : public test::named_port
{
public:
    clock::time_point now() noexcept override { return time += seconds(1); }
};

/// "/r" with a/x/y, b and c; and an empty "/s".
struct fixture
{
    explicit fixture(asio_inotify::tree_options given = {})
        : tree(std::move(given))
        , r(tree.add_root("/r"))
        , s(tree.add_root("/s"))
    {
        tree.create("/r", "a", true);
        tree.create("/r/a", "x", true);
        tree.create("/r/a/x", "y", false);
        tree.create("/r", "b", true);
        tree.create("/r", "c", false);
        static_cast<void>(tree.take_changes());
    }

    /// What a walk of everything reports.
    lines walk()
    {
        while (has_roots_left()) {
        }
        return sorted(tree.take_changes("/r"));
    }

    bool has_roots_left()
    {
        static_cast<void>(existing.resume(time_point::max(), tree.options.batch_size));
        return existing.has_roots();
    }

    static lines sorted(lines all)
    {
        std::ranges::sort(all);
        return all;
    }

    test::modelled_tree_on<running_port> tree;
    asio_inotify::detail::agenda agenda{tree.model};
    asio_inotify::detail::filesystem_table filesystems{tree.port, tree.model.index};
    asio_inotify::detail::coverage coverage{tree.port, tree.model, agenda, filesystems};
    lib_walk existing{tree.port, tree.model, coverage};
    dir_id r;
    dir_id s;
};

void expect(lines const& seen, lines const& expected)
{
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

lines const everything{"existing dir a", "existing dir a/x", "existing dir b",
                       "existing file a/x/y", "existing file c"};

BOOST_AUTO_TEST_CASE(every_entry_of_a_root_after_its_directory)
{
    fixture f;
    BOOST_TEST(!f.existing.has_roots());
    f.existing.add(f.r);
    BOOST_TEST(f.existing.has_roots());
    BOOST_TEST(!f.existing.is_walking());
    BOOST_TEST(!f.existing.resume(time_point::max(), f.tree.options.batch_size));
    BOOST_TEST(!f.existing.has_roots());
    auto const seen = f.tree.take_changes("/r");
    expect(f.sorted(seen), everything);
    auto const at = [&](std::string const& line) { return std::ranges::find(seen, line); };
    BOOST_TEST((at("existing dir a") < at("existing dir a/x")));
    BOOST_TEST((at("existing dir a/x") < at("existing file a/x/y")));
}

BOOST_AUTO_TEST_CASE(one_root_after_the_other)
{
    fixture f;
    f.existing.reserve(2);
    f.existing.add(f.s);
    f.existing.add(f.r);
    BOOST_TEST(!f.existing.resume(time_point::max(), f.tree.options.batch_size));
    expect(f.sorted(f.tree.take_changes("/r")), everything);
    BOOST_TEST(!f.existing.has_roots());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_slice_comes_between_roots)
{
    fixture f;
    constexpr int roots = 300;
    for (int n = 0; n != roots; ++n) {
        f.existing.add(f.tree.add_root("/" + std::to_string(n)));
    }
    int slices = 1;
    for (; f.existing.resume({}, f.tree.options.batch_size); ++slices) {
        BOOST_TEST(!f.existing.is_walking());
    }
    BOOST_TEST(slices > 3);
    BOOST_TEST(slices < roots);
}

BOOST_AUTO_TEST_CASE(a_batch_ends_the_walk_for_now)
{
    for (std::size_t size = 1; size != 6; ++size) {
        BOOST_TEST_CONTEXT("batch size " << size)
        {
            asio_inotify::tree_options options;
            options.batch_size = size;
            fixture f(options);
            f.existing.add(f.r);
            lines seen;
            while (f.existing.resume(time_point::max(), f.tree.options.batch_size)) {
                BOOST_TEST(f.existing.is_walking());
                BOOST_TEST(f.tree.model.changes().size() == size);
                auto const some = f.tree.take_changes("/r");
                seen.insert(seen.end(), some.begin(), some.end());
            }
            auto const rest = f.tree.take_changes("/r");
            seen.insert(seen.end(), rest.begin(), rest.end());
            expect(f.sorted(seen), everything);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_slice_ends_the_walk_for_now)
{
    fixture f;
    for (int i = 0; i != 200; ++i) {
        f.tree.create("/s", std::to_string(i), false);
    }
    static_cast<void>(f.tree.take_changes());
    f.existing.add(f.s);
    std::size_t seen = 0;
    int slices = 1;
    for (; f.existing.resume({}, f.tree.options.batch_size); ++slices) {
        BOOST_TEST(f.existing.is_walking());
        auto const some = f.tree.take_changes().size();
        // Some in each slice, however short it is.
        BOOST_TEST(some > 0U);
        BOOST_TEST(some < 200U);
        seen += some;
    }
    seen += f.tree.take_changes().size();
    BOOST_TEST(seen == 200U);
    BOOST_TEST(slices > 1);
}

BOOST_AUTO_TEST_CASE(the_root_that_is_walked_is_dropped)
{
    asio_inotify::tree_options options;
    options.batch_size = 2;
    fixture f(options);
    f.existing.add(f.r);
    f.existing.add(f.s);
    BOOST_TEST(f.existing.resume(time_point::max(), f.tree.options.batch_size));
    BOOST_TEST(f.existing.is_walking());
    f.existing.drop(f.r);
    BOOST_TEST(!f.existing.is_walking());
    BOOST_TEST(f.existing.has_roots());
    static_cast<void>(f.tree.take_changes());
    expect(f.walk(), {});
}

BOOST_AUTO_TEST_CASE(a_root_that_waits_is_dropped)
{
    asio_inotify::tree_options options;
    options.batch_size = 2;
    fixture f(options);
    f.existing.add(f.r);
    f.existing.add(f.s);
    BOOST_TEST(f.existing.resume(time_point::max(), f.tree.options.batch_size));
    f.existing.drop(f.s);
    BOOST_TEST(f.existing.is_walking());
    BOOST_TEST(f.tree.take_changes().size() == 2U);
    BOOST_TEST(f.existing.resume(time_point::max(), f.tree.options.batch_size));
    BOOST_TEST(f.tree.take_changes().size() == 2U);
    BOOST_TEST(!f.existing.resume(time_point::max(), f.tree.options.batch_size));
    BOOST_TEST(f.tree.take_changes().size() == 1U);
    BOOST_TEST(!f.existing.has_roots());
}

BOOST_AUTO_TEST_CASE(a_part_that_the_user_has_already_is_left_out)
{
    fixture f;
    f.existing.add(f.r);
    f.existing.skip_below("/r/a");
    // The directory itself belongs to the outer root as well.
    expect(f.walk(), {"existing dir a", "existing dir b", "existing file c"});
    // That was for the roots which were walked then.
    f.existing.add(f.r);
    expect(f.walk(), everything);
}

BOOST_AUTO_TEST_CASE(directories_that_cannot_be_watched_are_reported_with_the_walk)
{
    fixture f;
    boost::system::error_code const cause{EACCES, boost::system::system_category()};
    f.coverage.uncover(f.tree.find_directory("/r/b"), cause);
    f.coverage.uncover(f.s, cause);
    static_cast<void>(f.tree.take_changes());
    f.existing.add(f.r);
    auto expected = everything;
    expected.push_back("uncovered dir b: " + cause.message());
    expect(f.walk(), expected);
    f.existing.add(f.s);
    expect(f.walk(), {"uncovered dir /s: " + cause.message()});
}

BOOST_AUTO_TEST_SUITE_END()
