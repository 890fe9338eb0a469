//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_CALLBACK_FAILURE_HPP
#define ASIO_INOTIFY_SRC_VALUES_CALLBACK_FAILURE_HPP

#include <boost/config.hpp>

#include <exception>
#include <new>

namespace asio_inotify::detail {

/// Thrown in place of an exception of the user's function, so that an exception of the library is
/// never mistaken for one of these.
struct callback_failure
{
    std::exception_ptr cause;
};

/// Call a function of the user. @throws callback_failure; std::bad_alloc if it throws that.
template <class Function>
[[nodiscard]] auto call_user_function(Function const& function)
{
#if defined(BOOST_NO_EXCEPTIONS)
    return function();
#else
    try {
        return function();
    } catch (std::bad_alloc const&) {
        throw;
    } catch (...) {
        throw callback_failure{std::current_exception()};
    }
#endif
}

/// Call a function of the library, and return the exception of a function of the user's; null if
/// there is none.
template <class Function>
[[nodiscard]] std::exception_ptr catch_callback_failure(Function const& function)
{
#if defined(BOOST_NO_EXCEPTIONS)
    function();
    return nullptr;
#else
    try {
        function();
        return nullptr;
    } catch (callback_failure const& failure) {
        return failure.cause;
    }
#endif
}

} // namespace asio_inotify::detail

#endif
