//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SANITIZERS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SANITIZERS_HPP

// ASIO_INOTIFY_TEST_SANITIZED: whether operator new is that of a sanitizer. g++ has a macro for each
// sanitizer, clang 14 a feature.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ASIO_INOTIFY_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define ASIO_INOTIFY_TEST_SANITIZED 1
#endif
#endif
#ifndef ASIO_INOTIFY_TEST_SANITIZED
#define ASIO_INOTIFY_TEST_SANITIZED 0
#endif

namespace test {

/// Whether a sanitizer slows down what runs.
inline constexpr bool is_sanitized = ASIO_INOTIFY_TEST_SANITIZED != 0;

} // namespace test

#endif
