//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_INSTANCE_OPS_HPP
#define ASIO_INOTIFY_DETAIL_INSTANCE_OPS_HPP

#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

// The system calls that the templates make, compiled once.
namespace asio_inotify::detail {

/// A new instance, non-blocking and close-on-exec; -1 on failure.
[[nodiscard]] ASIO_INOTIFY_DECL int open_instance(boost::system::error_code& ec) noexcept;

/// close(2).
ASIO_INOTIFY_DECL void close_descriptor(int fd) noexcept;

/// Set `ec` unless the descriptor is an inotify instance.
ASIO_INOTIFY_DECL void check_instance(int fd, boost::system::error_code& ec) noexcept;

ASIO_INOTIFY_DECL void remove_watch(int fd, watch_descriptor wd,
                                    boost::system::error_code& ec) noexcept;

[[nodiscard]] ASIO_INOTIFY_DECL bool supports_set_next(int fd,
                                                       boost::system::error_code& ec) noexcept;

/// The number of bytes in the kernel's queue (FIONREAD).
[[nodiscard]] ASIO_INOTIFY_DECL std::size_t queued_bytes(int fd,
                                                         boost::system::error_code& ec) noexcept;

/// Turn EINVAL of read(2) into error::buffer_too_small.
ASIO_INOTIFY_DECL void explain_read_error(boost::system::error_code& ec) noexcept;

/// `ec` becomes error::buffer_too_small.
ASIO_INOTIFY_DECL void set_buffer_too_small(boost::system::error_code& ec) noexcept;

// The throwing forms: throw system_error "call: message", "call 'path': message" or
// "call wd: message" if `ec` is a failure.
ASIO_INOTIFY_DECL void throw_if_failed(boost::system::error_code const& ec, char const* call);
ASIO_INOTIFY_DECL void throw_if_failed(boost::system::error_code const& ec, char const* call,
                                       path_ref const& path);
ASIO_INOTIFY_DECL void throw_if_failed(boost::system::error_code const& ec, char const* call,
                                       watch_descriptor wd);
ASIO_INOTIFY_DECL void throw_if_failed(boost::system::error_code const& ec, char const* call,
                                       watch_descriptor wd, path_ref const& path);

} // namespace asio_inotify::detail

#endif
