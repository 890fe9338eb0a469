//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/modelled_tree.hpp"

#include "tree/engine/rescan.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(rescan)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::tree_directory;
using lib_agenda = asio_inotify::detail::agenda;
using lib_rescan = asio_inotify::detail::rescan;
using lines = std::vector<std::string>;

struct fixture
{
    /// A root that the user does not know yet.
    dir_id add_new_root(std::string const& path)
    {
        return tree.model.make_root(path, path, path).directory;
    }

    [[nodiscard]] bool is_compared(dir_id id)
    {
        auto const& d = tree.model.directory(id);
        return d.is(tree_directory::verify) && d.is(tree_directory::list) &&
               d.is(tree_directory::deep) && d.is(tree_directory::queued);
    }

    void expect(lines const& expected)
    {
        BOOST_TEST(tree.take_changes() == expected, boost::test_tools::per_element());
    }

    test::modelled_tree tree;
    lib_agenda agenda{tree.model};
    lib_rescan scan{tree.model, agenda, 100};
};

BOOST_AUTO_TEST_CASE(everything_is_compared_and_the_user_knows)
{
    fixture f;
    auto const one = f.tree.add_root("/r");
    auto const other = f.tree.add_root("/s");
    f.scan.start();
    BOOST_TEST(f.scan.is_reported());
    BOOST_TEST(f.scan.is_comparing_all());
    BOOST_TEST(f.is_compared(one));
    BOOST_TEST(f.is_compared(other));
    f.expect({"rescan_begin"});
    // Events were lost again: it begins from the start, and is the same rescan for the user.
    static_cast<void>(f.agenda.take());
    f.scan.start();
    BOOST_TEST(f.is_compared(one));
    BOOST_TEST(f.is_compared(other));
    f.expect({});
    f.scan.all_compared();
    BOOST_TEST(!f.scan.is_comparing_all());
    BOOST_TEST(f.scan.is_reported());
    f.scan.finish();
    BOOST_TEST(!f.scan.is_reported());
    f.expect({"rescan_end"});
    f.scan.start();
    f.expect({"rescan_begin"});
}

BOOST_AUTO_TEST_CASE(new_roots_are_compared_without_a_report)
{
    fixture f;
    auto const root = f.add_new_root("/r");
    f.scan.start();
    BOOST_TEST(!f.scan.is_reported());
    BOOST_TEST(f.scan.is_comparing_all());
    BOOST_TEST(f.is_compared(root));
    f.expect({});
    f.tree.add_root("/s");
    f.scan.start();
    f.expect({"rescan_begin"});
}

BOOST_AUTO_TEST_CASE(a_comparison_for_lack_of_memory_is_not_reported)
{
    fixture f;
    auto const root = f.tree.add_root("/r");
    f.scan.compare_all();
    BOOST_TEST(!f.scan.is_reported());
    BOOST_TEST(f.scan.is_comparing_all());
    BOOST_TEST(f.is_compared(root));
    f.expect({});
}

BOOST_AUTO_TEST_CASE(what_a_comparison_trusts)
{
    using asio_inotify::detail::rescan_cause;
    fixture f;
    f.tree.add_root("/r");
    f.scan.start();
    BOOST_TEST(!f.scan.compares_identities());
    BOOST_TEST(!f.scan.is_after_restore());
    // Once more, for a reason that requires more, and then for one that requires less.
    f.scan.start(rescan_cause::restored);
    f.scan.start(rescan_cause::request);
    f.scan.start();
    BOOST_TEST(f.scan.compares_identities());
    BOOST_TEST(f.scan.is_after_restore());
    BOOST_TEST(!f.scan.ignores_identities());
    f.scan.ignore_identities();
    BOOST_TEST(f.scan.ignores_identities());
    f.scan.all_compared();
    BOOST_TEST(!f.scan.compares_identities());
    BOOST_TEST(!f.scan.ignores_identities());
    f.scan.start(rescan_cause::request);
    BOOST_TEST(f.scan.compares_identities());
    BOOST_TEST(!f.scan.is_after_restore());
}

BOOST_AUTO_TEST_CASE(since_when_writes_may_have_been_missed)
{
    fixture f;
    f.tree.add_root("/r");
    BOOST_TEST(f.scan.known_since() == 100);
    BOOST_TEST(f.scan.writes_missed_since() == 0);
    f.scan.complete_at(200);
    BOOST_TEST(f.scan.known_since() == 200);
    f.scan.start();
    BOOST_TEST(f.scan.writes_missed_since() == 200);
    // The queue is empty, but the rescan is not complete: only after it is everything known.
    f.scan.complete_at(300);
    BOOST_TEST(f.scan.known_since() == 200);
    // Events are lost during the rescan.
    f.scan.start();
    BOOST_TEST(f.scan.writes_missed_since() == 200);
    f.scan.finish();
    BOOST_TEST(f.scan.known_since() == 300);
    BOOST_TEST(f.scan.writes_missed_since() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
