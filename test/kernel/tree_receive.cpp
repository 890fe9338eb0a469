//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/receive_cases.hpp"
#include "support/temp_directory.hpp"

#include <asio_inotify.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

struct received_tree
{
    received_tree()
    {
        asio_inotify::tree_options options;
        options.report = asio_inotify::tree_change_mask::created;
        object.open(options);
        object.add(dir.path());
    }

    void change() { std::filesystem::create_directory(dir / std::to_string(++made)); }

    test::temp_directory dir;
    int made = 0;
    boost::asio::io_context context;
    asio_inotify::tree_watcher object{context};
};

} // namespace

BOOST_AUTO_TEST_SUITE(tree_receive)

namespace cases = test::receive_cases;

BOOST_AUTO_TEST_CASE(in_all_ways)
{
    cases::a_wait_takes_nothing<received_tree>();
    cases::a_receive_waits<received_tree>();
    cases::one_at_a_time<received_tree>();
    cases::interrupted_by_a_signal<received_tree>();
    cases::cancelled_and_closed<received_tree>();
}

// It waits for the end of the grace time, and no longer.
BOOST_AUTO_TEST_CASE(the_rest_of_a_rename)
{
    test::temp_directory const dir;
    test::temp_directory const outside;
    dir.write("f");
    boost::asio::io_context context;
    asio_inotify::tree_watcher watcher(context);
    watcher.open();
    watcher.add(dir.path());
    std::filesystem::rename(dir / "f", outside / "f");
    BOOST_TEST(watcher.receive().front().kind() == asio_inotify::tree_change_kind::removed);
}

// A copy of a change outlives its batch and the watcher.
BOOST_AUTO_TEST_CASE(a_change_is_kept)
{
    std::vector<asio_inotify::tree_change> kept;
    std::string path;
    {
        received_tree t;
        path = t.dir.path().native();
        for (int i = 0; i != 3; ++i) {
            t.change();
            kept.push_back(t.object.receive().front());
        }
    }
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST(kept[static_cast<std::size_t>(i)].path() == path + '/' + std::to_string(i + 1));
    }
}

BOOST_AUTO_TEST_SUITE_END()
