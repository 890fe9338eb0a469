//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace fs = std::filesystem;

// A user without privileges chooses numbers as well (kernel note 1.6), and is refused what he may
// not read.
BOOST_AUTO_TEST_SUITE(numbers_unprivileged)

using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(a_path_that_may_not_be_read)
{
    test::run_in_child([] {
        test::instance i;
        auto const secret = i.new_file();
        auto const open_file = i.new_file();
        auto const another = i.new_file();
        fs::permissions(secret, fs::perms::none);
        fs::permissions(i.dir.path(), fs::perms::all);
        test::become_unprivileged();
        BOOST_TEST(i.in.supports_set_next());
        i.in.add_at(wd(20), open_file, event_mask::open);
        auto const before = i.account();
        BOOST_REQUIRE(!before.empty());
        for (int n = 0; n != 3; ++n) {
            error_code ec;
            i.in.add_at(wd(500), secret, event_mask::all, ec);
            BOOST_TEST(ec == boost::system::errc::permission_denied);
            BOOST_TEST(!i.in.add(secret, event_mask::all, ec));
            BOOST_TEST(ec == boost::system::errc::permission_denied);
        }
        BOOST_TEST(i.account() == before);
        test::expect_events(test::drain(i.in), {});
        BOOST_TEST(i.in.add(another, event_mask::all).value() == 21);
    });
}

BOOST_AUTO_TEST_SUITE_END()
