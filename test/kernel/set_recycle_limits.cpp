//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/set/recycling_set.hpp"

#include <boost/test/unit_test.hpp>

// Alone, as a child that starts a thread must not come from a process that had some:
// ThreadSanitizer refuses that.
BOOST_AUTO_TEST_SUITE(set_recycle_limits)

using test::error;
using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(without_a_barrier_they_stay_in_quarantine)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_instances", 1);
        test::recycling_set r;
        r.set.add(r.new_file(), event_mask::all);
        r.set.remove(wd(1));
        BOOST_TEST(r.recycle(error::instance_limit_reached) == 0U);
        test::drain(r.set);
        error_code ec;
        r.set.add_at(wd(1), r.new_file(), event_mask::all, ec);
        BOOST_TEST(ec == error::watch_descriptor_quarantined);
        BOOST_TEST(r.set.add(r.new_file(), event_mask::all).value() == 2);
        test::limit("max_inotify_instances", 2);
        BOOST_TEST(r.recycle() == 1U);
        r.set.add_at(wd(1), r.new_file(), event_mask::all);
    });
}

BOOST_AUTO_TEST_SUITE_END()
