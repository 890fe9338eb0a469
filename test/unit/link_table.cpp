//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/link_table.hpp"

#include "support/tree/named_port.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(link_table)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::link_id;

namespace {

struct fixture
{
    link_id add(dir_id parent, std::string const& name)
    {
        links.check_later(parent, name);
        return links.find(parent, name);
    }

    /// The links that must be checked. @param is_urgent  Those that may lead elsewhere.
    std::multiset<link_id> take_all(bool is_urgent = false)
    {
        std::multiset<link_id> all;
        while (is_urgent ? links.has_urgent() : links.has_work()) {
            if (auto const id = is_urgent ? links.take_urgent() : links.take(); id != 0) {
                all.insert(id);
            }
        }
        return all;
    }

    test::named_port port;
    asio_inotify::detail::link_table links{port};
};

using ids = std::multiset<link_id>;

} // namespace

BOOST_AUTO_TEST_CASE(links_are_found_by_directory_and_name)
{
    fixture f;
    BOOST_TEST(f.links.empty());
    auto const a = f.add(1, "l");
    auto const b = f.add(2, "l");
    BOOST_TEST(a != 0U);
    BOOST_TEST(b != 0U);
    BOOST_TEST(a != b);
    BOOST_TEST(f.links.size() == 2U);
    BOOST_TEST(f.links.find(1, "l") == a);
    BOOST_TEST(f.links.find(3, "l") == 0U);
    BOOST_TEST(f.links.find(1, "") == 0U);
    BOOST_TEST(f.links.get(a)->name == "l");
    BOOST_TEST(f.links.get(b)->parent == 2U);
    BOOST_TEST(f.links.get(0) == nullptr);
    BOOST_TEST(f.links.get(1000) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_link_is_checked_once_for_many_events)
{
    fixture f;
    auto const a = f.add(1, "a");
    f.links.check_later(1, "a");
    f.links.check_later(a);
    BOOST_TEST((f.take_all() == ids{a}));
    f.links.check_later(a);
    BOOST_TEST((f.take_all() == ids{a}));
}

BOOST_AUTO_TEST_CASE(a_removed_link_is_not_checked)
{
    fixture f;
    auto const a = f.add(1, "a");
    f.links.remove(1, "a");
    BOOST_TEST(f.links.find(1, "a") == 0U);
    BOOST_TEST(f.links.get(a) == nullptr);
    BOOST_TEST(f.links.empty());
    f.links.check_later(a);
    f.links.note_suspect(a);
    f.links.remove(a);
    f.links.remove(0);
    BOOST_TEST(f.take_all().empty());
    BOOST_TEST(!f.links.has_urgent());
}

BOOST_AUTO_TEST_CASE(an_id_that_is_used_again_while_it_is_queued)
{
    fixture f;
    auto const a = f.add(1, "a");
    f.links.note_suspect(a);
    f.links.remove(a);
    auto const b = f.add(2, "b");
    BOOST_TEST_REQUIRE(a == b);
    BOOST_TEST((f.take_all() == ids{b}));
    // It is no suspect: the old link was.
    BOOST_TEST(f.take_all(true).empty());
    BOOST_TEST(!f.links.get(b)->is_suspect);
}

BOOST_AUTO_TEST_CASE(ids_are_used_again_and_do_not_grow)
{
    fixture f;
    std::set<link_id> all;
    for (unsigned round = 0; round != 100; ++round) {
        for (dir_id parent = 1; parent != 4; ++parent) {
            all.insert(f.add(parent, "l" + std::to_string(round)));
        }
        for (dir_id parent = 1; parent != 4; ++parent) {
            f.links.remove_all(parent);
        }
        BOOST_TEST(f.take_all().empty());
    }
    BOOST_TEST(all.size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_links_of_one_directory_only)
{
    fixture f;
    auto const a = f.add(2, "a");
    auto const b = f.add(2, "b");
    f.add(1, "a");
    f.add(3, "a");
    static_cast<void>(f.take_all());
    f.links.check_all_later(2);
    BOOST_TEST((f.take_all() == ids{a, b}));
    f.links.remove_all(2);
    BOOST_TEST(f.links.size() == 2U);
    BOOST_TEST(f.links.find(1, "a") != 0U);
    BOOST_TEST(f.links.find(3, "a") != 0U);
}

BOOST_AUTO_TEST_CASE(links_of_a_removed_directory_are_removed_in_parts)
{
    fixture f;
    for (int n = 0; n != 10; ++n) {
        f.add(2, std::to_string(n));
    }
    f.add(1, "a");
    f.add(3, "a");
    std::size_t count = 4;
    BOOST_TEST(f.links.remove_some(2, count) == 4U);
    BOOST_TEST(count == 0U);
    BOOST_TEST(f.links.remove_some(2, count) == 0U);
    count = 100;
    BOOST_TEST(f.links.remove_some(2, count) == 6U);
    BOOST_TEST(count == 94U);
    BOOST_TEST(f.links.remove_some(2, count) == 0U);
    BOOST_TEST(f.links.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_link_is_guarded_for_as_long_as_it_is_here)
{
    fixture f;
    auto const a = f.add(1, "a");
    auto const b = f.add(1, "b");
    f.links.guard(a, "/r/a");
    f.links.guard(a, "/q/a");
    BOOST_TEST(f.port.guarded_links.at(a) == "/q/a");
    BOOST_TEST(f.links.get(a)->guarded_path == "/q/a");
    BOOST_TEST(f.port.guarded_links.size() == 1U);
    f.links.guard(b, "/r/b");
    f.links.remove(a);
    BOOST_TEST(f.port.guarded_links.size() == 1U);
    f.links.remove_all(1);
    BOOST_TEST(f.port.guarded_links.empty());
}

BOOST_AUTO_TEST_CASE(links_that_may_lead_elsewhere_are_checked_first)
{
    fixture f;
    auto const a = f.add(1, "a");
    auto const b = f.add(1, "b");
    static_cast<void>(f.take_all());
    f.links.note_suspect(a);
    f.links.note_suspect(a);
    f.links.note_moved(1, "b");
    BOOST_TEST(f.links.get(a)->is_suspect);
    BOOST_TEST(!f.links.get(a)->is_certain);
    BOOST_TEST(f.links.get(b)->is_certain);
    BOOST_TEST(f.links.has_urgent());
    BOOST_TEST((f.take_all(true) == ids{a, b}));
    BOOST_TEST((f.take_all() == ids{a, b}));
}

BOOST_AUTO_TEST_CASE(all_links_are_visited_when_a_directory_has_moved)
{
    fixture f;
    f.links.reserve_moved(1);
    f.links.note_directory_moved(7);
    // There are none.
    BOOST_TEST(!f.links.has_urgent());
    auto const a = f.add(1, "a");
    auto const b = f.add(1, "b");
    auto const c = f.add(2, "c");
    f.links.remove(b);
    f.links.reserve_moved(2);
    f.links.note_directory_moved(7);
    BOOST_TEST(f.links.has_urgent());
    BOOST_TEST((f.links.take_moved_directories() == std::vector<dir_id>{7}));
    BOOST_TEST((f.take_all(true) == ids{a, c}));
    BOOST_TEST(!f.links.has_urgent());
    // Another move begins it again.
    f.links.note_directory_moved(7);
    static_cast<void>(f.links.take_moved_directories());
    static_cast<void>(f.links.take_urgent());
    f.links.reserve_moved(1);
    f.links.note_directory_moved(8);
    static_cast<void>(f.links.take_moved_directories());
    BOOST_TEST((f.take_all(true) == ids{a, c}));
}

BOOST_AUTO_TEST_SUITE_END()
