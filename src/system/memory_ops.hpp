//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_MEMORY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_MEMORY_OPS_HPP

#include <cstddef>

// What is asked of the kernel about memory.
namespace asio_inotify::detail {

/// Get the pages of what will be written to, all by one call.
/** That takes a fraction of the time of a fault for each of them. Nothing happens before
   Linux 5.14: they come as they are written to. */
void populate(void* memory, std::size_t size) noexcept;

} // namespace asio_inotify::detail

#endif
