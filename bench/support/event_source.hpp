//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_EVENT_SOURCE_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_EVENT_SOURCE_HPP

#include "system.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// Files that are read to fill a queue with a given number of records of one size.
/**
 * Records of 16 bytes have no name: each file is watched itself. Larger ones come from a watch of
 * the directory, with names of all lengths that result in that size. The files are read in random
 * order, never the same twice in a row, as the kernel coalesces identical consecutive events.
 */
class event_source
{
public:
    event_source(std::size_t record_size, std::uint64_t seed);

    /// Add the watches to an instance.
    void watch(int instance) const;

    /// Put exactly this number of events into the queue, which must be empty.
    /** @throws std::runtime_error if the queue does not contain exactly these events afterwards. */
    void fill(int instance, std::size_t events) const;

    /// Cause the n-th event.
    void fire(std::size_t n) const;

    [[nodiscard]] std::size_t record_size() const noexcept { return record_size_; }

private:
    std::size_t record_size_;
    temporary_directory directory_;
    std::vector<std::string> paths_;
    std::vector<unique_fd> files_;
};

} // namespace bench

#endif
