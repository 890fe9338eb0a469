//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/reported_simulation.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>

// Calls of the kernel that fail for a while: in the end the trees are complete.
BOOST_AUTO_TEST_SUITE(tree_failures)

using test::port_call;
using test::reported_simulation;

namespace {

constexpr int errors_of_listings[] = {ENOENT, ESTALE, ENOTDIR, EIO, ENOMEM, EPERM, ETIMEDOUT};

// A run ends when nothing but retries is left.
void run_until_complete(reported_simulation& s)
{
    constexpr int most_runs = 20;
    for (int i = 0; i != most_runs; ++i) {
        s.run();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(listings_that_fail_at_the_start)
{
    for (auto const reason : errors_of_listings) {
        for (int count = 1; count != 12; ++count) {
            BOOST_TEST_CONTEXT(count << " times " << reason)
            {
                reported_simulation s;
                s.perform_script("mkdir /r/a");
                s.perform_script("create /r/a/f");
                s.perform_script("mkdir /r/a/b");
                int failures = 0;
                s.kernel.fail = [&](port_call call) {
                    return call == port_call::list && ++failures <= count ? reason : 0;
                };
                s.start({});
                run_until_complete(s);
                BOOST_TEST(failures > count);
                BOOST_TEST(s.counters().entries == 4U);
            }
        }
    }
}

// Filesystems that do not say the type with the name.
BOOST_AUTO_TEST_CASE(types_that_cannot_be_looked_up)
{
    for (auto const reason : {ENOMEM, EIO, ETIMEDOUT}) {
        for (int count = 1; count != 6; ++count) {
            BOOST_TEST_CONTEXT(count << " times " << reason)
            {
                reported_simulation s;
                s.kernel.hides_types = true;
                s.perform_script("mkdir /r/a");
                s.perform_script("create /r/a/f");
                int failures = 0;
                s.kernel.fail = [&](port_call call) {
                    return call == port_call::look && ++failures <= count ? reason : 0;
                };
                s.start({});
                run_until_complete(s);
                s.perform_script("create /r/a/g");
                run_until_complete(s);
                BOOST_TEST(failures > 0);
                BOOST_TEST(s.counters().entries == 4U);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(whiteouts_that_cannot_be_looked_up)
{
    reported_simulation s;
    s.perform_script("create /r/a");
    s.start({});
    s.run();
    int failures = 0;
    s.kernel.fail = [&](port_call call) {
        return call == port_call::look && ++failures <= 2 ? EIO : 0;
    };
    s.perform_script("whiteout /r/a /r/c");
    run_until_complete(s);
    BOOST_TEST(failures > 0);
    BOOST_TEST(s.counters().entries == 3U);
}

// In the middle of a listing, and of the first one of a new directory.
BOOST_AUTO_TEST_CASE(listings_of_a_new_directory_that_fail)
{
    for (auto const reason : errors_of_listings) {
        for (int first = 1; first != 6; ++first) {
            for (int count = 1; count != 6; ++count) {
                BOOST_TEST_CONTEXT(count << " times " << reason << ", from the " << first << ".")
                {
                    reported_simulation s;
                    s.kernel.entries_at_once = 1;
                    s.start({});
                    s.run();
                    s.perform_script("mkdir /r/a");
                    s.perform_script("create /r/a/f");
                    s.perform_script("mkdir /r/a/b");
                    s.perform_script("create /r/a/b/g");
                    int calls = 0;
                    s.kernel.fail = [&](port_call call) {
                        calls += call == port_call::list ? 1 : 0;
                        return call == port_call::list && calls >= first && calls < first + count
                                   ? reason
                                   : 0;
                    };
                    run_until_complete(s);
                    BOOST_TEST(calls >= first + count);
                    BOOST_TEST(s.counters().entries == 5U);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
