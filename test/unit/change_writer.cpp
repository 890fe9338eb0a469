//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"

#include "tree/model/change_writer.hpp"

#include <asio_inotify/tree_change_batch.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <new>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(change_writer)

using asio_inotify::tree_change_batch;
using asio_inotify::tree_entry_type;
using asio_inotify::detail::split_path;
using kind = asio_inotify::tree_change_mask;
using writer = asio_inotify::detail::change_writer;

void add_created(writer& to, split_path const& path)
{
    to.add(kind::created, tree_entry_type::file, path, {}, false, false);
}

std::vector<std::string> taken(writer& from)
{
    std::vector<std::string> result;
    tree_change_batch const batch(from.take());
    for (auto const& change : batch) {
        auto text = std::string(to_string(change.kind())) + ' ' + std::string(change.path());
        BOOST_TEST(change.path().data()[change.path().size()] == '\0');
        BOOST_TEST(change.old_path().data()[change.old_path().size()] == '\0');
        text += change.old_path().empty() ? "" : " from " + std::string(change.old_path());
        text += change.replaced() ? " replaced" : "";
        text += change.synthetic() ? " synthetic" : "";
        text += change.error() ? ' ' + std::to_string(change.error().value()) : "";
        result.push_back(std::move(text));
    }
    return result;
}

void expect(std::vector<std::string> const& seen, std::vector<std::string> const& expected)
{
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(paths_of_two_parts)
{
    writer w(kind::all);
    add_created(w, {"dir", "name"});
    add_created(w, {"/", "name"});
    add_created(w, {".", "name"});
    add_created(w, {"whole/path", {}});
    add_created(w, {{}, "name"});
    add_created(w, {});
    w.add(kind::renamed, tree_entry_type::file, {"a", "b"}, {"/", "d"}, true, true);
    w.add(kind::uncovered, tree_entry_type::directory, {"a", {}}, {}, false, false,
          boost::asio::error::access_denied);
    w.add(kind::uncovered, tree_entry_type::directory, {"b", {}}, {}, false, false,
          boost::asio::error::no_memory);
    BOOST_TEST(w.size() == 9U);
    BOOST_TEST(w.total() == 9U);
    expect(taken(w),
           {"created dir/name", "created /name", "created ./name", "created whole/path",
            "created name", "created ", "renamed a/b from /d replaced synthetic",
            "uncovered a " + std::to_string(EACCES), "uncovered b " + std::to_string(ENOMEM)});
    BOOST_TEST(w.size() == 0U);
    BOOST_TEST(w.total() == 9U);
}

BOOST_AUTO_TEST_CASE(only_the_wanted_kinds)
{
    writer w(kind::removed | kind::created);
    BOOST_TEST(w.wants(kind::removed));
    BOOST_TEST(!w.wants(kind::renamed));
    w.add(kind::renamed, tree_entry_type::file, {"a", "b"}, {"c", "d"}, false, false);
    BOOST_TEST(w.size() == 0U);
    BOOST_TEST(w.total() == 0U);
    add_created(w, {"a", "b"});
    expect(taken(w), {"created a/b"});
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_kept_does_not_change)
{
    writer w(kind::all);
    add_created(w, {"a", "first"});
    tree_change_batch const kept(w.take());
    for (int i = 0; i != 3; ++i) {
        add_created(w, {"a", "second"});
        expect(taken(w), {"created a/second"});
    }
    BOOST_TEST(kept.size() == 1U);
    BOOST_TEST(kept.front().path() == "a/first");
}

BOOST_AUTO_TEST_CASE(memory_is_used_again)
{
    writer w(kind::all);
    auto const round = [&] {
        for (int i = 0; i != 100; ++i) {
            w.add(kind::uncovered, tree_entry_type::directory, {"some/directory", "with a name"},
                  {}, false, false, boost::asio::error::access_denied);
        }
        tree_change_batch const batch(w.take());
        BOOST_TEST(batch.size() == 100U);
    };
    round();
    auto const before = test::allocation_count();
    for (int i = 0; i != 100; ++i) {
        round();
    }
    BOOST_TEST(test::allocation_count() == before);
}

BOOST_AUTO_TEST_CASE(failures_change_nothing)
{
    bool happened = true;
    for (std::size_t n = 0; happened; ++n) {
        BOOST_TEST_REQUIRE(n < 100U);
        writer w(kind::all);
        std::vector<std::string> expected;
        // So many that each vector grows at some time.
        for (int i = 0; i != 5; ++i) {
            auto const name = std::to_string(i);
            auto const text = "uncovered dir/" + name + ' ' + std::to_string(EACCES);
            bool failed = false;
            try {
                test::allocation_failure const failure(n);
                happened = false;
                w.add(kind::uncovered, tree_entry_type::directory, {"dir", name}, {}, false, false,
                      boost::asio::error::access_denied);
            } catch (std::bad_alloc const&) {
                failed = true;
                happened = true;
            }
            BOOST_TEST(w.size() == expected.size() + (failed ? 0 : 1));
            BOOST_TEST(w.total() == w.size());
            if (!failed) {
                expected.push_back(text);
            }
        }
        if (w.size() != 0) {
            expect(taken(w), expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
