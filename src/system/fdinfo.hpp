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

// What /proc/self/fdinfo tells about an inotify instance.
namespace asio_inotify::detail {

/// The numbers of the watches in the text of an fdinfo file, ascending.
/** Lines that are not of a watch, or of a form that is not known, are passed over. */
[[nodiscard]] std::vector<int> parse_live_numbers(std::string_view text);

/// The numbers of the live watches of an instance, ascending. Needs a mounted /proc.
[[nodiscard]] std::vector<int> live_numbers(int fd, boost::system::error_code& ec);

/// A watch as the kernel sees it.
struct kernel_watch
{
    int wd = 0;
    /// The kinds of events; one_shot and exclude_unlinked too, where the kernel shows them.
    std::uint32_t native_mask = 0;
    inode_identity identity;
};

/// The watches in the text of an fdinfo file, in ascending order of their numbers.
/** Lines that are not of a watch, or of a form that is not known, are passed over. */
[[nodiscard]] std::vector<kernel_watch> parse_live_watches(std::string_view text);

/// The live watches of an instance, in ascending order of their numbers. Needs a mounted /proc.
[[nodiscard]] std::vector<kernel_watch> live_watches(int fd, boost::system::error_code& ec);

/// The watch with a number; null if it is not among them.
[[nodiscard]] kernel_watch const* find_watch(std::vector<kernel_watch> const& watches,
                                             int wd) noexcept;

} // namespace asio_inotify::detail

#endif
