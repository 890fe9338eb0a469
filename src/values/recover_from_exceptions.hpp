//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_RECOVER_FROM_EXCEPTIONS_HPP
#define ASIO_INOTIFY_SRC_VALUES_RECOVER_FROM_EXCEPTIONS_HPP

#include "values/callback_failure.hpp"
#include "values/fail.hpp"

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/error.hpp>

#include <boost/config.hpp>
#include <boost/system/error_code.hpp>

#include <cerrno>
#include <new>

namespace asio_inotify::detail {

/// Run one step of a watcher's engine. When out of memory, or if a function of the user throws, set
/// `ec` to ENOMEM or error::callback_failed, call `start_over()` and return step_result::wait.
template <class Step, class StartOver>
[[nodiscard]] step_result recover_from_exceptions(boost::system::error_code& ec, Step const& step,
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
    } catch (callback_failure const&) {
        ASIO_INOTIFY_FAIL(ec, error::callback_failed);
    }
    start_over();
    return step_result::wait;
#endif
}

} // namespace asio_inotify::detail

#endif
