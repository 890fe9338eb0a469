//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_MEMORY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_MEMORY_OPS_HPP

#include <cstddef>

// System calls about memory.
namespace asio_inotify::detail {

/// Fault in, by one call, the pages of memory that is about to be written.
/** Takes a fraction of the time of one page fault each. Does nothing before Linux 5.14. */
void populate(void* memory, std::size_t size) noexcept;

} // namespace asio_inotify::detail

#endif
