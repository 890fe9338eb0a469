//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PRINTING_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PRINTING_HPP

#include <asio_inotify/error.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <ostream>

// How Boost.Test prints the library's values, so that BOOST_TEST(a == b) can show both sides.
namespace asio_inotify {

inline std::ostream& boost_test_print_type(std::ostream& out, error e)
{
    return out << make_error_code(e).message();
}

} // namespace asio_inotify

#endif
