//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The entry point of every test program.
#define BOOST_TEST_MODULE asio_inotify
#include <boost/test/unit_test.hpp>
