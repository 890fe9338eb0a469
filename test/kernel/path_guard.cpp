//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/read_hook.hpp"
#include "support/temp_directory.hpp"

#include "tree/port/path_guard.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/inotify.h>

// Which paths may lead elsewhere, in a limited time.
BOOST_AUTO_TEST_SUITE(path_guard)

namespace {

using guard_type = asio_inotify::detail::path_guard;
using link_id = asio_inotify::detail::link_id;
using paths = std::vector<std::string>;

// Longer than finding suspects may take.
constexpr std::chrono::milliseconds too_long{2};

struct guarded_directory
{
    guarded_directory()
    {
        boost::system::error_code ec;
        waits.open(ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
        guard.open();
        guard.guard(dir.path().native());
        static_cast<void>(guard.take_suspects());
    }

    [[nodiscard]] bool is_resolved() const
    {
        return guard.deadline() != (guard_type::time_point::min)();
    }

    test::temp_directory dir{};
    asio_inotify::detail::wait_set waits{};
    guard_type guard{waits};
};

} // namespace

// A directory above is written to faster than its events are read.
BOOST_AUTO_TEST_CASE(events_without_an_end)
{
    guarded_directory g;
    // It would go on as long as there are events.
    constexpr unsigned most_reads = 1000;
    unsigned reads = 0;
    {
        test::read_hook const busy([&](int, void* buffer, std::size_t) -> ssize_t {
            if (++reads == most_reads) {
                errno = EAGAIN;
                return -1;
            }
            std::this_thread::sleep_for(too_long);
            inotify_event const unknown{1'000'000, IN_ATTRIB, 0, 0};
            std::memcpy(buffer, &unknown, sizeof unknown);
            return sizeof unknown;
        });
        BOOST_TEST((g.guard.take_suspects() == paths{g.dir.path().native()}));
        // As many as the queue holds by default.
        BOOST_TEST(reads == 32U);
        BOOST_TEST(!g.is_resolved());
    }
    BOOST_TEST(g.guard.take_suspects().empty());
    BOOST_TEST(g.is_resolved());
}

BOOST_AUTO_TEST_CASE(many_suspects)
{
    guarded_directory g;
    constexpr link_id links = 300;
    constexpr std::size_t taken_at_once = 64;
    for (link_id id = 1; id <= links; ++id) {
        auto const path = g.dir / std::to_string(id);
        std::filesystem::create_symlink("nowhere", path);
        g.guard.guard_link(id, path);
    }
    do {
        static_cast<void>(g.guard.take_suspects());
        static_cast<void>(g.guard.take_suspect_links());
    } while (!g.is_resolved());

    test::read_hook const slow([](int, void*, std::size_t) -> ssize_t {
        std::this_thread::sleep_for(too_long);
        errno = EAGAIN;
        return -1;
    });
    g.guard.suspect_all();
    std::set<link_id> suspects;
    for (unsigned calls = 0; suspects.size() != links && calls != 1000; ++calls) {
        static_cast<void>(g.guard.take_suspects());
        auto const taken = g.guard.take_suspect_links();
        BOOST_TEST(taken.size() <= taken_at_once);
        suspects.insert(taken.begin(), taken.end());
        BOOST_TEST((suspects.size() == links || !g.is_resolved()));
    }
    BOOST_TEST(suspects.size() == links);
    static_cast<void>(g.guard.take_suspects());
    BOOST_TEST(g.is_resolved());
}

BOOST_AUTO_TEST_SUITE_END()
