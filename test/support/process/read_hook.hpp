//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_READ_HOOK_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_READ_HOOK_HPP

#include <cstddef>
#include <functional>

#include <sys/types.h>

namespace test {

/// read(2) itself.
ssize_t real_read(int fd, void* buffer, std::size_t size) noexcept;

/// While it lives, what this thread reads by read(2) goes through a function instead.
class read_hook
{
public:
    using function = std::function<ssize_t(int fd, void* buffer, std::size_t size)>;

    explicit read_hook(function called);
    read_hook(read_hook const&) = delete;
    read_hook& operator=(read_hook const&) = delete;
    ~read_hook();

private:
    function called_;
};

} // namespace test

#endif
