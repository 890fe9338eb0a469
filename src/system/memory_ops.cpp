//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/memory_ops.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <cstdint>
#include <new>

namespace asio_inotify::detail {

void populate(void* memory, std::size_t size) noexcept
{
#ifdef MADV_POPULATE_WRITE
    auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    auto const begin = (std::bit_cast<std::uintptr_t>(memory) + page - 1) & ~(page - 1);
    auto const end = (std::bit_cast<std::uintptr_t>(memory) + size) & ~(page - 1);
    if (begin < end) {
        ::madvise(std::bit_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);
    }
#else
    static_cast<void>(memory);
    static_cast<void>(size);
#endif
}

huge_page::huge_page()
    : memory_(::operator new (size, std::align_val_t{size}))
{
    ::madvise(memory_.get(), size, MADV_HUGEPAGE);
}

void huge_page::release::operator()(void* memory) const noexcept
{
    ::operator delete (memory, std::align_val_t{size});
}

} // namespace asio_inotify::detail
