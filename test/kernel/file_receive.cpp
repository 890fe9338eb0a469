//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/asio/receive_cases.hpp"
#include "support/file/watched_files.hpp"

#include <asio_inotify.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

struct received_file
{
    received_file()
    {
        object.open();
        object.add(file);
    }

    void change() const { test::append(file); }

    test::temp_directory dir;
    std::filesystem::path file = dir.write("f");
    boost::asio::io_context context;
    asio_inotify::file_watcher object{context};
};

} // namespace

BOOST_AUTO_TEST_SUITE(file_receive)

namespace cases = test::receive_cases;

BOOST_AUTO_TEST_CASE(in_all_ways)
{
    cases::a_wait_takes_nothing<received_file>();
    cases::a_receive_waits<received_file>();
    cases::one_at_a_time<received_file>();
    cases::interrupted_by_a_signal<received_file>();
    cases::cancelled_and_closed<received_file>();
}

// A change that a wait has found, and nobody has received.
BOOST_AUTO_TEST_CASE(removed_after_the_wait)
{
    received_file f;
    auto const other = f.dir.write("g");
    f.object.add(other);
    f.change();
    f.object.wait();
    f.object.remove(f.file);
    BOOST_TEST(f.object.try_receive().empty());
    f.object.add(f.file);
    f.change();
    test::append(other);
    f.object.wait();
    f.object.remove(f.file);
    auto const batch = f.object.try_receive();
    BOOST_TEST_REQUIRE(batch.size() == 1U);
    BOOST_TEST(batch.front().path() == other.native());
}

// The wait has found the first change; the next receive reports the second one.
BOOST_AUTO_TEST_CASE(changed_after_the_wait)
{
    received_file f;
    f.change();
    f.object.wait();
    std::filesystem::remove(f.file);
    BOOST_TEST(f.object.try_receive().front().kind() == asio_inotify::file_change_kind::changed);
    BOOST_TEST(f.object.receive().front().kind() == asio_inotify::file_change_kind::disappeared);
}

BOOST_AUTO_TEST_CASE(the_paths_of_a_watcher)
{
    received_file f;
    f.object.add("nowhere");
    auto paths = f.object.paths();
    std::ranges::sort(paths);
    auto const expected = std::vector<std::string>{f.file.native(), "nowhere"};
    BOOST_TEST(paths == expected, boost::test_tools::per_element());
    f.object.close();
    BOOST_TEST(f.object.paths().empty());
}

// A copy of a change outlives its batch and the watcher.
BOOST_AUTO_TEST_CASE(a_change_is_kept)
{
    std::vector<asio_inotify::file_change> kept;
    std::string path;
    {
        received_file f;
        path = f.file.native();
        for (int i = 0; i != 3; ++i) {
            f.change();
            kept.push_back(f.object.receive().front());
        }
    }
    for (auto const& change : kept) {
        BOOST_TEST(change.path() == path);
    }
}

BOOST_AUTO_TEST_SUITE_END()
