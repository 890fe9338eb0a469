//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_LINK_GUARD_HPP
#define ASIO_INOTIFY_DETAIL_LINK_GUARD_HPP

#include <asio_inotify/detail/config.hpp>

// buffer.hpp and recycling_allocator.hpp give their own settings defaults.
#include <boost/asio/buffer.hpp>
#include <boost/asio/recycling_allocator.hpp>

// A program and the library share objects of Asio, so both must be compiled with the same Boost and
// with the same of those settings that change the layout of these objects or the functions which
// allocate them. Each setting in use is a name. The library defines the names of its own settings,
// and whatever includes this header requires its own: if they differ, the linker reports the names
// that the library does not have.
//
// Left out, as they change no layout: BOOST_ASIO_NO_DEPRECATED, BOOST_ASIO_NO_TS_EXECUTORS,
// BOOST_ASIO_SEPARATE_COMPILATION, BOOST_ASIO_NO_EXTENSIONS, and the macros about timers, files,
// strands, fences and locations. So is BOOST_ASIO_HAS_IO_URING beside epoll, which adds classes.

#define ASIO_INOTIFY_JOIN_NAME_NOW(a, b) a##b
#define ASIO_INOTIFY_JOIN_NAME(a, b) ASIO_INOTIFY_JOIN_NAME_NOW(a, b)

#define ASIO_INOTIFY_BOOST_SETTING ASIO_INOTIFY_JOIN_NAME(boost_, BOOST_VERSION)

#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT) && defined(BOOST_ASIO_HAS_EPOLL)
#define ASIO_INOTIFY_REACTOR_SETTING reactor_io_uring_beside_epoll
#elif defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
#define ASIO_INOTIFY_REACTOR_SETTING reactor_io_uring
#elif defined(BOOST_ASIO_HAS_EPOLL)
#define ASIO_INOTIFY_REACTOR_SETTING reactor_epoll
#else
#define ASIO_INOTIFY_REACTOR_SETTING reactor_select
#endif

#if defined(BOOST_ASIO_HAS_EVENTFD)
#define ASIO_INOTIFY_EVENTFD_SETTING eventfd_enabled
#else
#define ASIO_INOTIFY_EVENTFD_SETTING eventfd_disabled
#endif

#if defined(BOOST_ASIO_HAS_THREADS)
#define ASIO_INOTIFY_THREADS_SETTING threads_enabled
#else
#define ASIO_INOTIFY_THREADS_SETTING threads_disabled
#endif

#if defined(BOOST_ASIO_HAS_THREAD_KEYWORD_EXTENSION)
#define ASIO_INOTIFY_THREAD_KEYWORD_SETTING thread_keyword_enabled
#else
#define ASIO_INOTIFY_THREAD_KEYWORD_SETTING thread_keyword_disabled
#endif

#if defined(BOOST_ASIO_HAS_STD_ATOMIC)
#define ASIO_INOTIFY_ATOMIC_SETTING std_atomic_enabled
#else
#define ASIO_INOTIFY_ATOMIC_SETTING std_atomic_disabled
#endif

#if !defined(BOOST_ASIO_NO_EXCEPTIONS) && defined(BOOST_ASIO_HAS_STD_EXCEPTION_PTR)
#define ASIO_INOTIFY_EXCEPTIONS_SETTING exceptions_enabled
#else
#define ASIO_INOTIFY_EXCEPTIONS_SETTING exceptions_disabled
#endif

#if defined(BOOST_ASIO_NO_TYPEID)
#define ASIO_INOTIFY_TYPEID_SETTING typeid_disabled
#else
#define ASIO_INOTIFY_TYPEID_SETTING typeid_enabled
#endif

#if defined(BOOST_ASIO_CUSTOM_HANDLER_TRACKING)
#define ASIO_INOTIFY_TRACKING_SETTING handler_tracking_custom
#elif defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING)
#define ASIO_INOTIFY_TRACKING_SETTING handler_tracking_enabled
#else
#define ASIO_INOTIFY_TRACKING_SETTING handler_tracking_disabled
#endif

