//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_CONFIG_HPP
#define ASIO_INOTIFY_DETAIL_CONFIG_HPP

#include <boost/version.hpp>

#if BOOST_VERSION < 108100
#error "asio_inotify needs Boost 1.81 or newer"
#endif

#if !defined(__linux__)
#error "asio_inotify requires inotify(7), which only Linux has"
#endif

// Marks the exported functions and classes; all others have hidden visibility. A program that links
// the static library defines ASIO_INOTIFY_STATIC (the CMake target does), so that a shared object
// which embeds the library does not re-export it.
#if defined(ASIO_INOTIFY_STATIC)
#define ASIO_INOTIFY_DECL
#else
#define ASIO_INOTIFY_DECL __attribute__((visibility("default")))
#endif

namespace boost {
namespace asio {}   // namespace asio
namespace system {} // namespace system
} // namespace boost

/// Linux file notification as a Boost.Asio I/O object.
namespace asio_inotify {

namespace asio = boost::asio;

} // namespace asio_inotify

#endif
