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

// A completion token for a handler that is called as it is, also if the handler's type is a token
// of its own: its async_result has been used already.
template <class Handler>
struct handler_token
{
    Handler handler;
};

// Initiates a composed operation. `make_` makes its implementation.
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
        using token_type = handler_token<std::decay_t<Handler>>;
        token_type token{std::forward<Handler>(handler)};
        asio::async_compose<token_type, Signature>(make_(), token, executor_);
    }

private:
    Executor executor_;
    Make make_;
};

/// asio::async_compose with an implementation that is made when the operation is initiated.
/**
 * So a packaged operation (asio::deferred) uses the state that the object has at that time, and can
 * be initiated more than once.
 * @param make  A function object that can be copied: it returns the implementation.
 */
template <class Signature, class Executor, class Token, class Make>
auto late_compose(Executor const& ex, Token&& token, Make make)
{
    return asio::async_initiate<Token, Signature>(
        late_composition<Signature, Executor, Make>(ex, std::move(make)), token);
}

} // namespace asio_inotify::detail

template <class Handler, class... Signatures>
class boost::asio::async_result<asio_inotify::detail::handler_token<Handler>, Signatures...>
{
public:
    using return_type = void;

    template <class Initiation, class... Args>
    static void initiate(Initiation&& initiation,
                         asio_inotify::detail::handler_token<Handler>&& token, Args&&... args)
    {
        std::forward<Initiation>(initiation)(std::move(token.handler), std::forward<Args>(args)...);
    }
};

#endif
