//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_KERNEL_WATCHES_HPP
#define ASIO_WATCH_KERNEL_WATCHES_HPP

#include <asio_inotify/watch_descriptor.hpp>

#include <optional>
#include <unordered_set>

namespace asio_watch {

/// Ask the kernel which watches an inotify instance of this process has.
/** @returns Nothing if the kernel does not tell, because /proc is not there. */
[[nodiscard]] std::optional<std::unordered_set<asio_inotify::watch_descriptor>>
kernel_watches(int descriptor);

} // namespace asio_watch

#endif
