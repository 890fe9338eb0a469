//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "allocation_count.hpp"

#include <cstdlib>
#include <new>

#include <malloc.h>
#include <stdlib.h>

namespace {

bench::allocation_count total;

} // namespace

bench::allocation_count bench::allocations() noexcept
{
    return total;
}

// The linker option --wrap (see CMakeLists.txt) redirects the program's calls of the malloc family
// to these functions. Calls from the C++ runtime, such as in operator new, are not redirected.
extern "C" {

void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* old, std::size_t size);
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
int __real_posix_memalign(void** result, std::size_t alignment, std::size_t size);

void* __wrap_malloc(std::size_t size)
{
    ++total.malloc;
    return __real_malloc(size);
}

void* __wrap_calloc(std::size_t count, std::size_t size)
{
    ++total.malloc;
    return __real_calloc(count, size);
}

void* __wrap_realloc(void* old, std::size_t size)
{
    ++total.malloc;
    return __real_realloc(old, size);
}

void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size)
{
    ++total.malloc;
    return __real_aligned_alloc(alignment, size);
}

int __wrap_posix_memalign(void** result, std::size_t alignment, std::size_t size)
{
    ++total.malloc;
    return __real_posix_memalign(result, alignment, size);
}

} // extern "C"

namespace {

// The heap size of a block: malloc stores the size in front of it.
std::size_t held(void* memory) noexcept
{
    return ::malloc_usable_size(memory) + sizeof(std::size_t);
}

void* count_new(std::size_t size, std::size_t alignment)
{
    ++total.operator_new;
    void* memory = nullptr;
    if (__real_posix_memalign(&memory, alignment, size) != 0) {
        throw std::bad_alloc();
    }
    total.live_bytes += held(memory);
    return memory;
}

void count_delete(void* memory) noexcept
{
    if (memory != nullptr) {
        total.live_bytes -= held(memory);
        std::free(memory);
    }
}

} // namespace

// The other forms call these.
void* operator new(std::size_t size)
{
    return count_new(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    return count_new(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* memory) noexcept
{
    count_delete(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    count_delete(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept
{
    count_delete(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    count_delete(memory);
}
