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

/// A simulation that collects the reported changes, and checks every promise as well.
struct reported_simulation : tree_simulation
{
    reported_simulation()
        : tree_simulation({})
    {
        on_change = [this](asio_inotify::tree_change const& change) {
            reported.push_back(test::describe(change));
        };
    }

    void perform_script(std::string_view operations)
    {
        for (auto const& o : parse_operations(operations)) {
            BOOST_TEST(perform(o), test::describe(o));
        }
    }

    void expect(lines const& expected)
    {
        run();
        auto const seen = std::exchange(reported, {});
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        if (seen != expected) {
            for (auto const& line : seen) {
                BOOST_TEST_MESSAGE("  reported: " << line);
            }
        }
    }

    lines reported;
};

} // namespace test

#endif
