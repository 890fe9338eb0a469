//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/read_hook.hpp"

#include <utility>

#include <sys/syscall.h>
#include <unistd.h>

namespace test {
namespace {

thread_local read_hook::function* current = nullptr;

} // namespace

ssize_t real_read(int fd, void* buffer, std::size_t size) noexcept
{
    return ::syscall(SYS_read, fd, buffer, size);
}

read_hook::read_hook(function called)
    : called_(std::move(called))
{
    current = &called_;
}

read_hook::~read_hook()
{
    current = nullptr;
}

} // namespace test

// In the place of the C library's.
extern "C" ssize_t read(int fd, void* buffer, std::size_t size)
{
    return test::current != nullptr ? (*test::current)(fd, buffer, size)
                                    : test::real_read(fd, buffer, size);
}
