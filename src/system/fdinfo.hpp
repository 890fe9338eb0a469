//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_FDINFO_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_FDINFO_HPP

#include <asio_inotify/inode_identity.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

// The live watches of an inotify instance, from /proc/self/fdinfo.
namespace asio_inotify::detail {

/// The watch descriptors in the text of an fdinfo file, ascending.
/** Other lines and malformed ones are skipped. */
[[nodiscard]] std::vector<int> parse_live_numbers(std::string_view text);

/// The watch descriptors of the live watches of an instance, ascending. Needs a mounted /proc.
[[nodiscard]] std::vector<int> live_numbers(int fd, boost::system::error_code& ec);

/// A watch as the kernel shows it.
struct kernel_watch
{
    int wd = 0;
    /// Kinds of events; also one_shot and exclude_unlinked, where the kernel shows them.
    std::uint32_t native_mask = 0;
    inode_identity identity;
};

/// The watches in the text of an fdinfo file, by ascending watch descriptor.
/** Other lines and malformed ones are skipped. */
[[nodiscard]] std::vector<kernel_watch> parse_live_watches(std::string_view text);

/// The live watches of an instance, by ascending watch descriptor. Needs a mounted /proc.
[[nodiscard]] std::vector<kernel_watch> live_watches(int fd, boost::system::error_code& ec);

/// The watch with a watch descriptor; null if it is not in the list.
/** @pre The list is sorted by watch descriptor. */
[[nodiscard]] kernel_watch const* find_watch(std::vector<kernel_watch> const& watches,
                                             int wd) noexcept;

} // namespace asio_inotify::detail

#endif
