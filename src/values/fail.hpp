//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_FAIL_HPP
#define ASIO_INOTIFY_SRC_VALUES_FAIL_HPP

#include <asio_inotify/error.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_category.hpp>

#include <cerrno>

// Set an error code together with the source location. A macro, as an error_code keeps a pointer to
// the location, which must be static at each use.
#define ASIO_INOTIFY_FAIL(ec, value)                                                               \
    do {                                                                                           \
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;                    \
        (ec).assign(boost::system::error_code(value), &where);                                     \
    } while (false)

// The same for the kernel's errno.
#define ASIO_INOTIFY_FAIL_ERRNO(ec)                                                                \
    do {                                                                                           \
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;                    \
        (ec).assign(errno, boost::system::system_category(), &where);                              \
    } while (false)

namespace asio_inotify::detail {

/// True for this errno. Compares the category too, as codes of other categories have equal values.
[[nodiscard]] inline bool is_errno(boost::system::error_code const& ec, int value) noexcept
{
    return ec == boost::system::error_code(value, boost::system::system_category());
}

} // namespace asio_inotify::detail

#endif
