//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_NO_MORE_DESCRIPTORS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_NO_MORE_DESCRIPTORS_HPP

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

namespace test {

/// No descriptor can be opened while it lives.
class no_more_descriptors
{
public:
    no_more_descriptors()
    {
        BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        auto none = before_;
        none.rlim_cur = 0;
        BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    }

    no_more_descriptors(no_more_descriptors const&) = delete;
    no_more_descriptors& operator=(no_more_descriptors const&) = delete;
    ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

} // namespace test

#endif
