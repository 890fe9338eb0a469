//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_ALLOCATION_COUNT_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_ALLOCATION_COUNT_HPP

#include <cstddef>

namespace bench {

/// How often memory was asked for, and how much is in use.
struct allocation_count
{
    /// Calls of the global operator new, all forms.
    std::size_t operator_new = 0;
    /// Calls of malloc and its relatives from this program's own code; Asio takes the memory that
    /// it recycles from aligned_alloc.
    std::size_t malloc = 0;
    /// What the blocks of operator new take that are not deleted, malloc's rounding among it. Not
    /// those of malloc and its relatives.
    std::size_t live_bytes = 0;

    friend allocation_count operator-(allocation_count a, allocation_count b) noexcept
    {
        return {a.operator_new - b.operator_new, a.malloc - b.malloc, a.live_bytes - b.live_bytes};
    }
};

/// Since the start of the program. Only where allocation_count.cpp is linked.
[[nodiscard]] allocation_count allocations() noexcept;

} // namespace bench

#endif
