//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_FUZZ_CHECK_HPP
#define ASIO_INOTIFY_TEST_FUZZ_CHECK_HPP

#include <cstdio>
#include <cstdlib>

namespace test {

/// A property that holds for every input: the fuzzer keeps an input for which it does not.
inline void check(bool holds, char const* what)
{
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

} // namespace test

#endif
