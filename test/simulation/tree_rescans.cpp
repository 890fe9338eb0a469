//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/reported_simulation.hpp"

#include <boost/test/unit_test.hpp>

// What is told when events were lost.
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

// What is found is synthetic if it has happened to an entry, as the kernel could have told it.
BOOST_AUTO_TEST_CASE(what_is_synthetic)
{
    test::reported_simulation s;
    s.happens(R"(create /r/x, 0 calls later
                 create /r/y, 0 calls later
                 mkdir /r/d, 0 calls later
                 create /r/d/f, 0 calls later)");
    s.start({});
    s.run();
    s.all_told.clear();
    s.kernel.world.inotify.queue_limit = 2;
    s.happens(overflow);
    s.happens("unreadable /r/d");
    s.expect(rescanned({"modified file /r/x synthetic", "modified file /r/y synthetic",
                        "removed file /r/d/f synthetic", "uncovered dir /r/d Permission denied"}));
    s.happens(overflow);
    s.happens("readable /r/d");
    s.expect(rescanned({"modified file /r/x synthetic", "modified file /r/y synthetic",
                        "covered dir /r/d", "created file /r/d/f synthetic"}));
    s.happens(overflow);
    s.happens("rename /r /p");
    s.happens("mkdir /r");
    s.happens("mkdir /r/n");
    s.expect(rescanned({"removed dir /r/d synthetic", "removed file /r/y synthetic",
                        "removed file /r/x synthetic", "root_lost dir /r", "root_found dir /r",
                        "created dir /r/n synthetic"}));
}

BOOST_AUTO_TEST_SUITE_END()
