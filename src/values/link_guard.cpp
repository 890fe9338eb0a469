//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/link_guard.hpp>

namespace asio_inotify::detail::built_with {

char const ASIO_INOTIFY_BOOST_SETTING = 0;
char const ASIO_INOTIFY_REACTOR_SETTING = 0;
char const ASIO_INOTIFY_EVENTFD_SETTING = 0;
char const ASIO_INOTIFY_THREADS_SETTING = 0;
char const ASIO_INOTIFY_THREAD_KEYWORD_SETTING = 0;
char const ASIO_INOTIFY_ATOMIC_SETTING = 0;
char const ASIO_INOTIFY_EXCEPTIONS_SETTING = 0;
char const ASIO_INOTIFY_TYPEID_SETTING = 0;
char const ASIO_INOTIFY_TRACKING_SETTING = 0;
char const ASIO_INOTIFY_BUFFER_SETTING = 0;
char const ASIO_INOTIFY_RECYCLING_SETTING = 0;
char const ASIO_INOTIFY_CACHE_SETTING = 0;
char const ASIO_INOTIFY_EXECUTOR_SETTING = 0;
char const ASIO_INOTIFY_CONTAINERS_SETTING = 0;

} // namespace asio_inotify::detail::built_with
