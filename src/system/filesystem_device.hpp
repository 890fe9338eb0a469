//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_FILESYSTEM_DEVICE_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_FILESYSTEM_DEVICE_HPP

#include <boost/system/error_code.hpp>

#include <cstdint>

// The devices of filesystems, in the form of inode_identity.
namespace asio_inotify::detail {

/// The device of the filesystem that a directory is on, as /proc/self/fdinfo shows it for a watch.
/** It makes an inotify instance for the question. */
[[nodiscard]] std::uint32_t watched_device(char const* directory, boost::system::error_code& ec);

/// True if a directory is on the filesystem of a device.
/** On btrfs stat(2) names the device of the subvolume: then @ref watched_device is asked. A path
 * that names no directory, or that the process may not look up, is on none; every other error is
 * one. */
[[nodiscard]] bool is_on_device(char const* directory, std::uint32_t device,
                                boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif
