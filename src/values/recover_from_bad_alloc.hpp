//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_RECOVER_FROM_BAD_ALLOC_HPP
#define ASIO_INOTIFY_SRC_VALUES_RECOVER_FROM_BAD_ALLOC_HPP

#include "values/fail.hpp"

#include <asio_inotify/detail/step_result.hpp>

#include <boost/config.hpp>
#include <boost/system/error_code.hpp>

#include <cerrno>
#include <new>

namespace asio_inotify::detail {

/// Run one step of a watcher's engine. When out of memory, set `ec` to ENOMEM, call `start_over()`
/// and return step_result::wait.
template <class Step, class StartOver>
[[nodiscard]] step_result recover_from_bad_alloc(boost::system::error_code& ec, Step const& step,
                                                 StartOver const& start_over) noexcept
{
#if defined(BOOST_NO_EXCEPTIONS)
    static_cast<void>(ec);
    static_cast<void>(start_over);
    return step();
#else
    try {
        return step();
    } catch (std::bad_alloc const&) {
        errno = ENOMEM;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    start_over();
    return step_result::wait;
#endif
}

} // namespace asio_inotify::detail

#endif
