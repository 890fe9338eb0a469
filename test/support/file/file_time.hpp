//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_FILE_FILE_TIME_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_FILE_FILE_TIME_HPP

#include <utility>

#include <time.h>

namespace test {

/// Wait until a file that is changed now is marked with another time than before.
/** Two ticks, as marks can be ahead of the clock by a part of one. */
inline void next_tick()
{
    auto const read = [] {
        ::timespec now{};
        ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
        return std::pair(now.tv_sec, now.tv_nsec);
    };
    for (int ticks = 0; ticks != 2; ++ticks) {
        for (auto const before = read(); read() == before;) {
        }
    }
}

} // namespace test

#endif
