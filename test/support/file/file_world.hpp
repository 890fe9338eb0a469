//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_FILE_FILE_WORLD_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_FILE_FILE_WORLD_HPP

#include "file/file_engine.hpp"
#include "support/simulation/simulated_files.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace test {

/// The engine of the file watcher on simulated files.
struct file_world
{
    file_world()
    {
        files.mkdir("/d");
        files.create("/d/f");
    }

    void add(std::string const& path, asio_inotify::file_watch_options const& options = {})
    {
        boost::system::error_code ec;
        engine.add(path, options, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    /// All changes, as "kind path", sorted.
    std::vector<std::string> reports()
    {
        using asio_inotify::detail::step_result;
        std::vector<std::string> result;
        for (int steps = 0;; ++steps) {
            BOOST_TEST_REQUIRE(steps < 10'000);
            boost::system::error_code ec;
            auto const what = engine.step(ec);
            BOOST_TEST_REQUIRE(!ec);
            if (what == step_result::wait) {
                break;
            }
            if (what == step_result::deliver) {
                for (auto const& change : engine.take_batch()) {
                    result.push_back(std::string(to_string(change.kind())) + ' ' +
                                     std::string(change.path()));
                }
            }
        }
        std::sort(result.begin(), result.end());
        return result;
    }

    void expect(std::vector<std::string> const& expected)
    {
        BOOST_TEST(reports() == expected, boost::test_tools::per_element());
        BOOST_TEST(engine.watches() == files.watches());
    }

    void expect_current(std::string const& path)
    {
        BOOST_TEST(engine.find(path)->reported.identity.inode == files.inode(path));
    }

    simulated_files files;
    asio_inotify::detail::file_engine engine{files};
};

} // namespace test

#endif
