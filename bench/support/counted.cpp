//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "counted.hpp"

void asio_inotify_bench_counted(void (*function)(void*), void* argument)
{
    function(argument);
}