#if defined(BOOST_ASIO_ENABLE_BUFFER_DEBUGGING)
#define ASIO_INOTIFY_BUFFER_SETTING buffer_debugging_enabled
#else
#define ASIO_INOTIFY_BUFFER_SETTING buffer_debugging_disabled
#endif

#if defined(BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
#define ASIO_INOTIFY_RECYCLING_SETTING small_block_recycling_disabled
#else
#define ASIO_INOTIFY_RECYCLING_SETTING small_block_recycling_enabled
#endif

#define ASIO_INOTIFY_CACHE_SETTING                                                                 \
    ASIO_INOTIFY_JOIN_NAME(recycling_allocator_cache_size_,                                        \
                           BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE)

#if defined(BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT)
#define ASIO_INOTIFY_EXECUTOR_SETTING ts_executor_as_default_enabled
#else
#define ASIO_INOTIFY_EXECUTOR_SETTING ts_executor_as_default_disabled
#endif

// Not Asio's: the layout of the standard containers.
#if defined(_GLIBCXX_DEBUG)
#define ASIO_INOTIFY_CONTAINERS_SETTING glibcxx_debug_enabled
#else
#define ASIO_INOTIFY_CONTAINERS_SETTING glibcxx_debug_disabled
#endif

// So that the linker does not drop the requirement with --gc-sections.
#if defined(__has_attribute)
#if __has_attribute(retain)
#define ASIO_INOTIFY_RETAIN [[gnu::used, gnu::retain]]
#endif
#endif
#if !defined(ASIO_INOTIFY_RETAIN)
#define ASIO_INOTIFY_RETAIN [[gnu::used]]
#endif

namespace asio_inotify::detail {

// Variables, as only the address of one is taken: nothing is initialised or called at run time.
namespace built_with {

extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_BOOST_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_REACTOR_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_EVENTFD_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_THREADS_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_THREAD_KEYWORD_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_ATOMIC_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_EXCEPTIONS_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_TYPEID_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_TRACKING_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_BUFFER_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_RECYCLING_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_CACHE_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_EXECUTOR_SETTING;
extern ASIO_INOTIFY_DECL char const ASIO_INOTIFY_CONTAINERS_SETTING;

} // namespace built_with

// The settings are its arguments, so that object files with other settings have another table, of
// which the linker keeps each one.
template <char const*... Settings>
[[gnu::visibility("hidden")]] inline constexpr char const* required_settings[] = {Settings...};

// One pointer in each object file. A reference from a constructor would be too few: a program that
// is not optimised calls the constructors which the library has compiled.
ASIO_INOTIFY_RETAIN static constexpr char const* const* link_guard = required_settings<
    &built_with::ASIO_INOTIFY_BOOST_SETTING, &built_with::ASIO_INOTIFY_REACTOR_SETTING,
    &built_with::ASIO_INOTIFY_EVENTFD_SETTING, &built_with::ASIO_INOTIFY_THREADS_SETTING,
    &built_with::ASIO_INOTIFY_THREAD_KEYWORD_SETTING, &built_with::ASIO_INOTIFY_ATOMIC_SETTING,
    &built_with::ASIO_INOTIFY_EXCEPTIONS_SETTING, &built_with::ASIO_INOTIFY_TYPEID_SETTING,
    &built_with::ASIO_INOTIFY_TRACKING_SETTING, &built_with::ASIO_INOTIFY_BUFFER_SETTING,
    &built_with::ASIO_INOTIFY_RECYCLING_SETTING, &built_with::ASIO_INOTIFY_CACHE_SETTING,
    &built_with::ASIO_INOTIFY_EXECUTOR_SETTING, &built_with::ASIO_INOTIFY_CONTAINERS_SETTING>;

} // namespace asio_inotify::detail

#endif
