//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_REPORTED_SIMULATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_REPORTED_SIMULATION_HPP

#include "support/simulation/simulated_script.hpp"
#include "support/simulation/tree_simulation.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

using lines = std::vector<std::string>;

/// A simulation of which a test knows what is told, beside that all promises are kept.
struct reported_simulation : tree_simulation
{
    reported_simulation()
        : tree_simulation({})
    {
        told = [this](asio_inotify::tree_change const& change) {
            all_told.push_back(test::describe(change));
        };
    }

    void happens(std::string_view operations)
    {
        for (auto const& o : parse_operations(operations)) {
            BOOST_TEST(perform(o), test::describe(o));
        }
    }

    void expect(lines const& expected)
    {
        run();
        auto const seen = std::exchange(all_told, {});
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        if (seen != expected) {
            for (auto const& line : seen) {
                BOOST_TEST_MESSAGE("  told: " << line);
            }
        }
    }

    lines all_told;
};

} // namespace test

#endif
