//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_COUNTED_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_COUNTED_HPP

#include <memory>
#include <type_traits>

/// Call a function that callgrind counts, with --toggle-collect= and this name.
/** Defined in a separate file, so that it is neither inlined nor cloned with a different name. */
extern "C" void asio_inotify_bench_counted(void (*function)(void*), void* argument);

namespace bench {

/// Call `function` while callgrind counts.
template <class Function>
void counted(Function&& function)
{
    auto const call = [](void* argument) {
        (*static_cast<std::remove_reference_t<Function>*>(argument))();
    };
    asio_inotify_bench_counted(call, std::addressof(function));
}

} // namespace bench

#endif
