//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_PEERS_SCAN_BARE_HPP
#define ASIO_INOTIFY_BENCH_PEERS_SCAN_BARE_HPP

#include <cstddef>
#include <string>

namespace bench {

/// What a scan came across.
struct scanned
{
    std::size_t directories = 0;
    std::size_t entries = 0;
};

/// Watch a directory and all beneath it, with the system calls that it takes and nothing else.
/**
 * Without races: each directory is opened from the open one that it is in, watched through its
 * descriptor, and listed then. Nothing is remembered but the names of the directories that are
 * still to be opened.
 */
[[nodiscard]] scanned scan_bare(int instance, std::string const& root);

} // namespace bench

#endif
