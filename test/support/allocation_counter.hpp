//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ALLOCATION_COUNTER_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ALLOCATION_COUNTER_HPP

#include "support/sanitizers.hpp"

#include <cstddef>

namespace test {

/// False where the program's operator new is a sanitizer's: then the count stays 0, nothing fails.
inline constexpr bool counts_allocations = !is_sanitized;

/// How often this thread has called the global operator new.
[[nodiscard]] std::size_t allocation_count() noexcept;

/// How much memory this thread has got from it and not given back, with what malloc adds.
[[nodiscard]] std::size_t allocated_bytes() noexcept;

/// Lets a later call of the global operator new by this thread throw std::bad_alloc, once.
class allocation_failure
{
public:
    /** @param calls  How many calls succeed before. */
    explicit allocation_failure(std::size_t calls) noexcept;
    allocation_failure(allocation_failure const&) = delete;
    allocation_failure& operator=(allocation_failure const&) = delete;
    ~allocation_failure();

    /// True if the call that was to fail has come.
    [[nodiscard]] bool happened() const noexcept;
};

} // namespace test

#endif
