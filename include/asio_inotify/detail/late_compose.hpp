//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_LATE_COMPOSE_HPP
#define ASIO_INOTIFY_DETAIL_LATE_COMPOSE_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/compose.hpp>

#include <type_traits>
#include <utility>

namespace asio_inotify::detail {

// Initiates a composed operation. `make_` gives its implementation.
template <class Signature, class Executor, class Make>
class late_composition
{
public:
    using executor_type = Executor;

    late_composition(Executor const& ex, Make make)
        : executor_(ex)
        , make_(std::move(make))
    {}

    [[nodiscard]] executor_type const& get_executor() const noexcept { return executor_; }

    template <class Handler>
    void operator()(Handler&& handler) const
    {
        std::decay_t<Handler> own(std::forward<Handler>(handler));
        asio::async_compose<std::decay_t<Handler>, Signature>(make_(), own, executor_);
    }

private:
    Executor executor_;
    Make make_;
};

/// asio::async_compose with an implementation that is made when the operation is initiated.
/**
 * A packaged operation (asio::deferred) finds the object as it is then, and can be initiated more
 * than once.
 * @param make  A function object that can be copied: its result is the implementation.
 */
template <class Signature, class Executor, class Token, class Make>
auto late_compose(Executor const& ex, Token& token, Make make)
{
    return asio::async_initiate<Token, Signature>(
        late_composition<Signature, Executor, Make>(ex, std::move(make)), token);
}

} // namespace asio_inotify::detail

#endif
