//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_DEFAULT_TOKEN_HPP
#define ASIO_INOTIFY_DETAIL_DEFAULT_TOKEN_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <type_traits>

namespace asio_inotify::detail {

// The executor's own default token, else deferred. Without one, Asio's trait is void up to
// Boost 1.84 or so, and deferred_t later.
template <class Executor>
using default_token_t =
    std::conditional_t<std::is_void_v<asio::default_completion_token_t<Executor>>, asio::deferred_t,
                       asio::default_completion_token_t<Executor>>;

} // namespace asio_inotify::detail

#endif
