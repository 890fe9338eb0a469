//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_LONG_RUN_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_LONG_RUN_HPP

#include <cstddef>
#include <cstdlib>
#include <string>

namespace test {

/// Whether randomised tests run for long, as `scripts/test --long` has them do.
inline bool is_long_run()
{
    return std::getenv("ASIO_INOTIFY_LONG_RUN") != nullptr;
}

/// How many operations a randomised test performs: ASIO_INOTIFY_OPERATIONS if it is set.
inline std::size_t operation_count(std::size_t usual, std::size_t in_long_run)
{
    auto const* const given = std::getenv("ASIO_INOTIFY_OPERATIONS");
    return given != nullptr ? std::stoul(given) : is_long_run() ? in_long_run : usual;
}

} // namespace test

#endif
