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

/// The number of allocations, and the memory in use.
struct allocation_count
{
    /// Calls of the global operator new, all forms.
    std::size_t operator_new = 0;
    /// Calls of the malloc family from this program's own code; Asio allocates the memory that it
    /// recycles with aligned_alloc.
    std::size_t malloc = 0;
    /// The heap size of the live blocks of operator new, including malloc's rounding; without
    /// blocks of the malloc family.
    std::size_t live_bytes = 0;

    friend allocation_count operator-(allocation_count a, allocation_count b) noexcept
    {
        return {a.operator_new - b.operator_new, a.malloc - b.malloc, a.live_bytes - b.live_bytes};
    }
};

/// The counts since the start of the program. Link allocation_count.cpp.
[[nodiscard]] allocation_count allocations() noexcept;

} // namespace bench

#endif
