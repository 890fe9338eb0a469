//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"

#include <cstdlib>
#include <new>

#include <malloc.h>

namespace test {
namespace {

thread_local std::size_t calls = 0;
thread_local std::size_t bytes = 0;
thread_local std::size_t calls_until_failure = 0; // 0: none is to fail

#if !ASIO_INOTIFY_TEST_SANITIZED

void* allocate(std::size_t size, std::size_t alignment)
{
    ++calls;
    if (calls_until_failure != 0 && --calls_until_failure == 0) {
        throw std::bad_alloc();
    }
    // aligned_alloc wants a multiple of the alignment.
    auto const rounded = (size + alignment - 1) / alignment * alignment;
    if (void* const memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded)) {
        bytes += ::malloc_usable_size(memory);
        return memory;
    }
    throw std::bad_alloc();
}

void release(void* memory) noexcept
{
    bytes -= ::malloc_usable_size(memory);
    std::free(memory);
}

#endif

} // namespace

std::size_t allocation_count() noexcept
{
    return calls;
}

std::size_t allocated_bytes() noexcept
{
    return bytes;
}

allocation_failure::allocation_failure(std::size_t successes) noexcept
{
    calls_until_failure = successes + 1;
}

allocation_failure::~allocation_failure()
{
    calls_until_failure = 0;
}

bool allocation_failure::happened() const noexcept
{
    return calls_until_failure == 0;
}

} // namespace test

#if !ASIO_INOTIFY_TEST_SANITIZED

// The array and nothrow forms of the standard library call these.

void* operator new(std::size_t size)
{
    return test::allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    return test::allocate(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* memory) noexcept
{
    test::release(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    test::release(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept
{
    test::release(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    test::release(memory);
}

#endif
