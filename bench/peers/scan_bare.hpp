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

/// The result of a scan.
struct scanned
{
    std::size_t directories = 0;
    std::size_t entries = 0;
};

/// Watch a directory recursively with the minimal system calls.
/**
 * Free of races: each directory is opened relative to its open parent, watched through its
 * descriptor, and then listed. Keeps only the names of the directories that are not opened yet.
 */
[[nodiscard]] scanned scan_bare(int instance, std::string const& root);

} // namespace bench

#endif
