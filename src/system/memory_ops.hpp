//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_MEMORY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_MEMORY_OPS_HPP

#include <cstddef>
#include <memory>

// System calls about memory.
namespace asio_inotify::detail {

/// Fault in, by one call, the pages of memory that is about to be written.
/** Takes a fraction of the time of one page fault each. Does nothing before Linux 5.14. */
void populate(void* memory, std::size_t size) noexcept;

/// Memory that the kernel is asked to map by one huge page. It does so if it has one.
class huge_page
{
public:
    static constexpr std::size_t size = std::size_t{2} << 20;

    /// Memory that is not initialized. @throws std::bad_alloc.
    huge_page();

    [[nodiscard]] void* get() const noexcept { return memory_.get(); }

private:
    struct release
    {
        void operator()(void* memory) const noexcept;
    };

    std::unique_ptr<void, release> memory_;
};

} // namespace asio_inotify::detail

#endif
