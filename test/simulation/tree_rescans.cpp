//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/reported_simulation.hpp"

#include <boost/test/unit_test.hpp>

// The changes that a rescan reports after an overflow.
BOOST_AUTO_TEST_SUITE(tree_rescans)

namespace {

// So many that those after it are lost.
constexpr auto overflow = R"(write /r/x, 0 calls later
                             write /r/y, 0 calls later
                             write /r/x, 0 calls later)";

test::lines rescanned(test::lines const& between)
{
    test::lines all{"modified file /r/x", "modified file /r/y", "rescan_begin dir "};
    all.insert(all.end(), between.begin(), between.end());
    all.emplace_back("rescan_end dir ");
    return all;
}

} // namespace

// A change that a rescan finds is synthetic if the kernel could have reported it.
BOOST_AUTO_TEST_CASE(changes_that_are_synthetic)
{
    test::reported_simulation s;
    s.perform_script(R"(create /r/x, 0 calls later
                 create /r/y, 0 calls later
                 mkdir /r/d, 0 calls later
                 create /r/d/f, 0 calls later)");
    s.start({});
    s.run();
    s.reported.clear();
    s.kernel.world.inotify.queue_limit = 2;
    s.perform_script(overflow);
    s.perform_script("unreadable /r/d");
    s.expect(rescanned({"modified file /r/x synthetic", "modified file /r/y synthetic",
                        "removed file /r/d/f synthetic", "uncovered dir /r/d Permission denied"}));
    s.perform_script(overflow);
    s.perform_script("readable /r/d");
    s.expect(rescanned({"modified file /r/x synthetic", "modified file /r/y synthetic",
                        "covered dir /r/d", "created file /r/d/f synthetic"}));
    s.perform_script(overflow);
    s.perform_script("rename /r /p");
    s.perform_script("mkdir /r");
    s.perform_script("mkdir /r/n");
    // The path of the root is checked before the record of the overflow is applied.
    s.expect({"removed dir /r/d synthetic", "removed file /r/y synthetic",
              "removed file /r/x synthetic", "root_lost dir /r", "root_found dir /r",
              "rescan_begin dir ", "created dir /r/n synthetic", "rescan_end dir "});
}

BOOST_AUTO_TEST_SUITE_END()
